"""A real RTSP server that comes, dies and comes back, watched by the real command as a service.

The loop around the command does what systemd does with our unit: start it again when it failed,
though not when only a person can help (exit 78).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.errors import SourceError
from edge.runtime.open_source import open_source
from tests.brokers import Listener, free_port, running

ROOT = Path(__file__).parent.parent
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENCE_S = 90.0  # a deadline for a hang, never a measurement
PAUSE_S = 1.0  # the unit's RestartSec, shortened
FALL_S = (23, 7)  # where in the bundled film somebody falls: from, for so long


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cut out of the bundled film in which somebody falls, in what cameras send."""
    asked = "import gi; gi.require_version('GstRtspServer', '1.0')"
    if subprocess.run([SYSTEM_PYTHON, "-c", asked], capture_output=True, check=False).returncode:
        pytest.skip("no RTSP server (apt install gir1.2-gst-rtsp-server-1.0 python3-gi)")
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed (apt install ffmpeg)")
    path = tmp_path_factory.mktemp("film") / "fall.mp4"
    cut = ["-ss", str(FALL_S[0]), "-t", str(FALL_S[1]), "-i", str(ROOT / "models/demo/bench.mp4")]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-g", "15", "-bf", "0"]
    subprocess.run(["ffmpeg", "-v", "error", *cut, *codec, str(path)], check=True)
    return path


@contextmanager
def server(film: Path, port: int, *secret: str) -> Iterator[None]:
    """Run the server, and cut its power at the end."""
    script = str(ROOT / "tests/gst_rtsp_server.py")
    words = [SYSTEM_PYTHON, script, str(port), str(film), *secret]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()


class Service:
    """The command in a restart loop, which ends with the test."""

    def __init__(self, words: list[str], log: Path) -> None:
        self.codes: list[int] = []  # how each life ended
        self._words, self._log = words, log
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._loop)

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join()

    def _loop(self) -> None:
        while not self._stop.is_set():
            with self._log.open("a") as log:
                self._process = subprocess.Popen(self._words, cwd=ROOT, stderr=log)
                self.codes.append(self._process.wait())
            if self.codes[-1] in (0, 78):
                return
            self._stop.wait(PAUSE_S)


def falls(listener: Listener) -> list[Any]:
    return [event for event in listener.events() if event["type"] == "edgepose.fall.begin"]


def test_events_go_on_through_a_server_that_is_late_dies_and_comes_back(
    film: Path, tmp_path: Path
) -> None:
    port = free_port()
    with running(tmp_path) as broker, Listener(broker) as listener:
        words = [sys.executable, "-m", "edge", "run", f"rtsp://127.0.0.1:{port}/live"]
        words += ["--model", "edgepose-body-257", "--rule", "fall", "--device", "device"]
        words += ["--mqtt", f"mqtt://127.0.0.1:{broker.port}", "--state-dir", str(tmp_path)]
        with Service(words, tmp_path / "log.txt") as service:

            def until(count: int) -> None:
                enough = time.monotonic() + PATIENCE_S
                while len(falls(listener)) < count:
                    assert time.monotonic() < enough, (tmp_path / "log.txt").read_text()
                    time.sleep(0.05)

            while not service.codes:  # the camera is not there yet
                time.sleep(0.05)
            with server(film, port):
                until(1)  # and is killed as soon as somebody has fallen, in mid-stream
            lives = len(service.codes)
            with server(film, port):
                until(2)
            assert set(service.codes) == {1}
            assert len(service.codes) == lives  # came back within the process
        assert service.codes[-1] == 0
    assert len({event["id"] for event in falls(listener)}) == len(falls(listener))


def test_a_digest_password_opens_the_stream_and_colours_are_right(film: Path) -> None:
    port = free_port()
    with server(film, port, "anna", "secret"):
        with open_source(f"rtsp://anna:secret@127.0.0.1:{port}/live") as source:
            image = next(source.frames()).image
        wrong = open_source(f"rtsp://anna:wrong@127.0.0.1:{port}/live")
        with pytest.raises(SourceError, match="cannot be opened"):
            wrong.__enter__()
    with open_source(str(film)) as source:
        shown = next(source.frames()).image
    assert np.abs(image.astype(int) - shown).mean() < 10
