"""The procedure, its variants, and what both hands do when in one of them (times in s)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.recipes.film.curves import Floats
from models.recipes.film.layout import place

Span = tuple[float, float]  # s, begin and end


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which hand ("L", "R") fetches from where, and how long both work then, s."""

    name: str
    title: str
    hand: str
    spot: str
    work: float
    most: float  # s, the longest the whole step may take


STEPS = (
    Step("housing", "take a housing and set it into the fixture", "R", "bin_housing", 1.6, 5.5),
    Step("board", "take a board and put it into the housing", "L", "bin_board", 1.8, 5.5),
    Step("cover", "take a cover and press it on", "L", "bin_cover", 1.6, 5.5),
    Step("screw", "take the screwdriver, screw, put it back", "R", "tool", 2.0, 8.0),
    Step("deliver", "put the finished part into the tray", "L", "tray", 0.0, 5.5),
)
VARIANTS = {
    "correct": "every step, in order",
    "skipped": "the cover is forgotten",
    "swapped": "the cover is taken before the board",
    "repeated": "a second board is put in",
    "slow": "the board takes too long",
    "forbidden": "a reach into the press",
}
_ORDERS: dict[str, tuple[int, ...]] = {
    "skipped": (0, 1, 3, 4), "swapped": (0, 2, 1, 3, 4), "repeated": (0, 1, 1, 2, 3, 4),
}  # fmt: skip
_SLOW = 3.6  # s more
_THICK = 0.02  # m, by which a part raises what lies on it
START = 0.9  # s, when hands rise to the bench


@dataclass(frozen=True, slots=True)
class Move:
    """A hand's way to a point (3,), m, in an arc of this height, m."""

    begin: float
    end: float
    to: Floats
    arc: float = 0.05


@dataclass(frozen=True, slots=True)
class Carry:
    """A thing goes with a hand and stays where it is let go (3,), m; it hangs off (3,) m beside."""

    thing: str
    hand: str
    begin: float
    end: float
    to: Floats
    off: Floats = field(default_factory=lambda: np.zeros(3))


@dataclass(slots=True)
class Script:
    """What happens at the bench, until `end`."""

    moves: dict[str, list[Move]] = field(default_factory=lambda: {"L": [], "R": []})
    grips: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: {"L": [(0.0, 0.0)], "R": [(0.0, 0.0)]}
    )
    busy: list[tuple[float, float, bool]] = field(default_factory=list)  # begin, end, screwing
    carries: list[Carry] = field(default_factory=list)
    steps: list[dict[str, float | str]] = field(default_factory=list)
    forbidden: list[dict[str, float | str]] = field(default_factory=list)
    end: float = START

    def go(self, hand: str, to: Floats, begin: float, arc: float = 0.05) -> float:
        """Move a hand as fast as people do over that distance; gives when it arrives."""
        before = self.moves[hand][-1].to if self.moves[hand] else to
        end = begin + 0.5 + 0.55 * float(np.linalg.norm(to - before))
        self.moves[hand].append(Move(begin, end, to, arc))
        return end

    def grip(self, hand: str, t: float, closed: float, takes: float = 0.25) -> None:
        """Close a hand (1) or open it (0) from t on."""
        keys = self.grips[hand]
        keys += [(max(t, keys[-1][0] + 1e-3), keys[-1][1]), (t + takes, closed)]


_HOLD = {"L": (0.078, -0.015), "R": (-0.078, -0.015)}  # m, x and y from the fixture's middle


def _at_fixture(hand: str, higher: float = 0.0) -> Floats:
    across, up = _HOLD[hand]
    return place("fixture", across, up + higher)


def write(variant: str, rng: np.random.Generator) -> Script:
    """The script of a variant; KeyError for an unknown one."""
    VARIANTS[variant]
    script = Script()
    for hand in "LR":  # from hanging down, by way of the table's edge
        script.moves[hand].append(Move(START, START + 0.95, _at_fixture(hand), 0.06))
        script.grip(hand, START + 0.6, 0.55)
    t = START + 1.25
    for number in _ORDERS.get(variant, (0, 1, 2, 3, 4)):
        step = STEPS[number]
        more = _SLOW if variant == "slow" and step.name == "board" else 0.0
        t = (_deliver if step.spot == "tray" else _fetch)(script, step, t, more, rng)
        if variant == "forbidden" and step.name == "board":
            t = _trespass(script, t)
    script.end = t
    return script


def _fetch(
    script: Script, step: Step, begin: float, more: float, rng: np.random.Generator
) -> float:
    """Reach, take, bring, work with both hands, and put a tool back."""
    hand = step.hand
    script.grip(hand, begin, 0.0, 0.4)
    there = script.go(hand, place(step.spot), begin)
    script.grip(hand, there + 0.1, 1.0, 0.3)
    leave = there + 0.5 + rng.uniform(0.0, 0.15)
    thing = f"{step.name}-{sum(str(s['name']) == step.name for s in script.steps)}"
    is_tool = step.spot == "tool"
    back = script.go(hand, _at_fixture(hand, 0.03 if is_tool else 0.0), leave)
    done = back + step.work + more + rng.uniform(0.0, 0.25)
    script.busy.append((back, done, is_tool))
    end = done
    if is_tool:
        arrives = script.go(hand, place(step.spot), done)
        script.grip(hand, arrives + 0.1, 0.0)
        script.carries.append(Carry("tool", hand, there + 0.25, arrives + 0.2, place(step.spot)))
        end = arrives + 0.4
        script.go(hand, _at_fixture(hand), end)
        script.grip(hand, end + 0.3, 0.55)
    else:
        lies = place("fixture", 0.0, -0.015 + _THICK * len(script.carries))
        script.carries.append(Carry(thing, hand, there + 0.25, back + 0.25, lies))
        script.grip(hand, back + 0.3, 0.55)
    _note(script, step, (begin, end), (there, leave), (back, done))
    return end


def _deliver(
    script: Script, step: Step, begin: float, more: float, rng: np.random.Generator
) -> float:
    """Take what lies in the fixture, and put it into the tray."""
    hand = step.hand
    script.grip(hand, begin, 1.0, 0.3)
    leave = begin + 0.45 + more + rng.uniform(0.0, 0.1)
    there = script.go(hand, place(step.spot), leave, 0.09)
    script.grip(hand, there + 0.15, 0.0)
    end = there + 0.7
    for thing in [carry for carry in script.carries if carry.thing != "tool"]:
        off = thing.to - place("fixture", 0.0, -0.015)
        lies = place(step.spot, 0.0, -0.03) + off
        script.carries.append(Carry(thing.thing, hand, begin + 0.3, there + 0.25, lies, off))
    _note(script, step, (begin, end), (there, end), (begin, leave))
    return end


def _trespass(script: Script, begin: float) -> float:
    """The right hand reaches into the press and comes back."""
    script.grip("R", begin, 0.0, 0.3)
    there = script.go("R", place("press"), begin)
    leave = there + 0.8
    back = script.go("R", _at_fixture("R"), leave)
    script.grip("R", back - 0.2, 0.55)
    script.forbidden.append({"spot": "press", "hand": "right", "begin": there, "end": leave})
    return back + 0.2


def _note(script: Script, step: Step, whole: Span, fetch: Span, work: Span) -> None:
    script.steps.append(
        {
            "name": step.name,
            "hand": {"L": "left", "R": "right"}[step.hand],
            "spot": step.spot,
            "begin": whole[0],
            "end": whole[1],
            "spot_begin": fetch[0],
            "spot_end": fetch[1],
            "fixture_begin": work[0],
            "fixture_end": work[1],
        }
    )
