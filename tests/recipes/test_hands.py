"""Hands bend as human ones do, left and right are mirrors, and the truth is where the hand is."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("moderngl", reason="the recipes need their extra: pip install -e '.[recipes]'")

from models.recipes.hands.anatomy import palm_of, refined
from models.recipes.hands.articulation import articulate, sample_angles
from models.recipes.hands.bending import LEAST, MOST, bent
from models.recipes.hands.gestures import GESTURES
from models.recipes.humans.keypoints import hand21
from models.recipes.humans.rig import Rig, load_rig

HUMANS = Path(os.environ.get("EDGEPOSE_SHARED", "../shared")) / "humans"
pytestmark = pytest.mark.skipif(not HUMANS.is_dir(), reason="the CC0 humans are not here")
MIRROR = np.array([-1, 1, 1], np.float32)
TIPS, KNUCKLES = [8, 12, 16, 20], [5, 9, 13, 17]


@pytest.fixture(scope="module")
def rig() -> Rig:
    return refined(load_rig(HUMANS))


def still(rig: Rig) -> np.ndarray:
    return np.tile(np.eye(3, dtype=np.float32), (len(rig.names), 1, 1))


def landmarks(rig: Rig, turns: np.ndarray, side: str) -> np.ndarray:
    return hand21(rig, *rig.pose(turns), side)


def test_left_and_right_are_mirrors(rig: Rig) -> None:
    left = landmarks(rig, articulate(np.random.default_rng(3), rig, still(rig), "L"), "L")
    right = landmarks(rig, articulate(np.random.default_rng(3), rig, still(rig), "R"), "R")
    assert np.abs(left - right * MIRROR).max() < 0.001


@pytest.mark.parametrize("side", ["L", "R"])
def test_fingers_curl_into_the_palm(rig: Rig, side: str) -> None:
    points = landmarks(rig, bent(rig, still(rig), side, GESTURES["fist"]), side)
    palm = palm_of(points, side)
    assert ((points[TIPS] - points[KNUCKLES]) @ palm.out > 0.01).all()
    assert (np.linalg.norm(points[TIPS] - points[KNUCKLES], axis=1) < 0.055).all()


@pytest.mark.parametrize("side", ["L", "R"])
def test_a_flat_hand_is_flat_and_its_thumb_is_at_the_index_fingers_side(
    rig: Rig, side: str
) -> None:
    points = landmarks(rig, bent(rig, still(rig), side, GESTURES["flat"]), side)
    palm = palm_of(points, side)
    assert (np.abs((points[TIPS] - points[KNUCKLES]) @ palm.out) < 0.012).all()
    assert (points[4] - points[9]) @ palm.across > 0.02


def test_a_pinch_meets(rig: Rig) -> None:
    points = landmarks(rig, bent(rig, still(rig), "L", GESTURES["pinch"]), "L")
    assert np.linalg.norm(points[4] - points[8]) < 0.025


def test_angles_stay_within_what_joints_can_do() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        fingers = sample_angles(rng).fingers
        assert (fingers[:, 1:] >= LEAST[:, 1:]).all()
        assert (fingers[:, 1:] <= MOST[:, 1:]).all()


def test_a_picture_has_its_hands_where_the_truth_says() -> None:
    from models.recipes.hands.studio import Studio  # noqa: PLC0415 - needs OpenGL

    try:
        make = Studio(HUMANS)()
    except Exception as error:  # noqa: BLE001 - whatever OpenGL says
        pytest.skip(f"no OpenGL here: {error}")
    found = 0
    for seed in range(6):
        sample = make(np.random.default_rng(seed))
        again = make(np.random.default_rng(seed))
        assert np.array_equal(sample.rgb, again.rgb)
        for hand in sample.truth["hands"]:
            found += 1
            mine = sample.labels == hand["label"]
            x0, y0, x1, y1 = hand["box"]
            assert mine[y0:y1, x0:x1].sum() == mine.sum()
            seen = [(x, y) for x, y, _, v in hand["landmarks"] if v == 2]
            near = [
                mine[max(int(y) - 2, 0) : int(y) + 3, max(int(x) - 2, 0) : int(x) + 3].any()
                for x, y in seen
            ]
            assert all(near)
    assert found
