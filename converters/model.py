"""The nouns of a conversion: what is asked for, and the float32 model every writer takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ai_edge_litert.schema_py_generated import TensorType

from converters import flat
from edge.core.types import Image
from edge.errors import ModelError

Size = tuple[int, int]  # height, width px
Pick = Callable[[Sequence[str]], Mapping[str, str]]  # upstream's outputs -> {head: its output}


@dataclass(frozen=True, slots=True)
class Request:
    """What a reader is asked for."""

    size: Size | None  # None: as the file has it
    pick: Pick  # raises ModelError where a head is missing
    stride: int = 16  # px a cell of the heatmap, where a folder has several


@dataclass(frozen=True, slots=True, eq=False)
class FloatModel:
    """A float32 .tflite: one NHWC image in, named outputs, one signature."""

    content: bytes
    image: str  # name of the input
    size: Size
    heads: Mapping[str, tuple[int, ...]]  # by the decoder's names, which the tensors have too

    @staticmethod
    def of(model: Any, where: str) -> FloatModel:
        """Check a ModelT and freeze it; raises ModelError unless one RGB picture goes in."""
        graph = model.subgraphs[0]
        shapes = [flat.shape(graph.tensors[index]) for index in graph.inputs]
        if len(shapes) != 1 or len(shapes[0]) != 4 or shapes[0][0] != 1 or shapes[0][3] != 3:  # noqa: PLR2004
            problem = f"takes {' and '.join(str(list(s)) for s in shapes)}"
            raise ModelError(where, problem, "a pose model takes one RGB picture, [1, H, W, 3]")
        if graph.tensors[graph.inputs[0]].type != TensorType.FLOAT32:
            raise ModelError(where, "takes no float32", "give the model before it was quantized")
        if not flat.finite(model):
            raise ModelError(where, "has weights that are no finite numbers", "train it again")
        heads = [graph.tensors[index] for index in graph.outputs]
        return FloatModel(
            content=flat.pack(model),
            image=flat.name(graph.tensors[graph.inputs[0]]),
            size=(shapes[0][1], shapes[0][2]),
            heads={flat.name(head): flat.shape(head) for head in heads},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What a writer is asked for."""

    variant: str  # one of the writer's VARIANTS
    stem: str  # files are called stem.extension
    mean: tuple[float, float, float]  # the model takes (pixel - mean) / std, R, G, B
    std: tuple[float, float, float]
    pictures: Sequence[Image] = ()  # (H, W, 3) RGB for calibration, at the model's input size
    shared: dict[str, FloatModel] = field(default_factory=dict)  # among variants: made only once


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """One variant's files; the first is the one a runtime opens."""

    format: str  # as the runtime's manifest calls it
    files: Mapping[str, bytes]  # name -> content, in order
    backends: tuple[str, ...]  # runtimes to try it on
    made_with: Mapping[str, str] = field(default_factory=dict)  # package -> version
