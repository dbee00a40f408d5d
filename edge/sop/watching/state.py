"""What the engine remembers between two scenes: values that are replaced, and never grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.core.types import Event, Fact, Json, Value
from edge.sop.graph import Unit
from edge.sop.watching.evidence import Evidence
from edge.sop.watching.plan import Plan, Role
from edge.sop.watching.view import Crossing, Side, View
from edge.sop.watching.zones import Areas


@dataclass(frozen=True, slots=True)
class Doing:
    """A step of which something has been seen; also a gate or a forbidden thing."""

    stage: int = 0  # the one waited for
    evidence: Evidence | None = None  # of that stage
    past: tuple[Evidence, ...] = ()  # of the stages before it
    again: Evidence | None = None  # of the first stage, seen anew while the second is waited for
    reached: bool = False  # the last stage is full: waiting for it to be over
    spent: float = 0.0  # s, to be seen otherwise first: what is seen has told of something else
    told: bool = False  # as started
    long: bool = False  # told as taking too long

    @property
    def began(self) -> float | None:
        """When its first evidence began to grow, s."""
        first = self.past[0] if self.past else self.evidence
        return None if first is None else first.since


@dataclass(frozen=True, slots=True)
class Done:
    """How often a step was done in a cycle, and when."""

    count: int
    first: tuple[float, float]  # s, when the first time began and ended
    last: tuple[float, float]  # s, the last time that counts


@dataclass(frozen=True, slots=True)
class Again:
    """A first step done again: it may have begun the next cycle, which only the next step tells."""

    span: tuple[float, float]  # s, when it began and ended
    seen: tuple[Json, ...]  # the proof of it


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of the procedure."""

    number: int
    since: float  # s
    moved: float  # s, a step began or was done
    done: Mapping[str, Done] = field(default_factory=dict)  # in the order of the first time
    complete: frozenset[str] = frozenset()  # steps done as often as they must be
    lacking: tuple[Unit, ...] = ()  # what must still be done
    ahead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # early one: not yet done
    passed: Mapping[str, float] = field(default_factory=dict)  # passed over, since when (s)
    roles: Mapping[str, Role] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # steps, those looked for first first
    possible: Mapping[str, float] = field(
        default_factory=dict
    )  # steps all of whose needs are done, since when (s)
    told: frozenset[tuple[str, str]] = frozenset()  # phase and name, where once is enough
    faults: Mapping[str, float] = field(default_factory=dict)  # of which subject, how much
    unseen: float = 0.0  # s without a hand
    serial: Value | None = None  # of what is worked on
    latest: str = ""  # step that was done last, right or not
    again: Mapping[str, Again] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Last:
    """What is remembered of the cycle before."""

    number: int = 0
    ended: float | None = None  # s
    step: str = ""  # done last
    late: tuple[float, float] | None = None  # s, when that was, if it should have been the first
    serial: Value | None = None
    scanned: Value | None = None  # since, or for the next cycle while this one was running


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything."""

    areas: Areas
    fact: Fact
    t: float | None = None  # s
    doing: Mapping[str, Doing] = field(default_factory=dict)
    gates: Mapping[str, Doing] = field(default_factory=dict)  # also what is forbidden
    cycle: Cycle | None = None
    last: Last = field(default_factory=Last)
    values: Mapping[str, Value] = field(default_factory=dict)
    crossings: Mapping[Crossing, Side] = field(default_factory=dict)


@dataclass(slots=True)
class Now:
    """One instant being worked on; what it ends up as is the next state."""

    plan: Plan
    view: View
    t: float  # s
    dt: float  # s since the instant before, at most what two frames stand for
    doing: dict[str, Doing]
    gates: dict[str, Doing]
    cycle: Cycle | None
    last: Last
    events: list[Event]
    used: frozenset[tuple[str, object]] = frozenset()  # marks that told of a step just now
    changed: bool = False  # something that the fact says

    @property
    def running(self) -> Cycle:
        """The cycle, where there must be one."""
        if self.cycle is None:
            message = "no cycle is running"
            raise LookupError(message)
        return self.cycle

    @property
    def serial(self) -> Value | None:
        """Of what is being worked on; between two cycles, of what was."""
        return self.cycle.serial if self.cycle else self.last.serial
