"""Keep the poses of a clip or camera as JSON lines: no picture, nothing that shows a face.

  edgepose record clip.mp4 --model NAME --out poses.jsonl
  edgepose record /dev/video0 --model NAME --out monday.jsonl       until Ctrl-C
  edgepose record clip.mp4 --model palm-detection-lite --model hand-landmark-lite --out hands.jsonl
                                                                    hands, without bodies
  edgepose replay poses.jsonl --rule fall                           what a rule makes of it

A recording is how rules are tuned where video may not be kept: it replays to exactly the
events that were reported live, in a fraction of the time.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from edge.commands import _flags
from edge.commands import run as run_command


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("source", metavar="CONFIG.toml | CLIP_OR_CAMERA")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="where the poses go"
    )
    _flags.model(parser)
    _flags.names(parser)
    run_command.watching(parser)


def run(args: argparse.Namespace) -> int:
    """Watch without any rule."""
    return run_command.watch(args, poses=args.out, reporting=False)
