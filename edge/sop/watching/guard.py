"""What must not happen: told once, when it is certain; that it is over, the fact says."""

from __future__ import annotations

from edge.core.types import Json
from edge.sop.procedure import Forbidden
from edge.sop.watching.conditions import sure
from edge.sop.watching.plan import Sight
from edge.sop.watching.sight import grown, lasting
from edge.sop.watching.state import Doing, Now
from edge.sop.watching.tell import proof, tell


def guard(now: Now) -> None:
    """Look for everything that is forbidden."""
    for name, (one, sight) in now.plan.forbidden.items():
        key = f"forbidden {name}"
        found, doing = sure(sight.when, now.view), now.gates.pop(key, None)
        if doing is None and not found:
            continue
        doing = doing or Doing()
        if doing.reached and doing.evidence is not None:
            evidence = lasting(now, sight, doing.evidence, found)
        else:
            evidence = grown(now, sight, doing.evidence, found)
        if evidence is None:
            now.changed = now.changed or doing.reached
            continue
        told = doing.reached
        if not told and evidence.full(sight.hold_s) and _applies(now, one):
            told = True
            _tell(now, one, sight, Doing(evidence=evidence))
        now.gates[key] = Doing(evidence=evidence, reached=told)


def _applies(now: Now, one: Forbidden) -> bool:
    """Always, or only while one of some steps is being done."""
    return not one.during or bool(_under_way(now, one))


def _under_way(now: Now, one: Forbidden) -> list[Json]:
    """Of these steps, those that have begun for certain: not one that only shares a bin."""
    return [name for name in one.during if name in now.doing and now.doing[name].told]


def _tell(now: Now, one: Forbidden, sight: Sight, doing: Doing) -> None:
    more: dict[str, Json] = {
        "forbidden": one.name,
        "title": one.said,
        "during": _under_way(now, one),
    }
    tell(
        now,
        "forbidden",
        one.name,
        f"Forbidden: {one.said}",
        evidence=proof((sight,), (doing.evidence,)),
        severity=one.severity,
        more=more,
    )
