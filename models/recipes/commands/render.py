r"""Render people or hands, with the exact truth about them.

  python -m models.recipes render people --humans DIR --out out/people --count 20000
  python -m models.recipes render hands --humans DIR --out out/hands --count 10000

DIR has the CC0 bodies, clothes, poses and motions that models/recipes/README.md names. The same
seed gives the same pictures; a run that was stopped goes on where it was. OpenGL needs no screen:
EGL, in software where there is no GPU (Debian: libegl1 libgl1-mesa-dri).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from converters.progress import Progress
from edge.errors import EdgeposeError
from models.recipes.rendering.dataset import Maker, make_dataset

# Where the painter of each kind of picture is; only the chosen one is imported.
_STUDIOS = {"people": "models.recipes.scenes.composition", "hands": "models.recipes.hands.studio"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("kind", choices=sorted(_STUDIOS), help="what is rendered")
    humans(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the data set")
    parser.add_argument("--count", type=int, default=20_000, metavar="N", help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="(%(default)s)")
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at once (one a core: %(default)s)",
    )


def humans(parser: argparse.ArgumentParser) -> None:
    """Declare --humans."""
    parser.add_argument(
        "--humans",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("EDGEPOSE_SHARED", "../shared")) / "humans",
        help="mesh, rigs, targets, clothes, hair, poses, motions, light (%(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Render."""
    if args.count < 1 or args.workers < 1:
        raise EdgeposeError("render", "--count and --workers are 1 or more", "see --help")
    if not (args.humans / "mesh").is_dir():
        hint = "--humans DIR: the folder that models/recipes/README.md describes"
        raise EdgeposeError(str(args.humans), "has no mesh/", hint)
    # One core a process: the software renderer would take all of them in each.
    os.environ.update(LP_NUM_THREADS="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    with Progress().stage(f"render {args.kind}") as bar:
        make_dataset(
            studio(args.kind, args.humans),
            args.out,
            args.count,
            args.seed,
            args.workers,
            lambda done: bar(done, args.count),
        )
    sys.stdout.write(
        f"{args.count} pictures in {args.out}; look: sheet {args.out} --out sheet.png\n"
    )
    return 0


def studio(kind: str, humans: Path) -> Callable[[], Maker]:
    """Return what makes the painter of a kind, once in each process."""
    made: Callable[[], Maker] = importlib.import_module(_STUDIOS[kind]).Studio(humans)
    return made
