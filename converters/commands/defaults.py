r"""The whole default set: PoseNet in three sizes, a palm detector, hand landmarks.

  edgepose-convert defaults --calibrate PHOTOS --hands HAND_PHOTOS --out models

Originals are fetched, and proved by hash. A model that fails does not keep the others from being
made; the command then fails in the end and says which.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from converters.commands import _flags, hand, posenet
from converters.errors import ConvertError
from converters.progress import Progress
from edge.errors import EdgeposeError
from edge.modelstore import model_store

POSENETS = (
    ("posenet-mobilenet-v1-050", "257x257"),  # the fastest
    ("posenet-mobilenet-v1-050", "353x481"),
    ("posenet-mobilenet-v1-075", "353x481"),  # the best
)
HANDS = "hand-lite-int8"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--hands", metavar="PICTURES", help="pictures with hands (those of --calibrate)"
    )
    parser.add_argument(
        "--from",
        dest="originals",
        type=_flags.path,
        metavar="DIR",
        help="no network: originals are found below this folder, proved by hash",
    )
    _flags.common(parser, "the folder of the models' folders")


def run(args: argparse.Namespace) -> int:
    """Convert one after the other."""
    progress = Progress()
    for name in dict.fromkeys((*(name for name, _ in POSENETS), *hand.ORIGINALS.values())):
        with progress.stage(f"fetch {name}") as bar:
            model_store().find(name).pull(args.originals, lambda _, done, total: bar(done, total))
    failed = []
    for command, changes in _jobs(args):
        progress.say(f"\n{changes['out']}")
        try:
            command(argparse.Namespace(**{**vars(args), **changes}))
        except EdgeposeError as error:
            print(error, file=sys.stderr)
            failed.append(changes["out"].name)
    if failed:
        problem = f"not made: {', '.join(failed)}"
        raise ConvertError("defaults", problem, "see the errors above; the others are made")
    return 0


def _jobs(args: argparse.Namespace) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each command with the flags it would be given by hand."""
    for original, size in POSENETS:
        out = args.out / f"{original}-{size}-int8"
        yield posenet.run, {"original": Path(original), "input": size, "out": out}
    pictures = {"calibrate": args.hands, "parity": None} if args.hands else {}
    yield hand.run, {"original": None, "out": args.out / HANDS, **pictures}
