"""How the evidence of one condition goes on with an instant: for steps, gates, forbidden things."""

from __future__ import annotations

from dataclasses import replace

from edge.core.types import Value
from edge.sop.watching.conditions import Sure, sure
from edge.sop.watching.evidence import AWAY_S, LOST_S, Evidence, accumulate, decay, linger, rest
from edge.sop.watching.plan import Sight
from edge.sop.watching.state import Doing, Now


def grown(
    now: Now, sight: Sight, before: Evidence | None, found: Sure, *, later: bool = False
) -> Evidence | None:
    """The evidence with what was found just now; `later`: of a stage after the first."""
    if sight.crisp:
        return _crisp(now, sight, before, found, later=later)
    if found:
        return accumulate(before, now.t, found)
    if before is None:
        return None
    return rest(before, now.dt) if found is None else decay(before, now.dt)


def lasting(now: Now, sight: Sight, before: Evidence, found: Sure) -> Evidence | None:
    """Evidence that has been enough: it stays until the thing is over; None when it is."""
    if found:
        return accumulate(before, now.t, found)
    after = rest(before, now.dt) if found is None else linger(before, now.dt)
    return None if sight.crisp or after.over else after


def freed(doing: Doing, sight: Sight, found: Sure, dt: float) -> Doing:
    """One step nearer to counting again, as long as the thing is seen otherwise."""
    if sight.crisp and found == 0:
        return replace(doing, spent=0.0)  # signals do not err
    speed = 1.0 if found == 0 else AWAY_S / LOST_S if found is None else -1.0
    return replace(doing, spent=min(max(doing.spent - speed * dt, 0.0), AWAY_S))


def _lasts(sight: Sight, signal: str, value: Value | None) -> bool:
    """Whether what a signal says is so until it says something else."""
    return isinstance(value, bool) or signal in sight.states


def opened(now: Now, key: str, sight: Sight) -> bool:
    """Whether a gate (a start, an end, an abort) has opened just now."""
    found, doing = sure(sight.when, now.view), now.gates.pop(key, None)
    if doing is None and not found:
        return False
    doing = doing or Doing()
    if doing.spent > 0:
        doing = freed(doing, sight, found, now.dt)
        if doing.spent > 0:
            now.gates[key] = doing
        return False
    evidence = grown(now, sight, doing.evidence, found)
    full = evidence is not None and evidence.full(sight.hold_s)
    if full and not sight.crisp:
        now.gates[key] = Doing(spent=AWAY_S)
    elif evidence is not None and not (full and sight.hold_s <= 0):
        now.gates[key] = Doing(evidence=evidence, reached=full)
    return full and not doing.reached


def _crisp(
    now: Now, sight: Sight, before: Evidence | None, found: Sure, *, later: bool
) -> Evidence | None:
    """A signal does not err, and says the same until it says something else.

    True and false last (and so do 1 and 0 where those are waited for): such a condition counts
    when it becomes so, and as a later stage also where it is so already. Any other message is
    something that happens, and counts by itself.
    """
    if not found:
        return None
    if before is not None:
        return replace(before, last=now.t, held=max(now.t - before.since, 0.0))
    came = now.view.came
    fresh = came is not None and (
        came.name in sight.pulses
        or (
            came.name in sight.signals
            and (now.view.news or not _lasts(sight, came.name, came.value))
        )
    )
    lasts = later and all(_lasts(sight, one, now.view.values.get(one)) for one in sight.signals)
    return Evidence(now.t, now.t, 0.0, 1.0) if fresh or lasts else None
