"""Where a camera hangs or stands, and how large and where people are on its picture."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.recipes.rendering.camera import Camera, focal_of, look_at
from models.recipes.rendering.types import Floats
from models.recipes.scenes.chance import chance
from models.recipes.scenes.walls import Bounds

Random = np.random.Generator
# Share, lowest and highest (m): ceiling corner, wall, eye, table, floor, from above.
_HEIGHTS: Final = (
    (0.34, 2.2, 3.5), (0.16, 1.9, 2.8), (0.26, 1.3, 1.9), (0.13, 0.6, 1.2), (0.07, 0.1, 0.5),
    (0.04, 2.4, 3.6),
)  # fmt: skip
_CORNER, _ABOVE = 0, 5  # of _HEIGHTS
_SMALLEST: Final = 60.0  # px; training makes smaller ones of them
_VIEWS: Final = (35.0, 110.0)  # degrees across
_FROM_WALL: Final = 0.12  # m
_FROM_LENS: Final = 0.3  # m: no part of the person is nearer
_FARTHEST: Final = 22.0  # m
_TRIES: Final = 12


def sample(
    random: Random, points: Floats, size: tuple[int, int], bounds: Bounds, taken: Floats
) -> Camera:
    """A camera (width, height px) inside bounds that sees the person of points (N, 3) m.

    The person's larger side is log-uniform from 60 px to a little over the frame, as far as the
    room allows; it is anywhere in the picture, and about a fifth are cut by the frame's edges.
    taken (K, 3) are circles x, z, radius (m) of things that the camera keeps out of.
    """
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    camera: Camera | None = None
    for _ in range(_TRIES):
        at = _place(random, points, middle, bounds, size)
        if at is None or _blocked(at[0], taken):
            continue
        if chance(random, 0.6) and _hidden(at[0], middle, taken):
            continue  # some are hidden by what stands in the room, but not most
        camera = Camera(at[0].astype(np.float32), look_at(at[0], middle), at[1], *size)
        if float(camera.project(points)[1].min()) > _FROM_LENS:
            return _turned(random, _sized(camera, points, at[2]), points)
    if camera is None:
        bearing = random.uniform(0, 2 * np.pi)
        beside = middle + np.array([3 * np.sin(bearing), 0.5, 3 * np.cos(bearing)])
        x, z = bounds.inside(beside[[0, 2]], _FROM_WALL)
        beside = np.array([x, beside[1], z])
        camera = Camera(
            beside.astype(np.float32), look_at(beside, middle), focal_of(80, size[0]), *size
        )
    return _turned(random, camera, points)


def _place(
    random: Random, points: Floats, middle: Floats, bounds: Bounds, size: tuple[int, int]
) -> tuple[Floats, float, float] | None:
    """A position (3,), a focal length (px) and the person's wanted size (px)."""
    kind = int(random.choice(len(_HEIGHTS), p=[share for share, *_ in _HEIGHTS]))
    _, lowest, highest = _HEIGHTS[kind]
    top = bounds.height - 0.1
    y = random.uniform(min(lowest, top), min(highest, top))
    focal = focal_of(random.uniform(*_VIEWS), size[0])
    wanted = float(np.exp(random.uniform(np.log(_SMALLEST), np.log(1.15 * min(size)))))
    extent = max(float(np.linalg.norm(np.ptp(points, axis=0))), 0.5)
    rise = y - float(middle[1])
    if kind == _ABOVE:
        flat = abs(rise) * random.uniform(0.0, 0.4)
    else:
        distance = focal * extent / wanted
        flat = float(np.sqrt(max(distance**2 - rise**2, (0.3 * distance) ** 2, 0.4)))
    bearing = random.uniform(0, 2 * np.pi)
    if kind == _CORNER and chance(random, 0.5):  # half hang in the very corner
        x = random.choice([bounds.left, bounds.right]) - middle[0]
        z = random.choice([bounds.back, bounds.front]) - middle[2]
        bearing, corner = float(np.arctan2(x, z)), float(np.hypot(x, z))
        flat = corner if corner < 2 * flat else flat
    way = np.array([np.sin(bearing), np.cos(bearing)])
    free = _until_wall(middle, way, bounds)
    if free < 0.5 and kind != _ABOVE:  # noqa: PLR2004 - the person stands at this wall
        return None
    flat = min(
        flat,
        free if flat > free * 2 else free * random.uniform(0.75, 1.0) if flat > free else flat,
        _FARTHEST,
    )
    return np.array([middle[0] + way[0] * flat, y, middle[2] + way[1] * flat]), focal, wanted


