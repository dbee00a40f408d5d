"""`--preview`: the overlay in a browser on this machine, and on no other.

OpenCV is installed without windows, so the picture is served as motion JPEG over HTTP. Only the
loopback address listens, and only under its own name: a page from elsewhere that makes its name
point here (DNS rebinding) is refused. To look from afar, use an SSH tunnel.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import cv2

from edge.core.types import Image
from edge.errors import ConfigError

_HOST = "127.0.0.1"
_NAMES = (_HOST, "localhost")
_QUALITY = 80  # of the JPEG
_PAGE = (
    b"<!doctype html><title>edgepose</title><body style='margin:0;background:#111'>"
    b"<img src='/stream' style='width:100%;height:100vh;object-fit:contain'>"
)


class Preview:
    """Serves the newest picture; nothing is drawn or encoded while nobody watches."""

    def __init__(self, port: int = 8090) -> None:
        self._port = port
        self._watchers = 0
        self._picture = b""  # the newest, as JPEG
        self._number = 0  # of the newest
        self._open = True
        self._changed = threading.Condition()
        self._server: _Server | None = None

    def __enter__(self) -> Preview:
        try:
            self._server = _Server(self, self._port)
        except OSError as error:
            where = f"preview at {_HOST}:{self._port}"
            raise ConfigError(where, error.strerror or str(error), "choose another port") from error
        threading.Thread(target=self._server.serve_forever, name="preview", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._open = False
            self._changed.notify_all()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        """What to open in a browser."""
        port = self._server.server_address[1] if self._server is not None else self._port
        return f"http://{_HOST}:{port}/"

    @property
    def watched(self) -> bool:
        """Whether somebody looks; if not, drawing is wasted."""
        return self._watchers > 0

    def show(self, image: Image) -> None:
        """Give the watchers, if any, a newer RGB picture."""
        if not self.watched:
            return
        bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        with self._changed:
            self._picture = data.tobytes()
            self._number += 1
            self._changed.notify_all()

    def watch(self, handler: BaseHTTPRequestHandler) -> None:
        """Send the newest picture, again and again, until either side ends."""
        with self._changed:
            self._watchers += 1
            number = self._number  # what was shown before anybody watched is old
        try:
            while newer := self._newer(number):
                number, picture = newer
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}"
                handler.wfile.write(head.encode() + b"\r\n\r\n" + picture + b"\r\n")
        finally:
            with self._changed:
                self._watchers -= 1

    def _newer(self, number: int) -> tuple[int, bytes] | None:
        """Wait for a picture after this one; None when the preview ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self._number > number)
            return (self._number, self._picture) if self._open else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__((_HOST, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10.0  # s a watcher may take to accept a picture

    def do_GET(self) -> None:
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name not in _NAMES:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == "/":
            self._answer("text/html", len(_PAGE))
            self.wfile.write(_PAGE)
        elif self.path == "/stream":
            self._answer("multipart/x-mixed-replace; boundary=frame")
            self.server.preview.watch(self)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, kind: str, length: int | None = None) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: who looks is nobody's business."""
