"""Events, each with a sentence, its evidence, and what it costs the cycle's score.

A cycle's score is 1 less the faults in it, counted in steps that must be done: a warning is half
a step, an error a whole one, and anything critical makes it 0. A step is counted once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from edge.core.types import Event, Json
from edge.sop.watching.evidence import Evidence
from edge.sop.watching.plan import Role, Sight
from edge.sop.watching.state import Now
from edge.sop.words import names

SEVERITY = {
    "step_out_of_order": "error",
    "step_skipped": "error",
    "repeat_missing": "error",
    "step_late": "warning",
    "step_repeated": "warning",
    "step_too_short": "warning",
    "step_too_long": "warning",
    "cycle_too_short": "warning",
    "cycle_too_long": "warning",
    "cycle_aborted": "warning",
    "operator_absent": "warning",
}  # the rest is "info"; what is forbidden says so itself
_COSTS = {"info": 0.0, "warning": 0.5, "error": 1.0, "critical": math.inf}


def tell(  # noqa: PLR0913 - each is one part of the event
    now: Now,
    phase: str,
    name: str,
    sentence: str,
    *,
    evidence: Sequence[Json] = (),
    severity: str = "",
    more: Mapping[str, Json] | None = None,
) -> None:
    """Say that something happened to a step, to something forbidden, or (no name) to the cycle."""
    procedure = now.plan.procedure
    subject = f"{procedure.name}/{name}" if name else procedure.name
    severity = severity or SEVERITY.get(phase, "info")
    step = now.plan.steps.get(name) if phase != "forbidden" else None
    about: dict[str, Json] = {"step": name, "title": step.said} if step else {}
    detail: dict[str, Json] = {
        "procedure": procedure.name,
        "cycle": now.cycle.number if now.cycle else now.last.number,
        "serial": _plain(now.serial),
        "severity": severity,
        "sentence": sentence,
        **about,
        **(more or {}),
        "evidence": list(evidence),
    }
    now.events.append(Event("sop", phase, subject, now.t, detail))
    now.changed = True
    cost = _COSTS[severity]
    if now.cycle and cost > now.cycle.faults.get(subject, 0.0):
        now.cycle = replace(now.cycle, faults={**now.cycle.faults, subject: cost})


def once(now: Now, phase: str, name: str) -> bool:
    """Whether this has not been told of the running cycle; from now on it has."""
    cycle, key = now.running, (phase, name)
    if key in cycle.told:
        return False
    now.cycle = replace(cycle, told=cycle.told | {key})
    return True


def score(now: Now) -> float:
    """How well the running cycle was done, 0..1."""
    cost = sum(now.running.faults.values())
    return round(max(0.0, 1.0 - cost / max(len(now.plan.graph.must), 1)), 3)


def called(now: Now, name: str) -> str:
    """A step's name in a sentence."""
    return f"'{now.plan.steps[name].said}'"


def listed(now: Now, several: Iterable[str], joint: str = "and") -> str:
    """Several of them."""
    return names([called(now, name) for name in several], joint)


def expected(now: Now) -> list[Json]:
    """Names of the steps that come next."""
    roles = now.running.roles
    return [name for name in now.plan.graph.names if roles.get(name) == Role.EXPECTED]


def proof(sights: Sequence[Sight], seen: Sequence[Evidence | None]) -> list[Json]:
    """What was seen of each stage, from when to when (s), and how sure that is."""
    return [
        {
            "what": sight.what,
            "from": round(some.since, 3),
            "to": round(some.last, 3),
            "sure": round(some.sure, 2),
        }
        for sight, some in zip(sights, seen, strict=False)
        if some is not None
    ]


def _plain(value: Json) -> Json:
    """JSON has no number that is none."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
