"""Pictures of hands at work and in gestures, with the exact truth about each hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.recipes.hands.anatomy import joints_of
from models.recipes.hands.arms import Goal, reach
from models.recipes.hands.articulation import Grip, sample_angles, sample_grip, sample_wrist
from models.recipes.hands.bending import bent
from models.recipes.hands.cutting import SIDES
from models.recipes.hands.lens import expose
from models.recipes.hands.objects import held
from models.recipes.hands.people import Handed
from models.recipes.hands.surroundings import in_the_way, sample_light, sample_room, table, thing
from models.recipes.hands.views import sample_camera
from models.recipes.poses.rotation import about  # about a world axis, degrees
from models.recipes.poses.types import Floats
from models.recipes.rendering.camera import Camera
from models.recipes.rendering.dataset import Sample
from models.recipes.rendering.opengl import Renderer
from models.recipes.rendering.truth import box_of, visibility
from models.recipes.rendering.types import Mesh, Picture

SETTINGS: Final = ("bench", "gesture", "anywhere", "absent")
_SHARES = (0.42, 0.32, 0.2, 0.06)
_HOLDING = {"bench": 0.6, "gesture": 0.12, "anywhere": 0.35, "absent": 0.0}
_FLESH = 0.028  # m: a landmark lies this far beneath its own skin at most
_LEAST = 20  # pixels of a hand that may still be asked for


@dataclass(frozen=True, slots=True, eq=False)
class Acted:
    """A person put into a setting: all meshes, the hands' landmarks (2, 21, 3) m, other points."""

    meshes: list[Mesh]
    hands: Floats
    points: Floats
    eyes: Floats  # (3,), m


def act(rng: np.random.Generator, person: Handed, setting: str) -> Acted:
    """Bend a person for a setting: arms, wrists, fingers, and what the hands hold."""
    rig = person.rig
    turns = np.tile(np.eye(3, dtype=np.float32), (len(rig.names), 1, 1))
    down = rng.uniform(5, 35) if setting == "bench" else rng.normal(0, 10)
    for name, share in (("spine02", 0.3), ("neck02", 0.35), ("head", 0.35)):
        turn = (
            about(0, share * down)
            @ about(1, share * rng.normal(0, 25))
            @ about(2, share * rng.normal(0, 10))
        )
        turns[rig.index(name)] = turn
    busy = _busy(rng, setting)
    grips: list[Grip] = []
    trunk = rig.pose(turns)
    for side, _ in SIDES:
        shoulder = trunk[1][joints_of(rig, side)["upperarm01"]]
        goal = _goal(rng, setting, side, shoulder, busy=side in busy)
        turns = reach(rig, trunk, turns, side, goal)
        holding = side in busy and rng.random() < _HOLDING[setting]
        grip = sample_grip(rng) if holding else Grip(sample_angles(rng))
        grips.append(grip)
        turns = bent(rig, turns, side, grip.angles, sample_wrist(rng))
    meshes, hands, eyes = person.pose(turns)
    points = np.concatenate([mesh.vertices[::4] for mesh in meshes])
    for k, (side, _) in enumerate(SIDES):
        meshes += held(rng, grips[k], hands[k], side)
    return Acted(meshes, hands, points, eyes)


def _busy(rng: np.random.Generator, setting: str) -> str:
    """Which hands are raised."""
    if setting == "absent":
        return ""
    return "LR" if rng.random() < 0.55 else "LR"[rng.integers(2)]  # noqa: PLR2004 - share


