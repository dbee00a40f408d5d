"""Small originals of every format, made in a test, and what they compute, worked out slowly."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from converters import flat
from converters.model import FloatModel

Floats = npt.NDArray[np.float32]
HEADS = {"heatmap_2": 17, "offset_2": 34, "displacement_fwd_2": 32, "displacement_bwd_2": 32}
SIZE = (33, 49)  # height, width px: a multiple of 16, plus 1


def picture(size: tuple[int, int] = SIZE, seed: int = 0) -> Floats:
    """Give noise as a model takes it, (1, H, W, 3)."""
    noise = np.random.default_rng(seed).uniform(-1, 1, (1, *size, 3))
    return noise.astype(np.float32)


def run(content: bytes, image: Floats) -> list[Floats]:
    """Outputs of a .tflite file, in its order."""
    interpreter = flat.interpreter_of(content)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    return [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]


def heads_of(model: FloatModel, image: Floats) -> dict[str, Floats]:
    """Heads of a float model by name."""
    return dict(zip(model.heads, run(model.content, image), strict=True))


def kinds(content: bytes) -> list[str]:
    """Operators of a .tflite file, in order."""
    model = flat.parse(content, "made")
    return [flat.kind(model, op) for op in model.subgraphs[0].operators]


def convolved(
    x: Floats, filters: Floats, *, stride: int = 1, gap: int = 1, depthwise: bool = False
) -> Floats:
    """Convolve (1, H, W, C) with (rows, columns, in, out), padded as TensorFlow's SAME does."""
    rows, columns = filters.shape[:2]
    out = [-(-size // stride) for size in x.shape[1:3]]
    spans = [(taps - 1) * gap + 1 for taps in (rows, columns)]
    lacking = [
        max((count - 1) * stride + span - size, 0)
        for count, span, size in zip(out, spans, x.shape[1:3], strict=True)
    ]
    sides = [(each // 2, each - each // 2) for each in lacking]
    padded = np.pad(x, [(0, 0), *sides, (0, 0)])
    channels = filters.shape[2] if depthwise else filters.shape[3]
    total = np.zeros((1, *out, channels))
    for row in range(rows):
        for column in range(columns):
            down, across = row * gap, column * gap
            seen = padded[
                :,
                down : down + (out[0] - 1) * stride + 1 : stride,
                across : across + (out[1] - 1) * stride + 1 : stride,
            ]
            taps = filters[row, column]
            total += seen * taps[:, 0] if depthwise else seen @ taps
    return total.astype(np.float32)


class TinyPoseNet:
    """A network with PoseNet's outputs: one convolution, then separable ones, then four heads."""

    def __init__(self, *, dilated: bool = False, channels: int = 4) -> None:
        draw = np.random.default_rng(3)
        last = (1, 2) if dilated else (2, 1)
        self.layers = [(2, 1), (2, 1), (2, 1), last]  # stride and dilation of each
        self.weights: dict[str, Floats] = {}
        taken = 3
        for number in range(4):
            shape = (3, 3, taken, channels if number == 0 else 1)
            self._draw(draw, f"layer{number}", shape, channels)
            taken = channels
        for head, depth in HEADS.items():
            self._draw(draw, head, (1, 1, channels, depth), depth)

    def _draw(self, draw: Any, name: str, shape: tuple[int, ...], biases: int) -> None:
        self.weights[f"{name}/weights"] = draw.normal(0, 0.6, shape).astype(np.float32)
        self.weights[f"{name}/bias"] = draw.normal(0, 0.3, biases).astype(np.float32)

    def __call__(self, x: Floats) -> dict[str, Floats]:
        """What it computes, by the names of its outputs."""
        for number, (stride, gap) in enumerate(self.layers):
            filters = self.weights[f"layer{number}/weights"]
            x = convolved(x, filters, stride=stride, gap=gap, depthwise=number > 0)
            x = np.clip(x + self.weights[f"layer{number}/bias"], 0, 6)
        return {
            head: convolved(x, self.weights[f"{head}/weights"]) + self.weights[f"{head}/bias"]
            for head in HEADS
        }

    def nodes(self) -> list[dict[str, Any]]:
        """Describe it as a TensorFlow GraphDef in JSON."""
        dims = [{"size": size} for size in ("1", "-1", "-1", "3")]
        made = [node("sub_2", "Placeholder", shape={"shape": {"dim": dims}})]
        made += [node(name, "Const") for name in self.weights]
        x = "sub_2"
        for number, (stride, gap) in enumerate(self.layers):
            kind = "DepthwiseConv2dNative" if number else "Conv2D"
            made += _convolution(f"layer{number}", kind, x, stride, gap)
            x = f"layer{number}/relu"
            made.append(node(x, "Relu6", f"layer{number}/add"))
        for head in HEADS:
            made += _convolution(head, "Conv2D", x, 1, 1)
            made.append(node(f"MobilenetV1/{head}", "Identity", f"{head}/add"))
        return made


def _convolution(name: str, kind: str, x: str, stride: int, gap: int) -> list[dict[str, Any]]:
    steps = {"list": {"i": ["1", str(stride), str(stride), "1"]}}
    # As in the PoseNet that tfjs-models publishes for a stride of 8.
    gaps = {"list": {"i": [str(gap), str(gap), "1", "1"]}}
    padding = {"s": base64.b64encode(b"SAME").decode()}
    inputs = (x, f"{name}/weights")
    return [
        node(f"{name}/conv", kind, *inputs, strides=steps, dilations=gaps, padding=padding),
        node(f"{name}/add", "BiasAdd", f"{name}/conv", f"{name}/bias"),
    ]


def node(name: str, op: str, *inputs: str, **attr: Any) -> dict[str, Any]:
    """Give one operator of a GraphDef."""
    return {"name": name, "op": op, "input": list(inputs), "attr": attr}


def tfjs(
    folder: Path,
    net: TinyPoseNet,
    nodes: Sequence[Mapping[str, Any]] | None = None,
    *,
    levels: str = "",
    shards: int = 1,
) -> Path:
    """Write model.json and shards; `levels` is "uint8", "uint16" or "float16" and changes net."""
    entries, content = [], b""
    for name, values in net.weights.items():
        entry: dict[str, Any] = {"name": name, "shape": list(values.shape), "dtype": "float32"}
        stored: npt.NDArray[Any] = values
        if levels == "float16":
            stored = values.astype(np.float16)
            net.weights[name] = stored.astype(np.float32)
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        elif levels:
            low = float(values.min())
            scale = max(float(values.max()) - low, 1e-6) / np.iinfo(levels).max
            stored = np.round((values.astype(float) - low) / scale).astype(levels)
            net.weights[name] = (stored * scale + low).astype(np.float32)
            entry["quantization"] = {"dtype": levels, "scale": scale, "min": low}
        entries.append(entry)
        content += stored.tobytes()
    paths = [f"group1-shard{number + 1}of{shards}.bin" for number in range(shards)]
    cuts = np.linspace(0, len(content), shards + 1).astype(int)
    for path, start, end in zip(paths, cuts, cuts[1:], strict=False):
        (folder / path).write_bytes(content[start:end])
    document = {
        "format": "graph-model",
        "modelTopology": {"node": net.nodes() if nodes is None else nodes},
        "weightsManifest": [{"paths": paths, "weights": entries}],
    }
    file = folder / "model.json"
    file.write_text(json.dumps(document))
    return file
