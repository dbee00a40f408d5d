"""GStreamer for real: colours, sizes, times, ends, errors, silence, and no process left."""

from __future__ import annotations

import os
import shutil
import signal
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.runtime.capture import Capture
from edge.sources._gstreamer import said
from edge.sources.gstreamer import GstreamerSettings
from tests.rtsp_server import number_of, picture

pytestmark = pytest.mark.skipif(
    shutil.which("gst-launch-1.0") is None,
    reason="GStreamer is not installed (apt install gstreamer1.0-tools gstreamer1.0-plugins-good)",
)
BARS = (  # of videotestsrc's smpte100, left to right
    *((255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0)),
    *((255, 0, 255), (255, 0, 0), (0, 0, 255)),
)
LIVE = "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=30/1"


def read(pipeline: str, **settings: Any) -> list[Frame]:
    """All frames of a pipeline that ends."""
    frames: list[Frame] = []
    with GstreamerSettings(pipeline, **settings).open() as source:
        frames.extend(source.frames())
    return frames


def failed(pipeline: str, **settings: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(pipeline, **settings)
    return caught.value


@pytest.mark.parametrize(
    "caps",
    [
        *("format=RGB", "format=BGRx", "format=GRAY8", "format=YUY2", "format=NV12"),
        *(f"format=I420,colorimetry={name}" for name in ("bt601", "bt709", "1:4:5:1")),
    ],
)
@pytest.mark.parametrize("width", [320, 322, 323])
def test_colours_and_sizes_are_the_pipelines(caps: str, width: int) -> None:
    size = f"video/x-raw,format=RGB,width={width},height=240"
    bars = f"videotestsrc num-buffers=1 pattern=smpte100 ! {size} ! videoconvert"
    (frame,) = read(f"{bars} ! video/x-raw,{caps}", live=False)
    assert frame.image.shape == (240, width, 3)
    assert not frame.image.flags.writeable
    middles = frame.image[80, [int((n + 0.5) * width / 7) for n in range(7)]].astype(int)
    if "GRAY8" in caps:
        assert np.ptp(middles, axis=1).max() <= 1
    else:
        assert np.abs(middles - np.array(BARS)).max() <= 8  # GStreamer counts in whole numbers


def test_pictures_are_scaled_as_asked() -> None:
    (frame,) = read("videotestsrc num-buffers=1", live=False, size=(128, 96))
    assert frame.image.shape == (96, 128, 3)


def test_a_file_gives_every_frame_at_its_own_time_and_ends(tmp_path: Path) -> None:
    clip = tmp_path / "a clip.avi"  # with a blank, as a shell would want it quoted
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (320, 240))
    for number in range(30):
        writer.write(picture(number))
    writer.release()
    frames = read(f"filesrc location='{clip}' ! avidemux ! jpegdec", live=False)
    assert [number_of(frame.image) for frame in frames] == list(range(30))
    assert [frame.t for frame in frames] == pytest.approx([n / 10 for n in range(30)], abs=0.0002)
    assert [frame.seq for frame in frames] == list(range(30))


def test_a_camera_is_live_on_our_clock_and_keeps_its_spacing() -> None:
    before = time.monotonic()
    with GstreamerSettings(LIVE).open() as source:
        assert source.live
        frames = source.frames()
        times = [next(frames).t for _ in range(20)]
    assert before - 0.1 < times[0] < times[-1] < time.monotonic()
    steps = np.diff(times[5:])  # the first ones still measure how far the clocks are apart
    assert steps == pytest.approx(1 / 30, abs=0.015)
    assert all(a < b for a, b in pairwise(times))


def test_a_slow_reader_soon_sees_the_present() -> None:
    with GstreamerSettings(LIVE).open() as source:
        frames = source.frames()
        next(frames)
        time.sleep(2.0)  # the camera goes on meanwhile
        *_, last = (next(frames) for _ in range(12))  # more than a pipe holds
        assert time.monotonic() - last.t < 1.0


@pytest.mark.parametrize(
    ("pipeline", "problem", "hint"),
    [
        ("nosuchsrc ! jpegdec", 'no element "nosuchsrc"', "gst-inspect-1.0 nosuchsrc"),
        ("videotestsrc colour=3", 'no property "colour" in element "videotestsrc', "by hand"),
        ("videotestsrc ! fakesink", "could not link fakesink0", "where a sink would come"),
        ("videotestsrc ! audioconvert", "could not link videotestsrc0", "where a sink would come"),
        ("v4l2src device=/dev/video99", "v4l2src0: Cannot identify device", "by hand"),
        ("filesrc location=/nowhere ! jpegdec", "filesrc0: Resource not found", "by hand"),
        (f"{LIVE} ! identity error-after=5 name=cam", "cam: Failed after iterations", "by hand"),
        (f"{LIVE} ! identity eos-after=5", "the stream stopped: its end", "live = false"),
        ("videotestsrc ! video/x-raw,format=NONSENSE", "could not link", "where a sink"),
    ],
)
def test_what_fails_is_named(pipeline: str, problem: str, hint: str) -> None:
    error = failed(pipeline)
    assert problem in error.problem
    assert hint in error.hint
    assert error.where == f"gstreamer: {pipeline}"


def test_no_password_is_shown() -> None:
    error = failed("rtspsrc location=rtsp://anna:secret@127.0.0.1:1/x user-pw=secret ! decodebin")
    assert "rtspsrc0" in error.problem
    assert "secret" not in repr(error)
    assert "secret" not in repr(GstreamerSettings("rtspsrc location=rtsp://anna:secret@c/x"))


def test_silence_is_a_loss_and_leaves_no_process() -> None:
    source = GstreamerSettings(LIVE).open()
    with source:
        assert source._child is not None
        process = source._child._process
        frames = source.frames()
        next(frames)
        os.kill(process.pid, signal.SIGSTOP)  # deaf to all but SIGKILL, as a hung driver is
        with pytest.raises(SourceError, match="stopped: no picture for 4 s"):
            list(frames)
    assert process.poll() == -signal.SIGKILL


def test_who_wants_no_more_leaves_no_process() -> None:
    capture = Capture(lambda: GstreamerSettings(LIVE).open(), lambda one: one)
    with capture:
        assert capture.take(20) is not None
        child = capture._source._child  # type: ignore[union-attr]
    capture._thread.join(5)
    assert child._process.poll() is not None


def test_what_gst_launch_says_is_understood() -> None:
    assert said("Setting pipeline to PLAYING ...\nGot EOS from element") is None
    argus = "Error generated. /x/gstnvarguscamerasrc.cpp, execute:751 No cameras available\nGot EOS"
    assert said(argus) == "nvarguscamerasrc: No cameras available"


@pytest.mark.parametrize("pipeline", ["", "videotestsrc name='x"])
def test_a_pipeline_that_cannot_be_read_is_refused(pipeline: str) -> None:
    with pytest.raises(ConfigError) as caught:
        GstreamerSettings(pipeline)
    assert caught.value.where == "pipeline"
