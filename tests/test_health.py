"""What the device says about itself, read from made-up kernel files."""

from __future__ import annotations

import socket
from pathlib import Path

from edge.runtime import health


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_meter_sums_up_and_begins_anew() -> None:
    meter = health.Meter(now=10.0)
    for delay in range(1, 101):
        meter.frame(delay / 1000)
    report = meter.report(now=15.0)
    assert report.frames == 100
    assert report.fps == 20.0
    assert report.latency_p50_ms == 51.0
    assert report.latency_p95_ms == 96.0
    empty = meter.report(now=16.0)
    assert (empty.frames, empty.fps, empty.latency_p50_ms) == (0, 0.0, None)


def test_meter_is_bounded() -> None:
    meter = health.Meter(now=0.0)
    for _ in range(5000):
        meter.frame(9.0)
    for _ in range(1024):
        meter.frame(1.0)
    report = meter.report(now=1.0)
    assert report.frames == 6024
    assert report.latency_p95_ms == 1000.0


def test_meter_without_time_passed() -> None:
    assert health.Meter(now=1.0).report(now=1.0).fps == 0.0


def test_memory_of_this_process(tmp_path: Path) -> None:
    here = health.memory_mb()
    assert here is not None
    assert 5 < here < 5000
    assert health.memory_mb(tmp_path) is None


def test_clock(tmp_path: Path) -> None:
    assert health.clock_synchronised(tmp_path) in (True, False, None)
    put(tmp_path / "systemd/timesync/synchronized", "")
    assert health.clock_synchronised(tmp_path) is True


def test_systemd_hears_on_a_path_and_on_an_abstract_name(tmp_path: Path) -> None:
    for bound, named in (
        (str(tmp_path / "notify"), str(tmp_path / "notify")),
        (f"\0edgepose-{tmp_path.name}", f"@edgepose-{tmp_path.name}"),
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(bound)
            health.notify("READY=1", {"NOTIFY_SOCKET": named})
            assert heard.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_said(tmp_path: Path) -> None:
    health.notify("READY=1", {})
    health.notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")})


def test_a_systemd_that_does_not_listen_holds_nothing_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        for _ in range(5000):
            health.notify("WATCHDOG=1", {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert deaf.recv(100) == b"WATCHDOG=1"
