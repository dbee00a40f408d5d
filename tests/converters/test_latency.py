"""Latencies are taken in turns: fair to every variant, and the same order in every run."""

from __future__ import annotations

import pytest

from converters.latency import interleaved
from edge.core.types import Floats, Image
from tests.fakes import Context


class Clock:
    """Time that passes only when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Worker(Context):
    """A backend that takes its time, and notes each turn in a list shared with the others."""

    def __init__(self, name: str, clock: Clock, turns: list[str], *, cost_s: float = 0.0) -> None:
        super().__init__()
        self.input_size = (33, 49)
        self.pictures: list[Image] = []
        self._name = name
        self._clock = clock
        self._turns = turns
        self._cost_s = cost_s

    def feed(self, image: Image) -> Image:
        return image

    def infer(self, image: Image) -> dict[str, Floats]:
        self.pictures.append(image)
        self._turns.append(self._name)
        self._clock.now += self._cost_s
        return {}


def quiet(_done: int, _total: int) -> None:
    """A bar nobody looks at."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.perf_counter", made)
    return made


def turns(clock: Clock, rounds: int) -> list[str]:
    """Who had a turn, round by round, without the warm-up."""
    noted: list[str] = []
    interleaved([Worker(name, clock, noted) for name in "abcd"], quiet, rounds)
    return ["".join(noted[at : at + 4]) for at in range(len(noted) - 4 * rounds, len(noted), 4)]


def test_each_gets_its_own_latencies_in_milliseconds(clock: Clock) -> None:
    workers = [Worker(name, clock, [], cost_s=cost) for name, cost in (("a", 0.004), ("b", 0.01))]
    fast, slow = interleaved(workers, quiet, 5)
    assert fast == pytest.approx([4.0] * 5)
    assert slow == pytest.approx([10.0] * 5)


def test_every_round_gives_each_one_turn(clock: Clock) -> None:
    assert {"".join(sorted(one)) for one in turns(clock, 20)} == {"abcd"}


def test_no_place_in_the_order_belongs_to_one(clock: Clock) -> None:
    rounds = turns(clock, 40)
    assert all({one[place] for one in rounds} == set("abcd") for place in range(4))


def test_the_order_is_the_same_in_every_run(clock: Clock) -> None:
    assert turns(clock, 20) == turns(clock, 20)


def test_all_are_warm_before_the_first_is_timed(clock: Clock) -> None:
    noted: list[str] = []
    workers = [Worker(name, clock, noted) for name in "ab"]
    interleaved(workers, quiet, 1)
    assert {"a", "b"} <= set(noted[:-2])


def test_each_gets_pictures_of_its_size_that_are_not_black(clock: Clock) -> None:
    small, large = Worker("a", clock, []), Worker("b", clock, [])
    large.input_size = (65, 81)
    interleaved([small, large], quiet, 1)
    assert small.pictures[0].shape == (1, 33, 49, 3)
    assert large.pictures[0].shape == (1, 65, 81, 3)
    assert large.pictures[0].std() > 0


def test_progress_is_told_round_by_round(clock: Clock) -> None:
    told: list[tuple[int, int]] = []
    interleaved([Worker("a", clock, [])], lambda *at: told.append(at), 3)
    assert told == [(1, 3), (2, 3), (3, 3)]
