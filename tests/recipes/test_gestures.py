"""The recipe of gestures and poses: honest divisions, noise that renames, weights that agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.config import ModelChoice
from edge.core.features import FEATURES
from edge.core.types import Observation, Pose
from edge.decode.labels import NONE, Labels
from edge.errors import EdgeposeError
from edge.runtime import shown, taught
from edge.runtime.assemble import predictor
from edge.runtime.labels import USUAL, Classifier, Labeller
from models.recipes.gestures import noise, recorded
from models.recipes.gestures.classes import GESTURES, POSES, Classes
from models.recipes.gestures.examples import Examples, blocks, joined
from tests.fakes import standing
from tests.hand_figure import hand

TINY = Classes({"open": ("open",), "fist": ("fist",), NONE: ("other",)})


def examples(name: str, poses: list[Pose], recording: str = "film 1") -> Examples:
    return Examples(
        np.stack([pose.xy for pose in poses]),
        np.stack([pose.score for pose in poses]),
        np.array([name] * len(poses)),
        np.array([recording] * len(poses)),
    )


def curled(deg: float = 0.0) -> Pose:
    """Every finger back at its knuckle."""
    pose = hand(deg=deg)
    xy = pose.xy.copy()
    for base in (5, 9, 13, 17):
        xy[base + 1 : base + 4] = xy[base] + 0.2 * (xy[0] - xy[base])
    xy[2:5] = xy[5]
    return replace(pose, xy=xy)


@pytest.mark.parametrize("classes", [GESTURES, POSES])
def test_every_kind_is_of_one_class_and_none_is_a_class(classes: Classes) -> None:
    assert len(set(classes.kinds)) == len(classes.kinds)
    assert NONE in classes.names
    assert classes.of(np.array(["nobody knows"])).tolist() == [NONE]
    assert classes.of(np.array(classes.kinds)).tolist() == [
        name for name in classes.names for _ in classes.table[name]
    ]


def test_parts_of_a_film_are_apart() -> None:
    film = examples("open", [hand(at=(float(i), 0.0)) for i in range(100)])
    two = joined([film, replace(film, recording=np.array(["film 2"] * 100))])
    first, second = blocks(two, 0.0, 0.6), blocks(two, 0.6, 1.0)
    for name in ("film 1", "film 2"):
        ends = (
            first.xy[first.recording == name][-1, 0, 0],
            second.xy[second.recording == name][0, 0, 0],
        )
        assert ends[1] - ends[0] > 2
    assert len(first) + len(second) < len(two)


@pytest.mark.parametrize(
    ("deg", "name"), [(0, "thumb-up"), (180, "thumb-down"), (90, "thumb-aside"), (47, "")]
)
def test_a_turned_thumb_is_another_gesture(deg: float, name: str) -> None:
    up = np.array([[(0.0, 0.0)] * 21], np.float32)
    up[0, 4] = (np.sin(np.radians(deg)), -np.cos(np.radians(deg)))
    assert noise.thumbs(up, np.array(["thumb-up"])).tolist() == [name]
    assert noise.thumbs(up, np.array(["open"])).tolist() == ["open"]


def test_a_mirrored_body_raises_the_other_arm() -> None:
    body = standing(100, 100)
    raised = body.xy.copy()
    raised[[7, 9]] = body.xy[[5, 5]] - np.array(((0, 40), (0, 90)), np.float32)
    many = examples("raised-left", [replace(body, xy=raised)] * 400)
    seen = noise.bodies(np.random.default_rng(0), many)
    both = (seen.score[:, (9, 10)] > 0).all(axis=1)
    left_is_higher = seen.xy[both, 9, 1] < seen.xy[both, 10, 1]
    assert (left_is_higher == (seen.kind[both] == "raised-left")).mean() > 0.98
    assert 0.3 < (seen.kind == "raised-left").mean() < 0.7
    assert 0.02 < (seen.score == 0).mean() < 0.4


def test_noise_leaves_a_hand_what_it_is() -> None:
    clean = examples("open", [hand()] * 200)
    seen = noise.hands(np.random.default_rng(0), clean)
    palm = np.linalg.norm(clean.xy[0, 9] - clean.xy[0, 0])
    lengths = np.linalg.norm(seen.xy[:, 9] - seen.xy[:, 0], axis=1) / palm
    assert 0.8 < np.median(lengths) < 1.1
    assert np.ptp(lengths) > 0.2
    assert set(seen.kind.tolist()) == {"open"}


def test_a_tiny_classifier_from_examples_to_the_runtime(tmp_path: Path) -> None:
    """Weights as arithmetic, as .tflite and through the runtime say the same; and rightly."""
    pytest.importorskip("torch")
    pytest.importorskip("ai_edge_litert")
    from converters.progress import Progress  # noqa: PLC0415 - needs the converters
    from models.recipes.gestures import about, making, shipping  # noqa: PLC0415
    from models.recipes.gestures.lessons import Lesson  # noqa: PLC0415
    from models.recipes.gestures.network import Course, Settings  # noqa: PLC0415

    rng = np.random.default_rng(0)
    sorts: dict[str, Callable[[float], Pose]] = {"open": lambda d: hand(deg=d), "fist": curled}
    parts = [examples(name, [make(d) for d in range(0, 60, 3)]) for name, make in sorts.items()]
    wild = [replace(hand(), xy=rng.normal(0, 60, (21, 2)).astype(np.float32)) for _ in range(60)]
    teach = joined([*parts, examples("other", wild)])
    course = Course(FEATURES["hand-1"], TINY, noise.hands, Settings(batch=64, hidden=16, place=8))
    lesson = Lesson(course, {"made": teach}, {"made": teach}, {"made": teach}, ())
    made = making.make(lesson, 400, 3, Progress())
    assert made.figures["made"]["accuracy"] > 0.95
    out = tmp_path / "tiny"
    shipping.save(out, made, course, about.ABOUT["hand"], 3)
    one = predictor(ModelChoice(name=str(out)))
    with one.backend:
        vector = FEATURES["hand-1"].of(curled(20))
        assert vector is not None
        wanted, got = made.layers(vector), one.backend.infer(vector)
        for head, values in wanted.items():
            assert got[head] == pytest.approx(values, rel=1e-3, abs=1e-3)
        assert [p.label for p in Labeller([one]).named([hand(deg=20), curled(20)])] == [
            "open",
            "fist",
        ]
    card = (out / "CARD.md").read_text()
    assert "| made | 100 | " in card
    assert "made from commit" in card


def test_public_sets_are_read_and_named(shared: Path) -> None:
    folder = shared / "gestures"
    hands, bodies, others = (
        read(folder) for read in (recorded.hands, recorded.bodies, recorded.others)
    )
    for one, joints in ((hands, 21), (bodies, 17), (others, 21)):
        assert one.xy.shape == (len(one), joints, 2)
        assert np.isfinite(one.xy).all()
    known = (*GESTURES.kinds, *recorded.STRANGE)
    assert set(hands.kind.tolist()) <= set(known)
    assert set(others.kind.tolist()) == {"open", "fist", "point"}
    # y is down: in both sets most flat hands have their fingers above the wrist.
    for one in (hands, others):
        flat = one.of_kinds(("open",)).xy
        assert (flat[:, 12, 1] < flat[:, 0, 1]).mean() > 0.7
    left = bodies.of_kinds(("raised-left",))
    assert (left.xy[:, 9, 1] < left.xy[:, 10, 1]).mean() > 0.9


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    for read, name in ((recorded.hands, recorded.HANDS), (recorded.others, recorded.OTHERS)):
        with pytest.raises(EdgeposeError) as caught:
            read(tmp_path)
        assert name in str(caught.value)


def test_drawn_poses_are_called_what_their_joints_show(shared: Path) -> None:
    from models.recipes.gestures import drawn_bodies  # noqa: PLC0415 - reads the CC0 body

    drawer = drawn_bodies.Drawer.load(shared / "humans")
    drawn = drawn_bodies.draw(np.random.default_rng(0), drawer, 2)
    assert set(drawn.kind.tolist()) <= set(POSES.kinds)
    left = drawn.of_kinds(("raised-left",)).xy
    assert (left[:, 9, 1] < left[:, 0, 1]).mean() > 0.9  # above the nose, however one looks
    standing_up = drawn.of_kinds(("stand",)).xy
    assert (standing_up[:, 15:, 1].min(axis=1) > standing_up[:, 11:13, 1].max(axis=1)).all()


def test_drawn_hands_are_of_every_gesture(shared: Path) -> None:
    from models.recipes.gestures import drawn_hands  # noqa: PLC0415 - reads the CC0 body

    drawer = drawn_hands.Drawer.load(shared / "humans")
    drawn = drawn_hands.draw(np.random.default_rng(0), drawer, 1)
    assert {"fist", "pinch", "thumb-up", "other", *drawn_hands.STRANGE} <= set(drawn.kind.tolist())
    _, usable = FEATURES["hand-1"].make(drawn.xy, drawn.score)
    assert usable.all()


@pytest.mark.parametrize(("skeleton", "least"), [("hand21", 0.95), ("body17", 0.85)])
def test_the_bundled_classifiers_name_films_they_did_not_learn(
    shared: Path, skeleton: str, least: float
) -> None:
    pytest.importorskip("ai_edge_litert")
    if skeleton == "hand21":
        kit = recorded.hands(shared / "gestures")
        classes, films = GESTURES, kit.where(np.char.find(kit.recording, "_right") >= 0)
        films = films.where(np.isin(films.kind, GESTURES.kinds))
    else:
        classes, films = POSES, blocks(recorded.bodies(shared / "gestures"), 0.8, 1.0)
    films = films.at(np.arange(0, len(films), 7))
    one = predictor(ModelChoice(name=USUAL[skeleton]))
    poses = [Pose(skeleton, xy, score) for xy, score in zip(films.xy, films.score, strict=True)]
    with one.backend:
        said = [pose.label or NONE for pose in Labeller([one]).named(poses)]
    assert (np.array(said) == classes.of(films.kind)).mean() > least


def test_a_gesture_taught_from_one_hand_is_found_in_films_of_the_other(shared: Path) -> None:
    """What nobody trained on: 120 frames of the left hand teach it."""
    pytest.importorskip("ai_edge_litert")
    kit = recorded.hands(shared / "gestures")
    right = kit.where(np.char.find(kit.recording, "_right") >= 0)
    classifier = Classifier.of(predictor(ModelChoice(name=USUAL["hand21"])))

    def seen(some: Examples, labels: Labels = classifier.labels) -> taught.Clip:
        watched = (
            Observation(i / 10, i, (1, 1), (Pose("hand21", xy, score),))
            for i, (xy, score) in enumerate(zip(some.xy, some.score, strict=True))
        )
        with classifier.predictor.backend:
            one = replace(classifier, labels=labels)
            return shown.clip_of("film", watched, one, shown.Wanted(), lambda _all, _used: None)

    for strange in recorded.STRANGE:
        left = kit.where((kit.kind == strange) & (np.char.find(kit.recording, "_left") >= 0))
        clips = [seen(left.at(np.arange(first, first + 60))) for first in (0, 120)]
        lesson = taught.learn(strange, clips, (), classifier.labels)
        labels = replace(classifier.labels, taught=(lesson.taught,))
        assert lesson.recall > 0.8
        found = seen(right.of_kinds((strange,)), labels).said.count(strange)
        assert found > 0.8 * len(right.of_kinds((strange,)))
        others = right.where(right.kind != strange)
        assert seen(others, labels).said.count(strange) < 0.01 * len(others)
