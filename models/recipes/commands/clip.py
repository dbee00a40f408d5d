"""Make the clip: an operator does a five-step procedure, walks away, falls and gets up.

python -m models.recipes clip --humans ../shared/humans --out bench.mp4
the clip, and its exact truth in bench.truth.json
python -m models.recipes clip --variant skipped --out skipped.mp4
a run with an error: skipped, swapped, repeated, slow, forbidden
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from converters.progress import Progress
from models.recipes.commands.render import humans
from models.recipes.film.procedure import VARIANTS

_SEED, _QUALITY = 9, 18
_SHEET = 24  # frames on a contact sheet


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.mp4")
    parser.add_argument("--variant", choices=VARIANTS, default="correct", help="what goes wrong")
    humans(parser)
    parser.add_argument(
        "--seed", type=int, default=_SEED, help=f"another, another operator ({_SEED})"
    )
    parser.add_argument("--quality", type=int, default=_QUALITY, metavar="CRF",
                        help=f"of H.264; more is smaller ({_QUALITY})")  # fmt: skip
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="frames to look at")


def run(args: argparse.Namespace) -> int:
    """Render, encode, and write the truth beside the clip."""
    from models.recipes.film import shoot, truth  # noqa: PLC0415 - OpenGL is not for --help

    cv2.setNumThreads(1)

    take = shoot.Take(args.variant, args.seed, args.quality)
    with Progress().stage(f"film {args.variant}") as bar:
        acted, shots = shoot.film(args.humans, take, args.out, bar)
    beside = args.out.with_suffix(".truth.json")
    truth.save(beside, truth.describe(acted, shots, args.variant, args.seed))
    if args.sheet:
        times = [float(t) for t in np.linspace(0, acted.t[-1], _SHEET)]
        cv2.imwrite(str(args.sheet), shoot.sheet(args.out, times))
    sizes = ", ".join(f"{path} {path.stat().st_size / 1000:.0f} kB" for path in (args.out, beside))
    sys.stdout.write(f"{len(shots)} frames, {acted.t[-1]:.1f} s: {sizes}\n")
    return 0
