"""Laws of comparing two models of bodies: what must be the same, and what must be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from converters.parity import bodies
from converters.parity.lengths import person_size
from converters.parity.match import Seen, best_pairs
from converters.parity.measure import Measure, Parity
from converters.parity.tolerances import BodyTolerances
from edge.core.skeletons import BODY17
from edge.core.types import Pose
from tests.converters.parities import figures, moved
from tests.fakes import standing
from tests.figure import BEND, ON_BACK, SIT, STAND
from tests.lives import Life, pose_of

PLACES = [(200.0 * column, 250.0 * row) for column in range(1, 5) for row in range(1, 4)]


@st.composite
def people(draw: st.DrawFn) -> Pose:
    """Somebody anywhere, some of whose keypoints are unsure."""
    shape, yaw = draw(st.sampled_from((STAND, SIT, BEND, ON_BACK))), draw(st.integers(0, 359))
    height, at = draw(st.integers(60, 180)), draw(st.sampled_from(PLACES))
    pose = pose_of(Life((), first=shape, yaw=yaw, height_px=height, at=at), 0.0)
    unsure = draw(st.sets(st.integers(0, 16), max_size=8))
    return replace(pose, score=np.where(np.isin(range(17), list(unsure)), 0.1, pose.score))


def apart(poses: Sequence[Pose]) -> bool:
    """Whether nobody can be taken for somebody else."""
    middles = np.array([pose.xy.mean(axis=0) for pose in poses])
    gaps = np.linalg.norm(middles[:, None] - middles, axis=2) + 1e9 * np.eye(len(poses))
    return bool(gaps.min() > 100)


crowds = st.lists(people(), min_size=1, max_size=5).filter(apart)
films = st.lists(crowds, min_size=1, max_size=3)


def compared(reference: Seen, seen: Seen) -> Parity:
    return bodies.compare(reference, seen, BodyTolerances())


def every(film: Seen, change: Callable[[Pose], Pose]) -> Seen:
    return [[change(pose) for pose in poses] for poses in film]


def jittered(film: Seen, px: float = 2.0) -> Seen:
    """What a slightly worse model sees."""
    chance = np.random.default_rng(1)
    return every(film, lambda pose: moved(pose, by=chance.uniform(-px, px, pose.xy.shape)))


@given(films)
def test_a_model_is_equal_to_itself(film: Seen) -> None:
    parity = compared(film, film)
    assert parity.passed
    assert parity.pictures == len(film)
    count = sum(map(len, film))
    assert list(figures(parity.measures).values()) == [count, count, 1.0, 0.0, 0.0, 1.0]


@given(films, st.randoms(use_true_random=False))
def test_the_order_of_people_says_nothing(film: Seen, chance: np.random.Generator) -> None:
    seen = jittered(film)
    mixed = [list(poses) for poses in seen]
    for poses in mixed:
        chance.shuffle(poses)
    assert figures(compared(film, mixed).measures) == pytest.approx(
        figures(compared(film, seen).measures)
    )


@given(films, st.floats(0.5, 4.0), st.floats(-500, 500))
def test_where_and_how_large_the_picture_is_says_nothing(
    film: Seen, scale: float, shift: float
) -> None:
    seen = jittered(film)
    two = (
        every(one, lambda pose: moved(pose, by=(shift, -shift), scale=scale))
        for one in (film, seen)
    )
    expected = figures(compared(film, seen).measures)
    assert figures(compared(*two).measures) == pytest.approx(expected, rel=1e-3, abs=1e-3)


@given(films)
def test_a_mirror_says_nothing(film: Seen) -> None:
    swap = list(BODY17.mirror)

    def mirror(pose: Pose) -> Pose:
        return replace(
            pose, xy=pose.xy[swap] * np.array((-1, 1), np.float32), score=pose.score[swap]
        )

    seen = jittered(film)
    expected = figures(compared(film, seen).measures)
    mirrored = compared(every(film, mirror), every(seen, mirror))
    assert figures(mirrored.measures) == pytest.approx(expected, rel=1e-3)


@given(films)
def test_one_person_missed_or_invented_is_told(film: Seen) -> None:
    count = sum(map(len, film))
    less = [film[0][1:], *film[1:]]
    for parity in (compared(film, less), compared(less, film)):
        expected = (count - 1) / count
        assert figures(parity.measures)["found_by_both"] == pytest.approx(expected)
        assert parity.passed == (expected >= 0.95)


@pytest.mark.parametrize(("of", "most"), [(9, 0), (19, 0), (20, 1), (60, 3)])
def test_how_many_may_be_missed(of: int, most: int) -> None:
    film = [[standing()] for _ in range(of)]
    passed = [
        compared(film, [*([] for _ in range(missed)), *film[missed:]]).passed
        for missed in (most, most + 1)
    ]
    assert passed == [True, False]


@given(people(), st.floats(0.1, 3.0), st.floats(0, 6.28))
def test_a_shift_is_its_own_distance(pose: Pose, share: float, way: float) -> None:
    px = share / 100 * person_size(pose)
    parity = compared([[pose]], [[moved(pose, by=(px * np.cos(way), px * np.sin(way)))]])
    assert figures(parity.measures)["distance"] == pytest.approx(share, abs=1e-3)
    assert figures(parity.measures)["distance_p95"] == pytest.approx(share, abs=1e-3)
    assert parity.passed == (share <= 1.5) or share == pytest.approx(1.5)


def test_a_persons_size_is_that_of_the_box_of_sure_keypoints() -> None:
    pose = standing()  # 56 x 189 px
    assert person_size(pose) == pytest.approx(np.sqrt(56 * 189))
    legs_unsure = replace(pose, score=np.array([0.9] * 11 + [0.1] * 6, np.float32))  # 56 x 102 px
    assert person_size(legs_unsure) == pytest.approx(np.sqrt(56 * 102))
    in_a_row = replace(pose, xy=np.stack([np.zeros(17), np.arange(17) * 10], axis=1))
    assert person_size(in_a_row) == pytest.approx(80)


def test_the_similarity_is_that_of_coco() -> None:
    pose = standing()
    sigma = 0.026  # of the nose
    nose = replace(pose, score=np.array([0.9] + [0.1] * 16, np.float32))  # a box of one pixel
    right = moved(nose, by=(2 * sigma, 0.0))
    assert bodies.oks(nose, right) == pytest.approx(np.exp(-0.5), rel=1e-3)
    assert bodies.oks(pose, moved(pose, by=(1000.0, 0.0))) < 1e-6


def test_keypoints_the_original_guesses_are_not_compared() -> None:
    pose = replace(standing(), score=np.array([0.9] * 16 + [0.2], np.float32))
    other = replace(pose, xy=pose.xy.copy())
    other.xy[16] += 50
    assert figures(compared([[pose]], [[other]]).measures)["distance_p95"] == 0.0


def test_who_is_just_below_the_threshold_in_one_model_is_found_by_both() -> None:
    sure, faint = standing(), replace(standing(), score=np.full(17, 0.29, np.float32))
    assert not compared([[faint]], [[faint]]).passed
    assert figures(compared([[sure, standing(300)]], [[faint, standing(300)]]).measures)[
        "found_by_both"
    ] == pytest.approx(1.0)


@pytest.mark.parametrize("reference", [[[]], [[standing()]]], ids=["both blind", "one blind"])
def test_a_blind_model_is_refused(reference: Seen) -> None:
    parity = compared(reference, [[]])
    assert not parity.passed
    assert figures(parity.measures)["found_by_both"] == 0.0
    assert isnan(figures(parity.measures)["distance"])
    failed = {measure.key for measure in parity.measures if not measure.passed}
    assert {"found_by_both", "distance"} <= failed
    assert ("people" in failed) == (reference == [[]])


def test_each_is_paired_with_the_most_alike_once() -> None:
    table = np.array([[0.9, 0.8, 0.1], [0.95, 0.2, 0.3]], np.float32)
    assert best_pairs(table, 0.5) == [(1, 0), (0, 1)]
    assert best_pairs(table, 0.9) == [(1, 0)]
    assert best_pairs(np.zeros((0, 3), np.float32), 0.5) == []
    assert best_pairs(np.zeros((2, 0), np.float32), 0.5) == []


def test_a_measure_passes_within_its_limits_and_never_unmeasured() -> None:
    for value, passed in ((0.5, True), (0.4, False), (0.6, True), (0.7, False)):
        assert Measure("k", "t", value, at_least=0.5, at_most=0.6).passed == passed
    assert not Measure("k", "t", float("nan"), at_least=0.0).passed
    assert not Measure("k", "t", float("nan"), at_most=1.0).passed
    assert Measure("k", "t", float("nan")).passed


def test_tolerances_decide() -> None:
    pose = standing()
    shifted = moved(pose, by=(4.0, 0.0))  # 3.9 % of 103 px
    assert not compared([[pose]], [[shifted]]).passed
    assert bodies.compare([[pose]], [[shifted]], BodyTolerances(distance=4.0)).passed
