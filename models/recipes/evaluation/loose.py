"""Weights without a manifest: an exported checkpoint, or a network that is being trained."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from edge import registry
from edge.backends._pixels import Feed, channels_last
from edge.core.types import Floats, Image
from edge.decode.hand import Hand
from edge.decode.posenet import PoseNet
from edge.errors import ModelError
from edge.manifest import InputSpec, Manifest, OutputSpec, WeightsFile
from edge.runtime.predictor import Predictor
from models.recipes.decoding import BODY

_BODY_HEADS = ("heatmaps", "offsets", "displacement_fwd", "displacement_bwd")
_BODY_CHANNELS = (17, 34, 32, 32)
_HAND_HEADS = ("landmarks", "presence", "handedness", "world")
_BACKENDS = {".onnx": "onnxruntime", ".tflite": "tflite"}
_RGB = 3

Shapes = Mapping[str, Sequence[int]]  # outputs of a file by tensor


def from_file(path: Path) -> Predictor:
    """A predictor of an .onnx or .tflite file whose pixels are (x - 127.5) / 127.5.

    Heads are told apart by their names where these are ours, or else by channels and order. A body
    is decoded as PoseNet is: only a folder's manifest can say that it is best read otherwise.
    Raises ModelError for a file that cannot be a body's or a hand's.
    """
    if not path.is_file():
        raise ModelError(str(path), "is not there")
    backend = _BACKENDS[path.suffix]
    image, given = _onnx(path) if path.suffix == ".onnx" else _tflite(path)
    nchw = image[1] == _RGB
    height, width = image[2:4] if nchw else image[1:3]
    content = path.read_bytes()
    file = WeightsFile(
        path=path.name,
        format=path.suffix[1:],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        backends=(backend,),
        layout="NCHW" if nchw else "NHWC",
    )
    manifest = _manifest(path, file, (height, width), given)
    made = registry.load("backends", backend)(manifest, path, 1)
    return Predictor(manifest, made)


def from_module(module: Any, size: tuple[int, int]) -> Predictor:
    """A predictor of a torch.nn.Module: (1, 3, H, W) float32 of -1..1 to PoseNet's four heads.

    It gives a mapping by our names, or a tuple in their order, (1, C, h, w) each. It is decoded as
    our networks are.
    """
    file = WeightsFile(path="module.onnx", format="onnx", sha256="0" * 64, size=0, layout="NCHW")
    outputs = {head: OutputSpec(head, (1, 0, 0, 0)) for head in _BODY_HEADS}
    facts = _facts("module", "body17", size, file, outputs)
    manifest = replace(facts, decoder=PoseNet(**BODY))
    return Predictor(manifest, _Module(module, manifest))


class _Module:
    """A network in PyTorch, as a backend."""

    def __init__(self, module: Any, manifest: Manifest) -> None:
        self._module = module
        self._file = manifest.weights[0]
        self._feed = Feed(manifest.input, self._file, np.float32)
        self._was_training = False
        self.input_size = (manifest.input.height, manifest.input.width)

    def __enter__(self) -> _Module:
        """Switch it to evaluation."""
        self._was_training = bool(self._module.training)
        self._module.eval()
        return self

    def feed(self, image: Image) -> npt.NDArray[Any]:
        """uint8 RGB (1, H, W, 3) -> float32 (1, 3, H, W)."""
        return self._feed(image)

    def infer(self, fed: npt.NDArray[Any]) -> dict[str, Floats]:
        """Heads by our names, channels last."""
        torch: Any = importlib.import_module("torch")
        device = next(self._module.parameters()).device
        with torch.no_grad():
            heads = self._module(torch.from_numpy(fed).to(device))
        named = heads if isinstance(heads, Mapping) else dict(zip(_BODY_HEADS, heads, strict=True))
        return {
            name: channels_last(named[name].float().cpu().numpy(), self._file)
            for name in _BODY_HEADS
        }

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._module.train(self._was_training)


def _onnx(path: Path) -> tuple[list[int], Shapes]:
    runtime: Any = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return list(session.get_inputs()[0].shape), {o.name: o.shape for o in session.get_outputs()}


def _tflite(path: Path) -> tuple[list[int], Shapes]:
    runtime: Any = importlib.import_module("ai_edge_litert.interpreter")
    net = runtime.Interpreter(str(path))
    outputs = {one["name"]: one["shape"].tolist() for one in net.get_output_details()}
    return net.get_input_details()[0]["shape"].tolist(), outputs


def _manifest(path: Path, file: WeightsFile, size: tuple[int, int], given: Shapes) -> Manifest:
    nchw = file.layout == "NCHW"
    last = {name: _last(shape, nchw=nchw) for name, shape in given.items()}
    hand = not any(len(shape) == len(_BODY_CHANNELS) for shape in last.values())
    names = _HAND_HEADS if hand else _BODY_HEADS
    tensors = _named(names, last) or _by_shape(path, last, hand=hand)
    outputs = {head: OutputSpec(name, last[name]) for head, name in tensors.items()}
    return _facts(path.stem, "hand21" if hand else "body17", size, file, outputs)


def _facts(
    name: str, skeleton: str, size: tuple[int, int], file: WeightsFile, outputs: Any
) -> Manifest:
    return Manifest(
        name=name,
        title=name,
        licence="Apache-2.0",
        homepage="",
        skeleton=skeleton,
        input=InputSpec(height=size[0], width=size[1]),
        weights=(file,),
        outputs=outputs,
        decoder=Hand() if skeleton == "hand21" else PoseNet(),
    )


def _last(shape: Sequence[int], *, nchw: bool) -> tuple[int, ...]:
    """A shape as decoders see it."""
    batch, *rest = shape
    if nchw and len(rest) == _RGB:
        rest = [*rest[1:], rest[0]]
    return (batch, *rest)


def _named(heads: Sequence[str], given: Shapes) -> dict[str, str]:
    return {head: head for head in heads} if set(heads) <= set(given) else {}


def _by_shape(path: Path, given: Shapes, *, hand: bool) -> dict[str, str]:
    """Heads in the order of the file; where a name tells the way, by it."""
    names = list(given)
    if hand and len(names) == len(_HAND_HEADS):
        return dict(zip(_HAND_HEADS, names, strict=True))
    names.sort(key=lambda name: "bwd" in name.lower() or "backward" in name.lower())
    found: dict[str, str] = {}
    for head, channels in zip(_BODY_HEADS, _BODY_CHANNELS, strict=True):
        fits = [n for n in names if given[n][-1] == channels and n not in found.values()]
        if not fits:
            hint = f"outputs of {', '.join(map(str, _BODY_CHANNELS))} channels"
            raise ModelError(str(path), f"has no output for '{head}'", hint)
        found[head] = fits[0]
    return found
