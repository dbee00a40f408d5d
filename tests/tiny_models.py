"""Models of two outputs, small enough to make in a test: `doubled` = 2 x and `tripled` = 3 x.

x is a pixel as a number from -1 to 1, (value - 127.5) / 127.5, whatever the file's input type.
"""

from __future__ import annotations

import hashlib
import importlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.core.types import Floats, Image
from edge.manifest import InputSpec, Manifest, OutputSpec, WeightsFile

SIZE = (4, 6)  # height, width px
SHAPE = (1, *SIZE, 3)
FACTORS = {"doubled": 2.0, "tripled": 3.0}
RUNTIMES = {"tflite": "ai_edge_litert", "onnxruntime": "onnxruntime", "openvino": "openvino"}


@dataclass(frozen=True)
class TinyModel:
    """How to make one file (or a pair), and what a manifest says of it."""

    format: str
    make: Callable[[Path], tuple[Path, ...]]  # into a folder; the first one is opened
    layout: str = "NHWC"
    tolerance: float = 1e-5  # quantized models are off by a level


def kind_of(case: str) -> str:
    """Give the backend of a case in CASES; skips the test where its runtime is absent."""
    kind = case.partition("/")[0]
    pytest.importorskip(RUNTIMES[kind])
    return kind


def picture(seed: int = 0) -> Image:
    """Give noise that nobody can write to, as a camera's frames are."""
    image = np.random.default_rng(seed).integers(0, 256, SHAPE, dtype=np.uint8)
    image.flags.writeable = False
    return image


def expected(image: Image) -> dict[str, Floats]:
    """Give what every tiny model makes of a picture."""
    x = (image.astype(np.float32) - 127.5) / 127.5
    return {name: x * np.float32(factor) for name, factor in FACTORS.items()}


def manifest_of(tiny: TinyModel, paths: tuple[Path, ...]) -> Manifest:
    """Give a manifest that proves the files as they are now."""
    contents = [path.read_bytes() for path in paths]
    files = tuple(
        WeightsFile(
            path=path.name,
            format=tiny.format,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            layout=tiny.layout,
        )
        for path, content in zip(paths, contents, strict=True)
    )
    return Manifest(
        name="tiny",
        title="tiny",
        licence="Apache-2.0",
        homepage="https://example.org",
        skeleton="body17",
        weights=files,
        input=InputSpec(height=SIZE[0], width=SIZE[1]),
        outputs={name: OutputSpec(name, SHAPE) for name in FACTORS},
        decoder=lambda _heads, _size: (),
    )


def tflite(kind: str) -> Callable[[Path], tuple[Path, ...]]:
    """Make a .tflite file with "float32", "uint8" or "int8" tensors."""

    def make(folder: Path) -> tuple[Path, ...]:
        # Loaded here, so that the other runtimes are tested where this one is absent.
        flatbuffers: Any = importlib.import_module("flatbuffers")
        schema: Any = importlib.import_module("ai_edge_litert.schema_py_generated")

        def tensor(name: str, factor: float) -> object:
            made = schema.TensorT()
            made.name, made.shape = name, list(SHAPE)
            made.type = getattr(schema.TensorType, kind.upper())
            if kind != "float32":
                made.quantization = schema.QuantizationParametersT()
                made.quantization.scale = [factor / 128.0]
                made.quantization.zeroPoint = [128 if kind == "uint8" else 0]
            return made

        def add(first: int, second: int, total: int) -> object:
            made = schema.OperatorT()
            made.opcodeIndex = 0
            made.inputs, made.outputs = [first, second], [total]
            made.builtinOptionsType = schema.BuiltinOptions.AddOptions
            made.builtinOptions = schema.AddOptionsT()
            return made

        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.ADD
        code.version = 1 if kind == "float32" else 2
        graph = schema.SubGraphT()
        graph.tensors = [tensor("pixels", 1.0), tensor("doubled", 2.0), tensor("tripled", 3.0)]
        graph.inputs, graph.outputs = [0], [1, 2]
        graph.operators = [add(0, 0, 1), add(1, 0, 2)]
        model = schema.ModelT()
        model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
        model.buffers = [schema.BufferT()]
        builder = flatbuffers.Builder()
        builder.Finish(model.Pack(builder), b"TFL3")
        path = folder / "tiny.tflite"
        path.write_bytes(builder.Output())
        return (path,)

    return make


