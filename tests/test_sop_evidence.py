"""Evidence grows, decays and rests in seconds."""

from __future__ import annotations

import pytest

from edge.sop.watching.evidence import (
    AWAY_S,
    GAP_S,
    LOST_S,
    Evidence,
    accumulate,
    decay,
    linger,
    rest,
)


def seen(*times: float, sure: float = 0.9) -> Evidence:
    evidence = None
    for t in times:
        evidence = accumulate(evidence, t, sure)
    assert evidence is not None
    return evidence


@pytest.mark.parametrize("fps", [5, 10, 24, 30, 60])
def test_it_grows_as_time_does(fps: int) -> None:
    evidence = seen(*(frame / fps for frame in range(fps + 1)))
    assert evidence.held == pytest.approx(1.0)
    assert evidence.full(1.0)
    assert not evidence.full(1.01)
    assert (evidence.since, evidence.last) == (0.0, 1.0)


def test_one_sight_is_nothing() -> None:
    assert seen(3.0).held == 0.0
    assert decay(seen(3.0), 0.1) is None


def test_frames_that_are_missing_count_for_little() -> None:
    assert seen(0.0, 60.0).held == GAP_S


def test_time_that_goes_back_takes_nothing_away() -> None:
    assert seen(0.0, 0.2, -5.0).held == pytest.approx(0.2)


def test_what_is_seen_otherwise_goes_as_it_came() -> None:
    half = decay(seen(0.0, 0.2), 0.1)
    assert half is not None
    assert half.held == pytest.approx(0.1)
    assert not half.full(0.05), "it is not so now"
    assert decay(half, 0.11) is None


def test_the_time_until_it_is_seen_again_does_not_count() -> None:
    half = decay(seen(0.0, 0.2), 0.1)
    again = accumulate(half, 0.4, 0.9)
    assert again.held == pytest.approx(0.1)
    assert accumulate(again, 0.5, 0.9).held == pytest.approx(0.2)


def test_it_rests_while_nobody_can_see() -> None:
    waiting = rest(rest(seen(0.0, 0.2), 0.1), 0.1)
    assert waiting.held == pytest.approx(0.2)
    assert not waiting.full(0.1), "nobody knows whether it is so now"
    assert accumulate(waiting, 0.4, 0.9).held == pytest.approx(0.4)
    assert not waiting.over


def test_it_is_over_when_seen_otherwise_for_a_while_or_lost_for_long() -> None:
    assert not linger(seen(0.0), AWAY_S - 0.05).over
    assert linger(linger(seen(0.0), AWAY_S / 2), AWAY_S / 2).over
    assert not accumulate(linger(seen(0.0), AWAY_S - 0.05), 0.4, 0.9).over
    assert not rest(seen(0.0), LOST_S - 0.1).over
    assert rest(rest(seen(0.0), LOST_S / 2), LOST_S / 2).over


def test_how_sure_it_is_is_the_mean_over_time() -> None:
    evidence = accumulate(seen(0.0, 0.2, sure=0.9), 0.4, 0.5)
    assert evidence.sure == pytest.approx(0.7)
