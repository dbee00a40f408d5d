"""A network camera for the tests: RTSP over TCP, JPEG in RTP (RFC 2326, RFC 2435), no more.

Each picture carries its number as sixteen black or white columns, so that a test can tell
how old the frame is that it was given. `stall()` leaves the connection open and silent.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT, BITS = 320, 240, 16
FPS = 25
_SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    f"m=video 0 RTP/AVP 26\r\na=framerate:{FPS}\r\na=control:track1\r\n"
)
_CHUNK = 1200  # bytes of JPEG data in one RTP packet


def picture(number: int) -> npt.NDArray[np.uint8]:
    """The picture with this number, BGR."""
    bits = [255 * (number >> bit & 1) for bit in range(BITS)]
    columns = np.repeat(np.array(bits, np.uint8), WIDTH // BITS)
    return np.broadcast_to(columns[None, :, None], (HEIGHT, WIDTH, 3)).copy()


def number_of(image: npt.NDArray[np.uint8]) -> int:
    """The number written in a picture."""
    step = WIDTH // BITS
    return sum(
        1 << bit for bit in range(BITS) if image[:, bit * step : (bit + 1) * step].mean() > 127
    )


class RtspServer:
    """A camera at rtsp://127.0.0.1:port/; a context manager; one thread for each viewer."""

    def __init__(
        self, port: int = 0, user: str = "", password: str = "", pictures: int = 1 << BITS
    ) -> None:
        self.sent = 0  # pictures sent, to all viewers
        self._pictures = pictures
        self._secret = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
        self._stalled = threading.Event()
        self._closed = threading.Event()
        self._viewers: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> RtspServer:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Die, as a camera does without power: all connections end."""
        self._closed.set()
        for end in (self._listener, *self._viewers):
            with contextlib.suppress(OSError):  # the other side was faster
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def stall(self) -> None:
        """Send nothing more, but stay connected."""
        self._stalled.set()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                viewer, _ = self._listener.accept()
            except OSError:
                return
            self._viewers.append(viewer)
            threading.Thread(target=self._serve, args=(viewer,), daemon=True).start()

    def _serve(self, viewer: socket.socket) -> None:
        try:
            for request in self._requests(viewer):
                method = request.split(" ", 1)[0]
                viewer.sendall(self._answer(method, request).encode())
                if method == "PLAY":
                    self._stream(viewer)
        except OSError:
            return

    @staticmethod
    def _requests(viewer: socket.socket) -> Iterator[str]:
        waiting = b""
        while data := viewer.recv(4096):
            *requests, waiting = (waiting + data).split(b"\r\n\r\n")
            yield from (request.decode() for request in requests)

    def _answer(self, method: str, request: str) -> str:
        lines = request.split("\r\n")
        cseq = next(line for line in lines if line.lower().startswith("cseq"))
        if self._secret and method != "OPTIONS" and self._secret not in request:
            return (
                f'RTSP/1.0 401 Unauthorized\r\n{cseq}\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
            )
        extra = {
            "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n",
            "DESCRIBE": "Content-Type: application/sdp\r\n"
            f"Content-Length: {len(_SDP)}\r\n\r\n{_SDP}",
            "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n",
        }.get(method, "Session: 1\r\n\r\n")
        return f"RTSP/1.0 200 OK\r\n{cseq}\r\n{extra}"

    def _stream(self, viewer: socket.socket) -> None:
        sequence = 0
        number = 0
        while not self._closed.wait(1 / FPS):
            if self._stalled.is_set():
                continue
            for payload, last in _rtp_jpeg(picture(number)):
                head = struct.pack(
                    "!BBHII", 0x80, 26 | last << 7, sequence & 0xFFFF, number * 90000 // FPS, 1
                )
                packet = head + payload
                viewer.sendall(struct.pack("!cBH", b"$", 0, len(packet)) + packet)
                sequence += 1
            number += 1
            self.sent = number
            if number == self._pictures:
                viewer.shutdown(socket.SHUT_RDWR)


def _rtp_jpeg(image: npt.NDArray[np.uint8]) -> list[tuple[bytes, bool]]:
    """One JPEG as RTP payloads, each with whether it is the last of its picture."""
    data = cv2.imencode(".jpg", image)[1].tobytes()
    tables = b""
    at = 2
    while data[at + 1] != 0xDA:  # start of scan
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDB:  # a quantisation table
            tables += data[at + 5 : at + 2 + length]
        at += 2 + length
    scan = data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    payloads = []
    for offset in range(0, len(scan), _CHUNK):
        part = scan[offset : offset + _CHUNK]
        head = struct.pack("!IBBBB", offset, 1, 255, WIDTH // 8, HEIGHT // 8)
        quantisation = struct.pack("!BBH", 0, 0, len(tables)) + tables if offset == 0 else b""
        payloads.append((head + quantisation + part, offset + _CHUNK >= len(scan)))
    return payloads
