"""What people see: where things are drawn, and that the file keeps time."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from edge.core.handtrack import HandTracker
from edge.core.posture import Posture
from edge.core.track import Scene, Track
from edge.core.types import Change, Event, Image, Observation, Pose
from edge.errors import SinkError
from edge.runtime.open_source import open_source
from edge.runtime.overlay import Overlay, posture_word
from edge.runtime.overlay_file import FPS, LONGEST_GAP_S, OverlayFile
from tests.fakes import standing
from tests.hand_figure import hand

GREY = 90
RED = (215, 25, 30)


def blank(width: int = 320, height: int = 240) -> Image:
    image = np.full((height, width, 3), GREY, np.uint8)
    image.flags.writeable = False
    return image


def posture(stature: float) -> Posture:
    return cast("Posture", SimpleNamespace(stature=stature))


def track(pose: Pose | None, change: Change | None = None) -> Track:
    """Only what the overlay reads."""
    box = (70.0, 16.0, 130.0, 205.0)
    seen = SimpleNamespace(id=3, pose=pose, posture=posture(0.94), box=box, change=change)
    return cast("Track", seen)


def scene(*tracks: Track, t: float = 1.0) -> Scene:
    return Scene(t, 10, (320, 240), tracks)


def held(pose: Pose) -> Scene:
    """A hand as the tracker shows it."""
    seen = Observation(1.0, 10, (320, 240), (pose,))
    _, hands = HandTracker().step(HandTracker().start(), seen, ())
    return replace(scene(), hands=hands)


def fall(phase: str, t: float) -> Event:
    return Event("fall", phase, "person-3", t, {})


def drawn(image: Image, x: float, y: float) -> bool:
    """Whether anything was drawn within 2 px of this point of a 320x240 frame shown doubled."""
    left, top = int(2 * x), int(2 * y)
    return bool((image[top - 2 : top + 3, left - 2 : left + 3] != GREY).any())


def is_banner(image: Image) -> bool:
    return bool((image[0] == RED).all())


def test_small_pictures_are_enlarged_and_large_ones_kept() -> None:
    assert Overlay().draw(blank(), scene(), []).shape == (480, 640, 3)
    assert Overlay().draw(blank(1920, 1080), scene(), []).shape == (1080, 1920, 3)


def test_only_joints_the_model_is_sure_of_are_drawn() -> None:
    body = standing()
    body.score[9] = 0.1  # the left wrist
    image = Overlay().draw(blank(), scene(track(body)), [])
    shown = [drawn(image, *point) for point in body.xy.tolist()]
    assert shown == [index != 9 for index in range(17)]


def test_hands_are_drawn_and_their_side_stands_beside_the_wrist() -> None:
    seen = hand((160.0, 150.0), 40.0)
    image = Overlay().draw(blank(), held(seen), [])
    assert all(drawn(image, *point) for point in seen.xy.tolist())
    assert drawn(image, 162, 188)
    bare = Overlay().draw(blank(), scene(), [])
    assert not any(drawn(bare, *point) for point in seen.xy.tolist())


def test_the_frame_itself_is_left_alone() -> None:
    frame = blank(640, 480)
    Overlay({"bed": ((0, 0), (1, 0), (1, 1))}).draw(frame, scene(track(standing())), [])
    assert (frame == GREY).all()


def test_a_zone_is_outlined_where_it_is_configured() -> None:
    image = Overlay({"bed": ((0.5, 0.5), (0.9, 0.5), (0.9, 0.8), (0.5, 0.8))}).draw(
        blank(), scene(), []
    )
    assert drawn(image, 0.7 * 320, 0.8 * 240)
    assert drawn(image, 0.9 * 320, 0.6 * 240)
    assert not drawn(image, 0.7 * 320, 0.65 * 240)


def test_what_no_model_sees_is_framed_and_a_forgotten_person_is_not() -> None:
    change = Change((40.0, 60.0, 80.0, 100.0), 900.0, 0.5)
    assert drawn(Overlay().draw(blank(), scene(track(None, change)), []), 60, 100)
    image = Overlay().draw(blank(), scene(track(None)), [])
    assert (image[:400] == GREY).all()


def test_the_banner_stands_from_begin_to_end_of_a_fall() -> None:
    overlay = Overlay()
    seen = []
    for t, event in (
        (1.0, None),
        (2.0, fall("begin", 2.0)),
        (5.0, None),
        (6.0, fall("confirmed", 6.0)),
        (60.0, None),
        (61.0, fall("end", 61.0)),
    ):
        image = overlay.draw(blank(), scene(t=t), [event] if event else [])
        seen.append(is_banner(image))
    assert seen == [False, True, True, True, True, False]


def test_other_events_are_news_for_a_moment_and_raise_no_banner() -> None:
    overlay = Overlay()
    presence = Event("presence", "begin", "room", 1.0, {})
    first = overlay.draw(blank(), scene(t=1.0), [presence])
    later = overlay.draw(blank(), scene(t=9.0), [])
    assert not is_banner(first)
    assert (first[450:, 400:] != GREY).any()
    assert (later[450:, 400:] == GREY).all()


def test_two_alarms_have_a_row_each() -> None:
    events = [fall("begin", 1.0), Event("lying", "begin", "person-4", 1.0, {})]
    one, two = (Overlay().draw(blank(), scene(), events[:count]) for count in (1, 2))
    assert [int((image[:, 639] == RED).all(axis=1).sum()) for image in (one, two)] == [26, 52]


def test_postures_have_names() -> None:
    words = [posture_word(posture(stature)) for stature in (0.94, 0.7, 0.4, 0.2)]
    assert words == ["up 0.94", "up 0.70", "low 0.40", "down 0.20"]
    assert posture_word(None) == ""


def shade(value: int) -> Image:
    return np.full((240, 320, 3), value, np.uint8)


def test_the_file_keeps_time_at_an_uneven_frame_rate(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    times = [5.0, 5.1, 5.15, 6.15, 6.2]
    with OverlayFile(path) as file:
        for number, t in enumerate(times):
            file.write(shade(50 * number), t)
        assert not path.exists()  # never half a file
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.mp4"]
    with open_source(str(path)) as source:
        frames = list(source.frames())
    for number, (t, until) in enumerate(pairwise(times)):
        middle = (t + until) / 2 - times[0]
        shown = [frame for frame in frames if frame.t <= middle][-1]
        assert shown.image.mean() == pytest.approx(50 * number, abs=6)
    assert frames[-1].t == pytest.approx(times[-1] - times[0], abs=1.5 / FPS)


def test_colours_come_out_as_they_went_in(tmp_path: Path) -> None:
    red = np.zeros((240, 320, 3), np.uint8)
    red[:] = RED
    with OverlayFile(tmp_path / "out.mp4") as file:
        file.write(red, 0.0)
    with open_source(str(tmp_path / "out.mp4")) as source:
        image = next(source.frames()).image
    assert image.mean(axis=(0, 1)) == pytest.approx(RED, abs=12)


def test_a_long_pause_is_cut_and_a_new_size_is_fitted(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with OverlayFile(path) as file:
        file.write(shade(10), 0.0)
        file.write(np.full((480, 640, 3), 200, np.uint8), 3600.0)
    reader = cv2.VideoCapture(str(path))
    assert reader.get(cv2.CAP_PROP_FRAME_COUNT) == LONGEST_GAP_S * FPS + 1
    assert reader.get(cv2.CAP_PROP_FRAME_WIDTH) == 320


def test_nothing_seen_leaves_no_file(tmp_path: Path) -> None:
    with OverlayFile(tmp_path / "out.mp4"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.gif", "missing/out.mp4"])
def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(SinkError), OverlayFile(tmp_path / name):
        pytest.fail("opened")
