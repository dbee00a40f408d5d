"""What every source must do, whatever it reads from."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.errors import SourceError
from edge.ports import Source
from edge.registry import kinds, load
from tests import fake_libcamera
from tests.camera import FakeV4l2
from tests.fake_argus import gst_launch, stand_in
from tests.rtsp_server import RtspServer, picture

Case = tuple[dict[str, Any], Callable[[], None]]  # settings, and how the source is lost


@contextmanager
def video(tmp_path: Path, _: pytest.MonkeyPatch) -> Iterator[Case]:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (320, 240))
    for number in range(8):
        writer.write(picture(number))
    writer.release()
    yield {"path": path}, path.unlink


@contextmanager
def images(tmp_path: Path, _: pytest.MonkeyPatch) -> Iterator[Case]:
    for number in range(8):
        cv2.imwrite(str(tmp_path / f"img{number}.png"), picture(number))

    def lose() -> None:
        for file in tmp_path.iterdir():
            file.unlink()

    yield {"path": tmp_path}, lose


@contextmanager
def v4l2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    camera = FakeV4l2(tmp_path / "video0", pictures=8)
    monkeypatch.setattr(cv2, "VideoCapture", camera)
    yield {"device": str(camera.device)}, camera.device.unlink


@contextmanager
def rtsp(_: Path, __: pytest.MonkeyPatch) -> Iterator[Case]:
    with RtspServer(user="anna", password="secret", pictures=40) as server:  # noqa: S106
        url = f"rtsp://anna:secret@127.0.0.1:{server.port}/live"
        yield {"url": url}, server.close


@contextmanager
def gstreamer(tmp_path: Path, _: pytest.MonkeyPatch) -> Iterator[Case]:
    gst_launch()
    shot = tmp_path / "shot.jpg"
    cv2.imwrite(str(shot), picture(1))
    again = "stop-index=0 loop=true caps=image/jpeg,framerate=30/1 num-buffers=60"
    film = f"multifilesrc location={shot} {again} ! jpegdec ! identity sync=true"
    yield {"pipeline": film}, shot.unlink


@contextmanager
def argus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    lose = stand_in(tmp_path, monkeypatch, pictures=60)
    yield {"size": (320, 240), "sensor_size": (640, 480)}, lose


@contextmanager
def picamera(_: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setenv("PYTHONPATH", str(Path(fake_libcamera.__file__).parent))
    monkeypatch.setenv("FAKE_CAMERA", json.dumps({"pictures": 8, "then": "die"}))

    def lose() -> None:
        monkeypatch.setenv("FAKE_CAMERA", json.dumps({"cameras": 0}))

    yield {"size": (320, 240), "python": sys.executable}, lose


CASES = {"video": video, "images": images, "v4l2": v4l2, "rtsp": rtsp}
CASES |= {"gstreamer": gstreamer, "argus": argus, "picamera": picamera}
LIVE = {"v4l2", "rtsp", "gstreamer", "argus", "picamera"}


@pytest.fixture(params=CASES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    with CASES[kind](tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def source(kind: str, case: Case) -> Source:
    made: Source = load("sources", kind)(**case[0]).open()
    return made


def test_every_kind_is_here() -> None:
    assert set(CASES) == set(kinds("sources"))


def test_frames_are_read_only_rgb_in_order(source: Source) -> None:
    with source:
        frames = list(islice(source.frames(), 5))
    assert len(frames) == 5
    for frame in frames:
        assert frame.image.dtype == np.uint8
        assert frame.image.shape == (240, 320, 3)
        assert not frame.image.flags.writeable
    assert all(a.t < b.t for a, b in pairwise(frames))
    assert all(a.seq < b.seq for a, b in pairwise(frames))


def test_a_file_begins_at_zero_and_ends_and_a_camera_is_lost(kind: str, source: Source) -> None:
    assert source.live == (kind in LIVE)
    with source:
        frames = source.frames()
        first = next(frames)
        if source.live:
            with pytest.raises(SourceError, match="stopped"):
                list(frames)
        else:
            assert (first.t, first.seq) == (0.0, 0)
            assert [frame.seq for frame in frames] == list(range(1, 8))


def test_leaving_twice_is_harmless_and_the_end(source: Source) -> None:
    with source:
        next(source.frames())
    source.__exit__(None, None, None)
    with pytest.raises(SourceError):
        next(source.frames())


def test_what_is_not_there_is_named_without_its_password(case: Case, source: Source) -> None:
    case[1]()
    with pytest.raises(SourceError) as caught, source:
        pytest.fail("opened what is not there")
    assert caught.value.where == source.name
    assert caught.value.hint
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(caught.value)
