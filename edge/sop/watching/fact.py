"""Where in the procedure the operator is, for those who join later: a screen that guides them."""

from __future__ import annotations

from collections.abc import Mapping

from edge.core.types import Fact, Json, Value
from edge.sop.watching.plan import Plan, Role
from edge.sop.watching.state import Cycle, Doing


def fact(
    plan: Plan,
    cycle: Cycle | None,
    doing: Mapping[str, Doing],
    gates: Mapping[str, Doing],
    scanned: Value | None,
) -> Fact:
    """On while a cycle is running; made only when something in it changed."""
    serial = cycle.serial if cycle else scanned
    names = plan.graph.names
    started = [name for name in names if name in doing and doing[name].told]
    roles = cycle.roles if cycle else {}
    detail: dict[str, Json] = {
        "procedure": plan.procedure.name,
        "title": plan.procedure.said,
        "cycle": cycle.number if cycle else None,
        "since": round(cycle.since, 3) if cycle else None,
        "serial": str(serial) if isinstance(serial, float) else serial,
        "step": started[0] if started else None,
        "doing": list(started),
        "done": list(cycle.done) if cycle else [],
        "expected": [name for name in names if roles.get(name) == Role.EXPECTED],
        "missing": [name for name in names if cycle and name in cycle.passed],
        "forbidden": [
            name
            for name in plan.forbidden
            if (now := gates.get(f"forbidden {name}")) is not None and now.reached
        ],
    }
    return Fact(f"sop-{plan.procedure.name}", cycle is not None, detail)
