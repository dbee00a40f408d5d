"""Changes to a float TFLite model that keep what it computes: prune, fold constants, resize."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from converters import flat
from edge.errors import ModelError


def keep(model: Any, heads: Mapping[str, int]) -> None:
    """Name the outputs, and drop every operator, tensor and buffer that they do not need."""
    graph = model.subgraphs[0]
    for head, index in heads.items():
        graph.tensors[index].name = head.encode()
    needed = {int(index) for index in (*heads.values(), *graph.inputs)}
    operators = []
    for op in reversed(graph.operators):  # the file's order is an order of execution
        if needed.intersection(int(index) for index in op.outputs):
            needed.update(int(index) for index in (*op.inputs, *op.outputs) if index >= 0)
            operators.append(op)
    places = {old: new for new, old in enumerate(sorted(needed))}
    places[-1] = -1  # an optional input that is absent

    def moved(indices: Sequence[int]) -> list[int]:
        return [places[int(index)] for index in indices]

    for op in operators:
        op.inputs, op.outputs, op.intermediates = moved(op.inputs), moved(op.outputs), None
    graph.operators = operators[::-1]
    graph.tensors = [graph.tensors[old] for old in sorted(needed)]
    graph.inputs, graph.outputs = moved(graph.inputs), moved(list(heads.values()))
    _drop_buffers(model)
    model.metadata = model.metadataBuffer = None
    flat.sign(model)


def _drop_buffers(model: Any) -> None:
    """Buffer 0 is empty by convention; each constant then has one of its own, equal ones share."""
    buffers, places = [flat.buffer()], {b"": 0}
    for tensor in model.subgraphs[0].tensors:
        data = model.buffers[tensor.buffer].data
        content = b"" if data is None else np.asarray(data).tobytes()
        if content not in places:
            places[content] = len(buffers)
            buffers.append(model.buffers[tensor.buffer])
        tensor.buffer = places[content]
    model.buffers = buffers


def fold(model: Any) -> None:
    """Compute what depends on constants only: float16 or sparse weights become float32 ones."""
    graph = model.subgraphs[0]
    filled = {i for i, each in enumerate(model.buffers) if each.data is not None and len(each.data)}
    known = {i for i, tensor in enumerate(graph.tensors) if tensor.buffer in filled}
    foldable = []
    for op in graph.operators:
        if all(int(index) in known or index < 0 for index in op.inputs):
            known.update(int(index) for index in op.outputs)
            foldable.append(op)
    if not foldable:
        return
    interpreter = flat.interpreter_of(flat.pack(model), keep_all=True)
    interpreter.invoke()
    for op in foldable:
        for index in op.outputs:
            tensor = graph.tensors[index]
            tensor.sparsity = None
            tensor.buffer = len(model.buffers)
            model.buffers.append(flat.buffer(interpreter.get_tensor(int(index))))
    folded = {id(op) for op in foldable}
    graph.operators = [op for op in graph.operators if id(op) not in folded]


def resize(model: Any, size: tuple[int, int], where: str) -> None:
    """Give the image input (height, width) px; raises ModelError where the graph forbids it."""
    graph = model.subgraphs[0]
    image = int(graph.inputs[0])
    wanted = [1, *size, 3]
    if list(flat.shape(graph.tensors[image])) == wanted:
        return
    try:
        interpreter = flat.interpreter_of(flat.pack(model), resized=wanted)
    except (ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        own = "x".join(map(str, flat.shape(graph.tensors[image])[1:3]))
        hint = f"leave --input away: it takes {own}"
        raise ModelError(where, f"cannot take {size[0]}x{size[1]}: {reason}", hint) from error
    for detail in interpreter.get_tensor_details():
        if detail["index"] < len(graph.tensors):
            tensor = graph.tensors[detail["index"]]
            tensor.shape, tensor.shapeSignature = detail["shape"].astype(np.int32), None
