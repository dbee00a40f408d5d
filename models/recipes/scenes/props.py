"""What a pose rests on: a seat under who sits, a bench before who works, a bed under who lies."""

from __future__ import annotations

import numpy as np

from models.recipes.humans.person import Posed
from models.recipes.rendering.types import Floats, Mesh
from models.recipes.scenes.furniture import chair, legs, small_things
from models.recipes.scenes.matter import fabric, plain, timber
from models.recipes.scenes.solids import box, placed

Random = np.random.Generator
_SHOULDERS, _WRISTS, _HIPS = slice(5, 7), slice(9, 11), slice(11, 13)
_SEATED, _BENCH, _BED, _LEFT = 0.75, 0.7, 0.2, 0.35  # shares of poses that get one
_SITTING = 0.66  # m: whoever's hips are lower than this at a bench sits at it
_ROOM = 0.03  # m between a person and the chair behind them
_FLESH = 0.1  # m between a hip joint and what one sits on


def bed_height(random: Random, kind: str) -> float:
    """How high (m) above the floor somebody lies; mostly on the floor itself."""
    if kind.startswith("lying") and random.random() < _BED:
        return float(random.uniform(0.25, 0.75))
    return 0.0


def sample(random: Random, kind: str, posed: Posed, height: float) -> list[Mesh]:
    """Things for a person who lies `height` (m) above the floor, sits or works."""
    hips = posed.keypoints[_HIPS].mean(0)
    ahead = _ahead(posed.keypoints)
    yaw = float(np.arctan2(ahead[0], ahead[1]))
    if height > 0:
        low, high = posed.points.min(0), posed.points.max(0)
        long = max(float(np.ptp(posed.points[:, [0, 2]], axis=0).max()) + 0.1, 1.2)
        wide = random.uniform(0.7, 1.6)
        middle = (low + high) / 2
        feet, head = posed.keypoints[15:17].mean(0), posed.keypoints[:5].mean(0)
        along = float(np.arctan2(feet[0] - head[0], feet[2] - head[2]))
        mattress = box((0, height / 2, 0), (wide, height - 0.02, long), fabric(random))
        return [placed(mattress, (float(middle[0]), 0, float(middle[2])), along)]
    if kind == "sitting" and random.random() < _SEATED:
        return _seat(random, hips, ahead, yaw)
    if kind == "bench":
        sits = hips[1] < _SITTING and random.random() < _SEATED
        made = _seat(random, hips, ahead, yaw) if sits else []
        if random.random() < _BENCH:
            made += _bench(random, posed.keypoints[_WRISTS], hips, ahead, yaw)
        return made
    if kind in {"falling", "getting-up"} and random.random() < _LEFT:
        return _left(random, posed.points, hips, ahead, yaw)
    return []


def _ahead(keypoints: Floats) -> Floats:
    """Where a person faces, as x, z of length 1."""
    left, right = keypoints[_SHOULDERS]
    way = np.array([-(left - right)[2], (left - right)[0]], np.float32)
    return way / max(float(np.linalg.norm(way)), 1e-6)


def _seat(random: Random, hips: Floats, ahead: Floats, yaw: float) -> list[Mesh]:
    top = float(hips[1]) - _FLESH
    if top < 0.12:  # noqa: PLR2004 - on the floor
        return []
    cover, width, depth = fabric(random), random.uniform(0.36, 0.6), random.uniform(0.36, 0.5)
    thick = min(top, random.uniform(0.05, 0.4))
    made = [box((0, top - thick / 2, 0), (width, thick, depth), cover, 2.0)]
    if thick < top:
        made += legs(random, (width, top - thick, depth), timber(random))
    if random.random() < 0.6:  # noqa: PLR2004 - with a back
        tall = random.uniform(0.3, 0.6)
        made.append(box((0, top + tall / 2, -depth / 2 - 0.02), (width, tall, 0.05), cover, 2.0))
    # Who leans forward often sits on the edge, far from the back.
    forth = random.uniform(-0.12, 0.08)
    at = (float(hips[0] + forth * ahead[0]), 0.0, float(hips[2] + forth * ahead[1]))
    return [placed(mesh, at, yaw) for mesh in made]


def _left(random: Random, points: Floats, hips: Floats, ahead: Floats, yaw: float) -> list[Mesh]:
    """The chair somebody fell from or rises from, behind them; none where they are in its place."""
    away, turn = random.uniform(0.2, 0.6), yaw + random.normal(0.0, 0.4)
    x, z = hips[[0, 2]] - away * ahead
    made = [placed(mesh, (float(x), 0.0, float(z)), turn) for mesh in chair(random)]
    for mesh in made:
        low, high = mesh.vertices.min(axis=0) - _ROOM, mesh.vertices.max(axis=0) + _ROOM
        if ((points > low) & (points < high)).all(axis=1).any():
            return []
    return made


def _bench(random: Random, wrists: Floats, hips: Floats, ahead: Floats, yaw: float) -> list[Mesh]:
    top = float(wrists[:, 1].min()) - random.uniform(0.03, 0.12)
    if not 0.5 < top < 1.3:  # noqa: PLR2004 - m, no bench is lower or higher
        return []
    width, depth = random.uniform(0.8, 2.2), random.uniform(0.45, 0.8)
    made = [box((0, top - 0.025, 0), (width, 0.05, depth), timber(random))]
    made += legs(random, (width, top - 0.05, depth), plain(random))
    made += small_things(random, width, top, depth)
    away = depth / 2 + random.uniform(0.14, 0.22)
    at = (float(hips[0] + away * ahead[0]), 0.0, float(hips[2] + away * ahead[1]))
    return [placed(mesh, at, yaw) for mesh in made]
