"""People as they are made: their shapes, skin, clothes, and keypoints where they belong."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import pytest

from models.recipes.commands import assets
from models.recipes.humans.files import read_surface
from models.recipes.humans.paint import REGIONS
from models.recipes.humans.person import Cast
from models.recipes.humans.rig import Rig
from models.recipes.humans.shape import Build, sample_build, shares
from models.recipes.humans.skin import Weights, bend

HUMANS = Path(os.environ.get("EDGEPOSE_SHARED", "../shared")) / "humans"
needs_humans = pytest.mark.skipif(not HUMANS.is_dir(), reason="the CC0 humans are not here")
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_WRIST, LEFT_ANKLE = 5, 6, 9, 15


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast.load(HUMANS)


def two_bones() -> Rig:
    heads = np.array([[0, 0, 0], [0, 1, 0]], np.float32)
    tails = np.array([[0, 1, 0], [0, 2, 0]], np.float32)
    return Rig(("lower", "upper"), np.array([-1, 0], np.int32), heads, tails)


def quarter() -> np.ndarray:
    """A quarter turn about z, which takes y to -x."""
    return np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.float32)


def test_a_bone_takes_what_hangs_on_it_along() -> None:
    turns = np.stack([quarter(), np.eye(3, dtype=np.float32)])
    whole, places = two_bones().pose(turns)
    assert places[1].tolist() == pytest.approx([-1, 0, 0])
    assert np.array_equal(whole[1], quarter())


def test_vertices_follow_their_bones() -> None:
    bones = np.array([[1, 0, 0, 0], [0, 0, 0, 0]], np.int32)
    weights = Weights(bones, np.array([[1, 0, 0, 0], [1, 0, 0, 0]], np.float32))
    turns = np.stack([np.eye(3, dtype=np.float32), quarter()])
    points = np.array([[0, 2, 0], [0, 0.5, 0]], np.float32)
    made = bend(points, weights, two_bones(), turns)
    assert made[0].tolist() == pytest.approx([-1, 1, 0])
    assert made[1].tolist() == pytest.approx([0, 0.5, 0])


def test_a_mesh_is_read_and_cut_into_triangles(tmp_path: Path) -> None:
    text = "v 0 0 0\nv 10 0 0\nv 10 10 0\nv 0 10 0\nvt 0 0.25\ng skin\nf 1/1 2/1 3/1 4/1\n"
    (tmp_path / "a.obj").write_text(text)
    surface = read_surface(tmp_path, "a.obj")
    assert surface.faces.tolist() == [[0, 1, 2], [0, 2, 3]]
    assert surface.groups["skin"].tolist() == [0, 1]
    assert surface.vertices[2].tolist() == pytest.approx([1, 1, 0])  # m, from decimetres
    assert surface.uv[0].tolist() == pytest.approx([0, 0.75])  # downwards, as rows


def test_the_targets_of_a_build_share_one_body() -> None:
    found = shares(sample_build(np.random.default_rng(3)))
    assert sum(value for key, value in found.items() if key.startswith("universal")) == (
        pytest.approx(1)
    )
    middle = shares(Build((1, 0, 0), 0.0, 0.0, 0.5, 0.5, 0.5))
    assert middle["universal-female-young-averagemuscle-averageweight"] == 1
    assert not any(value for key, value in middle.items() if key.startswith("height"))


@needs_humans
def test_all_files_are_the_ones_that_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert assets.run(assets_of(HUMANS)) == 0
    assert "files are the same" in capsys.readouterr().out


@needs_humans
def test_people_are_as_tall_as_people(cast: Cast) -> None:
    for seed in range(6):
        person = cast.sample(np.random.default_rng(seed))
        posed = person.pose(rest(cast), 1, np.zeros(3, np.float32))
        low, high = posed.points[:, 1].min(), posed.points[:, 1].max()
        assert low == pytest.approx(0, abs=0.02)
        assert 1.35 < high < 2.2


@needs_humans
def test_left_is_where_a_person_has_its_left(cast: Cast) -> None:
    person = cast.sample(np.random.default_rng(1))
    points = person.pose(rest(cast), 1, np.zeros(3, np.float32)).keypoints
    assert points[LEFT_SHOULDER, 0] > 0.1 > -0.1 > points[RIGHT_SHOULDER, 0]
    nose, ankle = points[0], points[LEFT_ANKLE]
    assert nose[2] > points[3:5, 2].mean()  # before the ears: it faces +z
    assert nose[1] > points[LEFT_SHOULDER, 1] > points[LEFT_WRIST, 1] > ankle[1] > 0


@needs_humans
def test_landmarks_lie_within_the_hand(cast: Cast) -> None:
    person = cast.sample(np.random.default_rng(2))
    posed = person.pose(rest(cast), 1, np.zeros(3, np.float32))
    skin = np.concatenate([mesh.vertices for mesh in posed.meshes])
    for hand in posed.hands:
        apart = np.linalg.norm(hand[:, None] - skin[None], axis=2).min(1)
        assert apart.max() < 0.04
        assert 0.12 < np.linalg.norm(hand[12] - hand[0]) < 0.26  # wrist to the middle finger's tip


@needs_humans
def test_a_texture_has_all_regions(cast: Cast) -> None:
    assert set(np.unique(cast.chart)) == set(range(len(REGIONS)))


@needs_humans
def test_the_same_seed_makes_the_same_person(cast: Cast) -> None:
    one, two = (cast.sample(np.random.default_rng(5)) for _ in range(2))
    assert all(
        np.array_equal(a.vertices, b.vertices) and a.material.gloss == b.material.gloss
        for a, b in zip(one.parts, two.parts, strict=True)
    )


def rest(cast: Cast) -> np.ndarray:
    return np.tile(np.eye(3, dtype=np.float32), (len(cast.plan.names), 1, 1))


def assets_of(humans: Path) -> argparse.Namespace:
    return argparse.Namespace(humans=humans, write=False)
