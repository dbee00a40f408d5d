"""Rendering the clip: every frame to ffmpeg, and its exact truth."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

import cv2
import numpy as np

from edge.errors import EdgeposeError
from models.recipes.film import carrying, props
from models.recipes.film.casting import operator
from models.recipes.film.curves import Floats
from models.recipes.film.layout import FPS, HEIGHT, WIDTH, camera
from models.recipes.film.performance import Performance, perform
from models.recipes.humans.person import Cast, Person
from models.recipes.rendering.opengl import Renderer
from models.recipes.rendering.truth import visibility
from models.recipes.rendering.types import Bytes

_FINGER = 0.03  # m: a hand's landmark lies this far beneath its skin at most


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One frame: rgb (H, W, 3), body (17, 3) and hands (2, 21, 3) as x, y px and visibility."""

    rgb: Bytes
    body: Floats
    hands: Floats


def shots(person: Person, acted: Performance, rng: np.random.Generator) -> Iterator[Shot]:
    """Draw frame after frame."""
    room = [*props.room(rng), *props.bench(rng)]
    kinds, seen_by, light = props.things(), camera(), props.light()
    with Renderer(WIDTH, HEIGHT, 2.0) as renderer:
        for frame, t in enumerate(acted.t):
            turns = np.asarray(acted.turns(person.rig, frame), np.float32)
            posed = person.pose(turns, 1, acted.place(person.rig, frame))
            held = carrying.places(acted.script, float(t), posed.hands)
            loose = [mesh for name, at in held.items() for mesh in kinds[name.split("-")[0]].at(at)]
            picture = renderer.render([*room, *posed.meshes, *loose], seen_by, light)
            body = visibility(posed.keypoints, seen_by, picture, 1)
            hands = [visibility(hand, seen_by, picture, 1, _FINGER) for hand in posed.hands]
            yield Shot(picture.rgb, body, np.stack(hands))


@dataclass(frozen=True, slots=True)
class Take:
    """What to film: a variant of the procedure, who and what by seed, H.264's quality (CRF)."""

    variant: str
    seed: int
    quality: int


def film(
    humans: Path, take: Take, out: Path, show: Callable[[int, int], None]
) -> tuple[Performance, list[Shot]]:
    """Render a take into `out`; the shots come back without their pictures.

    The same seed gives the same film. EdgeposeError where ffmpeg is missing or fails.
    """
    person = operator(Cast.load(humans), np.random.default_rng(take.seed))
    acted = perform(person, take.variant, np.random.default_rng([take.seed, 1]))
    empty = np.zeros((0, 0, 3), np.uint8)
    kept = []
    with _encoder(out, take.quality) as encoder:
        pictures = cast("IO[bytes]", encoder.stdin)
        for shot in shots(person, acted, np.random.default_rng([take.seed, 2])):
            pictures.write(shot.rgb.tobytes())
            kept.append(replace(shot, rgb=empty))
            show(len(kept), len(acted.t))
        pictures.close()
        if encoder.wait():
            raise EdgeposeError(str(out), "ffmpeg could not write it", "see its message above")
    return acted, kept


def _encoder(out: Path, quality: int) -> subprocess.Popen[bytes]:
    """Start ffmpeg, which takes RGB frames; on one thread it writes the same each time."""
    command = (
        *("ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-", "-an", "-c:v", "libx264"),
        *("-preset", "slow", "-crf", str(quality), "-pix_fmt", "yuv420p", "-threads", "1"),
        *("-g", str(10 * FPS), "-fflags", "+bitexact", "-flags:v", "+bitexact"),
        *("-movflags", "+faststart", str(out)),
    )
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own command line
    except FileNotFoundError as error:
        hint = "install ffmpeg with libx264"
        raise EdgeposeError("ffmpeg", "is not installed", hint) from error


def sheet(out: Path, times: list[float], columns: int = 6) -> Bytes:
    """A contact sheet (H, W, 3) BGR of frames of a clip at these times, s."""
    capture = cv2.VideoCapture(str(out))
    pictures, wanted, number = [], {round(t * FPS) for t in times}, 0
    while True:
        there, image = capture.read()
        if not there:
            break
        if number in wanted:
            pictures.append(
                cv2.resize(image, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
            )
        number += 1
    capture.release()
    rows = [np.hstack(pictures[k : k + columns]) for k in range(0, len(pictures), columns)]
    return np.vstack([row for row in rows if row.shape == rows[0].shape])
