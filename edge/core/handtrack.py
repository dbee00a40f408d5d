"""Poses to hands: which is which, left or right, and remembered while unseen for a moment.

A hand model's hand21 shows a hand; where none is near the wrist of a person, the person's arm does:
beyond the wrist, along the forearm. Both feed the same hands, so that one which the hand model
loses goes on under its number. Lengths are palms, from the wrist to the middle finger's knuckle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from edge.core.hand import Hand
from edge.core.handsights import ArmsOff, Sight, between, of_arms, of_landmarks
from edge.core.settings import setting
from edge.core.track import Track
from edge.core.types import Observation, Side

_TWICE = 0.5  # palms between two sights that are one hand
_OTHER = 0.5  # palms that a hand of the wrong side is further away than it seems, besides twice
_GUESS = 2.0  # palms that an arm's end may be off, so that its hand jumps where it is seen again
_STEADY_S = 0.25  # a speed is a fair guess for so long
_FARTHEST_S = 0.5  # a hand that was hidden for longer may be anywhere on the bench
_FIRST_S = 0.1  # that the first look at a hand counts for in the vote on its side
_DOUBT = 0.2  # a vote between this and its opposite leaves the side as it is
_CLEAR = 0.5  # a vote beyond this is not overruled by the other hand's
_EXACT = 4  # so many hands are matched in the best way there is; more, nearest pairs first
_MOST = 40  # hands kept, whatever a model says


@dataclass(frozen=True, slots=True)
class _Memory:
    """What is remembered of a hand beside what it shows."""

    hand: Hand
    vote: float  # -1 left .. 1 right
    speed: tuple[float, float]  # px/s


@dataclass(frozen=True, slots=True, eq=False)
class HandMemories:
    """The hand tracker's state: a value, replaced every frame."""

    memories: tuple[_Memory, ...] = ()
    next_id: int = 1
    off: ArmsOff = field(default_factory=ArmsOff)


@dataclass(frozen=True, slots=True)
class HandTracker:
    """How hands are followed, for rules that speak of them."""

    hidden_s: float = setting(2.0, "remember a hand that is not seen", unit="s", low=0, high=60)
    gate: float = setting(1.5, "how far a hand may jump between frames", unit="palms", low=0)
    gate_speed: float = setting(25.0, "and how fast it may move", unit="palms/s", low=0)
    side_s: float = setting(
        1.5, "looks that decide whether it is the left or the right one", unit="s", low=0.1
    )
    arms: bool = setting(default=True, doc="where no hand model sees a hand, a body's arms do")

    def start(self) -> HandMemories:
        """No hand seen yet."""
        return HandMemories()

    def step(
        self, state: HandMemories, seen: Observation, people: Sequence[Track]
    ) -> tuple[HandMemories, tuple[Hand, ...]]:
        """Match this instant's hands to those known; hands unseen for a moment stay."""
        sights = [sight for pose in seen.poses if (sight := of_landmarks(pose)) is not None]
        off = state.off
        seen_now = sum(person.pose is not None for person in people)
        if self.arms:
            alone, off = of_arms(people, sights, off, seen.t)
            # A person has two hands: where the hand model sees both, an arm shows no third.
            sights += alone if len(sights) < 2 * seen_now else []
        kept, free = self._known(state.memories, sights, seen.t)
        next_id = state.next_id
        for sight in free:
            # Nearly where a hand is already: the same one, seen twice.
            if all(_apart(sight, now) > _TWICE for now in kept if now.hand.seen == seen.t):
                kept.append(_born(next_id, sight, seen.t))
                next_id += 1
        if seen_now <= 1:
            kept = _one_of_each(_found_again(kept, seen.t), seen.t)
        if len(kept) > _MOST:
            latest = sorted(kept, key=lambda memory: -memory.hand.seen)[:_MOST]
            kept = sorted(latest, key=lambda memory: memory.hand.id)
        return HandMemories(tuple(kept), next_id, off), tuple(memory.hand for memory in kept)

    def _known(
        self, known: Sequence[_Memory], sights: Sequence[Sight], t: float
    ) -> tuple[list[_Memory], list[Sight]]:
        """The hands known, as they are now, and the sights that are none of them."""
        costs = [[self._cost(memory, sight, t) for sight in sights] for memory in known]
        partner = _assigned(costs)
        kept = []
        for i, memory in enumerate(known):
            if i in partner:
                kept.append(self._seen(memory, sights[partner[i]], t))
            elif t - memory.hand.seen <= self.hidden_s:
                kept.append(memory)
        taken = set(partner.values())
        return kept, [sight for j, sight in enumerate(sights) if j not in taken]

    def _cost(self, memory: _Memory, sight: Sight, t: float) -> float:
        """How unlikely it is that a sight is this hand, in palms; infinite: it is not."""
        hand, (vx, vy) = memory.hand, memory.speed
        dt = t - hand.seen
        ahead = hand.xy[0] + vx * min(dt, _STEADY_S), hand.xy[1] + vy * min(dt, _STEADY_S)
        length = max(hand.palm, sight.palm)
        other = max(0.0, -memory.vote * sight.said)
        going = between(sight.xy, ahead) / length
        # A hand that has just turned round is nearer to where it was than to where it was going.
        jump = min(going, between(sight.xy, hand.xy) / length) * (1.0 + other)
        reach = self.gate + self.gate_speed * min(dt, _FARTHEST_S)
        if (sight.pose is None) != (hand.pose is None):
            reach += _GUESS
        return going * (1.0 + other) + _OTHER * other if jump <= reach else math.inf

    def _seen(self, memory: _Memory, sight: Sight, t: float) -> _Memory:
        last = memory.hand
        dt = max(t - last.seen, 1e-3)
        share = dt / (dt + 0.05)
        speed = tuple(
            before + share * ((now - was) / dt - before)
            for before, now, was in zip(memory.speed, sight.xy, last.xy, strict=True)
        )
        vote = memory.vote
        if sight.said:
            # At first all looks count alike, later the last ones; a single one never decides.
            known_s = _FIRST_S + min(last.seen - last.since, self.side_s)
            vote += min(0.5, dt / (dt + known_s)) * (sight.said - vote)
        hand = replace(
            last,
            side=_side(vote) if abs(vote) > _DOUBT or not last.side else last.side,
            xy=sight.xy,
            palm=last.palm + dt / (dt + 0.3) * (sight.palm - last.palm),
            pose=sight.pose,
            seen=t,
            score=sight.score,
            label=sight.label,
            label_score=sight.label_score,
        )
        return _Memory(hand, vote, (speed[0], speed[1]))


