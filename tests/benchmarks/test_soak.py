"""A short soak of the real loop: leaks are found, losses are counted, Ctrl-C loses nothing."""

from __future__ import annotations

import json
import mmap
import os
import signal
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.fleet.broker import binary
from benchmarks.soak import people, trend
from benchmarks.soak.film import PAUSE_S, Film, Projector, film
from edge.core.engine import Memory
from edge.core.types import Observation
from edge.recording import Header, Writer
from edge.runtime.estimate import Look
from edge.sinks.mqtt import MqttSink
from edge.wire import Message
from tests.fakes import standing

STABLE = {
    *("simulated_hours", "frames", "wall_s", "speedup", "memory_mb", "fds", "threads"),
    *("latency_ms", "events", "published", "lost", "series", "verdict", "board"),
}
LEAK = 20_480  # bytes a frame
needs_mosquitto = pytest.mark.skipif(binary() is None, reason="no mosquitto on this machine")


def soak(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    out = folder / "soak.json"
    code = main(["soak", *words, "--json", str(out)])
    return code, json.loads(out.read_text("utf-8"))


def observations(count: int, begin: float = 0.0, fps: float = 10.0) -> list[Observation]:
    return [
        Observation(begin + seq / fps, seq, (640, 480), (standing(float(seq)),))
        for seq in range(count)
    ]


def recording(path: Path, seen: list[Observation]) -> Path:
    with Writer(path, Header("home", "hall", "cam1", "once", "none")) as writer:
        for one in seen:
            writer.write(one)
    return path


def test_a_minute_of_made_up_people_gives_every_figure(tmp_path: Path) -> None:
    _, found = soak(tmp_path, "--hours", "0.05")
    assert found.keys() >= STABLE
    assert found["frames"] == 1800
    assert found["simulated_hours"] == pytest.approx(0.05)
    assert [one["frames"] for one in found["series"]] == [18 * (i + 1) for i in range(100)]
    assert found["events"] == found["published"] > 0
    assert found["lost"] == 0
    assert found["memory_mb"]["peak"] >= found["memory_mb"]["begin"] > 0
    assert found["latency_ms"]["last"]["p95"] >= found["latency_ms"]["last"]["p50"] > 0
    assert found["verdict"]["latency"] == "too short"


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    soak(tmp_path, "--hours", "0.01", "--plot", str(tmp_path / "soak.svg"))
    text = (tmp_path / "soak.svg").read_text("utf-8")
    assert "<svg" in text
    assert text.count("<path") > 10


def test_a_recording_is_played_again_and_again(tmp_path: Path) -> None:
    path = recording(tmp_path / "hall.jsonl", observations(20))
    _, found = soak(tmp_path, str(path), "--rule", "presence", "--hours", "0.02")
    assert found["frames"] == 720
    loops = 72.0 / (2.0 + PAUSE_S)
    # Somebody comes once a loop and has gone before the next one; the last one ends with the run.
    assert found["events_by_kind"] == {"presence.begin": loops, "presence.end": loops}


def test_a_leak_of_memory_and_of_files_is_called_growth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoard: list[mmap.mmap] = []  # pages of their own: what other tests freed is not used again
    files: list[TextIO] = []
    sound = Projector.observe

    def leaking(self: Projector, look: Look, memory: Memory) -> Observation:
        hoard.append(mmap.mmap(-1, LEAK))
        hoard[-1].write(b"x" * LEAK)
        if look.frame.seq % 100 == 0:
            files.append((tmp_path / "leak").open("w"))
        return sound(self, look, memory)

    monkeypatch.setattr(Projector, "observe", leaking)
    code, found = soak(tmp_path, "--hours", "0.05")
    for file in files:
        file.close()
    assert code == 1
    assert found["verdict"]["memory"] == "grows"
    assert found["verdict"]["fds"] == "grows"
    a_day = LEAK * 864_000 / 1e6
    assert found["memory_mb"]["slope_per_day"] == pytest.approx(a_day, rel=0.2)
    low, high = found["memory_mb"]["slope_interval"]
    assert low < found["memory_mb"]["slope_per_day"] < high


@needs_mosquitto
def test_an_event_that_never_reaches_the_broker_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.soak.day._SETTLE_S", 1.0)
    sound = MqttSink.publish

    def forgetful(self: MqttSink, message: Message) -> None:
        if "presence.begin" not in str(message.body.get("type")):
            sound(self, message)

    monkeypatch.setattr(MqttSink, "publish", forgetful)
    path = recording(tmp_path / "hall.jsonl", observations(20))
    code, found = soak(tmp_path, str(path), "--rule", "presence", "--hours", "0.005")
    assert code == 1
    assert found["lost"] == found["events_by_kind"]["presence.begin"] == 2
    assert found["received"] == found["events_by_kind"]["presence.end"]


def test_ctrl_c_gives_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = Projector.observe

    def interrupted(self: Projector, look: Look, memory: Memory) -> Observation:
        if look.frame.seq == 1000:
            os.kill(os.getpid(), signal.SIGINT)
        return sound(self, look, memory)

    monkeypatch.setattr(Projector, "observe", interrupted)
    _, found = soak(tmp_path, "--hours", "1")
    assert 1000 <= found["frames"] < 2000
    assert found["stopped"]
    assert found["lost"] == 0
    assert len(found["series"]) == found["frames"] // 360
    assert "stopped at 3%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--hours", "0"), "--hours: 0 holds no frame"),
        (("--fps", "0"), "--fps: 0 is no frame rate"),
        (("--rule", "fal"), "unknown kind 'fal'"),
        (("nowhere.jsonl",), "nowhere.jsonl: cannot be read"),
        (("--mqtt", "http://broker"), "is no broker"),
    ],
)
def test_bad_input_is_named(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["soak", *words]) != 0
    assert told in capsys.readouterr().err