def _until_wall(start: Floats, way: Floats, bounds: Bounds) -> float:
    """How far (m) it is from start (3,) along way (x, z) to just before a wall."""
    left, right = bounds.left + _FROM_WALL, bounds.right - _FROM_WALL
    back, front = bounds.back + _FROM_WALL, bounds.front - _FROM_WALL
    across = ((right if way[0] > 0 else left) - start[0]) / (way[0] if abs(way[0]) > 1e-6 else 1e-6)  # noqa: PLR2004
    along = ((front if way[1] > 0 else back) - start[2]) / (way[1] if abs(way[1]) > 1e-6 else 1e-6)  # noqa: PLR2004
    return max(float(min(across, along)), 0.0)


def _blocked(at: Floats, taken: Floats) -> bool:
    """Whether a camera below a wardrobe's height would be inside a thing."""
    if at[1] > 2.1 or not len(taken):  # noqa: PLR2004 - above nearly all furniture
        return False
    return bool((np.hypot(taken[:, 0] - at[0], taken[:, 1] - at[2]) < taken[:, 2] + 0.15).any())


def _hidden(at: Floats, middle: Floats, taken: Floats) -> bool:
    """Whether a thing stands on the straight way from the camera to the person's middle (3,)."""
    if not len(taken):
        return False
    start, way = at[[0, 2]], middle[[0, 2]] - at[[0, 2]]
    share = ((taken[:, :2] - start) @ way / max(float(way @ way), 1e-6)).clip(0, 1)
    near = np.linalg.norm(start + share[:, None] * way - taken[:, :2], axis=1)
    # Seen from above, what is nearer to the camera than to the person is looked over.
    low = at[1] + (middle[1] - at[1]) * share < 1.3  # noqa: PLR2004 - m, of most furniture
    return bool(((near < 0.7 * taken[:, 2]) & low).any())


def _sized(camera: Camera, points: Floats, wanted: float) -> Camera:
    """The camera with a focal length for which the person is as large (px) as wanted, if any."""
    xy, _ = camera.project(points)
    share = wanted / max(float(np.ptp(xy, axis=0).max()), 1e-3)
    shortest, longest = focal_of(_VIEWS[1], camera.width), focal_of(_VIEWS[0], camera.width)
    focal = min(max(camera.focal * share, shortest), longest)
    return Camera(camera.position, camera.rotation, focal, camera.width, camera.height)


def _turned(random: Random, camera: Camera, points: Floats) -> Camera:
    """The camera turned so that the person is anywhere in the picture, a fifth cut by its edges."""
    xy, _ = camera.project(points)
    half = np.ptp(xy, axis=0) / 2
    room = np.maximum(np.array([camera.width, camera.height]) / 2 - half, 0)
    shift = random.uniform(-1, 1, 2) * room
    if chance(random, 0.16):  # cut by an edge, besides those too large
        side = int(random.integers(2))
        shift[side] = random.choice([-1, 1]) * (room[side] + half[side] * random.uniform(0.2, 1.0))
    most = 0.62 * camera.focal  # no further than a wide lens's corner, where people are drawn out
    shift = np.clip(shift, -most, most)
    aside = camera.rotation.T @ np.array([-shift[0], -shift[1], camera.focal])
    spread = 0.06 if chance(random, 0.9) else 0.4
    rotation = look_at(camera.position, camera.position + aside, float(random.normal(0, spread)))
    return Camera(camera.position, rotation, camera.focal, camera.width, camera.height)
