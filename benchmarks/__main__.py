"""Figures a stranger can reproduce: `edgepose-bench COMMAND --help` shows how.

edgepose-bench fps                             frames a second on this board, end to end
edgepose-bench choose --min-ap 0.2 ...         the fastest model that is accurate enough, here
edgepose-bench accuracy --coco ANN.json --images DIR
                                               OKS-AP and PCK of models against marked pictures
edgepose-bench events --labels labels.csv --clips DIR
                                               falls found and false alarms, clip by clip
edgepose-bench soak, edgepose-bench fleet      a day in minutes; many devices and one broker
edgepose-bench results FILE.json ...           a page of measured figures
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from benchmarks import answer
from benchmarks.errors import BenchError
from converters.stopping import stop_like_ctrl_c
from edge import __version__
from edge.errors import EdgeposeError
from edge.registry import nearest

COMMANDS = ("fps", "accuracy", "events", "soak", "fleet", "choose", "results")
_STOPPED = 130  # the shell's code for Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Run one command; the only place where an error is caught and becomes an exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] not in COMMANDS:
        return _no_command(words)
    stop_like_ctrl_c()  # so that no worker is left
    try:
        return _run(words)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return _STOPPED
    except EdgeposeError as error:
        if "--debug" in words:
            raise
        print(error, file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        if "--debug" in words or (error.name or "").startswith(
            ("benchmarks", "converters", "edge.")
        ):
            raise
        hint = "run: make dev, or pip install 'edgepose[bench]'"
        print(BenchError("edgepose-bench", f"{error.name} is not installed", hint), file=sys.stderr)
        return BenchError.exit_code
    except BrokenPipeError:  # `edgepose-bench ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _STOPPED


def _run(words: list[str]) -> int:
    module = _command(words[0])
    parser = argparse.ArgumentParser(
        prog=f"edgepose-bench {words[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    args = parser.parse_args(words[1:])
    if getattr(args, "json", None) is not None:
        answer.check(args.json)
    return int(module.run(args))


def _command(name: str) -> ModuleType:
    """Only the chosen command is imported, so that help comes at once."""
    return importlib.import_module(f"benchmarks.commands.{name}")


def _no_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="edgepose-bench",
        usage="edgepose-bench COMMAND ...",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"edgepose-bench {__version__}")
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    name = parser.parse_known_args(words)[0].command
    if name is not None:
        parser.error(f"unknown command '{name}' ({nearest(name, COMMANDS)})")
    parser.print_help()
    return 0


if __name__ == "__main__":
    sys.exit(main())
