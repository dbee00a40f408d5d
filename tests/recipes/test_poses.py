"""The pose library, with the skeleton of MakeHuman's base mesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.recipes.humans.rig import Rig, load_rig
from models.recipes.poses import fingers, ground, motions
from models.recipes.poses.library import MIX, Library
from models.recipes.poses.types import KINDS


@pytest.fixture(scope="module")
def humans(shared: Path) -> Path:
    folder = shared / "humans"
    if not folder.is_dir():
        pytest.skip(f"no humans at {folder}")
    return folder


@pytest.fixture(scope="module")
def rig(humans: Path) -> Rig:
    return load_rig(humans)


@pytest.fixture(scope="module")
def library(humans: Path, rig: Rig) -> Library:
    return Library.load(humans, rig)


def test_the_mix_has_every_kind_and_sums_to_one() -> None:
    assert set(MIX) == set(KINDS)
    assert sum(MIX.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_rotations_and_again_for_the_same_seed(
    library: Library, kind: str
) -> None:
    first, again = (library.sample(np.random.default_rng(7), kind) for _ in range(2))
    assert first.kind == kind
    assert first.lift >= 0
    assert np.array_equal(first.turns, again.turns)
    product = first.turns @ np.swapaxes(first.turns, 1, 2)
    np.testing.assert_allclose(product, np.tile(np.eye(3), (len(product), 1, 1)), atol=1e-5)
    np.testing.assert_allclose(np.linalg.det(first.turns), 1.0, atol=1e-5)


def test_an_unknown_kind_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="dancing"):
        library.sample(np.random.default_rng(0), "dancing")


@pytest.mark.parametrize("kind", ["lying-back", "lying-front", "lying-side"])
def test_people_who_lie_rest_on_the_trunk(library: Library, kind: str) -> None:
    rng = np.random.default_rng(1)
    poses = [library.figure.contract(library.sample(rng, kind).turns) for _ in range(40)]
    lying = motions.lying(library.figure, np.stack(poses))
    assert lying.mean() > 0.9


def test_people_who_stand_are_over_their_feet(library: Library) -> None:
    rng = np.random.default_rng(2)
    poses = [library.figure.contract(library.sample(rng, "bending").turns) for _ in range(20)]
    off = ground.off_balance(library.figure.place(np.stack(poses))[1])
    assert np.median(np.linalg.norm(off, axis=-1)) < 0.1


def test_rest_goes_through_the_figure_unchanged(library: Library, rig: Rig) -> None:
    rest = np.tile(np.eye(3), (len(rig.names), 1, 1))
    back = library.figure.expand(library.figure.contract(rest))
    np.testing.assert_allclose(back, rest, atol=1e-6)


def test_every_source_of_motion_is_found(library: Library) -> None:
    moved = library.motions
    assert {"walking", "sport", "sitting", "getting-up", "falling", "push-up"} <= set(moved)
    assert sum(len(kind.joints) for kind in moved.values()) > 1000


def test_a_fist_is_closed_and_an_open_hand_is_not(rig: Rig) -> None:
    rest = np.tile(np.eye(3, dtype=np.float32), (len(rig.names), 1, 1))
    span = {}
    for gesture in ("open", "fist"):
        bent = fingers.bends(np.random.default_rng(3), gesture)
        _, places = rig.pose(fingers.apply(rig, rest, "L", bent))
        tip, wrist = places[rig.index("finger3-3.L")], places[rig.index("wrist.L")]
        span[gesture] = float(np.linalg.norm(tip - wrist))
    assert span["fist"] < 0.75 * span["open"]
