"""OpenVINO out: close to the original, small, and nothing in it that is not needed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from converters.model import FloatModel
from converters.writers import openvino as writer
from tests.converters.tiny_network import (
    Build,
    Floats,
    heads,
    job,
    network,
    pictures,
    separable,
    taken,
)

pytest.importorskip("openvino")
INSIDE = {"float16": 0.002, "int8": 0.08, "int8-accurate": 0.08}
OTHERS = pictures(6, seed=50)


def written(model: FloatModel, variant: str, folder: Path) -> Path:
    """Write both files; gives the first."""
    files = writer.write(model, job(variant)).files
    assert list(files) == ["tiny.xml", "tiny.bin"]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / "tiny.xml"


def opened(xml: Path) -> object:
    import openvino  # noqa: PLC0415 - the writer has switched its telemetry off

    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.Core().compile_model(xml, "CPU", settings)


def run(compiled: object, image: Floats) -> dict[str, Floats]:
    given = compiled([image])  # type: ignore[operator]
    return {name: values for port, values in given.items() for name in port.get_names()}


@pytest.mark.parametrize("variant", INSIDE)
@pytest.mark.parametrize("build", [None, separable])
def test_a_variant_computes_what_its_original_does(
    variant: str, build: Build, tmp_path: Path
) -> None:
    model = network(build)
    compiled = opened(written(model, variant, tmp_path))
    errors: dict[str, list[float]] = {name: [] for name in model.heads}
    for picture in OTHERS:
        found = run(compiled, taken(picture))
        for name, values in heads(model.content, taken(picture)).items():
            assert found[name].shape == values.shape
            errors[name].append(float(np.abs(found[name] - values).mean() / values.std()))
    assert max(float(np.mean(each)) for each in errors.values()) <= INSIDE[variant]


def test_int8_keeps_weights_in_8_bits_and_no_layer_is_said_twice(tmp_path: Path) -> None:
    model = network(separable)
    root = ET.parse(written(model, "int8", tmp_path)).getroot()  # noqa: S314 - made here
    constants = [dict(each.attrib) for each in root.iterfind(".//layer[@type='Const']/data")]
    eighths = [each for each in constants if each["element_type"] == "i8"]
    assert len(eighths) == len(set(map(str, eighths))) > 0
    assert len(constants) == len({str(each) for each in constants})
    assert root.find("rt_info") is None
    small = sum(file.stat().st_size for file in tmp_path.iterdir() if file.suffix == ".bin")
    assert small < 0.35 * len(model.content)


def test_only_the_input_and_the_heads_have_names(tmp_path: Path) -> None:
    model = network()
    root = ET.parse(written(model, "int8", tmp_path)).getroot()  # noqa: S314 - made here
    names = {port.get("names") for port in root.iter("port")} - {None}
    assert names == {model.image, *model.heads}
