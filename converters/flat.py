"""TFLite flatbuffers as the schema's own Python objects: parse, pack, look, sign, open.

Every reader ends here and every writer begins here: the hub is a float32 .tflite, a format that
two of our three runtimes open as it is, so that "the float model" is always something to run.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import flatbuffers
import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from edge.errors import ModelError

Array = npt.NDArray[Any]
_IDENTIFIER = b"TFL3"
_ALIGNMENT = 16  # bytes; the schema's force_align, which the Python packer ignores
_KINDS: dict[int, str] = {
    value: key for key, value in vars(schema.BuiltinOperator).items() if type(value) is int
}
DTYPES: dict[int, npt.DTypeLike] = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.FLOAT16: np.float16,
    schema.TensorType.INT32: np.int32,
    schema.TensorType.INT64: np.int64,
    schema.TensorType.UINT8: np.uint8,
    schema.TensorType.INT8: np.int8,
    schema.TensorType.BOOL: np.bool_,
}


class _Builder(flatbuffers.Builder):  # type: ignore[misc]  # no types here either
    """A builder that remembers the vectors it may point to again."""

    def __init__(self) -> None:
        super().__init__(1 << 20)
        self.vectors: dict[bytes, int] = {}


class _Buffer(schema.BufferT):  # type: ignore[misc]  # the schema ships no types
    """A buffer whose bytes are packed on a 16 byte border, as the runtimes map them."""

    def Pack(self, builder: Any) -> Any:  # noqa: N802 - overrides the schema's
        """Write it out."""
        if self.data is not None and len(self.data):
            content = np.asarray(self.data).tobytes()
            builder.StartVector(1, len(content), _ALIGNMENT)
            builder.head -= len(content)
            builder.Bytes[builder.head : builder.head + len(content)] = content
            data = builder.EndVector()
        schema.BufferStart(builder)
        if self.data is not None and len(self.data):
            schema.BufferAddData(builder, data)
        return schema.BufferEnd(builder)


class _Levels(schema.QuantizationParametersT):  # type: ignore[misc]
    """Quantization whose zero points are shared: a third of a small model's size is zeros."""

    def Pack(self, builder: Any) -> Any:  # noqa: N802 - overrides the schema's
        """Write it out; calibrated ranges, which no kernel reads, stay behind."""
        points = np.asarray(self.zeroPoint, np.int64)
        if points.tobytes() not in builder.vectors:
            builder.vectors[points.tobytes()] = builder.CreateNumpyVector(points)
        scale = builder.CreateNumpyVector(np.asarray(self.scale, np.float32))
        schema.QuantizationParametersStart(builder)
        schema.QuantizationParametersAddScale(builder, scale)
        schema.QuantizationParametersAddZeroPoint(builder, builder.vectors[points.tobytes()])
        schema.QuantizationParametersAddQuantizedDimension(builder, self.quantizedDimension)
        return schema.QuantizationParametersEnd(builder)


def buffer(data: Array | None = None) -> Any:
    """Make a buffer of the model from an array, or an empty one."""
    made = _Buffer()
    if data is not None:
        made.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
    return made


def parse(content: bytes, where: str) -> Any:
    """Bytes of a .tflite -> ModelT, every buffer inside; raises ModelError for anything else."""
    if content[4:8] != _IDENTIFIER:
        raise ModelError(where, "is not a TFLite model", "give the .tflite file itself")
    try:
        model = schema.ModelT.InitFromPackedBuf(content, 0)
        # Some writers put weights behind the flatbuffer, where not every runtime looks.
        for index, old in enumerate(model.buffers):
            data = old.data
            if old.offset > 1 and old.size:
                data = np.frombuffer(content, np.uint8, old.size, old.offset)
            model.buffers[index] = buffer(data if data is None else np.asarray(data, np.uint8))
        for tensor in (tensor for graph in model.subgraphs for tensor in graph.tensors):
            tensor.quantization = _levels(tensor.quantization)
        if len(model.subgraphs) != 1:
            raise ModelError(where, f"has {len(model.subgraphs)} subgraphs", "one is supported")
    except (struct.error, IndexError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(where, f"is cut short or damaged: {error}", "fetch it again") from error
    return model


def _levels(old: Any) -> Any:
    """Quantization parameters as we pack them; None for a tensor of real numbers."""
    if old is None or old.scale is None or not len(old.scale):
        return None
    made = _Levels()
    made.scale, made.zeroPoint = old.scale, old.zeroPoint
    made.quantizedDimension = old.quantizedDimension
    return made


def pack(model: Any) -> bytes:
    """ModelT -> bytes of a .tflite; equal models give equal bytes."""
    builder = _Builder()
    builder.Finish(model.Pack(builder), file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def kind(model: Any, op: Any) -> str:
    """Name of an operator, as the schema spells it ("CONV_2D")."""
    code = model.operatorCodes[op.opcodeIndex]
    number = max(code.builtinCode, code.deprecatedBuiltinCode)
    return _KINDS.get(number, f"number {number}")


def name(tensor: Any) -> str:
    """Name of a tensor."""
    return bytes(tensor.name or b"").decode()


def constant(model: Any, index: int) -> Array | None:
    """Value of a tensor that is part of the file; None for one that is computed, or sparse."""
    tensor = model.subgraphs[0].tensors[index]
    data = model.buffers[tensor.buffer].data
    if data is None or not len(data) or tensor.type not in DTYPES or tensor.sparsity:
        return None
    values: Array = np.frombuffer(np.asarray(data).tobytes(), DTYPES[tensor.type])
    return values.reshape(shape(tensor))


def finite(model: Any) -> bool:
    """Whether every float constant is a number."""
    values = (constant(model, index) for index in range(len(model.subgraphs[0].tensors)))
    return all(v is None or v.dtype.kind != "f" or bool(np.isfinite(v).all()) for v in values)


def shape(tensor: Any) -> tuple[int, ...]:
    """Sizes of a tensor; a scalar's is empty."""
    return tuple(int(size) for size in tensor.shape) if tensor.shape is not None else ()


def outputs(model: Any) -> dict[str, int]:
    """Name -> tensor of every output."""
    graph = model.subgraphs[0]
    return {name(graph.tensors[index]): int(index) for index in graph.outputs}


def sign(model: Any) -> None:
    """Give the model the one signature quantizers ask for: every input and output by its name."""
    graph = model.subgraphs[0]
    signature = schema.SignatureDefT()
    signature.signatureKey = b"serving_default"
    signature.inputs = list(_entries(graph, graph.inputs))
    signature.outputs = list(_entries(graph, graph.outputs))
    model.signatureDefs = [signature]


def _entries(graph: Any, indices: Sequence[int]) -> Iterator[Any]:
    for index in indices:
        entry = schema.TensorMapT()
        entry.name = graph.tensors[index].name
        entry.tensorIndex = int(index)
        yield entry


def interpreter_of(
    content: bytes, *, keep_all: bool = False, resized: list[int] | None = None
) -> Any:
    """Open an interpreter with the plain kernels, which keep tensors where the file has them."""
    interpreter = Interpreter(
        model_content=content,
        experimental_preserve_all_tensors=keep_all,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    if resized:
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], resized)
    interpreter.allocate_tensors()
    return interpreter
