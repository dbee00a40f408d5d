r"""PoseNet for every runtime: people as 17 keypoints.

  edgepose-convert posenet --from posenet-mobilenet-v1-050 --input 353x481 \
      --calibrate PHOTOS --out models/posenet-050

--from is a name (then the original is fetched), a folder or a file: TensorFlow.js (model.json and
its shards), ONNX, TFLite, a PyTorch state dict. It is quantized with ranges from your pictures,
opened as a device opens it, and compared with the original: who is found, and where their joints
are. A model that differs too much is refused.
"""

from __future__ import annotations

import argparse

from converters.commands import _flags
from converters.families import FAMILIES
from converters.progress import Progress

_FAMILY = FAMILIES["posenet"]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--from",
        dest="original",
        type=_flags.path,
        required=True,
        metavar="MODEL",
        help="a name that `edgepose models list` has, a folder or a file (.json with its shards, "
        ".onnx, .tflite, .pt, .pth, .ts, .safetensors)",
    )
    parser.add_argument(
        "--stride",
        type=int,
        choices=(8, 16),
        help="px a cell of the heatmaps: which of a folder's TensorFlow.js models, and how PyTorch "
        "weights are laid out (16)",
    )
    _flags.single(parser, _FAMILY)
    _flags.common(parser, "the model's new folder; its name is the model's")


def run(args: argparse.Namespace) -> int:
    """Convert one model."""
    progress = Progress()
    original = _flags.original(args.original, progress)
    return _flags.one(args, _FAMILY, original, progress)
