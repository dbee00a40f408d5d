"""Make `docs/packing/packing.poses.jsonl`: two orders, packed by hands that nobody has filmed.

    python models/recipes/demo_packing.py docs/packing/packing.poses.jsonl

The first order is packed as it should be; of the second, one cable is left out, and a hand reaches
over the running belt. Hands are stick figures that move from place to place as people do, in whole
pixels, five times a second.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from edge.core.types import Floats, Observation, Pose, Side, Signal
from edge.recording import Header, Writer

_FPS = 5
_SIZE = (640, 480)
_PALM = 30.0  # px
# In palm lengths from the wrist, fingers up: the thumb, then index to little finger, each outwards.
_OPEN = np.array(
    [
        (0.0, 0.0),
        *((-0.3, -0.2), (-0.55, -0.45), (-0.75, -0.7), (-0.9, -0.9)),
        *((-0.25, -1.0), (-0.3, -1.45), (-0.32, -1.7), (-0.34, -1.95)),
        *((0.0, -1.0), (0.0, -1.5), (0.0, -1.8), (0.0, -2.05)),
        *((0.2, -0.93), (0.24, -1.4), (0.26, -1.7), (0.28, -1.95)),
        *((0.4, -0.82), (0.48, -1.15), (0.52, -1.35), (0.56, -1.55)),
    ]
)
_MIDDLE = np.array((0.05, -0.48))  # of the palm
_PLACES = {  # px, where the palm goes
    "chargers": (76, 196), "manuals": (76, 340), "cables": (564, 196), "tape": (564, 320),
    "belt": (300, 44),
}  # fmt: skip
_HOME: dict[Side, tuple[int, int]] = {"left": (356, 272), "right": (284, 272)}
_OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


@dataclass
class Shift:
    """What both hands, and the machines, do when."""

    t: float = 1.0
    keys: dict[Side, list[tuple[float, float, float]]] = field(default_factory=dict)
    thumbs: list[tuple[float, float]] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hands rest below the table's edge at first."""
        self.keys = {"left": [(0.0, 420.0, 450.0)], "right": [(0.0, 220.0, 450.0)]}

    def say(self, name: str, value: bool | float | str) -> None:  # noqa: FBT001 - a signal's value
        """A machine says something."""
        self.signals.append(Signal(name, value, round(self.t, 2)))

    def both_home(self, stay: float) -> None:
        """Both hands work at the carton."""
        for side, at in _HOME.items():
            self._go(side, at)
        self.t = max(self.keys[side][-1][0] for side in _HOME) + stay

    def fetch(self, side: Side, place: str) -> None:
        """Take something and put it into the carton."""
        self.reach(side, place)
        self._go(side, _HOME[side])
        self.t = self.keys[side][-1][0] + 0.8

    def reach(self, side: Side, place: str, stay: float = 0.8) -> None:
        """Go somewhere and stay there."""
        self._go(side, _PLACES[place])
        self.t = self.keys[side][-1][0] + stay

    def thumb(self, seconds: float) -> None:
        """Show a thumb."""
        self.thumbs.append((self.t, self.t + seconds))
        self.t += seconds

    def rest(self) -> None:
        """Hands go back below the edge."""
        for side, (x, y) in (("left", (420, 450)), ("right", (220, 450))):
            self._go(side, (x, y))  # type: ignore[arg-type]
        self.t += 2.5

    def _go(self, side: Side, to: tuple[int, int]) -> None:
        keys = self.keys[side]
        keys.append((self.t, *keys[-1][1:]))
        far = float(np.hypot(to[0] - keys[-1][1], to[1] - keys[-1][2]))
        keys.append((self.t + 0.3 + far / 500.0, float(to[0]), float(to[1])))


def work() -> Shift:
    """Two orders."""
    shift = Shift()
    shift.say("belt", value=False)
    for order, cables in (("PO-1001", 2), ("PO-1002", 1)):
        shift.say("scanner", order)
        shift.t += 0.6
        shift.both_home(2.0)
        for _ in range(cables):
            shift.fetch("left", "cables")
        shift.fetch("right", "chargers")
        shift.fetch("right", "manuals")
        if cables == 1:
            shift.say("belt", value=True)
            shift.reach("right", "belt")
            shift.both_home(0.4)
            shift.say("belt", value=False)
        shift.fetch("left", "tape")
        shift.t += 1.0
        shift.thumb(1.2)
        shift.rest()
        shift.say("scale", 0.48 if cables == 2 else 0.41)  # noqa: PLR2004 - as ordered
        shift.t += 1.5
    return shift


def hand(side: Side, at: Floats, label: str) -> Pose:
    """A hand21 with the middle of its palm at px, seen from above."""
    mirror = np.array((1.0 if side == "right" else -1.0, 1.0))
    xy = np.round(at + _PALM * mirror * (_OPEN - _MIDDLE))
    score = np.full(21, 0.9, np.float32)
    return Pose("hand21", xy.astype(np.float32), score, side, False, None, label, 0.9)  # noqa: FBT003


def between(keys: list[tuple[float, float, float]], t: float) -> Floats:
    """Minimum jerk from key to key (Flash and Hogan, 1985): x, y px."""
    times = [key[0] for key in keys]
    k = min(max(int(np.searchsorted(times, t, side="right")) - 1, 0), len(keys) - 1)
    if k == len(keys) - 1:
        return np.array(keys[k][1:], np.float32)
    share = min(max((t - times[k]) / max(times[k + 1] - times[k], 1e-6), 0.0), 1.0)
    share = share**3 * (10 - 15 * share + 6 * share**2)
    begin, end = np.array(keys[k][1:]), np.array(keys[k + 1][1:])
    way: Floats = (begin + share * (end - begin)).astype(np.float32)
    return way


def main() -> None:
    """Command line."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and one path
        sys.exit(__doc__)
    shift, noise = work(), np.random.default_rng(7)
    header = Header("warehouse", "table-7", "packing", "packing", "palm-hands+labels")
    waiting = list(shift.signals)
    with Writer(Path(sys.argv[1]), header) as writer:
        for number in range(int(shift.t * _FPS)):
            t = number / _FPS
            now = tuple(signal for signal in waiting if signal.t <= t)
            waiting = waiting[len(now) :]
            poses = []
            for side, keys in shift.keys.items():
                at = between(keys, t) + noise.normal(0.0, 1.5, 2).astype(np.float32)
                shown = side == "right" and any(a <= t < b for a, b in shift.thumbs)
                poses.append(hand(side, at, "thumb_up" if shown else "open"))
            writer.write(Observation(t, number, _SIZE, tuple(poses), signals=now))


if __name__ == "__main__":
    main()
