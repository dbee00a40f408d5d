"""Every file that an original consists of counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from converters import origin
from edge.decode.hand import Hand
from edge.errors import EdgeposeError
from edge.manifest import load
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


def test_the_manifest_beside_an_original_counts_if_it_lists_the_file(tmp_path: Path) -> None:
    model = onnx_file(tmp_path / "net.onnx")
    (sha256,) = origin.hashes((model,)).values()
    manifest = tmp_path / "manifest.toml"
    assert origin.beside(model, sha256) is None
    manifest.write_text('name = "another"\n')
    assert origin.beside(model, sha256) is None
    manifest.write_text(f'name = "mine"\nsha256 = "{sha256}"\nhalf a line')
    with pytest.raises(EdgeposeError, match=r"manifest\.toml"):
        origin.beside(model, sha256)


def test_what_another_decoder_was_told_does_not_count() -> None:
    bundled = Path(__file__).parents[2] / "models" / "edgepose-hand-112"
    parent = replace(load(bundled / "manifest.toml"), decoder=Hand(min_side=0.8))
    assert origin.decoding(parent, "hand") == {"min_side": 0.8}
    assert origin.decoding(parent, "posenet") == origin.decoding(None, "hand") == {}


def test_a_model_in_one_file_is_one_file(tmp_path: Path) -> None:
    for path in (onnx_file(tmp_path / "net.onnx"), tmp_path / "net.tflite"):
        assert origin.files(path) == (path,)
