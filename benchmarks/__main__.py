"""Figures a stranger can reproduce: `edgepose-bench COMMAND --help` shows how.

edgepose-bench fps                             frames a second on this board, end to end
edgepose-bench choose --min-ap 0.2 ...         the fastest model that is accurate enough, here
edgepose-bench accuracy --coco ANN.json --images DIR
                                               OKS-AP and PCK of models against marked pictures
edgepose-bench events --labels labels.csv --clips DIR
                                               falls found and false alarms, clip by clip
edgepose-bench sop --captaincook DIR --openpack DIR
                                               steps out of order, missing, too slow: what is told
edgepose-bench soak, edgepose-bench fleet      a day in minutes; many devices and one broker
edgepose-bench results FILE.json ...           a page of measured figures
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import answer
from benchmarks.errors import BenchError
from converters.commandline import Program

COMMANDS = ("fps", "accuracy", "events", "sop", "soak", "fleet", "choose", "results")


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    return Program(
        name="edgepose-bench",
        about=__doc__ or "",
        package="benchmarks.commands",
        commands=COMMANDS,
        install="run: make dev, or pip install 'edgepose[bench]'",
        stopped="stopped",
        error=BenchError,
        before=_check_output,
    ).main(argv)


def _check_output(args: argparse.Namespace) -> None:
    """Try the output first, not after minutes of measuring."""
    if getattr(args, "json", None) is not None:
        answer.check(args.json)


if __name__ == "__main__":
    sys.exit(main())
