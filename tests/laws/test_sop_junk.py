"""Whatever a model, a machine or a clock says, the engine goes on, and does not grow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.hand import Hand
from edge.core.track import Scene, Track
from edge.core.types import Polygon, Pose, Signal
from edge.events.sop import Sop
from edge.sop.procedure import CycleRules, InZone, Procedure, SignalIs, Stage, Step
from tests.benchwork import film, scenes, watched
from tests.procedures_drawn import Job, executions, jobs

WILD = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-100.0, 800.0)
NAMES = st.sampled_from(("s0", "s1", "s2", "begin", "finish", "g-s0", "fixture", "", "junk"))
VALUES = st.booleans() | st.integers() | WILD | NAMES
HANDS = st.builds(
    Hand,
    id=st.integers(-1, 5),
    side=st.sampled_from(("", "left", "right")),
    xy=st.tuples(WILD, WILD),
    palm=WILD,
    pose=st.none(),
    since=WILD,
    seen=WILD | st.just(math.inf),
    score=WILD,
    label=NAMES,
    label_score=WILD,
)
POSES = st.builds(
    lambda label, score: Pose(
        "body17", np.zeros((17, 2), np.float32), np.zeros(17, np.float32), "", label=label,
        label_score=score,
    ),
    NAMES,
    WILD,
)  # fmt: skip
TRACKS = st.builds(
    lambda pose: Track(1, pose, None, (0, 0, 0, 0), 0.0, 0.0, 0.0, 0.0, None, edge=False),
    st.none() | POSES,
)
SIZES = st.sampled_from(((640, 480), (0, 0), (1, 0), (-5, 3)))
ZONES: st.SearchStrategy[Mapping[str, Polygon]] = st.sampled_from(
    ({}, {"fixture": ()}, {"fixture": ((0.5, 0.5),)}, {"at-s0": ((0, 0),) * 3})
)


@st.composite
def junk(draw: st.DrawFn) -> Scene:
    hands = draw(st.lists(HANDS, max_size=4)) * draw(st.sampled_from((1, 1, 1, 100)))
    signals = draw(st.lists(st.builds(Signal, NAMES, VALUES, WILD), max_size=4))
    return Scene(
        t=draw(st.floats(0.0, 60.0) | WILD),
        seq=draw(st.integers(-1, 100)),
        size=draw(SIZES),
        tracks=tuple(draw(st.lists(TRACKS, max_size=2))),
        zones=draw(ZONES),
        hands=tuple(hands),
        signals=tuple(signals),
    )


@settings(max_examples=40)
@given(st.data(), st.lists(junk(), max_size=25))
def test_junk_never_raises(data: st.DataObject, seen: list[Scene]) -> None:
    job = data.draw(jobs())
    said, _, _ = watched(job.procedure, seen)
    again, _, _ = watched(job.procedure, seen)
    assert [(e.phase, e.subject, repr(e.t)) for e in said] == [
        (e.phase, e.subject, repr(e.t)) for e in again
    ]


@settings(max_examples=15)
@given(st.data(), st.lists(st.tuples(st.floats(0.0, 1.0), junk()), min_size=1, max_size=4))
def test_junk_in_the_middle_of_work_never_raises(
    data: st.DataObject, junks: list[tuple[float, Scene]]
) -> None:
    job = data.draw(jobs())
    seen = scenes(film(job, data.draw(executions(job))))
    for share, scene in junks:
        seen.insert(round(share * len(seen)), scene)
    watched(job.procedure, seen)


def weight(value: object) -> int:
    """How many values a state holds, all told."""
    if isinstance(value, Mapping):
        return 1 + sum(weight(one) + 1 for one in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return 1 + sum(weight(one) for one in value)
    if is_dataclass(value):
        return 1 + sum(weight(getattr(value, field.name)) for field in fields(value))
    return 1


def test_thousands_of_cycles_leave_nothing_behind() -> None:
    steps = tuple(
        Step(name, (Stage(SignalIs(name, equals=True)),), times=2, more=True, done="over")
        for name in "ab"
    )
    hand = Step("c", (Stage(InZone("bin")), Stage(SignalIs("d"))), after=("a", "b"))
    bin_ = {"bin": ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))}
    rules = CycleRules(end=Stage(SignalIs("end")), give_up_s=5.0, skipped_s=2.0)
    rule = Sop(Procedure("job", (*steps, hand), zones=bin_, cycle=rules))
    chance = np.random.default_rng(3)
    state = rule.start()
    cycles, weights = 0, []
    for seq in range(15_000):
        name = ("a", "b", "d", "end")[chance.integers(4)]
        signals = (Signal(name, bool(chance.integers(2)), seq / 5),)
        xy = (float(chance.integers(640)), 100.0)
        hand_now = Hand(seq, "left", xy, 30.0, None, 0.0, seq / 5, 0.9)
        scene = Scene(seq / 5, seq, (640, 480), (), hands=(hand_now,), signals=signals)
        state, said = rule.step(state, scene)
        cycles += sum(event.phase == "cycle_started" for event in said)
        weights.append(weight(state) if seq % 20 == 0 else 0)
    assert cycles > 1000
    assert max(weights[-5_000:]) <= 1.2 * max(weights[:2_500])
    assert max(weights) < 400


def test_a_gap_of_seconds_neither_makes_nor_spoils_a_step() -> None:
    job = Job(
        Procedure(
            "job",
            (Step("s0", (Stage(InZone("bin"), 0.6),)),),
            zones={"bin": ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))},
        )
    )
    times = (0.0, 0.1, 0.2, 0.3, 20.3, 20.4, 20.5)
    seen = [
        Scene(t, n, (640, 480), (), hands=(Hand(1, "left", (9.0, 9.0), 1.0, None, 0.0, t, 0.9),))
        for n, t in enumerate(times)
    ]
    for length, done in ((5, False), (6, True)):
        said, _, _ = watched(job.procedure, seen[:length])
        assert any(event.phase == "step_completed" for event in said) is done
