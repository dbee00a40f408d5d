"""A real model on real photos: equal to itself, and refused when broken on purpose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from converters import flat, heads
from converters.model import FloatModel, Request
from converters.parity import accuracy, bodies, truth
from converters.parity.measure import Measure
from converters.parity.tolerances import BodyTolerances
from converters.pictures import Picture, load
from converters.readers import tfjs
from edge.core.types import Pose
from edge.decode.posenet import PoseNet
from edge.manifest import InputSpec, Manifest, OutputSpec, WeightsFile
from edge.runtime.predictor import Predictor
from tests.converters.parities import figures

ORIGINAL = "weights/posenet/tfjs_mobilenet_float_050/model-stride16.json"
SIZE = (257, 257)


@pytest.fixture(scope="module")
def original(shared: Path) -> FloatModel:
    request = Request(SIZE, heads.pick("posenet", {}))
    return tfjs.read(shared / ORIGINAL, request)


@pytest.fixture(scope="module")
def pictures(shared: Path) -> Sequence[Picture]:
    return load(str(shared / "images/coco_val/images"), 100, 0, lambda _done, _total: None).pictures


def per_tensor(model: FloatModel) -> bytes:
    """Weights rounded to 256 levels between the least and the greatest of each tensor."""
    parsed = flat.parse(model.content, "original")
    for tensor in parsed.subgraphs[0].tensors:
        data = parsed.buffers[tensor.buffer].data
        if data is None or len(flat.shape(tensor)) != 4:
            continue
        weights = np.asarray(data, np.uint8).view(np.float32)
        step = np.ptp(weights) / 255
        rounded = np.rint((weights - weights.min()) / step) * step + weights.min()
        parsed.buffers[tensor.buffer].data = rounded.astype(np.float32).view(np.uint8)
    return flat.pack(parsed)


def see(content: bytes, folder: Path, pictures: Sequence[Picture]) -> list[tuple[Pose, ...]]:
    """What a device would see with this model."""
    tflite = pytest.importorskip("edge.backends.tflite")
    path = folder / "model.tflite"
    path.write_bytes(content)
    graph = flat.parse(content, "model").subgraphs[0]
    shapes = {flat.name(graph.tensors[i]): flat.shape(graph.tensors[i]) for i in graph.outputs}
    manifest = Manifest(
        name="posenet",
        title="PoseNet",
        licence="Apache-2.0",
        homepage="https://example.org",
        skeleton="body17",
        weights=(
            WeightsFile(
                path=path.name,
                format="tflite",
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
            ),
        ),
        input=InputSpec(*SIZE, mean=(127.5,) * 3, std=(127.5,) * 3),
        outputs={name: OutputSpec(name, shape) for name, shape in shapes.items()},
        decoder=PoseNet(),
    )
    with tflite.PLUGIN(manifest, path, 2) as backend:
        predictor = Predictor(manifest, backend)
        return [predictor.whole(picture.image).poses for picture in pictures]


def test_a_model_with_per_tensor_weights_is_refused_and_its_original_is_not(
    shared: Path, original: FloatModel, pictures: Sequence[Picture], tmp_path: Path
) -> None:
    reference = see(original.content, tmp_path, pictures)
    broken = see(per_tensor(original), tmp_path, pictures)
    marks = truth.read(shared / "images/coco_val/person_keypoints_val2017.json", pictures, "body17")

    def measured(seen: Sequence[Sequence[Pose]]) -> tuple[Measure, ...]:
        parity = bodies.compare(reference, seen, BodyTolerances())
        return (*parity.measures, *accuracy.compare(marks, reference, seen, BodyTolerances()))

    assert all(measure.passed for measure in measured(reference))
    assert figures(measured(reference))["people"] > len(pictures) / 2
    failed = {measure.key for measure in measured(broken) if not measure.passed}
    assert {"found_by_both", "ap_loss"} <= failed
    assert figures(measured(broken))["found_by_both"] < 0.5