def onnx(
    *, channels_first: bool = False, pixels: bool = False
) -> Callable[[Path], tuple[Path, ...]]:
    """Make an .onnx file; `pixels` gives it a uint8 input and the normalisation inside."""

    def make(folder: Path) -> tuple[Path, ...]:
        shape = (1, 3, *SIZE) if channels_first else SHAPE
        nodes, x = b"", "pixels"
        if pixels:
            to_float = _text(1, "to") + _number(3, 1) + _number(20, 2)
            nodes += _node("Cast", ["pixels"], "real", to_float)
            nodes += _node("Sub", ["real", "half"], "centred") + _node(
                "Div", ["centred", "half"], "x"
            )
            x = "x"
        nodes += _node("Add", [x, x], "doubled") + _node("Add", ["doubled", x], "tripled")
        half = _number(2, 1) + _text(8, "half") + _bytes(9, struct.pack("<f", 127.5))
        graph = nodes + _text(2, "tiny") + _bytes(5, half)
        graph += _bytes(11, _value("pixels", 2 if pixels else 1, shape))
        graph += b"".join(_bytes(12, _value(name, 1, shape)) for name in FACTORS)
        path = folder / "tiny.onnx"
        path.write_bytes(_number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13)))
        return (path,)

    return make


def openvino_ir(*, quantized: bool = False) -> Callable[[Path], tuple[Path, ...]]:
    """An .xml and its .bin; quantized: its first step rounds to the levels that pixels have."""

    def make(folder: Path) -> tuple[Path, ...]:
        openvino: Any = importlib.import_module("openvino")
        opset13 = openvino.opset13
        pixels = opset13.parameter(list(SHAPE), np.float32, name="pixels")
        ends = [np.float32(end) for end in (-1.0, 1.0, -1.0, 1.0)]
        taken = opset13.fake_quantize(pixels, *ends, 256) if quantized else pixels
        heads = []
        for name, factor in FACTORS.items():
            # A whole tensor, not one number, so that it is kept in the .bin.
            scale = np.full((*SIZE, 3), factor, np.float32)
            head = opset13.multiply(taken, opset13.constant(scale))
            head.output(0).set_names({name})
            heads.append(head)
        path = folder / "tiny.xml"
        openvino.save_model(openvino.Model(heads, [pixels]), path, compress_to_fp16=False)
        return (path, path.with_suffix(".bin"))

    return make


# The few words of protocol buffers that an ONNX file needs.
def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _node(kind: str, inputs: list[str], output: str, attribute: bytes = b"") -> bytes:
    body = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind)
    return _bytes(1, body + (_bytes(5, attribute) if attribute else b""))


def _value(name: str, kind: int, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_bytes(1, _number(1, size)) for size in shape)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


LEVEL = 0.06  # two levels of the coarser output: 3/128 each, and 1/128 is not 1/127.5
CASES = {
    "tflite/float32": TinyModel("tflite", tflite("float32")),
    "tflite/uint8": TinyModel("tflite", tflite("uint8"), tolerance=LEVEL),
    "tflite/int8": TinyModel("tflite", tflite("int8"), tolerance=LEVEL),
    "onnxruntime/nhwc": TinyModel("onnx", onnx()),
    "onnxruntime/nchw": TinyModel("onnx", onnx(channels_first=True), layout="NCHW"),
    "onnxruntime/uint8": TinyModel("onnx", onnx(pixels=True)),
    "openvino/ir": TinyModel("openvino", openvino_ir()),
    "openvino/ir-quantized": TinyModel("openvino", openvino_ir(quantized=True)),
    "openvino/onnx-nhwc": TinyModel("onnx", onnx()),
    "openvino/onnx-nchw": TinyModel("onnx", onnx(channels_first=True), layout="NCHW"),
    "openvino/onnx-uint8": TinyModel("onnx", onnx(pixels=True)),
    "openvino/tflite-float32": TinyModel("tflite", tflite("float32")),
    "openvino/tflite-uint8": TinyModel("tflite", tflite("uint8"), tolerance=LEVEL),
    "openvino/tflite-int8": TinyModel("tflite", tflite("int8"), tolerance=LEVEL),
}
