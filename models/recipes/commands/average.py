r"""Average the weights of runs of which one went on from the other: a model soup.

  python -m models.recipes average out/body-6/checkpoint.pt out/body-7/checkpoint.pt \
      --out out/body-8/checkpoint.pt

Runs that share a beginning lie in one valley, and its middle does better on other pictures than
either edge (Wortsman et al., arXiv:2203.05482). The result is a checkpoint for `ship`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from edge.errors import EdgeposeError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pt")


def run(args: argparse.Namespace) -> int:
    """Average."""
    from models.recipes.training.checkpoint import read, save, soup  # noqa: PLC0415 - seconds

    for file in args.checkpoints:
        if not file.is_file():
            raise EdgeposeError(str(file), "no such file", "it is OUT/checkpoint.pt of a run")
    made = soup([read(file) for file in args.checkpoints])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save(made, args.out)
    sys.stdout.write(f"{args.out}: the mean of {len(args.checkpoints)}\n")
    return 0
