from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import ConfigError
from edge.runtime.open_source import resolve


def test_one_word_names_any_source(tmp_path: Path) -> None:
    folder = tmp_path / "shots [1]"
    folder.mkdir()
    assert resolve("clip.mp4") == ("video", {"path": Path("clip.mp4")})
    assert resolve("file:///a/my%20clip.mp4") == ("video", {"path": Path("/a/my clip.mp4")})
    assert resolve(str(folder)) == ("images", {"path": folder})
    assert resolve(f"file://{folder}") == ("images", {"path": folder})
    assert resolve("shots/*.jpg") == ("images", {"path": Path("shots/*.jpg")})
    assert resolve("one.JPG") == ("images", {"path": Path("one.JPG")})
    assert resolve("/dev/video2") == ("v4l2", {"device": "/dev/video2"})
    assert resolve("v4l2:/dev/video2") == ("v4l2", {"device": "/dev/video2"})
    assert resolve("v4l2:2") == resolve("2") == ("v4l2", {"device": "/dev/video2"})
    assert resolve("rtsp://h/x") == ("rtsp", {"url": "rtsp://h/x"})
    assert resolve("picamera:1") == resolve("picamera2:1") == ("picamera", {"camera": 1})
    assert resolve("picamera") == ("picamera", {"camera": 0})
    assert resolve("argus:2") == ("argus", {"camera": 2})
    assert resolve("gstreamer: a ! b") == ("gstreamer", {"pipeline": "a ! b"})


@pytest.mark.parametrize("word", ["picamera:front", "gstream:videotestsrc", "http://anna:pw@cam/"])
def test_other_words_are_refused_with_what_there_is(word: str) -> None:
    with pytest.raises(ConfigError, match="kind of source") as caught:
        resolve(word)
    assert "argus, gstreamer, images, picamera, rtsp, v4l2, video" in caught.value.hint
    assert "pw" not in str(caught.value)
