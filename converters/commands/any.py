r"""Any float model that one of the decoders reads: a palm detector, landmarks, your own PoseNet.

  edgepose-convert any model.onnx --decoder posenet --head heatmaps=output_1 \
      --head offsets=output_2 --head displacement_fwd=output_3 --head displacement_bwd=output_4 \
      --calibrate PHOTOS --out models/mine

The pictures are shown to the model whole: for landmarks of a hand, give pictures that one hand
fills.
"""

from __future__ import annotations

import argparse

from converters.commands import _flags
from converters.errors import ConvertError
from converters.families import FAMILIES
from converters.progress import Progress

_WHITE, _LEAST_STD = 255.0, 0.001


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "original",
        type=_flags.path,
        metavar="MODEL",
        help="a file, a folder, or a name that `edgepose models list` has",
    )
    parser.add_argument(
        "--decoder", required=True, choices=tuple(FAMILIES), help="what is to read its outputs"
    )
    parser.add_argument(
        "--mean",
        type=float,
        metavar="N",
        help="the model takes (pixel - MEAN) / STD (the decoder's)",
    )
    parser.add_argument("--std", type=float, metavar="N", help="such as 255; see --mean")
    _flags.single(parser, *FAMILIES.values())
    _flags.common(parser, "the model's new folder; its name is the model's")


def run(args: argparse.Namespace) -> int:
    """Convert one model."""
    progress = Progress()
    family = FAMILIES[args.decoder]
    if args.mean is not None and not 0.0 <= args.mean <= _WHITE:
        raise ConvertError("--mean", f"{args.mean:g} is not within 0 .. 255", "such as 127.5")
    if args.std is not None and not _LEAST_STD <= args.std <= _WHITE:
        problem = f"{args.std:g} is not within {_LEAST_STD:g} .. 255"
        raise ConvertError("--std", problem, "such as 255, or 127.5")
    family = family.normalised(args.mean, args.std)
    original = _flags.original(args.original, progress)
    return _flags.one(args, family, original, progress)
