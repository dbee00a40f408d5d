"""Whatever a model or a file may say, the core answers, and what it began it ends."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.types import Change, Observation, Pose
from tests.laws.drawn import engine, events
from tests.laws.test_laws import alternate

WILD = st.floats(-1e6, 1e6, width=32) | st.sampled_from((0.0, 1e-30, 639.0))
SCORES = st.floats(-5.0, 5.0, width=32) | st.floats(0.0, 1.0, width=32)
KEYPOINTS = {"body17": 17, "hand21": 21}


@st.composite
def poses(draw: st.DrawFn) -> Pose:
    """Keypoints anywhere, or all at one point; scores of any size."""
    skeleton = draw(st.sampled_from(("body17", "body17", "hand21")))
    count = KEYPOINTS[skeleton]
    few = draw(st.lists(st.tuples(WILD, WILD), min_size=1, max_size=6))
    scores = draw(st.lists(SCORES, min_size=1, max_size=5))
    xy = np.resize(np.array(few, np.float32), (count, 2))
    score = np.resize(np.array(scores, np.float32), count)
    return Pose(skeleton, xy, score, glimpse=draw(st.booleans()))


@st.composite
def recordings(draw: st.DrawFn) -> list[Observation]:
    """Time never goes back, but may stand still or leap."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from((0.0, 0.001, 0.1, 0.3, 5.0, 100.0)),
                st.sampled_from(((640, 480), (1, 1), (0, 0), (7680, 4320))),
                st.lists(poses(), max_size=4),
                st.lists(st.builds(Change, st.tuples(WILD, WILD, WILD, WILD), WILD, SCORES)),
            ),
            min_size=1,
            max_size=12,
        )
    )
    times = np.cumsum([step[0] for step in steps]).tolist()
    return [
        Observation(t, seq, size, tuple(found), tuple(changes))
        for seq, (t, (_, size, found, changes)) in enumerate(zip(times, steps, strict=True))
    ]


@settings(max_examples=80)
@given(recordings())
def test_junk_never_raises_and_what_begins_ends(seen: list[Observation]) -> None:
    alternate(events(seen))


@settings(max_examples=20)
@given(recordings())
def test_junk_gives_the_same_events_again(seen: list[Observation]) -> None:
    assert events(seen) == events(seen)


def test_empty_scenes_say_nothing() -> None:
    core = engine()
    memory = core.start()
    for seq in range(50):
        memory, scene, said = core.step(memory, Observation(seq / 10, seq, (0, 0), ()))
        assert scene.tracks == ()
        assert said == ()
    assert core.finish(memory, 5.0) == ()