def _born(number: int, sight: Sight, t: float) -> _Memory:
    vote = 0.6 * sight.said
    hand = Hand(
        id=number,
        side=_side(vote),
        xy=sight.xy,
        palm=sight.palm,
        pose=sight.pose,
        since=t,
        seen=t,
        score=sight.score,
        label=sight.label,
        label_score=sight.label_score,
    )
    return _Memory(hand, vote, (0.0, 0.0))


def _found_again(kept: Sequence[_Memory], t: float) -> list[_Memory]:
    """One person's left hand is seen: one remembered elsewhere was the same, or none."""
    sides = {memory.hand.side for memory in kept if memory.hand.seen == t}
    return [memory for memory in kept if memory.hand.seen == t or memory.hand.side not in sides]


def _one_of_each(kept: list[_Memory], t: float) -> list[_Memory]:
    """One person's two hands are a left and a right one: the surer of the two says which."""
    now = [memory for memory in kept if memory.hand.seen == t]
    if len(now) != 2 or not now[0].hand.side or now[0].hand.side != now[1].hand.side:  # noqa: PLR2004 - two hands
        return kept
    doubtful = min(now, key=lambda memory: abs(memory.vote))
    if abs(doubtful.vote) >= _CLEAR:
        return kept
    other: Side = "left" if doubtful.hand.side == "right" else "right"
    turned = replace(doubtful, hand=replace(doubtful.hand, side=other))
    return [turned if memory is doubtful else memory for memory in kept]


def _assigned(costs: Sequence[Sequence[float]]) -> dict[int, int]:
    """Which sight is which hand: as many as can be, and of those ways the least squared costs."""
    near = [[j for j, cost in enumerate(row) if cost < math.inf] for row in costs]
    only = {i: row[0] for i, row in enumerate(near) if row}
    if len(set(only.values())) == sum(map(len, near)):  # each may be one only: nearly always so
        return only
    if len(costs) <= _EXACT and len(costs[0]) <= _EXACT:
        return dict(_best(costs, near, 0, 0)[2])
    partner: dict[int, int] = {}
    for _, i, j in sorted((costs[i][j], i, j) for i, row in enumerate(near) for j in row):
        if i not in partner and j not in partner.values():
            partner[i] = j
    return partner


_Way = tuple[int, float, tuple[tuple[int, int], ...]]  # minus the pairs' number, cost, pairs


def _best(
    costs: Sequence[Sequence[float]], near: Sequence[Sequence[int]], i: int, taken: int
) -> _Way:
    """The best way for the hands from i on; a bit of `taken` is a sight."""
    if i == len(costs):
        return 0, 0.0, ()
    best = _best(costs, near, i + 1, taken)
    for j in near[i]:
        if not taken >> j & 1:
            fewer, rest, pairs = _best(costs, near, i + 1, taken | 1 << j)
            best = min(best, (fewer - 1, rest + costs[i][j] ** 2, ((i, j), *pairs)))
    return best


def _side(vote: float) -> Side:
    return "right" if vote > 0.0 else "left" if vote < 0.0 else ""


def _apart(sight: Sight, memory: _Memory) -> float:
    return between(sight.xy, memory.hand.xy) / max(sight.palm, memory.hand.palm)
