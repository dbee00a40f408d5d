"""A manifest is read whole, and every error in it is named with its key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from edge import manifest
from edge.errors import EdgeposeError, ModelError, Problems
from edge.manifest import Manifest, OutputSpec

ROOT = Path(__file__).parents[1]
BUNDLED = sorted(ROOT.glob("models/*/manifest.toml"))
SHA = hashlib.sha256(b"weights").hexdigest()
GOOD = f"""
name = "good"
title = "A good model"
licence = "Apache-2.0"
homepage = "https://example.org"
skeleton = "body17"
converted_by = "hand"
sees_lying = true
parity = "passed"

[[weights]]
path = "good.tflite"
format = "tflite"
sha256 = "{SHA}"
size = 7
url = "https://example.org/good.tflite"
backends = ["tflite", "openvino"]

[[weights]]
path = "good.xml"
format = "openvino"
sha256 = "{SHA}"
size = 7
layout = "NCHW"
backends = ["openvino"]

[[weights]]
path = "good.bin"
format = "openvino"
sha256 = "{SHA}"
size = 7

[input]
height = 33
width = 49
mean = [1, 2.5, 3]

[outputs.heatmaps]
tensor = "a"
shape = [1, 3, 4, 17]
[outputs.offsets]
tensor = "b"
shape = [1, 3, 4, 34]
[outputs.mid_offsets]
tensor = "c"
shape = [1, 3, 4, 64]

[decoder]
kind = "posenet"
max_poses = 3

