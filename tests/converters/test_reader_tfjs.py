"""TensorFlow.js graph models: what is read is what was meant, and what is wrong has a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters import heads
from converters.model import FloatModel, Request, Size
from converters.readers import tfjs
from edge.errors import ModelError
from tests.converters.tiny_originals import HEADS, SIZE, TinyPoseNet, heads_of, kinds, node, picture
from tests.converters.tiny_originals import tfjs as write

NAMES = dict(
    zip(("heatmaps", "offsets", "displacement_fwd", "displacement_bwd"), HEADS, strict=True)
)


def read(file: Path, size: Size | None = SIZE) -> FloatModel:
    return tfjs.read(file, Request(size, heads.pick("posenet", {})))


@pytest.mark.parametrize("levels", ["", "uint8", "uint16", "float16"])
@pytest.mark.parametrize("shards", [1, 3])
def test_a_model_computes_what_its_weights_say(tmp_path: Path, levels: str, shards: int) -> None:
    net = TinyPoseNet()
    model = read(write(tmp_path, net, levels=levels, shards=shards))
    image = picture()
    expected = net(image)
    assert list(model.heads) == list(NAMES)
    for head, values in heads_of(model, image).items():
        np.testing.assert_allclose(values, expected[NAMES[head]], atol=1e-4)


def test_dilations_as_posenet_writes_them_are_as_wide_as_high(tmp_path: Path) -> None:
    net = TinyPoseNet(dilated=True)
    model = read(write(tmp_path, net))
    image = picture()
    expected = net(image)["heatmap_2"]
    assert expected.shape[1:3] == (5, 7)
    np.testing.assert_allclose(heads_of(model, image)["heatmaps"], expected, atol=1e-4)


def test_biases_and_activations_become_part_of_their_convolutions(tmp_path: Path) -> None:
    found = kinds(read(write(tmp_path, TinyPoseNet())).content)
    assert found == ["CONV_2D", *["DEPTHWISE_CONV_2D"] * 3, *["CONV_2D"] * 4]


def test_an_activation_stays_apart_where_somebody_reads_what_is_before_it(tmp_path: Path) -> None:
    net = TinyPoseNet()
    nodes = net.nodes()
    for each in nodes:
        if each["name"] == "offset_2/conv":
            each["input"][0] = "layer3/same"
    nodes.append(node("layer3/same", "Identity", "layer3/add"))
    model = read(write(tmp_path, net, nodes))
    image = picture()
    found = heads_of(model, image)
    np.testing.assert_allclose(found["heatmaps"], net(image)["heatmap_2"], atol=1e-4)
    assert np.abs(found["offsets"] - net(image)["offset_2"]).max() > 0.1
    assert "RELU6" in kinds(model.content)


def test_outputs_that_nobody_wants_are_not_built(tmp_path: Path) -> None:
    net = TinyPoseNet()
    nodes = [*net.nodes(), node("float_part_heatmaps", "Frobnicate", "layer3/relu")]
    assert len(read(write(tmp_path, net, nodes)).heads) == 4


def test_a_model_of_any_size_takes_the_size_asked_for_or_the_usual_one(tmp_path: Path) -> None:
    file = write(tmp_path, TinyPoseNet())
    assert read(file).size == SIZE
    assert read(file, None).size == (257, 257)


def test_a_model_of_one_size_keeps_it(tmp_path: Path) -> None:
    net = TinyPoseNet()
    nodes = net.nodes()
    nodes[0]["attr"]["shape"]["shape"]["dim"][1:3] = [{"size": "65"}, {"size": "81"}]
    assert read(write(tmp_path, net, nodes), None).size == (65, 81)


def truncated(folder: Path) -> str:
    shard = folder / "group1-shard1of1.bin"
    shard.write_bytes(shard.read_bytes()[:-10])
    return r"group1-shard1of1.bin: ends 10 bytes before 'displacement_bwd_2/bias' does"


def lengthened(folder: Path) -> str:
    shard = folder / "group1-shard1of1.bin"
    shard.write_bytes(shard.read_bytes() + b"12345")
    return r"group1-shard1of1.bin: has 5 bytes more than model.json describes"


def missing(folder: Path) -> str:
    (folder / "group1-shard1of1.bin").unlink()
    return r"group1-shard1of1.bin: cannot be read: No such file"


def text(folder: Path) -> str:
    (folder / "model.json").write_text("a text, and no model")
    return r"model.json: is not JSON"


def binary(folder: Path) -> str:
    (folder / "model.json").write_bytes(bytes(range(256)))
    return r"model.json: is not JSON"


def other_json(folder: Path) -> str:
    (folder / "model.json").write_text('["a", "list"]')
    return r"model.json: is not a TensorFlow.js model"


def change(folder: Path, with_: Callable[[dict[str, Any]], object]) -> None:
    file = folder / "model.json"
    document = json.loads(file.read_text())
    with_(document)
    file.write_text(json.dumps(document))


def layers_model(folder: Path) -> str:
    change(folder, lambda each: each.update(modelTopology={"model_config": {}}))
    return r"model.json: is not a graph model\n  hint: tensorflowjs_converter"


def no_weights_for_a_node(folder: Path) -> str:
    change(folder, lambda each: each["weightsManifest"][0]["weights"][0].update(name="other"))
    return r"model.json: is damaged \(KeyError: 'layer0/weights'\)"


def strange_numbers(folder: Path) -> str:
    change(folder, lambda each: each["weightsManifest"][0]["weights"][0].update(dtype="string"))
    return r"model.json: is damaged"


def far_shard(folder: Path) -> str:
    change(folder, lambda each: each["weightsManifest"][0].update(paths=["../secret"]))
    return r"names '../secret', which is not beside it"


def two_inputs(folder: Path) -> str:
    second = node("second", "Placeholder")
    change(folder, lambda each: each["modelTopology"]["node"].append(second))
    return r"model.json: has 2 inputs"


def strange_operator(folder: Path) -> str:
    change(folder, lambda each: each["modelTopology"]["node"][-1].update(op="Frobnicate"))
    return r"Frobnicate \('MobilenetV1/displacement_bwd_2'\) is not supported\n  hint: supp.*Conv2D"


def no_offsets(folder: Path) -> str:
    def without(document: dict[str, Any]) -> None:
        nodes = document["modelTopology"]["node"]
        document["modelTopology"]["node"] = [n for n in nodes if "offset" not in n["name"]]

    change(folder, without)
    return (
        r"model.json: heads: no output is 'offsets'; there are: .*\n  hint: .*--head offsets=TENSOR"
    )


@pytest.mark.parametrize(
    "harm",
    [
        truncated,
        lengthened,
        missing,
        text,
        binary,
        other_json,
        layers_model,
        no_weights_for_a_node,
        strange_numbers,
        far_shard,
        two_inputs,
        strange_operator,
        no_offsets,
    ],
)
def test_what_is_wrong_is_said_in_two_lines_with_the_file(
    harm: Callable[[Path], str], tmp_path: Path
) -> None:
    file = write(tmp_path, TinyPoseNet())
    expected = harm(tmp_path)
    with pytest.raises(ModelError, match=expected) as caught:
        read(file)
    assert str(tmp_path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("stride", [8, 16])
def test_real_weights_in_16_bits_compute_what_those_in_32_do(shared: Path, stride: int) -> None:
    size = (129, 161)
    image = picture(size)
    found = [
        heads_of(
            read(
                shared / f"weights/posenet/tfjs_mobilenet_{kind}_050/model-stride{stride}.json",
                size,
            ),
            image,
        )
        for kind in ("float", "quant2")
    ]
    for head, values in found[0].items():
        assert values.shape[1:3] == (128 // stride + 1, 160 // stride + 1)
        assert np.abs(values - found[1][head]).max() < 0.02 * np.abs(values).max()


def test_of_body_pix_only_the_pose_is_read(shared: Path) -> None:
    model = read(shared / "weights/bodypix/tfjs_mobilenet_quant2_050/model-stride16.json", (65, 81))
    assert {head: shape[1:] for head, shape in model.heads.items()} == {
        "heatmaps": (5, 6, 17),
        "offsets": (5, 6, 34),
        "displacement_fwd": (5, 6, 32),
        "displacement_bwd": (5, 6, 32),
    }
    assert kinds(model.content).count("CONV_2D") == 14 + 4
