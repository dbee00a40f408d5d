"""Procedures to test with: one that a person would write, and any that a file can hold."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from edge.procedure_file import read_procedure
from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    CycleRules,
    Forbidden,
    Gesture,
    HandsApart,
    InZone,
    Not,
    Procedure,
    SignalIs,
    Stage,
    Step,
)

FUSE_BOX = """
name = "fuse-box"
title = "assemble a fuse box"
surprise = 3

[zones]
bin = [[0.05, 0.4], [0.2, 0.4], [0.2, 0.6], [0.05, 0.6]]
fuses = [[0.05, 0.65], [0.2, 0.65], [0.2, 0.85], [0.05, 0.85]]
fixture = [[0.38, 0.55], [0.62, 0.55], [0.62, 0.85], [0.38, 0.85]]
press = [[0.7, 0.1], [0.95, 0.1], [0.95, 0.3], [0.7, 0.3]]

[cycle]
start = { signal = "scanner" }
serial = "scanner"
takt_s = 20

[[step]]
name = "housing"
title = "set a housing into the fixture"
when = [
    { hand = "right", in = "bin", hold_s = 0.3 },
    { hand = "right", in = "fixture", hold_s = 1 },
]

[[step]]
name = "left"
group = "fuses"
when = [{ hand = "left", in = "fuses", hold_s = 0.3 }, { in = "fixture", hold_s = 1 }]

[[step]]
name = "right"
group = "fuses"
when = { hand = "right", enters = "fuses", hold_s = 0.2 }
times = 2

[[step]]
name = "lid-a"
choice = "lid"
when = { hand = "both", near = "fixture", within = 0.05, hold_s = 1 }

[[step]]
name = "lid-b"
choice = "lid"
when = { gesture = "pinch", hold_s = 0.5 }

[[step]]
name = "screw"
when = { signal = "torque", at_least = 1.8 }
times = 4
most_s = 12

[[step]]
name = "look"
after = ["housing"]
optional = true
when = { pose = "stand", hold_s = 1 }

[[forbidden]]
name = "reach-in"
when = { all = [{ in = "press" }, { signal = "closing", is = true }] }
severity = "critical"
during = ["screw"]
"""


def read(folder: Path, text: str = FUSE_BOX) -> Procedure:
    """The procedure that this text stands for."""
    path = folder / "fuse-box.toml"
    path.write_text(text, encoding="utf-8")
    return read_procedure(path)


_HANDS = st.sampled_from(["left", "right", "any", "both"])
_NUMBERS = st.floats(-1e9, 1e9)
_SECONDS = st.floats(0, 1e4)
_WORDS = st.text(min_size=1, max_size=12)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,8}", fullmatch=True)


def _places(zones: list[str]) -> st.SearchStrategy[Condition]:
    ways = st.sampled_from(["in", "enters", "leaves"])
    near = st.just(0.0) | st.floats(0.001, 1)
    return st.builds(InZone, st.sampled_from(zones), _HANDS, ways, near)


def conditions(zones: list[str]) -> st.SearchStrategy[Condition]:
    """Any condition over these zones."""
    bound = st.none() | _NUMBERS
    plain: list[st.SearchStrategy[Condition]] = [
        st.builds(HandsApart, st.floats(0, 2), st.just(float("inf")) | st.floats(0, 2)),
        st.builds(Gesture, _WORDS, _HANDS),
        st.builds(BodyPose, _WORDS),
        st.builds(SignalIs, _WORDS, st.booleans() | st.integers(-9, 9) | _NUMBERS | st.text()),
        st.builds(SignalIs, _WORDS, st.none(), bound, bound),
        *([_places(zones)] if zones else []),
    ]
    return st.recursive(
        st.one_of(plain),
        lambda inner: st.one_of(
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(Not, inner),
        ),
        max_leaves=3,
    )


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Any procedure that a file can hold, sensible or not."""
    corner = st.tuples(st.floats(0, 1), st.floats(0, 1))
    polygons = st.lists(corner, min_size=3, max_size=6).map(tuple)
    zones = draw(st.dictionaries(_WORDS, polygons, max_size=4))
    names = draw(st.lists(NAMES, unique=True, min_size=1, max_size=5))
    count = draw(st.integers(1, len(names)))
    steps, others = names[:count], names[count:]
    some = conditions(list(zones))
    stages = st.builds(Stage, some, _SECONDS)
    maybe = st.none() | stages
    subset = st.lists(st.sampled_from(steps), unique=True, max_size=3)
    return Procedure(
        name=draw(NAMES),
        title=draw(st.text(max_size=20)),
        zones=zones,
        steps=tuple(
            Step(
                name=name,
                stages=tuple(draw(st.lists(stages, min_size=1, max_size=3))),
                title=draw(st.text(max_size=20)),
                after=tuple(one for one in draw(subset) if one != name),
                optional=draw(st.booleans()),
                choice=draw(st.sampled_from(["", "", "a", "b"])),
                times=draw(st.integers(1, 1000)),
                more=draw(st.booleans()),
                done=draw(st.sampled_from(["reached", "over"])),
                least_s=draw(_SECONDS),
                wait_most_s=draw(_SECONDS),
                within_s=draw(st.floats(0.1, 99)),
            )
            for name in steps
        ),
        forbidden=tuple(
            Forbidden(name, draw(some), draw(_SECONDS), during=tuple(draw(subset)))
            for name in others
        ),
        cycle=CycleRules(
            draw(maybe), draw(maybe), draw(maybe), serial=draw(st.text(max_size=5)), takt_s=9.5
        ),
        surprise=draw(st.floats(1, 100)),
    )
