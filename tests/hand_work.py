"""Made-up work at a bench for tests: two hands that fetch, work, rest, and are seen badly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.core.hand import Hand
from edge.core.track import Scene
from edge.core.types import Side, Signal

SIZE = (640, 480)
PALM = 16.0  # px
HOME: dict[Side, tuple[float, float]] = {"left": (330.0, 300.0), "right": (290.0, 300.0)}
PLACES = {
    "a": (100.0, 300.0), "b": (180.0, 330.0), "c": (420.0, 280.0), "d": (500.0, 320.0),
    "e": (560.0, 250.0), "f": (240.0, 220.0), "g": (380.0, 200.0), "rest": (310.0, 450.0),
}  # fmt: skip
_SIDES: tuple[Side, ...] = ("left", "right")


@dataclass
class Sight:
    """How well hands are seen."""

    fps: float = 15.0
    noise: float = 1.0  # px, standard deviation
    lost: float = 0.0  # share of the sights
    leaps: float = 0.0  # share of the sights that are somewhere else
    blind: float = 0.0  # times a second that a hand is lost, for 0.2 to 0.6 s


@dataclass
class Work:
    """Where both hands are from when on: keys of (t s, x, y px), moved between as people do."""

    rng: np.random.Generator
    t: float = 1.0
    ways: dict[Side, list[tuple[float, float, float]]] = field(default_factory=dict)
    signals: list[Signal] = field(default_factory=list)

    def __post_init__(self) -> None:
        x, y = PLACES["rest"]
        self.ways = {side: [(0.0, x, y), (self.t, x, y)] for side in _SIDES}
        for side in _SIDES:
            self._go(side, HOME[side], self.t)
        self.t += 1.5

    def fetch(self, side: Side, place: str, work: float = 1.5, grasp: float = 0.55) -> None:
        """Reach, take, bring, and work at home."""
        there = self._go(side, PLACES[place], self.t)
        leave = there + grasp * float(self.rng.uniform(0.85, 1.3))
        self._stay(side, leave)
        back = self._go(side, HOME[side], leave)
        self.t = back + work * float(self.rng.uniform(0.85, 1.25))
        self._stay(side, self.t)

    def put(self, side: Side, place: str, stays: float = 0.6) -> None:
        """Bring something somewhere, and stay there."""
        there = self._go(side, PLACES[place], self.t)
        self.t = there + stays
        self._stay(side, self.t)

    def home(self, side: Side) -> None:
        """Come back, with nothing to do."""
        self.t = self._go(side, HOME[side], self.t) + 0.3
        self._stay(side, self.t)

    def pause(self, seconds: float) -> None:
        """Wait."""
        self.t += seconds

    def say(self, name: str, value: str) -> None:
        """A signal, now."""
        self.signals.append(Signal(name, value, self.t))

    def _go(self, side: Side, to: tuple[float, float], begin: float) -> float:
        self._stay(side, begin)
        _, x, y = self.ways[side][-1]
        far = float(np.hypot(to[0] - x, to[1] - y)) / PALM * 0.09  # m
        x, y = self.rng.normal(to, 2.0)
        end = begin + (0.4 + 0.6 * far) * float(self.rng.uniform(0.85, 1.2))
        self.ways[side].append((end, float(x), float(y)))
        return end

    def _stay(self, side: Side, until: float) -> None:
        t, x, y = self.ways[side][-1]
        if until > t:
            self.ways[side].append((until, x, y))


def scenes(work: Work, sight: Sight, after: float = 0.5) -> Iterator[Scene]:
    """What a camera makes of it, until a while after its end."""
    rng = work.rng
    end = work.t + after
    times = np.arange(0.0, end, 1.0 / sight.fps)
    ways = {side: _between(work.ways[side], times) for side in _SIDES}
    gaps = {
        side: [(t, t + rng.uniform(0.2, 0.6)) for t in rng.uniform(0, end, int(sight.blind * end))]
        for side in _SIDES
    }
    signals = list(work.signals)
    for k, t in enumerate(times):
        hands = []
        for number, side in enumerate(_SIDES, start=1):
            if rng.random() < sight.lost or any(a <= t < b for a, b in gaps[side]):
                continue
            # Work is never still.
            wander = 4.0 * np.array([np.sin(5.5 * t + number), np.cos(4.1 * t)])
            xy = ways[side][k] + wander + rng.normal(0.0, sight.noise, 2)
            if rng.random() < sight.leaps:
                xy = rng.uniform((0, 0), SIZE)
            hands.append(_hand(number, side, xy, float(t)))
        now = tuple(signal for signal in signals if signal.t <= t)
        signals = signals[len(now) :]
        yield Scene(float(t), k, SIZE, (), hands=tuple(hands), signals=now)


def _hand(number: int, side: Side, xy: Sequence[float], t: float) -> Hand:
    return Hand(number, side, (float(xy[0]), float(xy[1])), PALM, None, 0.0, t, 0.9)


def _between(keys: Sequence[tuple[float, float, float]], times: np.ndarray) -> np.ndarray:
    """Minimum jerk from key to key (Flash and Hogan, 1985)."""
    t = np.array([key[0] for key in keys])
    xy = np.array([key[1:] for key in keys])
    k = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    share = np.clip((times - t[k]) / np.maximum(t[k + 1] - t[k], 1e-6), 0.0, 1.0)
    share = share**3 * (10 - 15 * share + 6 * share**2)
    way: np.ndarray = xy[k] + share[:, None] * (xy[k + 1] - xy[k])
    return way
