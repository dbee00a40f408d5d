"""Where and when to look again for somebody who was lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.track import Track, Tracker
from edge.runtime.lookagain import QUARTERS, LookAgain, rotation, turned, turned_back
from tests.figure import STAND
from tests.lives import Act, Life, observations

LOOK = LookAgain()
LIFE = Life((Act(STAND, 0.0, 1.0),))


def lost(life: Life = LIFE) -> Track:
    """Somebody whom the model has just lost."""
    tracker = Tracker()
    state = tracker.start()
    for one in observations(life):
        state, scene = tracker.step(state, one)
    return replace(scene.tracks[0], pose=None)


def looks(track: Track, until: float, fps: float) -> list[float]:
    """Times after the loss at which an inference is spent."""
    last, spent = float("-inf"), []
    for seq in range(1, round(until * fps)):
        t = track.seen + seq / fps
        if LOOK.wants(track, t, last):
            last = t
            spent.append(t - track.seen)
    return spent


def test_nobody_lost_nothing_spent() -> None:
    track = lost()
    pose = observations(LIFE)[0].poses[0]
    assert not LOOK.wants(replace(track, pose=pose), track.seen + 0.1, float("-inf"))


@pytest.mark.parametrize(
    "why", [{"edge": True}, {"posture": None}], ids=["left the picture", "never measured"]
)
def test_who_is_not_worth_a_look(why: dict[str, object]) -> None:
    track = replace(lost(), **why)  # type: ignore[arg-type]
    assert looks(track, 5.0, 10.0) == []


@pytest.mark.parametrize("fps", [5.0, 10.0, 30.0])
def test_first_every_frame_then_now_and_then_then_never(fps: float) -> None:
    spent = looks(lost(), 2 * LOOK.patient_s, fps)
    eager = [t for t in spent if t <= LOOK.eager_s]
    patient = [t for t in spent if t > LOOK.eager_s]
    assert len(eager) == pytest.approx(LOOK.eager_s * fps, abs=1)
    assert np.diff(patient) == pytest.approx(LOOK.every_s, abs=1.1 / fps)
    assert LOOK.patient_s - LOOK.every_s - 1 / fps <= max(patient) <= LOOK.patient_s


def test_the_square_holds_the_body_however_it_fell() -> None:
    track = lost()
    posture = track.posture
    assert posture is not None
    x0, y0, x1, y1 = LOOK.region(track, (640, 480))
    x = (track.box[0] + track.box[2]) / 2
    assert x0 < x - 0.7 * posture.height_px
    assert x1 > x + 0.7 * posture.height_px
    assert y0 < posture.ground - 0.5 * posture.height_px
    assert y1 > posture.ground + 0.2 * posture.height_px


def test_the_square_stays_in_the_picture() -> None:
    x0, y0, x1, y1 = LOOK.region(lost(replace(LIFE, at=(60.0, 470.0))), (640, 480))
    assert (x0, y1) == (0.0, 480.0)
    assert 0 < x1 <= 640
    assert 0 < y0 < 480


def test_who_was_never_measured_is_looked_for_where_they_were() -> None:
    track = replace(lost(), posture=None)
    assert LOOK.region(track, (640, 480)) == track.box


def test_every_turn_gets_its_turn() -> None:
    assert sorted(QUARTERS) == [0, 1, 3]
    assert list(islice(rotation(), 7)) == [*QUARTERS, *QUARTERS, QUARTERS[0]]


@pytest.mark.parametrize("quarter", QUARTERS)
@given(w=st.integers(1, 40), h=st.integers(1, 40), data=st.data())
def test_a_point_found_in_a_turned_picture_goes_back_to_its_pixel(
    quarter: int, w: int, h: int, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, w - 1)), data.draw(st.integers(0, h - 1))
    picture = np.zeros((h, w, 3), np.uint8)
    picture[y, x] = 255
    view = turned(picture, quarter)
    assert view.flags.c_contiguous
    row, column = np.argwhere(view[:, :, 0])[0]
    back = turned_back(np.array([[column, row]], np.float32), quarter, (w, h))
    assert back.tolist() == [[x, y]]
