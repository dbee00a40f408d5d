"""Contenders take turns: every round each has one, in the other order than in the round before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from benchmarks.errors import BenchError
from benchmarks.fps.seat import Seat
from benchmarks.fps.tools import Tool
from benchmarks.fps.turn import Job, Turn
from benchmarks.variants import Variant

_WARM_UP_S = 1.0
_EACH_MB = 150.0  # a waiting process takes about so much
_SHARE = 0.6  # of the free memory, for all that wait

Bar = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often."""

    rounds: int = 5
    turn_s: float = 2.0
    cameras: int = 1  # daemons at the same time, each with a source of its own


@dataclass(slots=True)
class Contender:
    """One that is measured, and what came of it."""

    name: str
    job: Job
    variant: Variant | None = None  # None: a peer
    python: str = ""  # of a peer
    tool: Tool | None = None  # the runtime's own
    turns: list[list[Turn]] = field(default_factory=list)  # by round and camera
    bare: list[Turn] = field(default_factory=list)  # by round
    tool_fps: list[float] = field(default_factory=list)  # by round
    cold_start_s: float | None = None
    error: str = ""  # why it could not be measured


@dataclass(frozen=True, slots=True)
class _Seated:
    """A contender whose processes have started and wait."""

    contender: Contender
    cameras: Sequence[Seat]
    bare: Seat | None


def measure(contenders: Sequence[Contender], plan: Plan, free_mb: float | None, bar: Bar) -> None:
    """Give everybody every turn, and fill in what came of it; who fails is left out, with why."""
    total = plan.rounds * len(contenders)
    done = 0
    for group in groups(contenders, plan, free_mb):
        with ExitStack() as life:
            seated = [one for one in (_seat(each, plan, life) for each in group) if one]
            for number in range(plan.rounds):
                for one in seated if number % 2 == 0 else seated[::-1]:
                    _take_turns(one, plan, bare_first=number % 2 == 1)
                    done += 1
                    bar(done, total)
                done += len(group) - len(seated)


def groups(
    contenders: Sequence[Contender], plan: Plan, free_mb: float | None
) -> Iterator[Sequence[Contender]]:
    """As many together as fit into memory: usually all."""
    each = _EACH_MB * (plan.cameras + 1)
    most = len(contenders) if free_mb is None else max(1, int(_SHARE * free_mb / each))
    for begin in range(0, len(contenders), most):
        yield contenders[begin : begin + most]


def _seat(contender: Contender, plan: Plan, life: ExitStack) -> _Seated | None:
    """Start a contender's processes and warm them up; None, with its error, where that fails."""
    name, job = contender.name, contender.job
    python = contender.python or sys.executable
    try:
        cameras = [life.enter_context(Seat(job, name, python)) for _ in range(plan.cameras)]
        contender.cold_start_s = cameras[0].cold_start_s
        bare = None
        if contender.variant:
            bare = life.enter_context(Seat(replace(job, role="bare"), f"{name}, bare"))
        for seat in (*cameras, *filter(None, [bare])):
            seat.turn(min(_WARM_UP_S, plan.turn_s))
    except BenchError as error:
        contender.error = str(error)
        return None
    return _Seated(contender, cameras, bare)


def _take_turns(seated: _Seated, plan: Plan, *, bare_first: bool) -> None:
    contender = seated.contender
    if contender.error:
        return
    try:
        if bare_first:
            _bare(seated, plan)
        for seat in seated.cameras:
            seat.begin(plan.turn_s)
        contender.turns.append([seat.result() for seat in seated.cameras])
        if not bare_first:
            _bare(seated, plan)
    except BenchError as error:
        contender.error = str(error)


def _bare(seated: _Seated, plan: Plan) -> None:
    contender = seated.contender
    if seated.bare:
        contender.bare.append(seated.bare.turn(plan.turn_s))
    if contender.tool:
        contender.tool_fps.append(contender.tool.fps(plan.turn_s))
