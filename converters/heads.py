"""Which of a model's outputs is which head, and whether they are what the decoder expects.

Names: tfjs-models' posenet and body-pix, google-coral's project-posenet, mediapipe's palm_detection
and hand_landmark modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters import flat, surgery
from converters.model import FloatModel, Pick, Size
from edge.errors import ModelError
from edge.registry import nearest


@dataclass(frozen=True, slots=True)
class Head:
    """One output that a decoder reads."""

    pattern: str  # found in upstream's name for it, in lower case
    depth: int  # entries of its last axis
    logits: bool = False  # the decoder takes it as it is before a sigmoid


_PEOPLE = {
    "heatmaps": Head(r"^(?!.*part).*heatmap", 17, logits=True),
    "offsets": Head(r"^(?!.*(part|long|mid)).*offset", 34),
}
_MOVES = {
    "displacement_fwd": Head(r"displacement_?f", 32),
    "displacement_bwd": Head(r"displacement_?b", 32),
}
# In order of preference: the heads of one set come together.
FAMILIES: Mapping[str, tuple[Mapping[str, Head], ...]] = {
    "posenet": (_PEOPLE | _MOVES, _PEOPLE | {"mid_offsets": Head(r"mid_offset", 64)}),
    "palm": (
        {
            "boxes": Head(r"^(boxes|regressors|identity)$", 18),
            "scores": Head(r"^(scores|classificators|identity_1)$", 1, logits=True),
        },
    ),
    "hand": (
        {
            "landmarks": Head(r"^(landmarks|identity)$", 63),
            "presence": Head(r"^(presence|identity_1)$", 1),
            "handedness": Head(r"^(handedness|identity_2)$", 1),
            "world": Head(r"^(world|identity_3)$", 63),
        },
    ),
}
_STRIDES = (8, 16, 32)  # px a cell, of every PoseNet there is


def listed(family: str) -> str:
    """Names of a family's heads, for people."""
    return ", or ".join(" ".join(names) for names in FAMILIES[family])


def pick(family: str, named: Mapping[str, str]) -> Pick:
    """Choose a family's heads by upstream's names; `named` has those that the user gave."""

    def chosen(outputs: Sequence[str]) -> Mapping[str, str]:
        _check_named(family, named, outputs)
        found = [{**_matches(heads, outputs), **named} for heads in FAMILIES[family]]
        for heads, names in zip(FAMILIES[family], found, strict=True):
            if heads.keys() <= names.keys():
                return _different({head: names[head] for head in heads})
        missing = next(head for head in FAMILIES[family][0] if head not in found[0])
        problem = f"no output is '{missing}'; there are: {', '.join(outputs) or 'none'}"
        raise ModelError("heads", problem, f"say which: --head {missing}=TENSOR")

    return chosen


def conform(model: FloatModel, family: str, where: str) -> FloatModel:
    """Give the heads as the decoder takes them; raises ModelError for a wrong shape or size."""
    known = {name: head for heads in FAMILIES[family] for name, head in heads.items()}
    for name, shape in model.heads.items():
        if shape[-1:] != (known[name].depth,):
            problem = f"head '{name}' is {list(shape)}, its last axis should be {known[name].depth}"
            raise ModelError(where, problem, f"name another output: --head {name}=TENSOR")
    if "heatmaps" in model.heads:
        _check_size(model.size, model.heads["heatmaps"], where)
    return _before_sigmoid(model, [name for name in model.heads if known[name].logits], where)


def _different(names: Mapping[str, str]) -> Mapping[str, str]:
    """Raise ModelError where one output is given for two heads."""
    heads: dict[str, str] = {}
    for head, tensor in names.items():
        if (other := heads.setdefault(tensor, head)) != head:
            problem = f"'{other}' and '{head}' are both '{tensor}'"
            raise ModelError("heads", problem, "each head is an output of its own: --head")
    return names


def _check_named(family: str, named: Mapping[str, str], outputs: Sequence[str]) -> None:
    known = {head for heads in FAMILIES[family] for head in heads}
    for head, tensor in named.items():
        if head not in known:
            raise ModelError(f"--head {head}", f"{family} has no such head", nearest(head, known))
        if tensor not in outputs:
            hint = f"outputs are: {', '.join(outputs)}"
            raise ModelError(f"--head {head}", f"the model has no output '{tensor}'", hint)


def _matches(heads: Mapping[str, Head], outputs: Sequence[str]) -> dict[str, str]:
    """Every head whose pattern an output's name has; a TensorFlow name may end in ":0"."""
    found = {
        head: [name for name in outputs if re.search(known.pattern, name.lower().split(":")[0])]
        for head, known in heads.items()
    }
    return {head: names[0] for head, names in found.items() if names}


def stride(model: FloatModel) -> int | None:
    """Px a cell of the heatmaps; None for a model without any."""
    return _stride(model.size, model.heads["heatmaps"]) if "heatmaps" in model.heads else None


def _stride(size: Size, heatmaps: Sequence[int]) -> int:
    found = max(size) / max(*heatmaps[1:3], 1)
    return min(_STRIDES, key=lambda known: abs(found - known))


def _check_size(size: Size, heatmaps: Sequence[int], where: str) -> None:
    """PoseNet's cells sit on pixels 0, stride, 2 strides ..: the last pixel must have one."""
    stride = _stride(size, heatmaps)
    if all(pixels > stride and pixels % stride == 1 for pixels in size):
        return
    fits = dict.fromkeys("x".join(map(str, fit)) for fit in _fitting(size, stride))
    problem = f"cannot take {size[0]}x{size[1]} at a stride of {stride}"
    hint = f"height and width are a multiple of {stride}, plus 1: --input {' or '.join(fits)}"
    raise ModelError(where, problem, hint)


def _fitting(size: Size, stride: int) -> Iterator[Size]:
    """Sizes next to one: the largest below, and the smallest above."""
    for up in (0, stride - 1):
        height, width = (max((pixels - 1 + up) // stride, 1) * stride + 1 for pixels in size)
        yield height, width


def _before_sigmoid(model: FloatModel, names: Sequence[str], where: str) -> FloatModel:
    """Take off the sigmoid that exports to ONNX and PyTorch's PoseNet end with."""
    parsed = flat.parse(model.content, where)
    outputs = flat.outputs(parsed)
    squashed = {
        int(op.outputs[0]): int(op.inputs[0])
        for op in parsed.subgraphs[0].operators
        if flat.kind(parsed, op) == "LOGISTIC"
    }
    if not any(outputs[name] in squashed for name in names):
        return model
    logits = {name: squashed.get(outputs[name], outputs[name]) for name in names}
    surgery.keep(parsed, outputs | logits)
    return FloatModel.of(parsed, where)