[measured."tflite:int8"]
found_by_both = 0.98
"""


def load(folder: Path, text: str = GOOD) -> Manifest:
    path = folder / "manifest.toml"
    path.write_text(text)
    return manifest.load(path)


def problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Change a good manifest, and give every error it is refused with."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(Problems) as caught:
        load(folder, text)
    assert all(isinstance(error, ModelError) for error in caught.value.errors)
    prefix = f"{folder / 'manifest.toml'}: "
    assert all(error.where.startswith(prefix) for error in caught.value.errors)
    return [str(error).removeprefix(prefix) for error in caught.value.errors]


def test_a_good_manifest_is_read_whole(tmp_path: Path) -> None:
    model = load(tmp_path)
    assert (model.name, model.skeleton, model.sees_lying) == ("good", "body17", True)
    assert model.backends == ("tflite", "openvino")
    assert model.file("good.xml").layout == "NCHW"
    assert (model.input.height, model.input.width) == (33, 49)
    assert model.input.mean == (1.0, 2.5, 3.0)
    assert model.input.std == (127.5, 127.5, 127.5)
    assert model.outputs["offsets"] == OutputSpec("b", (1, 3, 4, 34))
    assert getattr(model.decoder, "max_poses") == 3  # noqa: B009 - the posenet decoder's setting
    assert model.parity == "passed"
    assert model.measured == {"tflite:int8": {"found_by_both": 0.98}}


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.parent.name)
def test_bundled_manifests_are_right(path: Path) -> None:
    model = manifest.load(path)
    assert model.name == path.parent.name
    assert all(file.url or (path.parent / file.path).is_file() for file in model.weights)


def test_the_models_that_must_be_there_are_there() -> None:
    assert {path.parent.name for path in BUNDLED} >= {
        "posenet-mobilenet-v1-050",
        "posenet-mobilenet-v1-075",
        "posenet-mobilenet-v1-075-353x481-coral",
        "posenet-mobilenet-v1-075-481x641-coral",
    }


def test_all_errors_come_at_once_with_key_and_nearest_name(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ('title = "A good model"', 'titel = "A good model"'),
        ('"body17"', '"body71"'),
        ('["tflite", "openvino"]', '["tflight"]'),
        ('format = "openvino"', 'format = "openvinno"'),
        ("size = 7\nurl", 'size = "7"\nurl'),
        ("height = 33", "height = -1"),
        ("shape = [1, 3, 4, 34]", 'shape = "wide"'),
        ("max_poses", "max_pose"),
    )
    for key, hint in (
        ("titel: unknown setting", "did you mean 'title'?"),
        ("title: is missing", ""),
        ("skeleton: 'body71'", "did you mean 'body17'?"),
        ("weights[1].format: 'openvinno'", "did you mean 'openvino'?"),
        ("weights[0].size: must be a whole number", ""),
        ("input.height: -1 is out of range", ""),
        ("outputs.offsets.shape: must be a list", ""),
        ("decoder.max_pose: unknown setting", "did you mean 'max_poses'?"),
    ):
        assert [error for error in found if error.startswith(key) and hint in error], key


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('["tflite", "openvino"]', '["tflight"]', "weights[0].backends", "did you mean 'tflite'?"),
        (SHA, SHA[:-1], "weights[0].sha256", "64 hexadecimal digits"),
        (SHA, SHA.upper(), "weights[0].sha256", "64 hexadecimal digits"),
        ('"good.tflite"', '"../good.tflite"', "weights[0].path", "plain file name"),
        ('"good.tflite"', '"good.xml"', "weights[1].path", "used once"),
        ("https://example.org/good", "file:///good", "weights[0].url", "https://"),
        ('name = "good"', 'name = "../good"', "name", "plain name"),
        ('kind = "posenet"', 'kind = "posnet"', "decoder.kind", "did you mean 'posenet'?"),
        ('kind = "posenet"\n', "", "decoder", "posenet"),
        ("height = 33\n", "", "input", "height and width"),
        ("[1, 3, 4, 34]", "[1, 0, 4, 34]", "outputs.offsets.shape", "every size"),
        ("[outputs.offsets]", "[outputs.offset]", "outputs", "'offsets'"),
        ("[1, 3, 4, 34]", "[1, 3, 4, 35]", "outputs", "does not take these shapes"),
    ],
)
def test_each_rule_names_its_key(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    (error,) = problems(tmp_path, (old, new))
    assert error.startswith(f"{key}: ")
    assert words in error


def test_empty_and_missing_tables_are_errors(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        load(tmp_path, 'weights = []\noutputs = 3\ndecoder = ""\n')
    keys = [error.where.rpartition(": ")[2] for error in caught.value.errors]
    assert keys[:3] == ["weights", "outputs", "decoder"]
    assert {"name", "title", "licence", "homepage", "skeleton"} <= set(keys)


@pytest.mark.parametrize("text", ["name = ", "\x00", "\udcff"])
def test_what_is_not_toml_is_said_with_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ModelError, match="is not TOML") as caught:
        manifest.load(path)
    assert caught.value.where == str(path)


def test_a_missing_manifest_is_said_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.toml: cannot be read: No such file"):
        manifest.load(tmp_path / "gone.toml")


def test_prove_gives_the_bytes_and_wants_every_part(tmp_path: Path) -> None:
    model = load(tmp_path)
    for name in ("good.tflite", "good.xml"):
        (tmp_path / name).write_bytes(b"weights")
    assert model.prove(tmp_path / "good.tflite") == b"weights"
    with pytest.raises(ModelError, match=r"good\.bin: cannot be read"):
        model.prove(tmp_path / "good.xml")
    (tmp_path / "good.bin").write_bytes(b"weighty")
    with pytest.raises(ModelError, match=r"good\.bin: has sha256 .* changed or damaged"):
        model.prove(tmp_path / "good.xml")
    (tmp_path / "good.bin").write_bytes(b"weigh")
    with pytest.raises(ModelError, match=r"good\.bin: is 5 bytes instead of 7: cut short"):
        model.prove(tmp_path / "good.xml")


def test_a_file_the_manifest_lacks_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(EdgeposeError, match=r"did you mean 'good\.tflite'\?"):
        load(tmp_path).prove(tmp_path / "god.tflite")
