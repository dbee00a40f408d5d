"""Real originals on real photos: small models that see what their originals see."""

from __future__ import annotations

from pathlib import Path

import pytest

from converters.__main__ import main
from converters.target import DEFAULTS
from edge.__main__ import main as edgepose
from edge.manifest import FILE_NAME, Manifest, load
from edge.recording import Reader

PEOPLE = "images/people"
PHOTOS = "images/coco_val/images"
HANDS = "images/hands/gesture_photos"
SMALL = 0.30  # of the size in float32


def convert(kind: str, original: Path, photos: Path, out: Path, *flags: str | Path) -> None:
    """Convert, with the float32 model for comparison."""
    words = [kind, "--from", original, "--calibrate", photos, "--out", out, *flags]
    words += [word for target in (*DEFAULTS, "tflite:float32") for word in ("--to", target)]
    assert main([str(word) for word in words]) == 0


def check(manifest: Manifest) -> None:
    """Everything small, close to its original, and from where it is said to be."""
    assert manifest.parity == "passed"
    assert manifest.licence == "Apache-2.0"
    assert set(DEFAULTS) < set(manifest.measured)
    float32 = sum(file.size for file in manifest.weights if "-float32" in file.path)
    for kind in ("tflite", "openvino", "onnx"):
        int8 = [f for f in manifest.weights if f.format == kind and "-int8" in f.path]
        assert sum(file.size for file in int8) <= SMALL * float32, kind


@pytest.mark.parametrize(
    ("original", "pixels"),
    [("tfjs_mobilenet_float_050", "257x257"), ("tfjs_mobilenet_quant2_075", "353x481")],
)
def test_posenet_int8_finds_the_people_of_its_original(
    shared: Path, tmp_path: Path, original: str, pixels: str
) -> None:
    out = tmp_path / "posenet"
    marked = shared / "images/coco_val/person_keypoints_val2017.json"
    flags = ("--input", pixels, "--parity", shared / PHOTOS, "--truth", marked)
    convert("posenet", shared / "weights/posenet" / original, shared / PEOPLE, out, *flags)
    manifest = load(out / FILE_NAME)
    check(manifest)
    for target in DEFAULTS:
        figures = manifest.measured[target]
        assert figures["found_by_both"] >= 0.95
        assert figures["distance"] <= 1.5
        assert figures["ap_loss"] <= 0.01


def test_hand_landmarks_at_another_size_are_refused(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Its coordinates are pixels of 224 whatever goes in, and both models would be wrong alike.
    words = ["any", shared / "weights/hand/hand_landmark_lite.onnx", "--decoder", "hand"]
    words += ["--input", "256x256", "--calibrate", shared / HANDS, "--out", tmp_path / "hand"]
    assert main([str(word) for word in words]) != 0
    assert "in pixels of 224x224 only" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_hands_int8_finds_the_hands_of_its_originals(shared: Path, tmp_path: Path) -> None:
    few = ("--count", "16", "--parity-count", "16")
    convert("hand", shared / "weights/hand", shared / HANDS, tmp_path / "hand", *few)
    both = [tmp_path / f"hand-{part}" for part in ("palm", "landmarks")]
    for folder in both:
        check(load(folder / FILE_NAME))
    poses = tmp_path / "poses.jsonl"
    models = [word for folder in both for word in ("--model", str(folder))]
    photos = next((shared / HANDS).rglob("call"))
    assert edgepose(["record", str(photos), *models, "--out", str(poses)]) == 0
    seen = [pose for each in Reader(poses, pytest.fail) for pose in each.poses]
    assert any(pose.skeleton == "hand21" for pose in seen)
