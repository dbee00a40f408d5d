"""The parts of `fps`: turns, sums, the gate, the clocks, and what others measured."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.errors import BenchError
from benchmarks.fps import heat, made_up, reference, rounds
from benchmarks.fps.figures import figures
from benchmarks.fps.gate import Gate, GatedSource
from benchmarks.fps.rounds import Contender, Plan, groups, measure
from benchmarks.fps.stages import Clocks, timed_engine
from benchmarks.fps.turn import WARM, Job, Turn, counted
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation
from edge.events.fall import Fall
from edge.runtime.open_source import open_source
from tests.fakes import FakeSource, FallsAt, frame, standing

JOB = Job("runtime", "clip.mp4")


def turn(fps: float, **more: Any) -> Turn:
    return Turn(frames=round(fps * 2), seconds=2.0, cpu_s=3.0, **more)


def test_the_warm_up_and_what_comes_after_the_turn_do_not_count() -> None:
    done = [0.9, 1.8, 2.7, 3.6, 4.0, 5.0, 6.0, 7.0, 9.9]  # slow at first, the last one too late
    assert WARM == 4
    assert counted(done, closed=8.0) == (3, 3.0)


def test_a_board_slower_than_its_turn_counts_what_there_is() -> None:
    assert counted([1.0, 3.0, 5.0], closed=2.0) == (1, 2.0)
    assert counted([1.0], closed=2.0) == (0, 0.0)
    assert counted([], closed=2.0) == (0, 0.0)


class Seats:
    """Stand-ins for workers that note who had a turn, and fail on demand."""

    def __init__(self, fails: str = "") -> None:
        self.turns: list[str] = []
        self._fails = fails

    def __call__(self, job: Job, name: str, python: str = "python") -> Any:
        seats = self

        class Seat:
            cold_start_s = 0.5

            def __enter__(self) -> Any:
                if name == seats._fails:
                    raise BenchError(name, "does not start")
                return self

            def __exit__(self, *_: object) -> None:
                return

            def begin(self, seconds: float) -> None:
                seats.turns.append(f"{name} {seconds:g}")

            def result(self) -> Turn:
                return turn(50.0 if job.role == "bare" else 40.0)

            def turn(self, seconds: float) -> Turn:
                self.begin(seconds)
                return self.result()

        assert python
        return Seat()


def contenders(*names: str) -> list[Contender]:
    variant: Any = object()
    return [Contender(name, JOB, variant) for name in names]


def test_everybody_has_every_turn_in_changing_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seats = Seats()
    monkeypatch.setattr(rounds, "Seat", seats)
    told: list[tuple[int, int]] = []
    measure(contenders("a", "b"), Plan(2, 3.0), None, lambda *bar: told.append(bar))
    warm_up, turns = seats.turns[:4], seats.turns[4:]
    assert warm_up == ["a 1", "a, bare 1", "b 1", "b, bare 1"]
    first = ["a 3", "a, bare 3", "b 3", "b, bare 3"]
    assert turns == [*first, "b, bare 3", "b 3", "a, bare 3", "a 3"]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_who_fails_is_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "Seat", Seats(fails="a, bare"))
    bad, good = contenders("a", "b")
    measure([bad, good], Plan(2, 3.0), None, lambda *_: None)
    assert bad.error == "a, bare: does not start"
    assert len(good.turns) == len(good.bare) == 2


def test_only_as_many_wait_together_as_memory_holds() -> None:
    everybody = contenders(*"abcde")
    assert [len(group) for group in groups(everybody, Plan(), None)] == [5]
    assert [len(group) for group in groups(everybody, Plan(), 1000.0)] == [2, 2, 1]
    assert [len(group) for group in groups(everybody, Plan(), 1.0)] == [1] * 5


def test_sums_are_medians_of_rounds_and_ratios_are_within_one() -> None:
    peer = Contender("peer", JOB)
    peer.turns = [[turn(30.0, latency_ms=[1.0, 2.0, 3.0])], [turn(50.0)], [turn(100.0)]]
    peer.bare = [turn(60.0), turn(50.0), turn(125.0)]
    told = figures(peer)
    assert told["end_to_end"]["fps"] == 50.0
    assert told["end_to_end"]["fps_range"] == [30.0, 100.0]
    assert told["bare"]["fps"] == 60.0
    assert told["overhead_ratio"] == 0.8
    assert told["overhead_ratio_range"] == [0.5, 1.0]
    assert told["end_to_end"]["latency_ms"]["p50"] == 2.0
    assert told["cpu_cores"] == 1.5
    assert told["peer"] == "peer"


def test_two_cameras_add_up() -> None:
    both = Contender("both", JOB)
    both.turns = [[turn(30.0), turn(20.0)]]
    told = figures(both)
    assert told["end_to_end"]["fps"] == 50.0
    assert told["cpu_cores"] == 3.0
    assert told["bare"]["fps"] is None


class Film:
    """Settings of a film of three frames."""

    def __init__(self, *, live: bool = False) -> None:
        self._live = live

    def open(self) -> Any:
        return FakeSource([frame(seq) for seq in range(3)], live=self._live)


def test_a_film_goes_on_and_on_in_time_until_the_end() -> None:
    gate = Gate()
    gate.open()
    taken = []
    with GatedSource(Film(), gate, Clocks()) as source:
        for one in source.frames():
            taken.append(one)
            if len(taken) == 8:
                gate.end()
    assert [one.seq for one in taken] == list(range(8))
    assert all(a.t < b.t for a, b in pairwise(taken))


def test_a_closed_gate_lets_only_the_first_frame_through() -> None:
    gate = Gate()
    taken: list[int] = []
    more = threading.Event()

    def play() -> None:
        for one in GatedSource(Film(), gate, Clocks()).frames():
            taken.append(one.seq)
            if len(taken) == 3:
                more.set()

    player = threading.Thread(target=play)
    player.start()
    assert not more.wait(0.1)
    assert taken == [0]
    gate.open()
    assert more.wait(5)
    gate.end()
    player.join(5)
    assert gate.given == len(taken)


def test_a_camera_does_not_wait_for_its_turn() -> None:
    gate = Gate()
    assert [one.seq for one in GatedSource(Film(live=True), gate, Clocks()).frames()] == [0]


def test_clocks_change_nothing_that_is_said() -> None:
    said = []
    for watched in (False, True):
        engine = Engine(Tracker(), (FallsAt(1.0), Fall()))
        clocks = Clocks()
        engine = timed_engine(engine, clocks) if watched else engine
        memory = engine.start()
        events: list[Event] = []
        for seq in range(30):
            seen = Observation(seq / 10, seq, (640, 480), (standing(),))
            memory, _, new = engine.step(memory, seen)
            events += new
        said.append(events)
    assert said[0] == said[1]
    assert said[0]
    spent = clocks.take()
    assert len(spent["track"]) == len(spent["rules"]) == 30
    assert clocks.take()["track"] == []


def test_the_made_up_clip_is_always_the_same_and_shows_somebody_who_moves(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one, two = made_up.write(tmp_path), made_up.write(tmp_path / "again")
    with open_source(str(one)) as source, open_source(str(two)) as other:
        pairs = list(zip(source.frames(), other.frames(), strict=True))
    assert len(pairs) == 300
    assert pairs[0][0].image.shape == (480, 640, 3)
    assert all((a.image == b.image).all() for a, b in pairs[::50])
    assert (pairs[0][0].image != pairs[75][0].image).any()


def test_a_reference_keeps_what_is_about_something_else(tmp_path: Path) -> None:
    def row(model: str, fps: str) -> dict[str, str]:
        return {**dict.fromkeys(reference.COLUMNS, ""), "model": model, "fps": fps}

    file = tmp_path / "deep" / "board.csv"
    reference.save(file, [row("a", "10"), row("b", "20")])
    reference.save(file, [row("b", "30")])
    known = reference.read(file)
    assert [(one["model"], one["fps"]) for one in known] == [("a", "10"), ("b", "30")]
    today = [row("a", "9.5"), row("b", "20"), row("c", "1")]
    found = list(reference.compare(today, known))
    assert [round(one.change, 2) for one in found] == [-0.05, -0.33]
    assert found[0].verdict == "as the reference"
    file.write_text("model,fps\na,many\n")
    with pytest.raises(BenchError, match="has no fps"):
        reference.read(file)


def moment(minute: float, fps: float, throttled: tuple[str, ...] = ()) -> heat.Moment:
    return heat.Moment(minute, fps, 10.0, 60.0 + minute, throttled, 1500.0, 90.0)


def test_losing_speed_or_being_throttled_is_slowing_down() -> None:
    steady = [moment(i, 100.0 - 0.1 * i) for i in range(20)]
    assert heat.figures(steady)["verdict"] == "steady"
    assert heat.figures(steady)["temperature_max_c"] == 79.0
    slower = [moment(i, 100.0 - i) for i in range(20)]
    assert heat.figures(slower)["verdict"] == "slows"
    held = [*steady, moment(20, 100.0, ("throttled",))]
    assert heat.figures(held)["verdict"] == "slows"
    assert heat.figures(held)["throttled"] == ["throttled"]
