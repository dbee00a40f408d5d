"""A whole picture: people in a place, seen by a camera, with the truth about them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.recipes.humans.person import Cast, Person
from models.recipes.poses.library import Library
from models.recipes.rendering import lens
from models.recipes.rendering.camera import Camera
from models.recipes.rendering.dataset import Maker, Sample
from models.recipes.rendering.opengl import Renderer
from models.recipes.rendering.truth import SEEN, box_of, visibility
from models.recipes.rendering.types import Bytes, Floats, Mesh, Picture
from models.recipes.scenes import camera_choice, light, occluders, props, rooms, textures
from models.recipes.scenes.backdrop import panoramas

SIZE = 320  # px, both sides of a picture
_PEOPLE = (0.06, 0.64, 0.2, 0.1)  # shares of pictures with no, one, two and three people
_HIDDEN = 0.15  # share of pictures with something before the person
_TRIES, _ENOUGH = 3, 8  # drawings of a picture; keypoints of 17 that should be seen
_LENS, _FINE = 0.35, 93  # share that goes through a bad camera; JPEG quality of the others
_NOBODY = np.array([[-0.3, 0, -0.3], [0.3, 1.7, 0.3]], np.float32)  # where one might stand
_LEAST = 24  # pixels of a person that may still be asked for


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A person in the picture: its label, the kind of its pose, keypoints (17, 3) m."""

    label: int
    kind: str
    keypoints: Floats
    meshes: list[Mesh]
    points: Floats  # (P, 3), m


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Draws pictures of people; one for a process."""

    cast: Cast
    library: Library
    renderer: Renderer
    panoramas: Sequence[Bytes]

    def __call__(self, rng: np.random.Generator) -> Sample:
        """Draw a picture and its truth; one that hides whom it is about is drawn again."""
        count = int(rng.choice(len(_PEOPLE), p=_PEOPLE))
        sample = self._draw(rng, count)
        for _ in range(_TRIES - 1):
            if not count or _shows(sample.truth):
                break
            sample = self._draw(rng, count)
        return sample

    def _draw(self, rng: np.random.Generator, count: int) -> Sample:
        fabrics = [textures.draw(rng, textures.FABRICS) for _ in range(6)]
        room = rooms.sample(rng, self.panoramas)
        spots = room.spots[:count]
        actors = [self._actor(rng, k + 1, spot, fabrics) for k, spot in enumerate(spots)]
        focus = actors[0].points if actors else _NOBODY
        camera = camera_choice.sample(rng, focus, (SIZE, SIZE), room.bounds, room.taken)
        meshes: list[Mesh] = list(room.meshes)
        if rng.random() < _HIDDEN:
            meshes += occluders.sample(rng, camera, focus)
        for actor in actors:
            meshes += actor.meshes
        picture = self.renderer.render(meshes, camera, light.sample(rng))
        people = [truth_of(actor, camera, picture) for actor in actors]
        truth: dict[str, Any] = {"people": [one for one in people if one]}
        rgb, quality = (
            lens.sample(rng, picture.rgb) if rng.random() < _LENS else (picture.rgb, _FINE)
        )
        return Sample(rgb, picture.labels, truth, quality)

    def _actor(
        self, rng: np.random.Generator, label: int, spot: Floats, fabrics: Sequence[Bytes]
    ) -> Actor:
        person: Person = self.cast.sample(rng, fabrics)
        pose = self.library.sample(rng)
        height = props.bed_height(rng, pose.kind)
        place = np.array([spot[0], 0, spot[1]], np.float32)
        posed = person.pose(np.asarray(pose.turns, np.float32), label, place, pose.lift + height)
        things = props.sample(rng, pose.kind, posed, height)
        return Actor(label, pose.kind, posed.keypoints, [*posed.meshes, *things], posed.points)


def _shows(truth: dict[str, Any]) -> bool:
    """Whether the first person, whom the camera looks for, is mostly seen."""
    first = [one for one in truth["people"] if one["label"] == 1]
    return any(sum(v == SEEN for *_, v in one["keypoints"]) >= _ENOUGH for one in first)


def truth_of(actor: Actor, camera: Camera, picture: Picture) -> dict[str, Any] | None:
    """Return a person's line of truth; None where nearly nothing of it is in the picture."""
    box = box_of(picture.labels, actor.label)
    if box is None or int((picture.labels == actor.label).sum()) < _LEAST:
        return None
    seen = visibility(actor.keypoints, camera, picture, actor.label)
    return {
        "label": actor.label,
        "kind": actor.kind,
        "box": box,
        "keypoints": [[round(float(x), 2), round(float(y), 2), int(v)] for x, y, v in seen],
    }


@dataclass(frozen=True, slots=True)
class Studio:
    """What a renderer's process is told: where the humans are."""

    humans: Path

    def __call__(self) -> Maker:
        """Load all of it; OpenGL stays open as long as the process lives."""
        cast = Cast.load(self.humans)
        library = Library.load(self.humans, cast.plan.fit(cast.mesh.vertices))
        renderer = ExitStack().enter_context(Renderer(SIZE, SIZE))
        return People(cast, library, renderer, panoramas(self.humans))
