"""The real command, a real broker, a real fall: what must reach people when parts die."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np
import pytest

from edge.__main__ import main
from edge.runtime.outbox import Outbox
from edge.wire import LATE_S
from tests import rtsp_server
from tests.brokers import Broker, Listener, free_port, running, until
from tests.rtsp_server import RtspServer

ROOT = Path(__file__).parent.parent
MODEL = "posenet-mobilenet-v1-075-353x481-coral"
TOPIC = "edgepose/home/device/cam1"
PATIENCE_S = 60.0  # a deadline for a hang, never a measurement
PROMISE_S = 5.0  # a lost camera is reported, and a stop is obeyed, within this time
BUSY_S = 2.0  # more, because others may use this machine, too

pytestmark = pytest.mark.usefixtures("coral")


@pytest.fixture
def coral(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pull the model's weights."""
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    assert main(["models", "pull", MODEL, "--from", str(shared / "weights/posenet")]) == 0


@pytest.fixture
def clip(shared: Path) -> Path:
    """Give six seconds in which somebody walks in and falls."""
    return shared / "clips/urfd/fall-01-cam0.mp4"


@pytest.fixture
def filming(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let network cameras show the clip, and then its last picture for ever."""
    film = cv2.VideoCapture(str(clip))
    pictures = [film.read()[1] for _ in range(int(film.get(cv2.CAP_PROP_FRAME_COUNT)))]
    last = len(pictures) - 1
    monkeypatch.setattr(rtsp_server, "picture", lambda number: pictures[min(number, last)])


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    with running(folder) as one:
        yield one


class Daemon:
    """`edgepose run` in a process of its own, which does not outlive the test."""

    def __init__(self, folder: Path, source: str | Path, port: int, *flags: str | Path) -> None:
        self.state = folder / "state"
        self._log = folder / "stderr.txt"
        broker = f"mqtt://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "edge", "run", source, "--model", MODEL, *flags]
        self._command += ["--mqtt", broker, "--rule", "presence", "--rule", "fall"]
        self._command += ["--state-dir", self.state, "--device", "device"]

    def __enter__(self) -> Daemon:
        with self._log.open("w") as log:
            self.process = subprocess.Popen(self._command, cwd=ROOT, stderr=log)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()

    def until(self, what: Callable[[], Any]) -> None:
        """Wait until something is so while the process lives."""
        enough = time.monotonic() + PATIENCE_S
        while not what():
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < enough, f"it never came true; {self.words()}"
            time.sleep(0.01)

    def stop(self) -> int:
        """Ask it to end, as systemd does, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PROMISE_S + BUSY_S)

    def words(self) -> str:
        """What it said to the person who started it."""
        return self._log.read_text()

    def kept(self) -> list[dict[str, Any]]:
        """Events on disk, read from a copy: the outbox lets nobody else in."""
        outbox = self.state / "cam1/outbox.sqlite"
        copy = self.state.with_name("copy.sqlite")
        for tail in ("", "-wal"):
            if (part := outbox.with_name(outbox.name + tail)).exists():
                shutil.copy(part, copy.with_name(copy.name + tail))
        store = Outbox(copy)
        events = [json.loads(event.body) for event in store.waiting((), 100)]
        store.close()
        return events


def when(message: dict[str, Any]) -> float:
    """Unix seconds at which it says it was made."""
    return datetime.fromisoformat(message["time"].replace("Z", "+00:00")).timestamp()


def health(listener: Listener) -> list[dict[str, Any]]:
    return [one.body for one in listener.heard if one.topic == f"{TOPIC}/health"]


def gone(listener: Listener) -> bool:
    """Whether it has said farewell, which comes after every event."""
    status = listener.last(f"{TOPIC}/status") or {}
    return bool((status.get("state"), status.get("reason")) == ("offline", "stopped"))


def is_alert(event: dict[str, Any]) -> bool:
    return bool(event["type"] == "edgepose.fall.begin")


