"""Whose number was said: a serial number belongs to one unit, and so to one cycle.

A number of many units, as a work order has, is said to last (`serial_lasts`).

It is the running cycle's while that has none, or while nothing has been done in it; else the next
one's. Without a start that says so, another number is itself the sign of the next unit.
"""

from __future__ import annotations

from dataclasses import replace

from edge.sop.watching.cycle import close, fresh
from edge.sop.watching.state import Now


def heard(now: Now, *, starts: bool) -> None:
    """Take the number that was said just now; `starts`: a start was signalled with it."""
    came, cycle = now.view.came, now.cycle
    if came is None or came.name != now.plan.procedure.cycle.serial:
        return
    now.changed = True
    if cycle is not None:
        new = cycle.serial is None or not cycle.done or cycle.serial == came.value
        if fresh(now) if starts else new:
            now.cycle = replace(cycle, serial=came.value)
            return
    now.last = replace(now.last, scanned=came.value)
    if cycle is not None and "start" not in now.plan.gates:
        close(now, "next")
