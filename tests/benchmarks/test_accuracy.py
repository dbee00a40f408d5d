"""Poses against marks, in cases worked out by hand: AP, PCK, who is found, who is invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pycocotools")

from benchmarks.accuracy import chance
from benchmarks.accuracy.figures import figures, loss
from converters.parity import accuracy
from converters.parity.truth import Mark, Truth
from edge.core.types import Pose
from tests.fakes import standing
from tests.hand_figure import hand

HEIGHT = 189.0  # px, of a standing figure's box


def mark(pose: Pose, known: int = 1000, *, crowd: bool = False) -> Mark:
    """Somebody marked just where a pose is, up to the first so many keypoints."""
    (x0, y0), (x1, y1) = pose.xy.min(axis=0).tolist(), pose.xy.max(axis=0).tolist()
    box = (x0, y0, x1 - x0, y1 - y0)
    return Mark(pose.xy, np.arange(len(pose.xy)) < known, box, box[2] * box[3], crowd)


def truth(*pictures: tuple[Mark, ...], skeleton: str = "body17") -> Truth:
    return Truth(skeleton, pictures)


def sure(pose: Pose, score: float) -> Pose:
    return replace(pose, score=np.full_like(pose.score, score))


def larger(pose: Pose, scale: float) -> Pose:
    return replace(pose, xy=pose.xy * np.float32(scale))


def shifted(pose: Pose, px: float) -> Pose:
    return replace(pose, xy=pose.xy + np.array([px, 0], np.float32))


def test_whoever_is_seen_where_marked_is_found_and_all_is_right() -> None:
    here, there = standing(), standing(300)
    values = figures(
        truth((mark(here), mark(there)), (mark(here),)), [[there, here], [here]]
    ).values
    assert values["oks_ap"] == values["oks_ar"] == values["oks_ap_50"] == pytest.approx(1.0)
    assert values["pck_0.2"] == values["pck_0.1"] == 1.0
    assert (values["people"], values["found"], values["found_share"]) == (3, 3, 1.0)
    assert values["invented"] == 0


def test_one_of_two_people_gives_half_of_all_but_ap() -> None:
    here, there = standing(), standing(300)
    values = figures(truth((mark(here), mark(there))), [[here]]).values
    # A precision of 1 at recalls 0, 0.01 .. 0.5, which are 51 of 101.
    assert values["oks_ap"] == pytest.approx(51 / 101)
    assert values["oks_ar"] == values["pck_0.2"] == values["found_share"] == pytest.approx(0.5)
    assert set(values["pck_per_keypoint"].values()) == {0.5}


def test_people_count_by_their_size_in_the_file() -> None:
    # Boxes of 0.4 and 1 times 10584 px^2: the first is medium (32^2 to 96^2), the second is large.
    small, large = larger(standing(), 0.6), standing(300)
    values = figures(truth((mark(small), mark(large))), [[large]]).values
    assert (values["oks_ap_medium"], values["oks_ap_large"]) == (0.0, pytest.approx(1.0))


def test_each_keypoint_has_its_own_share_and_those_nobody_marked_have_none() -> None:
    pose = standing()
    xy = pose.xy.copy()
    xy[0] += (0.15 * HEIGHT, 0)
    xy[3] += (0.25 * HEIGHT, 0)
    values = figures(truth((mark(pose, known=5),)), [[replace(pose, xy=xy)]]).values
    shares = values["pck_per_keypoint"]
    assert list(shares)[:5] == ["nose", "left_eye", "right_eye", "left_ear", "right_ear"]
    assert list(shares.values())[:5] == [1.0, 1.0, 1.0, 0.0, 1.0]
    assert np.isnan(list(shares.values())[5:]).all()
    assert values["pck_0.2"] == pytest.approx(4 / 5)
    assert values["pck_0.1"] == pytest.approx(3 / 5)


def test_a_pose_that_is_nobody_is_invented_if_the_model_is_sure_of_it() -> None:
    here, there = standing(), standing(300)
    seen = [[here, sure(there, 0.31), sure(standing(600), 0.29)]]
    values = figures(truth((mark(here),)), seen).values
    assert (values["found"], values["invented"]) == (1, 1)


def test_a_pose_too_far_from_its_person_is_invented_and_the_person_not_found() -> None:
    pose = standing()
    values = figures(truth((mark(pose),)), [[shifted(pose, 0.3 * HEIGHT)]]).values
    assert (values["found"], values["invented"], values["oks_ap_50"]) == (0, 1, 0.0)


def test_who_is_in_a_crowd_or_marked_without_keypoints_is_neither_found_nor_invented() -> None:
    here, crowd, unmarked = standing(), standing(300), standing(600)
    marks = (mark(here), mark(crowd, crowd=True), mark(unmarked, known=0))
    inside = shifted(unmarked, 5)
    values = figures(truth(marks), [[here, shifted(crowd, 4), inside]]).values
    assert (values["people"], values["found"], values["invented"]) == (1, 1, 0)
    assert values["oks_ap"] == pytest.approx(1.0)
    # Beside the box most joints are outside of it.
    beside = shifted(unmarked, 60)
    assert figures(truth(marks), [[here, beside]]).values["invented"] == 1


def test_the_surest_twenty_poses_of_a_picture_count_as_for_coco() -> None:
    here = standing()
    others = [sure(standing(300 * i), 0.95) for i in range(1, 21)]
    values = figures(truth((mark(here),)), [[here, *others]]).values
    assert (values["found"], values["invented"], values["oks_ap"]) == (0, 20, 0.0)


def test_nobody_marked_gives_no_figures_and_no_error() -> None:
    values = figures(truth((), ()), [[], [standing()]]).values
    assert (values["people"], values["found"], values["invented"]) == (0, 0, 1)
    keys = ("oks_ap", "oks_ar", "pck_0.2", "found_share")
    assert np.isnan([values[key] for key in keys]).all()
    assert np.isnan(values["oks_ap_interval"]).all()


def test_hands_are_measured_in_palm_lengths() -> None:
    seen = hand(palm_px=50)
    xy = seen.xy.copy()
    xy[0] += (9, 0)  # 0.18 of a palm
    xy[4] += (15, 0)  # 0.3
    values = figures(truth((mark(seen),), skeleton="hand21"), [[replace(seen, xy=xy)]]).values
    assert values["pck_0.2"] == pytest.approx(20 / 21)
    assert values["pck_0.1"] == pytest.approx(19 / 21)
    assert values["pck_per_keypoint"]["thumb_tip"] == 0.0
    assert values["mean_error"] == pytest.approx((0.18 + 0.3) / 21, rel=1e-5)
    assert values["auc"] == pytest.approx(1 - (0.18 + 0.3) / 0.5 / 21, rel=1e-5)
    assert (values["found"], values["invented"]) == (1, 0)
    assert not [key for key in values if key.startswith("oks")]


def test_a_hand_half_a_palm_away_is_not_found_and_one_without_a_wrist_is_not_measured() -> None:
    one = hand(palm_px=50)
    known = truth((mark(one),), skeleton="hand21")
    near, far = (figures(known, [[shifted(one, px)]]).values for px in (24, 26))
    assert (near["found"], near["invented"]) == (1, 0)
    assert near["mean_error"] == pytest.approx(0.48, rel=1e-4)
    assert (far["found"], far["invented"], far["pck_0.2"], far["auc"]) == (0, 1, 0.0, 0.0)
    assert np.isnan(far["mean_error"])
    wristless = replace(mark(one), known=np.arange(21) > 0)
    values = figures(truth((wristless,), skeleton="hand21"), [[one]]).values
    assert (values["people"], values["invented"]) == (0, 0)


def test_intervals_hold_the_figure_and_are_wider_for_fewer_pictures() -> None:
    here = standing()
    marks, seen = (mark(here),), [[here], []]
    few, many = (figures(truth(*[marks] * 2 * n), seen * n).values for n in (4, 40))
    for key in ("oks_ap", "pck_0.2"):
        widths = []
        for values in (few, many):
            low, high = values[f"{key}_interval"]
            assert low <= values[key] <= high
            widths.append(high - low)
        assert widths[0] > 2 * widths[1] > 0
    assert np.isnan(figures(truth(marks), [[here]]).values["oks_ap_interval"]).all()


def test_all_pictures_once_give_the_ap_that_coco_gives() -> None:
    here, draw = standing(), np.random.default_rng(3)
    seen = [
        [sure(shifted(here, draw.normal(0, 8)), draw.random()), sure(standing(300), draw.random())]
        for _ in range(20)
    ]
    evaluation = accuracy.evaluated(truth(*[(mark(here),)] * 20), seen)
    once = chance.average_precisions(evaluation, np.arange(20)[None])
    assert 0.1 < once[0] < 0.9
    assert once[0] == pytest.approx(accuracy.summary(evaluation)["ap"])


def test_the_interval_of_a_loss_is_of_the_same_pictures_each_time() -> None:
    here = standing()
    known = truth(*[(mark(here),)] * 10)
    half = [[here], []] * 5
    whole, none = figures(known, half), figures(known, [[]] * 10)
    assert loss(whole, whole) == (0.0, (0.0, 0.0))
    lost, (low, high) = loss(none, whole)
    assert lost == whole.values["oks_ap"] > 0
    assert low < lost < high
