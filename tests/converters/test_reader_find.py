"""Which file is the model, and which reader reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from converters.model import Request
from converters.readers.find import find
from edge.errors import ModelError


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("")
    return folder


@pytest.mark.parametrize(
    ("name", "reader"),
    [("model.json", "tfjs"), ("palm.tflite", "tflite"), ("PALM.TFLITE", "tflite")],
)
def test_the_end_of_a_name_decides(name: str, reader: str, tmp_path: Path) -> None:
    file = fill(tmp_path, name) / name
    read, found = find(file, 16)
    assert found == file
    assert read.__module__ == f"converters.readers.{reader}"


@pytest.mark.parametrize("name", ["a.onnx", "a.pt", "a.pth", "a.ts", "a.safetensors"])
def test_other_formats_have_a_reader_too(name: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    reader = "onnx" if name.endswith("onnx") else "torch"
    read, _ = find(fill(tmp_path, name) / name, 16)
    assert read.__module__ == f"converters.readers.{reader}"


@pytest.mark.parametrize("name", ["a.pt", "a.pth", "a.ts"])
def test_a_text_is_no_pytorch_file_whether_or_not_there_is_pytorch(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("shopping: bread")
    read, file = find(tmp_path, 16)
    with pytest.raises(ModelError, match="is not a PyTorch file"):
        read(file, Request((33, 33), lambda _: {}))


def test_a_folder_with_one_model_is_that_model(tmp_path: Path) -> None:
    fill(tmp_path, "hand.tflite", "README.md", "package.json", ".hidden.tflite", "shard.bin")
    assert find(tmp_path, 16)[1].name == "hand.tflite"


@pytest.mark.parametrize("stride", [8, 16])
def test_a_folder_with_strides_has_the_one_asked_for(stride: int, tmp_path: Path) -> None:
    fill(tmp_path, "model-stride8.json", "model-stride16.json", "group1-shard1of1.bin")
    assert find(tmp_path, stride)[1].name == f"model-stride{stride}.json"


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ((), "has no model in it\n.*ends in .json, .tflite, .onnx"),
        (("group1-shard1of1.bin", "package.json"), "has no model in it"),
        (("a.tflite", "b.onnx"), "has several models: a.tflite, b.onnx\n.*the file itself"),
        (("model-stride8.json",), "no model of stride 16, but model-stride8.json\n.*--stride"),
        (("model-stride16.json", "model.json"), "has several models"),
    ],
)
def test_a_folder_without_a_clear_model_is_refused(
    names: tuple[str, ...], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=problem) as caught:
        find(fill(tmp_path, *names), 16)
    assert str(caught.value).startswith(str(tmp_path))


def test_what_is_not_there_or_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model.onnx: is not there\n"):
        find(tmp_path / "model.onnx", 16)
    with pytest.raises(ModelError, match=r"notes.txt: '.txt' is no format that is read\n"):
        find(fill(tmp_path, "notes.txt") / "notes.txt", 16)