def ids(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(event["id"] for event in events)


def lines(path: Path) -> list[dict[str, Any]]:
    """Complete lines only: the last may still be on its way."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.usefixtures("filming")
@pytest.mark.parametrize("end", [RtspServer.close, RtspServer.stall])
def test_a_lost_camera_is_reported_and_found_again(
    end: Callable[[RtspServer], None], broker: Broker, tmp_path: Path
) -> None:
    """Whether it hangs up or just falls silent; and a stop is in good order and remembered."""
    config = tmp_path / "cam1.toml"
    with RtspServer() as camera, Listener(broker) as listener:
        url = f"rtsp://127.0.0.1:{camera.port}/live"
        config.write_text(f'[source]\nuri = "{url}"\n[publish]\nhealth_s = 1\n')
        with Daemon(tmp_path, config, broker.port) as daemon:
            daemon.until(lambda: any(is_alert(event) for event in listener.events()))
            daemon.until(lambda: health(listener) and health(listener)[-1]["frames"] > 0)
            assert listener.last(f"{TOPIC}/status")["state"] == "online"
            assert {one["camera"] for one in health(listener)} == {"ok"}

            ended = time.time()
            end(camera)
            daemon.until(lambda: health(listener)[-1]["camera"] == "lost")
            lost = next(one for one in health(listener) if one["camera"] == "lost")
            assert lost["reason"]
            assert when(lost) - ended < PROMISE_S + BUSY_S

            camera.close()
            with RtspServer(camera.port):
                daemon.until(lambda: health(listener)[-1]["camera"] == "ok")
                found = health(listener)[-1]
                assert found["reason"] is None
                daemon.until(lambda: health(listener)[-1]["frames"] > found["frames"] + 10)
                assert daemon.stop() == 0
    with Listener(broker) as newcomer:  # hears only what the broker kept
        until(lambda: gone(newcomer))


@pytest.mark.usefixtures("filming")
def test_a_fall_while_the_broker_is_away_is_told_when_it_is_back(
    broker: Broker, tmp_path: Path
) -> None:
    """By the same process, under the same id, once, and marked as late."""
    broker.stop()
    file = tmp_path / "events.jsonl"
    with RtspServer() as camera:
        url = f"rtsp://127.0.0.1:{camera.port}/live"
        with Daemon(tmp_path, url, broker.port, "--events", file) as daemon:
            daemon.until(lambda: any(is_alert(event) for event in lines(file)))
            alert = next(event for event in lines(file) if is_alert(event))
            daemon.until(lambda: time.time() - when(alert) > LATE_S + 1)
            # Nothing may arrive before there is somebody to hear it.
            daemon.process.send_signal(signal.SIGSTOP)
            broker.start()
            with Listener(broker) as listener:
                daemon.process.send_signal(signal.SIGCONT)
                daemon.until(lambda: alert["id"] in ids(listener.events()))
                assert daemon.stop() == 0
                until(lambda: gone(listener))
    assert ids(listener.events()) == ids(lines(file))
    assert set(ids(lines(file)).values()) == {1}
    told = next(event for event in listener.events() if event["id"] == alert["id"])
    late = {key: told["data"].pop(key) for key in ("replayed", "age_s")}
    assert late["replayed"] is True
    assert late["age_s"] > LATE_S
    assert told == alert


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
def test_an_alarm_outlives_its_process(
    killed: bool,  # noqa: FBT001 - pytest names it
    broker: Broker,
    clip: Path,
    tmp_path: Path,
) -> None:
    """No broker until the process has ended or was killed; the next one delivers, once."""
    with Daemon(tmp_path, clip, free_port()) as first:
        if killed:
            first.until(lambda: any(is_alert(event) for event in first.kept()))
            first.process.kill()
        assert first.process.wait(PATIENCE_S) == (-signal.SIGKILL if killed else 0)
    assert ("not delivered yet" in first.words()) is not killed
    left = first.kept()
    assert any(is_alert(event) for event in left)

    empty = tmp_path / "empty_room"
    empty.mkdir()
    cv2.imwrite(str(empty / "1.png"), np.zeros((240, 320, 3), np.uint8))
    with Listener(broker) as listener, Daemon(tmp_path, empty, broker.port) as second:
        assert second.process.wait(PATIENCE_S) == 0
        until(lambda: gone(listener))
    assert ids(listener.events()) == ids(left)
    assert all(event["data"]["replayed"] is True for event in listener.events())
    assert second.kept() == []
