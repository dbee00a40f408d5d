"""The Raspberry Pi camera source, in its real process, on a stand-in for picamera2."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.runtime.capture import Capture
from edge.sources._picamera_child import best_mode, inside
from edge.sources.picamera import Picamera, PicameraSettings
from tests.fake_libcamera.buffers import bars

FAKE = Path(__file__).parent / "fake_libcamera"
Behave = Callable[..., None]


@pytest.fixture
def behave(monkeypatch: pytest.MonkeyPatch) -> Behave:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))

    def to(**facts: Any) -> None:
        monkeypatch.setenv("FAKE_CAMERA", json.dumps(facts))

    to()
    return to


def camera(**settings: Any) -> Picamera:
    return PicameraSettings(**{"python": sys.executable, "fps": 60.0, **settings}).open()


def first(source: Picamera) -> Frame:
    with source:
        return next(source.frames())


def off(frame: Frame, size: tuple[int, int], turned: int = 0) -> float:
    """How far colours are from the bars of this size: the largest error, away from their edges."""
    width, height = size
    assert frame.image.shape == (height, width, 3)
    meant = bars(width, height)[::-1, ::-1] if turned else bars(width, height)
    error = np.abs(frame.image.astype(int) - meant).max(axis=2)
    columns = [8 * x // width == 8 * (x - 2) // width == 8 * (x + 2) // width for x in range(width)]
    rows = [abs(y - height // 4) > 2 and abs(y - 3 * height // 4) > 2 for y in range(height)]
    return float(error[rows][:, columns].max())


@pytest.mark.parametrize(("size", "shown"), [((257, 257), (258, 194)), ((640, 480), (640, 480))])
@pytest.mark.parametrize("board", ["vc4", "pisp"])
def test_a_whole_view_comes_in_its_true_colours(
    behave: Behave, size: tuple[int, int], shown: tuple[int, int], board: str
) -> None:
    behave(board=board)
    assert off(first(camera(size=size)), shown) <= 4


@pytest.mark.parametrize("lores", ["NV12", "RGB888", "BGR888", "XRGB8888"])
def test_what_libcamera_gives_instead_is_taken_for_what_it_is(behave: Behave, lores: str) -> None:
    behave(board="pisp", lores_format=lores)
    assert off(first(camera(size=(257, 257))), (258, 194)) <= 4


@pytest.mark.parametrize("space", ["Sycc", "Rec709"])
def test_another_colour_space_is_read_as_what_it_is(behave: Behave, space: str) -> None:
    behave(colour_space=space)
    assert off(first(camera(size=(257, 257))), (258, 194)) <= 4


@pytest.mark.usefixtures("behave")
def test_a_camera_upside_down_is_turned() -> None:
    assert off(first(camera(size=(320, 240), rotate=180)), (320, 240), turned=180) <= 4


def test_the_camera_is_asked_for_what_the_settings_say(behave: Behave, tmp_path: Path) -> None:
    log = tmp_path / "log"
    behave(log=str(log), lens=True)
    first(camera(size=(320, 320), fps=50.0, exposure_ms=8.0, gain=4.0, focus_m=2.0))
    asked = json.loads(log.read_text())
    assert asked["lores"]["size"] == [320, 180]  # no mode of the whole view is as fast
    assert asked["lores"]["format"] == "YUV420"  # all that a Pi 4 has
    assert asked["main"]["size"] == [640, 360]
    assert asked["sensor"] == {"output_size": [1920, 1080], "bit_depth": 10}
    assert asked["controls"] == {
        "FrameDurationLimits": [20000, 20000],
        "ExposureTime": 8000,
        "AnalogueGain": 4.0,
        "AfMode": "_AfMode.Manual",
        "LensPosition": 0.5,
    }


def test_without_settings_the_camera_decides(behave: Behave, tmp_path: Path) -> None:
    log = tmp_path / "log"
    behave(log=str(log), lens=True)
    first(camera(fps=30.0))
    asked = json.loads(log.read_text())
    assert asked["controls"] == {
        "FrameDurationLimits": [33333, 33333],
        "AfMode": "_AfMode.Continuous",
    }
    assert asked["sensor"]["output_size"] == [1640, 1232]  # not 640x480, which shows a part
    assert asked["main"] == {"format": "RGB888", "size": [640, 480], "stride": 1920} | {
        "framesize": 1920 * 480
    }


def test_a_camera_without_modes_or_a_rate_to_set_is_taken_as_it_is(behave: Behave) -> None:
    behave(usb=True, board="pisp", lores_format="YUYV")
    assert off(first(camera(size=(320, 240))), (320, 240)) <= 4


def test_a_mode_is_fast_then_wide_then_large_then_cheap() -> None:
    def mode(size: tuple[int, int], fps: float, crop: tuple[int, int]) -> dict[str, Any]:
        return {"size": size, "fps": fps, "crop_limits": (0, 0, *crop), "bit_depth": 10}

    part, whole = mode((640, 480), 200.0, (1280, 960)), mode((1640, 1232), 40.0, (3280, 2464))
    large = mode((3280, 2464), 21.0, (3280, 2464))
    modes = [part, whole, large]
    assert best_mode(modes, (640, 480), 30.0) is whole
    assert best_mode(modes, (640, 480), 100.0) is part
    assert best_mode(modes, (2000, 1500), 20.0) is large
    assert best_mode([mode((640, 480), 29.97, (3280, 2464)), part], (320, 240), 30.0)["fps"] < 30


@pytest.mark.parametrize(
    ("shape", "box", "size"),
    [
        ((4608, 2592), (640, 480), (640, 360)),
        ((3280, 2464), (257, 257), (258, 194)),
        ((480, 640), (640, 640), (480, 640)),
    ],
)
def test_a_picture_keeps_its_proportions(
    shape: tuple[int, int], box: tuple[int, int], size: tuple[int, int]
) -> None:
    assert inside(shape, box) == size


@pytest.mark.parametrize("clock", ["monotonic", "boottime", "none"])
def test_times_are_on_our_clock_and_rise(behave: Behave, clock: str) -> None:
    behave(clock=clock)
    before = time.monotonic()
    with camera() as source:
        frames = source.frames()
        times = [next(frames).t for _ in range(5)]
    assert before < times[0] < times[-1] < time.monotonic()
    assert all(a < b for a, b in pairwise(times))


@pytest.mark.parametrize(
    ("facts", "settings", "problem", "hint"),
    [
        ({"cameras": 1}, {"camera": 1}, "no such camera", "found: imx219;"),
        ({"cameras": 0}, {}, "no such camera", "found: none;"),
        ({"busy": True}, {}, "is in use by another program", "fuser"),
        ({}, {"focus_m": 1.0}, "has no lens that can be focused", "leave focus_m out"),
        ({}, {"python": "/nowhere/python3"}, "/nowhere/python3 cannot be started", "`python`"),
        ({"lores_format": "MJPEG"}, {"size": (320, 240)}, "gives pictures as MJPEG", ""),
    ],
)
def test_what_cannot_be_opened_says_why(
    behave: Behave, facts: dict[str, Any], settings: dict[str, Any], problem: str, hint: str
) -> None:
    behave(**facts)
    with pytest.raises(SourceError) as caught, camera(**settings):
        pytest.fail("opened it")
    assert problem in caught.value.problem
    assert hint in caught.value.hint
    assert caught.value.where == f"picamera:{settings.get('camera', 0)}"


def test_without_picamera2_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(SourceError, match="picamera2 cannot be imported") as caught, camera():
        pytest.fail("opened it")
    assert "apt install" in caught.value.hint
    assert "python3-picamera2" in caught.value.hint


def test_a_process_that_dies_tells_its_last_words(behave: Behave) -> None:
    behave(pictures=3, then="die")
    with camera() as source, pytest.raises(SourceError, match=r"stopped.*libcamera fell over"):
        list(source.frames())


def test_a_camera_that_hangs_is_lost_and_its_process_ended(behave: Behave) -> None:
    behave(pictures=3, then="deaf")
    source = camera()
    with source:
        assert source._child is not None
        process = source._child._process
        with pytest.raises(SourceError, match="stopped: no picture for 4 s"):
            list(source.frames())
    assert process.poll() == -signal.SIGKILL


def test_who_wants_no_more_waits_for_no_camera_that_hangs(behave: Behave) -> None:
    behave(pictures=1, then="deaf")
    source = camera()
    capture = Capture(lambda: source, lambda one: one)
    with capture:
        assert capture.take(20) is not None
    left = [thread for thread in threading.enumerate() if thread.name == "capture"]
    for thread in left:
        thread.join(3.0)  # less than the silence that would end it
    assert not capture.stuck


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"rotate": 90}, "rotate"),
        ({"size": (640, 0)}, "size"),
        ({"exposure_ms": 50.0, "fps": 30.0}, "exposure_ms"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        PicameraSettings(**settings)
    assert caught.value.where == key
