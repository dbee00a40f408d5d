"""A camera whose H.264 keeps pictures back falls silent: they do not make it look alive."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.core.types import Frame
from edge.errors import SourceError
from edge.runtime.open_source import open_source
from edge.sources._opencv import READ_TIMEOUT_S
from tests.brokers import free_port

ROOT = Path(__file__).parent.parent
SYSTEM_PYTHON = "/usr/bin/python3"


def longest_wait(frames: Iterator[Frame]) -> float:
    """How long a frame was waited for, of those that came before the loss, s."""
    longest = 0.0
    with contextlib.suppress(SourceError):
        while True:
            began = time.monotonic()
            next(frames)
            longest = max(longest, time.monotonic() - began)
    return longest


def test_pictures_that_the_decoder_kept_back_are_no_sign_of_life() -> None:
    asked = "import gi; gi.require_version('GstRtspServer', '1.0')"
    if subprocess.run([SYSTEM_PYTHON, "-c", asked], capture_output=True, check=False).returncode:
        pytest.skip("no RTSP server (apt install gir1.2-gst-rtsp-server-1.0 python3-gi)")
    # The bundled film has B-frames: two pictures are always waiting in the decoder.
    film, port = ROOT / "models/demo/bench.mp4", free_port()
    words = [SYSTEM_PYTHON, str(ROOT / "tests/gst_rtsp_server.py"), str(port), str(film)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            with open_source(f"rtsp://127.0.0.1:{port}/live") as camera:
                frames = camera.frames()
                next(frames)
                server.send_signal(signal.SIGSTOP)
                longest = longest_wait(frames)
        finally:
            server.kill()
    assert longest < READ_TIMEOUT_S, "a picture came out of a read that had timed out"
