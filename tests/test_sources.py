"""What is particular to each kind of file and to cameras at a device file."""

from __future__ import annotations

import shutil
import struct
import subprocess
from itertools import pairwise
from pathlib import Path

import cv2
import pytest

from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.runtime.capture import Capture
from edge.runtime.open_source import open_source
from edge.sources.v4l2 import V4l2Settings
from tests.camera import FakeV4l2
from tests.rtsp_server import number_of, picture


@pytest.fixture(scope="module")
def ffmpeg() -> str:
    found = shutil.which("ffmpeg")
    if found is None:
        pytest.skip("ffmpeg is not installed (apt install ffmpeg)")
    return found


def make(
    ffmpeg: str, path: Path, *options: str, source: str = "testsrc=size=320x240:rate=30"
) -> Path:
    base = [ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", f"{source}:duration=2"]
    subprocess.run([*base, *options, str(path)], check=True)
    return path


def read(uri: str | Path) -> list[Frame]:
    with open_source(str(uri)) as source:
        return list(source.frames())


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "ts"])
def test_variable_frame_rates_keep_the_files_own_times(
    ffmpeg: str, tmp_path: Path, suffix: str
) -> None:
    late = "" if suffix == "avi" else ",setpts=PTS+0.3/TB"  # an avi always begins at 0
    uneven = f"select='not(mod(n,7)*mod(n,3))'{late}"
    codec = ("-c:v", "mpeg4", "-fps_mode", "vfr")
    path = make(ffmpeg, tmp_path / f"uneven.{suffix}", "-vf", uneven, *codec)
    expected = [n / 30.0 for n in range(60) if n % 7 == 0 or n % 3 == 0]
    frames = read(path)
    assert [frame.t for frame in frames] == pytest.approx(expected, abs=0.002)
    assert [frame.seq for frame in frames] == list(range(len(expected)))


def test_a_film_taken_upright_is_shown_upright(tmp_path: Path) -> None:
    path = tmp_path / "phone.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10.0, (320, 240))
    writer.write(picture(1))
    writer.release()
    assert read(path)[0].image.shape == (240, 320, 3)
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44  # of the track header, nine numbers
    struct.pack_into("!9i", data, matrix, 0, 1 << 16, 0, -1 << 16, 0, 0, 240 << 16, 0, 1 << 30)
    path.write_bytes(data)
    assert read(path)[0].image.shape == (320, 240, 3)


def test_a_stream_without_times_gets_even_ones(ffmpeg: str, tmp_path: Path) -> None:
    path = make(ffmpeg, tmp_path / "bare.m4v", "-c:v", "mpeg4", "-f", "m4v")
    steps = [b.t - a.t for a, b in pairwise(read(path))]
    assert len(steps) == 59
    assert steps == pytest.approx([1 / 30.0] * 59, rel=0.3)


def test_a_file_cut_short_ends_where_its_data_ends(ffmpeg: str, tmp_path: Path) -> None:
    whole = make(ffmpeg, tmp_path / "whole.mp4", "-c:v", "mpeg4", "-movflags", "+faststart")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with Capture(lambda: open_source(str(cut)), lambda one: one) as capture:
        while not capture.finished:
            capture.take(5)
    assert 5 < capture.captured < 60


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("missing.mp4", None, "no such file"),
        ("empty.mp4", b"", "cannot be opened"),
        ("text.mp4", b"not a video\n" * 100, "is a text"),
        ("text.txt", b"not a video\n" * 1000, "is a text"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1\nhttp://127.0.0.1/x.ts\n", "is a text"),
        ("zeros.mkv", bytes(5000), "cannot be opened"),
    ],
)
def test_what_is_no_video_is_refused_in_silence(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    problem: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=problem) as caught:
        read(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)
    assert capfd.readouterr() == ("", "")


def test_real_clips_rise_from_zero(shared: Path) -> None:
    for name in ("urfd/fall-01-cam0.mp4", "gmdcsa24/subject1/Fall/13.mp4", "openpose_street.avi"):
        frames = read(shared / "clips" / name)
        times = [frame.t for frame in frames]
        assert times[0] == 0.0
        assert all(0.01 < b - a < 0.2 for a, b in pairwise(times)), name


def test_pictures_come_in_the_order_people_count(tmp_path: Path) -> None:
    for number in (10, 9, 1, 100):
        cv2.imwrite(str(tmp_path / f"shot{number}.png"), picture(number))
    (tmp_path / "notes.txt").write_text("no picture")
    with open_source(str(tmp_path)) as source:
        assert [number_of(frame.image) for frame in source.frames()] == [1, 9, 10, 100]
    frames = read(tmp_path / "shot1*.png")
    assert [(frame.t, number_of(frame.image)) for frame in frames] == [
        (0, 1),
        (0.1, 10),
        (0.2, 100),
    ]
    assert [number_of(frame.image) for frame in read(tmp_path / "shot9.png")] == [9]


def test_an_empty_folder_and_a_damaged_picture_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no pictures found"):
        read(tmp_path)
    (tmp_path / "broken.jpg").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"broken\.jpg.*damaged"):
        read(tmp_path)


def test_a_camera_is_asked_for_its_format_before_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = FakeV4l2(tmp_path / "video0", pictures=3)
    monkeypatch.setattr(cv2, "VideoCapture", camera)
    with V4l2Settings(str(camera.device), size=(800, 600), fps=15.0).open():
        assert camera.opened_with[:2] == (str(camera.device), cv2.CAP_V4L2)
    assert camera.settings == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, 800),
        (cv2.CAP_PROP_FRAME_HEIGHT, 600),
        (cv2.CAP_PROP_FPS, 15.0),
        (cv2.CAP_PROP_BUFFERSIZE, 1),
    ]


@pytest.mark.parametrize("stamped", [True, False])
def test_the_drivers_timestamp_is_used_where_it_is_on_our_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stamped: bool
) -> None:
    camera = FakeV4l2(tmp_path / "video0", pictures=1, stamped=stamped)
    monkeypatch.setattr(cv2, "VideoCapture", camera)
    with V4l2Settings(str(camera.device)).open() as source:
        t = next(source.frames()).t
    assert (t == pytest.approx(camera.stamps[0], abs=1e-9)) == stamped
    assert t > camera.stamps[0] - 1e-9


def test_a_pixel_format_has_four_letters() -> None:
    with pytest.raises(ConfigError, match="four letters"):
        V4l2Settings(fourcc="MJPEG")