def test_an_empty_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = recording(tmp_path / "empty.jsonl", [])
    assert main(["soak", str(path)]) != 0
    assert f"{path}: holds no observation" in capsys.readouterr().err


def test_a_film_goes_on_in_time_and_starts_anew_in_poses() -> None:
    made: Film = film([observations(10, begin=50.0), observations(5)])
    assert made.long_s == pytest.approx(1.0 + 0.5 + 2 * PAUSE_S)
    seen = made.at(3 * made.long_s + 0.25, seq=900)
    assert (seen.t, seen.seq) == (3 * made.long_s + 0.25, 900)
    assert np.array_equal(seen.poses[0].xy, standing(2.0).xy)
    assert made.at(1.5, 0).poses == ()
    assert np.array_equal(made.at(1.0 + PAUSE_S + 0.45, 0).poses[0].xy, standing(4.0).xy)


def test_made_up_people_are_several_and_also_nobody() -> None:
    crowd = [len(seen.poses) for seen in people.scene()]
    assert min(crowd) == 0
    assert max(crowd) >= 3
    assert any(seen.changes for seen in people.scene())
    assert not all(seen.steady for seen in people.scene())


def walk(count: int, step: float, seed: int = 1) -> list[float]:
    """Noise whose neighbours are alike, as memory's is."""
    chance = np.random.default_rng(seed)
    values = [0.0]
    for _ in range(count - 1):
        values.append(0.8 * values[-1] + float(chance.normal(0.0, step)))
    return values


DAYS = [(i + 1) / 100 for i in range(100)]


def test_a_slope_is_found_with_an_interval_that_holds_it() -> None:
    held = 0
    for seed in range(100):
        noisy = [
            80.0 + 3.0 * day + off for day, off in zip(DAYS, walk(100, 0.2, seed), strict=True)
        ]
        line = trend.slope(DAYS, noisy)
        assert line is not None
        held += line.low <= 3.0 <= line.high
    assert held >= 85  # 95 are meant; an interval for independent points holds 50


@pytest.mark.parametrize("leak", [2.5, 10.0])
def test_a_leaking_series_grows(leak: float) -> None:
    memory = [80.0 + leak * day + off for day, off in zip(DAYS, walk(100, 0.02), strict=True)]
    assert trend.memory_verdict(DAYS, memory) == "grows"


def test_a_leak_in_steps_grows() -> None:
    assert trend.memory_verdict(DAYS, [80.0 + int(4 * day) for day in DAYS]) == "grows"


def test_one_step_of_the_allocator_is_no_leak() -> None:
    assert trend.memory_verdict(DAYS, [80.0 + (day > 0.6) for day in DAYS]) == "steady"


def test_noise_and_a_warm_up_are_steady() -> None:
    grows = 0
    for seed in range(100):
        noise = walk(100, 0.3, seed)
        memory = [80.0 + min(20.0 * day, 4.0) + off for day, off in zip(DAYS, noise, strict=True)]
        grows += trend.memory_verdict(DAYS, memory) == "grows"
    assert grows <= 10  # 2.5 are meant


def test_a_slope_needs_points() -> None:
    assert trend.slope([1.0, 2.0], [1.0, 2.0]) is None
    assert trend.memory_verdict(DAYS[:4], [80.0] * 4) == "too short"


def test_a_count_grows_when_it_never_comes_down() -> None:
    assert trend.count_verdict([12.0] * 50 + [13.0] * 50) == "grows"
    assert trend.count_verdict([12.0, 14.0] * 50) == "steady"


def test_percentiles_are_those_of_the_definition() -> None:
    assert trend.percentiles([float(i) for i in range(101)]) == {"p50": 50.0, "p95": 95.0}
