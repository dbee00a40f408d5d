"""The page with the picture: on this machine only, and only while somebody looks."""

from __future__ import annotations

import http.client
import socket
import threading
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from edge.core.types import Image
from edge.errors import ConfigError
from edge.runtime.preview import Preview


def shade(value: int) -> Image:
    return np.full((48, 64, 3), value, np.uint8)


def port_of(preview: Preview) -> int:
    port = urlsplit(preview.url).port
    assert port
    return port


def ask(preview: Preview, path: str, host: str = "127.0.0.1") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(preview), timeout=5)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse()


def picture_in(stream: http.client.HTTPResponse) -> float:
    """The mean brightness of the next picture of a stream."""
    while not (line := stream.readline()).lower().startswith(b"content-length"):
        assert line, "the stream ended"
    stream.readline()
    data = stream.read(int(line.split(b":")[1]))
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return float(picture.mean())


def wait_for(preview: Preview, *, watched: bool) -> None:
    for _ in range(500):
        if preview.watched == watched:
            return
        threading.Event().wait(0.01)
    pytest.fail(f"watched is still {preview.watched}")


def test_a_watcher_sees_what_is_shown() -> None:
    with Preview(port=0) as preview:
        assert b"/stream" in ask(preview, "/").read()
        stream = ask(preview, "/stream")
        wait_for(preview, watched=True)
        for value in (40, 200):
            preview.show(shade(value))
            assert picture_in(stream) == pytest.approx(value, abs=3)


def test_nothing_is_encoded_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "imencode", lambda *_: pytest.fail("encoded"))
    with Preview(port=0) as preview:
        assert not preview.watched
        preview.show(shade(1))


def test_a_watcher_who_leaves_is_noticed() -> None:
    with Preview(port=0) as preview:
        stream = ask(preview, "/stream")
        wait_for(preview, watched=True)
        stream.close()
        for value in range(200):
            preview.show(shade(value))
            threading.Event().wait(0.01)
            if not preview.watched:
                break
        assert not preview.watched


def test_the_end_ends_every_stream() -> None:
    with Preview(port=0) as preview:
        stream = ask(preview, "/stream")
        wait_for(preview, watched=True)
    assert stream.read() == b""


def test_only_this_machine_is_served() -> None:
    with Preview(port=0) as preview:
        assert preview._server is not None
        assert preview._server.server_address[0] == "127.0.0.1"
        assert preview.url.startswith("http://127.0.0.1:")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port_of(preview)), timeout=5)


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_a_page_from_elsewhere_is_refused(path: str) -> None:
    with Preview(port=0) as preview:
        assert ask(preview, path, host=f"evil.example:{port_of(preview)}").status == 403
        assert ask(preview, path, host=f"localhost:{port_of(preview)}").status == 200
        assert ask(preview, "/etc/passwd").status == 404


def test_a_port_in_use_is_an_error_with_a_remedy() -> None:
    with Preview(port=0) as first, pytest.raises(ConfigError) as caught:
        Preview(port=port_of(first)).__enter__()
    assert caught.value.hint
