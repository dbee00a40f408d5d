"""A frame to poses, and once more where somebody was lost: coordinates, cost, and when not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
import pytest

from edge.core.engine import Engine, Memory
from edge.core.track import Tracker
from edge.core.types import Frame, Image, Observation, Pose
from edge.manifest import InputSpec, Manifest
from edge.runtime.estimate import BodyFinder, Estimator
from edge.runtime.lookagain import QUARTERS, LookAgain
from edge.runtime.predictor import Predictor
from tests.fakes import Eye
from tests.figure import RIGHT, STAND
from tests.lives import Act, Life, observations, pose_of

INPUT = (96, 128)  # height, width px
SIZE = (640, 480)  # width, height px of the camera
FPS = 10.0
LOOK = LookAgain()
LIFE = Life((Act(STAND, 0.0, 2.0),), fps=FPS)


@dataclass
class Sees:
    """A decoder: answers from a script while it lasts, then nobody."""

    script: list[tuple[Pose, ...]] = field(default_factory=list)

    def __call__(self, _heads: Any, size: tuple[int, int]) -> tuple[Pose, ...]:
        assert size == INPUT
        return self.script.pop(0) if self.script else ()


def brightest(heads: Any, _size: tuple[int, int]) -> tuple[Pose, ...]:
    """A decoder: a person all of whose keypoints lie where the picture is brightest."""
    bright = heads["bright"][0]
    rows, columns = np.nonzero(bright >= max(float(bright.max()), 100.0))
    if not len(rows):
        return ()
    at = np.array((columns.mean(), rows.mean()), np.float32)
    return (Pose("body17", np.tile(at, (17, 1)), np.full(17, 0.9, np.float32)),)


def manifest(decoder: Any, *, sees_lying: bool = False) -> Manifest:
    facts: dict[str, Any] = dict.fromkeys(("name", "title", "licence", "homepage"), "eye")
    return Manifest(
        **facts,
        skeleton="body17",
        sees_lying=sees_lying,
        input=InputSpec(*INPUT),
        weights=(),
        outputs={},
        decoder=decoder,
    )


class Sighted(Estimator):
    def see(self, one: Frame, memory: Memory) -> Observation:
        return self.observe(self.look(self.prepare(one)), memory)


def estimator_of(eye: Eye, facts: Manifest, look: LookAgain) -> Sighted:
    return Sighted(BodyFinder(Predictor(facts, eye), look), None)


def frame(seq: int, image: Image | None = None) -> Frame:
    dark = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    return Frame(dark if image is None else image, seq / FPS, seq)


def remembering(life: Life = LIFE) -> tuple[Memory, int]:
    """Memory of somebody who has just been seen, and the number of the next frame."""
    core = Engine(Tracker(), ())
    memory = core.start()
    seen = observations(life)
    for one in seen:
        memory, _, _ = core.step(memory, one)
    return memory, len(seen)


def unseen(memory: Memory, seq: int) -> Memory:
    """The same after a frame in which nobody is seen."""
    memory, _, _ = Engine(Tracker(), ()).step(memory, Observation(seq / FPS, seq, SIZE, ()))
    return memory


def watch(estimator: Sighted, eye: Eye, memory: Memory, seq: int, frames: int) -> list[int]:
    """Inferences spent on each of the next frames, in which a model sees what its decoder says."""
    core, spent = Engine(Tracker(), ()), []
    for number in range(seq, seq + frames):
        before = len(eye.pictures)
        memory, _, _ = core.step(memory, estimator.see(frame(number), memory))
        spent.append(len(eye.pictures) - before)
    return spent


def test_the_whole_picture_is_laid_into_the_input_and_poses_come_back() -> None:
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    cv2.circle(image, (500, 100), 12, (255, 0, 0), -1)
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(brightest), LOOK)
    seen = estimator.see(frame(3, image), Engine(Tracker(), ()).start())
    assert (seen.t, seen.seq, seen.size) == (0.3, 3, SIZE)
    (pose,) = seen.poses
    assert not pose.glimpse
    assert pose.xy[0] == pytest.approx((500, 100), abs=3.0)
    assert pose.xy.dtype == np.float32


def test_a_tall_picture_leaves_the_rest_of_the_input_black() -> None:
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(Sees()), LOOK)
    start = Engine(Tracker(), ()).start()
    estimator.see(frame(0, np.full((480, 640, 3), 200, np.uint8)), start)
    estimator.see(frame(1, np.full((640, 320, 3), 200, np.uint8)), start)
    wide, tall = eye.pictures
    assert (wide == 200).all()
    assert (tall[:, :48] == 200).all()
    assert (tall[:, 48:] == 0).all(), "nothing of the last picture is left"


def test_while_everybody_is_seen_nothing_more_is_spent() -> None:
    memory, seq = remembering()
    eye = Eye(INPUT)
    there = replace(LIFE, height_px=LIFE.height_px / 5, at=(64.0, 80.0))
    estimator = estimator_of(eye, manifest(Sees([(pose_of(there, 0.0),)] * 30)), LOOK)
    assert watch(estimator, eye, memory, seq, 30) == [1] * 30
    assert estimator.stats.looks == 0


def test_who_is_lost_inside_is_looked_for_once_a_frame_then_less_then_not() -> None:
    memory, seq = remembering()
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(Sees()), LOOK)
    spent = watch(estimator, eye, memory, seq, round(FPS * (LOOK.patient_s + 5)))
    assert set(spent) == {1, 2}
    # The first frame without them is needed to know that they are lost.
    eager = round(LOOK.eager_s * FPS)
    assert spent[:eager] == [1] + [2] * (eager - 1)
    patient = (LOOK.patient_s - LOOK.eager_s) / LOOK.every_s
    assert sum(spent[eager:]) - len(spent[eager:]) == pytest.approx(patient, abs=2)
    assert set(spent[-round(FPS) :]) == {1}
    assert (estimator.stats.looks, estimator.stats.found) == (sum(spent) - len(spent), 0)
    assert estimator.stats.seconds > 0


@pytest.mark.parametrize(
    ("look", "sees_lying", "at"),
    [
        (replace(LOOK, enabled=False), False, LIFE.at),
        (LOOK, True, LIFE.at),
        (LOOK, False, (630.0, 400.0)),
    ],
    ids=["switched off", "the model sees lying people", "left at the border"],
)
def test_when_nobody_is_looked_for(
    look: LookAgain, at: tuple[float, float], *, sees_lying: bool
) -> None:
    memory, seq = remembering(replace(LIFE, at=at))
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(Sees(), sees_lying=sees_lying), look)
    assert watch(estimator, eye, memory, seq, 20) == [1] * 20
    assert estimator.stats.looks == 0


def test_of_two_who_are_lost_one_is_looked_for_a_frame() -> None:
    memory, seq = remembering()
    other, _ = remembering(replace(LIFE, at=(120.0, 400.0)))
    people = (*memory.tracks.memories, *other.tracks.memories)
    both = replace(memory, tracks=replace(memory.tracks, memories=people))
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(Sees()), LOOK)
    assert max(watch(estimator, eye, both, seq, 20)) == 2


@pytest.mark.parametrize("turn", range(len(QUARTERS)), ids=["as it is", "left", "right"])
def test_a_glimpse_lies_where_the_person_is(turn: int) -> None:
    """A bright spot on the floor, found by the n-th look, which is turned the n-th way."""
    memory, seq = remembering()
    memory = unseen(memory, seq)
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    cv2.circle(image, (380, 370), 6, (255, 0, 0), -1)
    eye = Eye(INPUT)
    looks = 0

    def only_when_looking(heads: Any, size: tuple[int, int]) -> tuple[Pose, ...]:
        nonlocal looks
        looks += 1
        return brightest(heads, size) if looks % 2 == 0 else ()

    estimator = estimator_of(eye, manifest(only_when_looking), LOOK)
    for number in range(turn):
        estimator.see(frame(seq + 1 + number, image), memory)
    (pose,) = estimator.see(frame(seq + 1 + turn, image), memory).poses
    assert pose.glimpse
    assert pose.xy[0] == pytest.approx((380, 370), abs=2.5)
    assert (estimator.stats.looks, estimator.stats.found) == (turn + 1, turn + 1)
    plain, enlarged = ((picture > 128).sum() for picture in eye.pictures[-2:])
    assert enlarged > 2 * plain


def test_a_faint_glimpse_is_none() -> None:
    memory, seq = remembering()
    score = np.full(17, 0.9 * LOOK.min_score, np.float32)
    faint = Pose("body17", np.full((17, 2), 40.0, np.float32), score)
    estimator = estimator_of(Eye(INPUT), manifest(Sees([(), (faint,)])), LOOK)
    seen = estimator.see(frame(seq + 1), unseen(memory, seq))
    assert seen.poses == ()
    assert (estimator.stats.looks, estimator.stats.found) == (1, 0)


def test_who_is_found_in_the_plain_pass_again_is_not_looked_for() -> None:
    memory, seq = remembering()
    there = replace(LIFE, first=RIGHT, acts=(), height_px=LIFE.height_px / 5, at=(64.0, 80.0))
    eye = Eye(INPUT)
    estimator = estimator_of(eye, manifest(Sees([(pose_of(there, 0.0),)])), LOOK)
    (pose,) = estimator.see(frame(seq + 1), unseen(memory, seq)).poses
    assert not pose.glimpse
    assert len(eye.pictures) == 1


def test_a_person_sized_change_is_reported_in_pixels_of_the_frame() -> None:
    estimator = estimator_of(Eye(INPUT), manifest(Sees()), LOOK)
    start = Engine(Tracker(), ()).start()
    dark = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    for number in range(10):
        assert estimator.see(frame(number, dark), start).changes == ()
    lying = dark.copy()
    lying[330:390, 300:480] = 200
    (change,) = estimator.see(frame(10, lying), start).changes
    assert change.box == pytest.approx((300, 330, 480, 390), abs=14.0)
    assert change.area == pytest.approx(180 * 60, rel=0.4)
