"""A network camera on the loopback: fresh frames, a password, silence, death and return."""

from __future__ import annotations

import threading

import pytest

from edge.core.types import Frame
from edge.errors import SourceError
from edge.runtime.capture import Capture
from edge.runtime.open_source import open_source
from edge.sources._secrets import without_secrets
from edge.sources.rtsp import RtspSettings
from tests.rtsp_server import RtspServer, number_of


def test_a_network_camera_shows_the_present() -> None:
    with RtspServer() as server, open_source(f"rtsp://127.0.0.1:{server.port}/live") as source:
        frames = source.frames()
        behind = [server.sent - number_of(next(frames).image) for _ in range(10)]
    assert behind[0] <= 3  # though opening took many frames' time
    assert behind[-1] <= 3


def test_a_slow_reader_never_sees_old_frames() -> None:
    with (
        RtspServer() as server,
        Capture(lambda: open_source(f"rtsp://127.0.0.1:{server.port}/"), same) as capture,
    ):
        first = capture.take(5)
        threading.Event().wait(1.0)  # a slow model
        capture.take(5)  # the newest of the meantime
        second = capture.take(5)
        assert first is not None
        assert second is not None
        assert server.sent - number_of(second.image) <= 4
        assert second.seq - first.seq > 10
        assert capture.dropped > 10


def same(one: Frame) -> Frame:
    return one


def reason(capture: Capture[Frame]) -> str:
    return capture.lost.problem if capture.lost else ""


def test_a_wrong_password_is_refused_and_not_shown() -> None:
    with RtspServer(user="anna", password="right") as server:  # noqa: S106
        wrong = open_source(f"rtsp://anna:wrong@127.0.0.1:{server.port}/")
        with pytest.raises(SourceError) as caught:
            wrong.__enter__()
    assert caught.value.where == f"rtsp://anna:***@127.0.0.1:{server.port}/"
    assert "wrong" not in repr(caught.value)


def test_a_camera_that_falls_silent_is_lost_and_one_that_restarts_is_found_again() -> None:
    server = RtspServer().__enter__()
    url = f"rtsp://127.0.0.1:{server.port}/live"
    with Capture(lambda: open_source(url), same, first_pause_s=0.1) as capture:
        before = capture.take(5)
        assert before is not None
        server.stall()
        while not (told := reason(capture)):
            capture.take(5)
        assert told == "the stream stopped"
        server.close()
        with RtspServer(port=server.port):
            while reason(capture):
                after = capture.take(5)
            assert after is not None
            assert after.t > before.t
            assert after.seq > before.seq


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://anna:secret@cam/live", "rtsp://anna:***@cam/live"),
        ("rtsp://anna:se/cr@et@cam/live", "rtsp://anna:***@cam/live"),
        ("rtsp://cam:554/live", "rtsp://cam:554/live"),
        ("rtsp://cam/user=anna_password=secret_channel=1", "rtsp://cam/user=***"),
        ("rtsp://cam/live?pwd=secret&x=1", "rtsp://cam/live?pwd=***"),
    ],
)
def test_no_name_holds_a_password(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
    assert "secret" not in repr(RtspSettings(url))
