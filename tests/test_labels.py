"""Poses get names: vectors that say what and not where, and classifiers that run on them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from edge import manifest
from edge.config import ModelChoice
from edge.core.features import FEATURES
from edge.core.geometry import rotation
from edge.core.types import Floats, Pose
from edge.decode.labels import Labels, Taught
from edge.errors import ConfigError, ModelError, Problems
from edge.modelstore import model_store
from edge.runtime.assemble import predictor
from edge.runtime.labels import USUAL, Labeller, known_labels
from edge.runtime.roles import roles
from tests import figure
from tests.fakes import standing
from tests.hand_figure import hand

ROOT = Path(__file__).parents[1]
HAND, BODY = FEATURES["hand-1"], FEATURES["body-1"]
TWO = {
    "scores": np.array([[0.1, 0.7, 0.2]], np.float32),
    "place": np.array([[1.0, 0.0]], np.float32),
    "known": np.array([[8.0, 8.0, 8.0]], np.float32),  # squared distances 9 from all kinds
}
LABELS = Labels(classes=("fist", "open", "none"), kinds=("fist", "open", "other"))


def vector(pose: Pose) -> Floats:
    found = (HAND if pose.skeleton == "hand21" else BODY).of(pose)
    assert found is not None
    return found


@pytest.mark.parametrize(("at", "palm"), [((10.0, 20.0), 40.0), ((900.0, 5.0), 133.0)])
def test_a_hand_is_the_same_anywhere_and_in_any_size(at: tuple[float, float], palm: float) -> None:
    assert vector(hand(at, palm)) == pytest.approx(vector(hand()), abs=1e-4)


def test_left_and_right_and_what_the_model_thinks_of_it_are_one() -> None:
    seen = hand()
    mirrored = replace(seen, xy=seen.xy * np.array((-1, 1), np.float32), side="left")
    assert vector(mirrored) == pytest.approx(vector(seen), abs=1e-4)


def test_a_turned_hand_differs_only_in_where_up_is() -> None:
    upright, turned = vector(hand())[0], vector(hand(deg=90))[0]
    differs = np.flatnonzero(np.abs(upright - turned) > 1e-3).tolist()
    assert differs == [40, 41, 61]  # the picture's up, and how steep the thumb is
    assert upright[41] == pytest.approx(1.0, abs=1e-4)
    assert turned[41] == pytest.approx(0.0, abs=1e-4)


def test_a_body_is_the_same_anywhere_but_not_turned_or_mirrored() -> None:
    seen = standing(100, 100)
    moved = replace(seen, xy=(seen.xy * 2 + 50).astype(np.float32))
    assert vector(moved) == pytest.approx(vector(seen), abs=1e-3)
    lying = replace(seen, xy=(seen.xy @ rotation(math.pi / 2).T).astype(np.float32))
    assert np.abs(vector(lying) - vector(seen)).max() > 0.5


def test_what_is_not_seen_does_not_count() -> None:
    seen = standing(100, 100)
    unsure = seen.score.copy()
    unsure[[9, 15]] = 0.0
    one = replace(seen, score=unsure)
    wild = one.xy.copy()
    wild[[9, 15]] = (5000.0, np.nan)
    assert vector(replace(one, xy=wild)) == pytest.approx(vector(one))
    assert BODY.of(replace(seen, score=np.zeros(17, np.float32))) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1e30])
def test_no_vector_is_made_of_nothing(value: float) -> None:
    assert HAND.of(replace(hand(), xy=np.full((21, 2), value, np.float32))) is None


@pytest.mark.parametrize("features", FEATURES.values(), ids=lambda one: one.name)
def test_vectors_have_their_length_and_are_finite(features: Any) -> None:
    many = 21 if features.skeleton == "hand21" else 17
    rng = np.random.default_rng(0)
    made, usable = features.make(
        rng.normal(0, 80, (50, many, 2)).astype(np.float32),
        rng.random((50, many)).astype(np.float32),
    )
    assert made.shape == (50, features.length)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert usable.any()


def said(labels: Labels, **heads: Floats) -> tuple[str, float]:
    found = labels({**TWO, **heads}, (0, 0))
    return (found[0].label, round(found[0].label_score, 3)) if found else ("", 0.0)


def test_the_surest_class_is_the_label_unless_it_is_none_or_unsure() -> None:
    assert said(LABELS) == ("open", 0.7)
    assert said(replace(LABELS, threshold=0.75)) == ("", 0.0)
    assert said(LABELS, scores=np.array([[0.1, 0.1, 0.8]], np.float32)) == ("", 0.0)


def test_what_was_taught_counts_near_its_place_and_nowhere_else() -> None:
    taught = replace(LABELS, taught=(Taught("pen", (1.0, 1.0), radius=2.0),))
    assert said(taught) == ("pen", 0.875)
    assert said(taught, place=np.array([[1.0, 4.0]], np.float32)) == ("open", 0.7)
    # Nearer to something learned: what was taught does not take it.
    assert said(taught, known=np.array([[8.0, -0.5, 8.0]], np.float32)) == ("open", 0.7)
    assert taught.names == ("fist", "open", "pen")


@pytest.mark.parametrize("name", USUAL.values())
def test_the_bundled_classifiers_open_and_name_poses(name: str) -> None:
    pytest.importorskip("ai_edge_litert")
    one = predictor(ModelChoice(name=name))
    seen = hand() if one.manifest.skeleton == "hand21" else standing(100, 100)
    with one.backend:
        labelled, other, glimpse = Labeller([one]).named(
            [seen, replace(seen, skeleton="palm9"), replace(seen, glimpse=True)]
        )
    assert labelled.label == ("open" if one.manifest.skeleton == "hand21" else "stand")
    assert 0.5 < labelled.label_score <= 1.0
    assert (other.label, glimpse.label) == ("", "")
    assert np.array_equal(labelled.xy, seen.xy)


@pytest.mark.parametrize(
    ("shape", "name"), [(figure.STAND, "stand"), (figure.BEND, "bend"), (figure.SQUAT, "squat")]
)
def test_a_stick_figure_from_the_side(shape: figure.Shape, name: str) -> None:
    pytest.importorskip("ai_edge_litert")
    one = predictor(ModelChoice(name=USUAL["body17"]))
    points = figure.joints(shape)
    xy = np.stack((points[:, 0], -points[:, 1]), axis=1) * 200 + 300
    pose = Pose("body17", xy.astype(np.float32), np.full(17, 0.9, np.float32))
    with one.backend:
        assert Labeller([one]).named([pose])[0].label == name


def test_a_model_that_looks_at_pictures_names_nothing() -> None:
    body = SimpleNamespace(manifest=model_store().find("edgepose-body-257").manifest)
    with pytest.raises(ModelError, match="is no classifier"):
        Labeller([cast("Any", body)])


def test_known_labels_are_those_that_can_be_said() -> None:
    assert "fist" in known_labels("hand21")
    assert "none" not in known_labels("body17")


def of(skeleton: str, features: str = "") -> Any:
    spec = SimpleNamespace(
        skeleton=skeleton,
        finds="" if features else skeleton,
        input=manifest.InputSpec(features=features),
    )
    return SimpleNamespace(manifest=spec)


def test_a_classifier_needs_a_model_that_finds_what_it_names() -> None:
    gestures = of("hand21", "hand-1")
    found = roles([of("body17"), of("hand21"), gestures], "cam.toml")
    assert found.classifiers == {"hand21": gestures}
    assert gestures in found.predictors
    with pytest.raises(ConfigError, match="names hand landmarks, and no model finds any"):
        roles([of("body17"), gestures], "cam.toml")
    with pytest.raises(ConfigError, match=r"as model\[3\] does"):
        roles([of("body17"), of("hand21"), gestures, gestures], "cam.toml")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('features = "hand-1"', 'features = "hand-9"', "did you mean 'hand-1'"),
        ('features = "hand-1"', 'features = "body-1"', "is not for hand21"),
        ('"open",', '"open", "more",', "the decoder does not take these shapes"),
        ('features = "hand-1"', "", "needs height and width"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    text = (ROOT / "models" / USUAL["hand21"] / "manifest.toml").read_text()
    (tmp_path / "manifest.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(Problems) as caught:
        manifest.load(tmp_path / "manifest.toml")
    assert word in str(caught.value)
