"""Rooms, cameras, light and the renderer: what they draw is where they say it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("moderngl", reason="the recipes' extra is not installed")

from models.recipes.humans.person import Posed
from models.recipes.rendering import lens
from models.recipes.rendering.camera import Camera, focal_of, look_at
from models.recipes.rendering.opengl import Renderer
from models.recipes.rendering.types import Floats, Light, Material, Mesh, smooth_normals
from models.recipes.scenes import camera_choice, light, occluders, props, rooms, textures
from models.recipes.scenes.solids import box, sheet, tube

RED = Material(np.array([0.8, 0.1, 0.1], np.float32))
GRAY = Material(np.full(3, 0.5, np.float32))
NOON = Light(
    np.array([0.0, -1.0, 0.0], np.float32),
    np.ones(3, np.float32),
    np.full(3, 0.3, np.float32),
    np.full(3, 0.2, np.float32),
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    try:
        return Renderer(160, 120)
    except Exception as error:  # noqa: BLE001 - no common type for all that may be missing
        pytest.skip(f"no OpenGL without a screen: {error}")


def standing(label: int = 1) -> Mesh:
    return replace(tube((0, 0, 0), (0, 1.75, 0), 0.25, RED), label=label)


def camera_at(position: tuple[float, float, float], roll: float = 0.0) -> Camera:
    at = np.array(position, np.float32)
    return Camera(at, look_at(at, (0, 0.9, 0), roll), focal_of(60, 160), 160, 120)


def corners(points: Floats) -> Floats:
    return np.array([points.min(axis=0), points.max(axis=0)])


def test_a_camera_sees_what_it_looks_at_in_the_middle_and_up_is_up() -> None:
    camera = camera_at((1.0, 2.0, 4.0))
    xy, depth = camera.project(np.array([[0, 0.9, 0], [0, 1.5, 0], [2, 0.9, 0]], np.float32))
    assert xy[0] == pytest.approx((80, 60), abs=1e-3)
    assert xy[1, 1] < xy[0, 1]
    assert xy[2, 0] > xy[0, 0]
    assert depth[0] == pytest.approx(np.sqrt(1 + 1.1**2 + 16), rel=1e-5)


@pytest.mark.parametrize("roll", [0.0, 0.7, -2.0])
def test_labels_and_depth_are_where_the_camera_projects_them(
    renderer: Renderer, roll: float
) -> None:
    camera = camera_at((1.0, 2.0, 3.0), roll)
    ball = replace(box((0.5, 1.2, -0.4), (0.1, 0.1, 0.1), RED), label=3)
    floor = sheet((-5, 0, 5), (10, 0, 0), (0, 0, -10), GRAY)
    picture = renderer.render([floor, ball], camera, NOON)
    rows, columns = np.nonzero(picture.labels == 3)
    xy, depth = camera.project(np.array([[0.5, 1.2, -0.4]], np.float32))
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx(tuple(xy[0]), abs=0.8)
    assert picture.depth[rows, columns].mean() == pytest.approx(depth[0], abs=0.1)
    assert picture.rgb[rows, columns, 0].mean() > picture.rgb[rows, columns, 1].mean() + 50


def test_who_is_in_front_hides_who_is_behind(renderer: Renderer) -> None:
    near, far = standing(1), standing(2)
    far = replace(far, vertices=far.vertices + np.array([0, 0, -2], np.float32))
    picture = renderer.render([far, near], camera_at((0, 0.9, 3)), NOON)
    assert picture.labels[60, 80] == 1


def test_things_throw_shadows_and_the_label_is_exact_at_edges(renderer: Renderer) -> None:
    floor = sheet((-5, 0, 5), (10, 0, 0), (0, 0, -10), GRAY)
    camera = camera_at((0, 3, 3))
    low = replace(NOON, direction=np.array([-1.0, -1.0, 0.0], np.float32))
    picture = renderer.render([floor, standing()], camera, low)
    xy, _ = camera.project(np.array([[-1.0, 0, 0], [1.0, 0, 0]], np.float32))
    shade, lit = (picture.rgb[int(y), int(x)].mean() for x, y in xy)
    assert shade < lit - 30
    assert set(np.unique(picture.labels)) == {0, 1}


def test_normals_of_a_box_with_shared_corners_point_outside() -> None:
    points = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], np.float32)
    faces = np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)], np.int32)
    normals = smooth_normals(points, faces)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert (np.einsum("ij,ij->i", normals, points - 0.25) > 0).all()


def posed(hips_m: float, *, lean: float) -> Posed:
    """Somebody of points alone, who faces +z and leans back by radians."""
    random = np.random.default_rng(0)
    points = random.uniform((-0.2, 0.0, -0.12), (0.2, 1.75, 0.12), (4000, 3)).astype(np.float32)
    y, z = points[:, 1].copy(), points[:, 2].copy()
    points[:, 1], points[:, 2] = y * np.cos(lean) - z * np.sin(lean), -y * np.sin(lean) + z
    keypoints = np.zeros((17, 3), np.float32)
    keypoints[5], keypoints[6] = (0.2, hips_m + 0.5, 0.0), (-0.2, hips_m + 0.5, 0.0)
    keypoints[11:13, 1] = hips_m
    return Posed([], keypoints, np.zeros((2, 21, 3), np.float32), points)


@pytest.mark.parametrize("lean", [0.0, 0.4, 0.9, 1.5])
def test_the_chair_somebody_fell_from_is_behind_them_and_never_in_them(lean: float) -> None:
    somebody = posed(0.5, lean=lean)
    chairs = 0
    for seed in range(80):
        made = props.sample(np.random.default_rng(seed), "falling", somebody, 0.0)
        chairs += bool(made)
        for mesh in made:
            low, high = corners(mesh.vertices)
            assert not ((somebody.points > low) & (somebody.points < high)).all(axis=1).any()
            assert mesh.vertices[:, 2].mean() < 0.1
    assert chairs > 5 if lean == 0.0 else chairs < 30


def test_only_who_sits_at_a_bench_has_a_seat() -> None:
    for hips, seats in ((0.5, True), (0.9, False)):
        found = False
        for seed in range(20):
            made = props.sample(np.random.default_rng(seed), "bench", posed(hips, lean=0.0), 0.0)
            found |= any(abs(mesh.vertices[:, 1].max() - (hips - 0.1)) < 1e-3 for mesh in made)
        assert found is seats


@pytest.mark.parametrize("seed", range(12))
def test_a_room_leaves_the_origin_free_and_the_camera_is_inside(seed: int) -> None:
    random = np.random.default_rng(seed)
    room = rooms.sample(random)
    points = corners(standing().vertices)
    camera = camera_choice.sample(random, points, (320, 320), room.bounds, room.taken)
    x, y, z = camera.position
    assert room.bounds.left < x < room.bounds.right
    assert room.bounds.back < z < room.bounds.front
    assert 0 < y < room.bounds.height
    assert room.spots[0] == pytest.approx((0, 0))
    inside = [
        mesh
        for mesh in room.meshes
        if mesh.casts
        and (
            (np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 2]) < 0.3) & (mesh.vertices[:, 1] < 1.7)
        ).any()
    ]
    assert not inside
    for mesh in (*room.meshes, *occluders.sample(random, camera, points)):
        assert np.isfinite(mesh.vertices).all()
        assert mesh.faces.max() < len(mesh.vertices)
        assert mesh.label == 0


def test_the_same_seed_gives_the_same_picture(renderer: Renderer) -> None:
    def make() -> np.ndarray:
        random = np.random.default_rng(5)
        room = rooms.sample(random)
        points = corners(standing().vertices)
        camera = camera_choice.sample(random, points, (160, 120), room.bounds, room.taken)
        picture = renderer.render([*room.meshes, standing()], camera, light.sample(random))
        return lens.sample(random, picture.rgb)[0]

    first, second = make(), make()
    assert (first == second).all()
    assert first.std() > 5


@pytest.mark.parametrize("kind", sorted(textures.KINDS))
def test_textures_are_pictures_that_are_not_flat_everywhere(kind: str) -> None:
    made = [textures.KINDS[kind](np.random.default_rng(seed)) for seed in range(4)]
    assert {texture.shape for texture in made} == {(textures.SIZE, textures.SIZE, 3)}
    assert {texture.dtype for texture in made} == {np.dtype(np.uint8)}
    assert max(float(texture.std()) for texture in made) > 2


def test_the_lens_keeps_things_where_they_are() -> None:
    rgb = np.full((200, 200, 3), 40, np.uint8)
    rgb[60:100, 120:160] = 220
    for seed in range(30):
        seen, quality = lens.sample(np.random.default_rng(seed), rgb)
        bright = seen.mean(axis=2) > (float(seen.mean(axis=2).max()) + float(seen.mean())) / 2
        rows, columns = np.nonzero(bright)
        assert (np.median(columns), np.median(rows)) == pytest.approx((139.5, 79.5), abs=2.5)
        assert 15 <= quality <= 100
