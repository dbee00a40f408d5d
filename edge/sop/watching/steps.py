"""Looking for the steps: what of each has been seen, and whose evidence it is.

What is seen counts for one step only. It counts for the one that is expected; only where none is
does it count for one that comes too early or again, and then it must be seen for longer. What has
told of one step tells of no other until it has been seen otherwise: the hand must have left.
"""

from __future__ import annotations

from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.conditions import Sure, marks, sure
from edge.sop.watching.cycle import admits, begin
from edge.sop.watching.done import complete
from edge.sop.watching.evidence import AWAY_S, Evidence, accumulate, decay, linger, rest
from edge.sop.watching.plan import Role, Sight, need
from edge.sop.watching.sight import freed, grown, lasting
from edge.sop.watching.state import Doing, Now
from edge.sop.watching.tell import called, expected, proof, tell

_STARTED = 0.5  # share of the first hold after which an expected step has started
_STARTED_S = 1.0  # s, at most


def finish(now: Now) -> None:
    """Steps that last as long as their last condition does: those that are over now."""
    for name, doing in list(now.doing.items()):
        if not doing.reached or doing.evidence is None:
            continue
        sight = now.plan.sights[name][doing.stage]
        after = lasting(now, sight, doing.evidence, sure(sight.when, now.view))
        if after is not None:
            now.doing[name] = replace(doing, evidence=after)
            continue
        del now.doing[name]
        complete(now, name, doing, now.t if sight.crisp else doing.evidence.last)


def watch(now: Now) -> None:
    """Look for every other step, those that are expected first."""
    for name in _order(now):
        doing = now.doing.get(name)
        if doing is not None and doing.reached:
            continue
        sight = now.plan.sights[name][doing.stage if doing else 0]
        found = sure(sight.when, now.view)
        if doing is None and not found:
            continue
        after = _seen(now, name, doing or Doing(), sight, found)
        if after is not None and (after.past or after.evidence or after.spent > 0):
            now.doing[name] = after
        elif now.doing.pop(name, None) is not None and doing and doing.told:
            now.changed = True


def forget(now: Now) -> None:
    """Between two cycles: what has told of a step is free again once it was seen otherwise."""
    for name, doing in list(now.doing.items()):
        sight = now.plan.sights[name][0]
        after = freed(doing, sight, sure(sight.when, now.view), now.dt)
        if after.spent > 0:
            now.doing[name] = after
        else:
            del now.doing[name]


def _order(now: Now) -> tuple[str, ...]:
    """Of several steps under way, the one whose last part was seen last is the likeliest."""
    order = now.cycle.order if now.cycle else now.plan.idle
    under_way = [name for name, doing in now.doing.items() if doing.past]
    if len(under_way) < 2:  # noqa: PLR2004 - two are several
        return order
    latest = {name: now.doing[name].past[-1].last for name in under_way}
    return tuple(sorted(order, key=lambda name: (_role(now, name), -latest.get(name, -1e300))))


def _role(now: Now, name: str) -> Role:
    if now.cycle:
        return now.cycle.roles[name]
    return Role.EXPECTED if name in now.plan.firsts else Role.EARLY


def _seen(now: Now, name: str, doing: Doing, sight: Sight, found: Sure) -> Doing | None:
    """What there is of a step after this instant; None when nothing is left of it."""
    if doing.spent > 0:
        return freed(doing, sight, found, now.dt)
    if found and now.used and now.used & marks(sight.when, now.view):
        return None if sight.crisp else replace(doing, evidence=None, spent=AWAY_S)
    evidence = grown(now, sight, doing.evidence, found, later=bool(doing.past))
    within = now.plan.steps[name].within_s
    if evidence is not None and evidence.lost > within:
        evidence = None
    if evidence is None and doing.past:
        doing = _waiting(now, name, doing)
        if now.t - doing.past[-1].last > within:
            return None
    return _judged(now, name, replace(doing, evidence=evidence), sight)


def _waiting(now: Now, name: str, doing: Doing) -> Doing:
    """Between two stages: the one before may go on, and the first of all may begin anew."""
    before = now.plan.sights[name][doing.stage - 1]
    if before.crisp:
        return doing
    last, found = doing.past[-1], sure(before.when, now.view)
    if not found:
        last = rest(last, now.dt) if found is None else linger(last, now.dt)
        again = None if doing.again is None or found is None else decay(doing.again, now.dt)
        return replace(doing, past=(*doing.past[:-1], last), again=again)
    if doing.stage > 1 or not (last.over or doing.again):
        return replace(doing, past=(*doing.past[:-1], accumulate(last, now.t, found)))
    again = accumulate(doing.again, now.t, found)
    if again.full(before.hold_s):
        return replace(doing, past=(again,), again=None)
    return replace(doing, again=again)


