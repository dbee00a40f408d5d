"""The doctor looks through cameras: real clips, a real stream, drawn pictures at our own seam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.core.types import Frame, Image
from edge.doctor import camera, camera_reading
from edge.errors import SourceError
from edge.sources.images import ImagesSettings
from edge.sources.rtsp import RtspSettings
from edge.sources.video import VideoSettings
from tests.doctored import bad_one, grades, only
from tests.fakes import FakeSource
from tests.rtsp_server import HEIGHT, WIDTH, RtspServer

CLIP = Path(__file__).parent.parent / "models" / "demo" / "bench.mp4"
SEEN = camera.Seen(
    name="/dev/video0",
    kind="v4l2",
    live=True,
    size=(640, 480),
    first_s=0.6,
    frames=90,
    fps=29.8,
    brightness=110.0,
    spread=50.0,
    changed=True,
    asked_size=(640, 480),
    asked_fps=30.0,
)


def noise(mean: float, seed: int = 0) -> Image:
    """A picture as a sensor gives it."""
    rng = np.random.default_rng(seed)
    grey = rng.normal(mean, 12.0, (480, 640, 1)).clip(0, 255).astype(np.uint8)
    return np.repeat(grey, 3, axis=2)


@dataclass
class Drawn:
    """Settings of a camera that gives these pictures, ten a second, and then is silent."""

    pictures: list[Image]
    live: bool = True
    size: tuple[int, int] = (640, 480)
    fps: float = 10.0

    def open(self) -> FakeSource:
        frames = [Frame(one, n / self.fps, n) for n, one in enumerate(self.pictures)]
        return FakeSource(frames, live=self.live)


def test_a_clip_is_good_and_has_no_rate() -> None:
    seen = camera_reading.watch(VideoSettings(CLIP))
    assert (seen.size, seen.fps, seen.live, seen.frames) == ((640, 480), None, False, 10)
    assert grades(camera.judge(seen)) == ["good"]


def test_a_stream_is_good_and_has_its_rate() -> None:
    with RtspServer() as server:
        seen = camera_reading.watch(RtspSettings(f"rtsp://u:secret@127.0.0.1:{server.port}/"), 1.5)
    assert (seen.size, seen.changed, seen.kind) == ((WIDTH, HEIGHT), True, "rtsp")
    assert seen.fps is not None
    assert seen.fps > 4
    assert "secret" not in str(seen.plain())
    assert "bad" not in grades(camera.judge(seen))


def test_a_black_picture_is_bad(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((480, 640, 3), np.uint8))
    seen = camera_reading.watch(ImagesSettings(tmp_path / "black.png"))
    assert "is black (0 %)" in bad_one(camera.judge(seen)).says


def test_a_covered_lens_is_bad_and_a_noisy_picture_is_not() -> None:
    lid = Drawn([np.full((480, 640, 3), (90, 40, 30), np.uint8)] * 3, live=False)
    assert "covered" in bad_one(camera.judge(camera_reading.watch(lid))).says
    room = Drawn([noise(110, n) for n in range(12)])
    seen = camera_reading.watch(room)
    assert grades(camera.judge(seen)) == ["good"]
    assert seen.fps == pytest.approx(10.0)


def test_a_camera_that_repeats_itself_hangs() -> None:
    seen = camera_reading.watch(Drawn([noise(110)] * 12))
    assert not seen.changed
    assert "again and again" in bad_one(camera.judge(replace(seen, kind="v4l2"))).says
    # Where nothing moves, a coded stream is the same picture for a while.
    assert grades(camera.judge(replace(seen, kind="rtsp"))) == ["look"]


def test_a_camera_without_a_picture_is_an_error() -> None:
    with pytest.raises(SourceError, match="gives no picture"):
        camera_reading.watch(Drawn([]))


def test_it_does_not_wait_for_a_stream_to_end() -> None:
    class Endless(FakeSource):
        def frames(self) -> Iterator[Frame]:
            n = 0
            while True:
                yield Frame(noise(110, n), n / 10, n)
                n += 1

    @dataclass
    class Settings:
        def open(self) -> Endless:
            return Endless([], live=True)

    assert camera_reading.watch(Settings(), 0.05).frames >= 1


@pytest.mark.parametrize(
    ("change", "grade", "words"),
    [
        ({}, "good", "640x480 at 29.8 frames a second"),
        ({"fps": 3.0}, "bad", "a fall is over"),
        ({"fps": 6.5}, "look", "may be missed"),
        ({"fps": 15.0}, "look", "not the 30 asked for"),
        ({"brightness": 20.0}, "look", "dark"),
        ({"brightness": 245.0}, "look", "glaring"),
        ({"size": (320, 240)}, "look", "not the 640x480 asked for"),
        ({"size": (160, 120)}, "look", "near by only"),
        ({"first_s": 7.0}, "look", "7.0 s to its first picture"),
    ],
)
def test_what_is_said_of_a_camera(change: dict[str, object], grade: str, words: str) -> None:
    found = only(camera.judge(replace(SEEN, **change)))  # type: ignore[arg-type]
    assert found.grade == grade
    assert words in found.says
    assert bool(found.mend) == (grade != "good")


def test_the_gravest_comes_first() -> None:
    found = camera.judge(replace(SEEN, fps=6.5, brightness=2.0))
    assert grades(found) == ["bad", "look"]
