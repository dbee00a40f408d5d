from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.sources._stamps import CaughtUp, FileClock, LiveClock, SensorClock

SECONDS = st.floats(0, 1e6)


@given(st.lists(SECONDS, min_size=1), st.floats(0.001, 1))
def test_file_times_rise_whatever_the_file_says(stamps: list[float], period: float) -> None:
    clock = FileClock(period)
    times = [clock(stamp) for stamp in stamps]
    assert times[0] == 0.0
    assert all(a < b for a, b in pairwise(times))


def test_joined_recordings_go_on() -> None:
    clock = FileClock(0.5)
    times = [clock(stamp) for stamp in (10.0, 11.0, 5.0, 6.0, 0.0, 7.0)]
    assert times == pytest.approx([0.0, 1.0, 1.5, 2.5, 3.0, 3.5])


@given(st.lists(st.tuples(SECONDS, st.floats(0, 10)), min_size=1))
def test_live_times_rise_and_are_never_ahead(frames: list[tuple[float, float]]) -> None:
    clock, arrival, times = LiveClock(), 0.0, []
    for stamp, wait in frames:
        arrival += wait + 0.001
        times.append(clock(stamp, arrival))
        assert times[-1] <= arrival + 1e-9
    assert all(a < b for a, b in pairwise(times))


def test_a_hiccup_of_the_network_does_not_bend_time() -> None:
    clock = LiveClock()
    stamps = [n / 25.0 for n in range(100)]
    arrivals = [100.0 + max(stamp, 2.0 if 1.0 < stamp < 2.0 else 0.0) for stamp in stamps]
    times = [clock(stamp, arrival) for stamp, arrival in zip(stamps, arrivals, strict=True)]
    assert times == pytest.approx([100.0 + stamp for stamp in stamps], abs=0.002)


def test_a_camera_whose_clock_is_slow_does_not_fall_behind() -> None:
    clock = LiveClock()
    lags = [n - clock(n * (1 - 1e-4), float(n)) for n in range(1, 100_000, 10)]
    assert max(lags) < 0.01


def test_a_camera_whose_clock_is_set_is_believed_again() -> None:
    clock = LiveClock()
    assert [clock(stamp, 50.0 + n) for n, stamp in enumerate((0.0, 1.0, 900.0, 901.0, 3.0))] == (
        pytest.approx([50.0, 51.0, 52.0, 53.0, 54.0])
    )


def test_the_burst_of_a_stream_just_opened_is_passed_over() -> None:
    caught_up = CaughtUp(opened=7.0)
    arrivals = [7.0, 7.001, 7.002, 7.03, 7.031, 7.07, 7.11, 7.111]
    fresh = [caught_up(n / 25.0, arrival) for n, arrival in enumerate(arrivals)]
    assert fresh == [False] * 6 + [True, True]
    never_waits = CaughtUp(opened=7.0)
    assert [never_waits(float(n), 7.0 + n / 10.0) for n in range(25)].index(True) == 20


def test_a_sensors_times_are_taken_off_the_clock_that_goes_on_in_sleep() -> None:
    clock = SensorClock(slept=lambda: 50.0)
    assert clock(99.9, 100.0) == 99.9  # on our own clock
    assert clock(149.95, 100.0) == pytest.approx(99.95)  # counted on while the system slept
    assert clock(20.0, 100.1) == 100.1  # on none that we know
    assert clock(20.0, 100.1) > 100.1  # and never again at the same time
