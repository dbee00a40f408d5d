"""Every file that an original consists of counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from converters import origin
from tests.converters import dot_people


def onnx_file(path: Path, *, external: str = "") -> Path:
    weights = onnx.numpy_helper.from_array(np.ones((64, 64), np.float32), "weights")
    graph = onnx.helper.make_graph([], "graph", [], [], [weights])
    onnx.save(
        onnx.helper.make_model(graph),
        str(path),
        save_as_external_data=bool(external),
        location=external or None,
        size_threshold=0,
    )
    return path


def test_shards_are_part_of_a_model(tmp_path: Path) -> None:
    folder = dot_people.original(tmp_path / "net")
    (model,) = folder.glob("*.json")
    assert {file.name for file in origin.files(model)} == {file.name for file in folder.iterdir()}
    loud = model.rename(model.with_suffix(".JSON"))
    assert len(origin.files(loud)) == 3


def test_weights_beside_an_onnx_model_are_part_of_it(tmp_path: Path) -> None:
    model = onnx_file(tmp_path / "net.onnx", external="net.data")
    assert origin.files(model) == (model, tmp_path / "net.data")
    before = origin.hashes(origin.files(model))
    (tmp_path / "net.data").write_bytes(bytes(64 * 64 * 4))
    after = origin.hashes(origin.files(model))
    assert before["net.onnx"] == after["net.onnx"]
    assert before["net.data"] != after["net.data"]


def test_a_model_in_one_file_is_one_file(tmp_path: Path) -> None:
    for path in (onnx_file(tmp_path / "net.onnx"), tmp_path / "net.tflite"):
        assert origin.files(path) == (path,)