def _judged(now: Now, name: str, doing: Doing, sight: Sight) -> Doing | None:
    """Whether what has been seen is enough for the stage, and for the step."""
    evidence, role = doing.evidence, _role(now, name)
    if evidence is None:
        return doing
    if not evidence.full(need(now.plan, name, doing.stage, role)):
        return _maybe_started(now, name, doing, sight)
    if doing.stage + 1 < len(now.plan.sights[name]):
        past = (*doing.past, evidence)
        doing = replace(doing, stage=doing.stage + 1, evidence=None, past=past, again=None)
        certain = (role <= Role.MORE or sight.crisp) and admits(now, name, whole=False)
        return started(now, name, doing) if certain else doing
    if role >= Role.EARLY and not sight.crisp and _explained(now, name, sight):
        return doing
    return _reached(now, name, doing, sight)


def _reached(now: Now, name: str, doing: Doing, sight: Sight) -> Doing | None:
    """All of a step has been seen."""
    _claim(now, name, sight, doing.past)
    left = Doing(spent=AWAY_S) if _stays(now, name, sight) else None
    if not admits(now, name):
        return left
    doing = started(now, name, doing)
    if now.plan.steps[name].done == "over":
        return replace(doing, reached=True)
    complete(now, name, doing, now.t)
    return left


def _stays(now: Now, name: str, sight: Sight) -> bool:
    """Whether what has told of a step must first be otherwise before it can tell of it again.

    A message counts by itself; but a number within bounds, which may be said every second, is
    taken for a new one only where the step is counted.
    """
    step = now.plan.steps[name]
    counted = step.times > 1 or step.more or len(now.plan.sights[name]) > 1
    return not sight.crisp or (sight.level and not counted)


def _maybe_started(now: Now, name: str, doing: Doing, sight: Sight) -> Doing:
    """An expected step has started when a part of its first hold is over."""
    enough = min(_STARTED * sight.hold_s, _STARTED_S)
    early = doing.told or doing.past or now.cycle is None or _role(now, name) > Role.MORE
    if early or doing.evidence is None or not doing.evidence.full(enough):
        return doing
    return started(now, name, doing)


def started(now: Now, name: str, doing: Doing) -> Doing:
    """Say once that a step has begun; the first one begins the cycle."""
    began = now.t if doing.began is None else doing.began
    if now.cycle is None:
        begin(now, began, name)
    elif doing.told:
        return doing
    sights = now.plan.sights[name]
    now.cycle = replace(now.running, moved=now.t)
    seen = proof(sights, (*doing.past, doing.evidence))
    more: dict[str, Json] = {"began": round(began, 3), "expected": expected(now)}
    tell(now, "step_started", name, f"{called(now, name)} has begun", evidence=seen, more=more)
    return replace(doing, told=True)


def _explained(now: Now, name: str, sight: Sight) -> bool:
    """Whether a step that is expected is being done with the same thing."""
    mine = marks(sight.when, now.view)
    return any(
        doing.evidence is not None
        and _going_on(doing.evidence)
        and _role(now, other) <= Role.MORE
        and mine & marks(now.plan.sights[other][doing.stage].when, now.view)
        for other, doing in now.doing.items()
        if other != name
    )


def _claim(now: Now, name: str, sight: Sight, past: tuple[Evidence, ...]) -> None:
    """What was seen has told of this step: no other one may have it."""
    mine = marks(sight.when, now.view)
    now.used |= mine
    for other, one in list(now.doing.items()):
        doing, theirs = one, now.plan.sights[other][one.stage]
        if other == name or doing.reached:
            continue
        if past and doing.past and _shared(now, (name, other), (past[0], doing.past[0])):
            # What they have in common was this step's: the other one has not begun for certain.
            doing = now.doing[other] = replace(doing, told=False, long=False)
        if theirs.crisp or doing.evidence is None:
            continue
        if _going_on(doing.evidence) and mine & marks(theirs.when, now.view):
            now.doing[other] = replace(doing, evidence=None, spent=AWAY_S)


def _shared(now: Now, names: tuple[str, str], firsts: tuple[Evidence, Evidence]) -> bool:
    """Whether two steps were begun by the very same sight."""
    one, other = (now.plan.sights[name][0] for name in names)
    return not one.crisp and one.when == other.when and firsts[0].since == firsts[1].since


def _going_on(evidence: Evidence) -> bool:
    return evidence.away == 0 and evidence.lost == 0