def _goal(
    rng: np.random.Generator, setting: str, side: str, shoulder: Floats, *, busy: bool
) -> Goal:
    """Draw where a hand goes, and how, from where its shoulder is (3,) m."""
    out = 1.0 if side == "L" else -1.0
    pole = np.array([out * rng.uniform(0.1, 1.0), -1.0, rng.uniform(-0.8, 0.2)])
    if not busy:
        offset = np.array(
            [out * rng.uniform(0.0, 0.25), rng.uniform(-0.55, -0.4), rng.uniform(0, 0.2)]
        )
        return Goal(shoulder + offset, pole, float(rng.uniform(-30, 60)))
    if setting == "bench":
        offset = np.array(
            [-out * rng.uniform(-0.12, 0.22), rng.uniform(-0.45, -0.15), rng.uniform(0.2, 0.45)]
        )
        least = -50 if rng.random() < 0.6 else 40  # noqa: PLR2004 - share
        return Goal(shoulder + offset, pole, float(rng.uniform(least, 85)))
    if setting == "gesture":
        offset = np.array(
            [out * rng.uniform(-0.2, 0.2), rng.uniform(-0.15, 0.25), rng.uniform(0.15, 0.42)]
        )
        ahead = np.array([rng.normal(0, 0.4), rng.normal(0, 0.3), rng.choice([1, 1, -1])])
        return Goal(shoulder + offset, pole * (1, 1, 0.3), ahead)
    offset = np.array(
        [out * rng.uniform(-0.25, 0.45), rng.uniform(-0.45, 0.45), rng.uniform(0.0, 0.45)]
    )
    return Goal(shoulder + offset, pole, float(rng.uniform(-85, 85)))


def hand_picture(rng: np.random.Generator, person: Handed, renderer: Renderer, size: int) -> Sample:
    """Draw a picture (size, size) of a person's hands and its truth; some show none."""
    setting = SETTINGS[rng.choice(len(SETTINGS), p=_SHARES)]
    acted = act(rng, person, setting)
    camera, target = sample_camera(rng, setting, acted.hands, acted.points, acted.eyes, size)
    meshes = list(acted.meshes)
    meshes += sample_room(rng, camera.position)
    lowest = float(acted.hands[:, :, 1].min())
    top = lowest - rng.uniform(0.012, 0.08)
    if setting == "bench" and camera.position[1] > top + 0.1 and rng.random() < 0.8:  # noqa: PLR2004
        meshes += table(rng, top)
    for _ in range(int(rng.integers(0, 6))):  # things in the air behind the hands, as on shelves
        at = target + rng.normal(0, 0.5, 3)
        if (at - camera.position) @ camera.rotation[2] > (
            target - camera.position
        ) @ camera.rotation[2] + 0.12:
            meshes.append(thing(rng, at, 0.04, 0.4))
    if rng.random() < 0.15:  # noqa: PLR2004 - share
        meshes += in_the_way(rng, camera.position, target)
    picture = renderer.render(meshes, camera, sample_light(rng))
    hands = [
        truth
        for (side, label), points in zip(SIDES, acted.hands, strict=True)
        if (truth := _truth(points, camera, picture, side, label))
    ]
    far = max(float((target - camera.position) @ camera.rotation[2]), 0.1)
    rgb = expose(rng, picture, camera.focal / far, far)
    quality = int(rng.integers(60, 97))
    return Sample(rgb, picture.labels, {"setting": setting, "people": [], "hands": hands}, quality)


def _truth(
    points: Floats, camera: Camera, picture: Picture, side: str, label: int
) -> dict[str, Any] | None:
    """One hand's line of truth; None where nearly nothing of it is seen."""
    box = box_of(picture.labels, label)
    if box is None or int((picture.labels == label).sum()) < _LEAST:
        return None
    seen = visibility(points, camera, picture, label, _FLESH)
    _, depth = camera.project(points)
    z = (depth - depth[0]) * camera.focal / max(float(depth[0]), 0.05)
    return {
        "side": {"L": "left", "R": "right"}[side],
        "label": label,
        "box": box,
        "landmarks": [
            [round(float(x), 2), round(float(y), 2), round(float(far), 2), int(v)]
            for (x, y, v), far in zip(seen, z, strict=True)
        ],
    }
