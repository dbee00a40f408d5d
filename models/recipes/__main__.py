r"""How the bundled models were made, from nothing but CC0 bodies: `python -m models.recipes`.

  python -m models.recipes assets HUMANS                      are all CC0 files here?
  python -m models.recipes render people --out out/people     pictures of synthetic people
  python -m models.recipes render hands --out out/hands       and of their hands
  python -m models.recipes sheet out/people --out sheet.png   look at them
  python -m models.recipes train body --data out/people --out out/body
                                                              learn from them; goes on when stopped
  python -m models.recipes evaluate --model DIR --out out/evaluation
                                                              on real photographs and clips
  python -m models.recipes ship body --checkpoint out/body/checkpoint.pt --data out/people
                                                              what models/ has, INT8, with its card
  python -m models.recipes clip --variant correct --out FILE.mp4 the clip that `edgepose demo` shows

Each has its own --help. They need the `recipes` extra: make recipes, or pip install
'edgepose[recipes]'. README.md beside this file names the CC0 files and where they come from.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from converters.stopping import stop_like_ctrl_c
from edge.errors import EdgeposeError
from edge.registry import nearest

COMMANDS = ("assets", "render", "sheet", "train", "evaluate", "ship", "clip")
_STOPPED = 130  # the shell's code for Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Run one command; an error becomes two lines and an exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] not in COMMANDS:
        return _no_command(words)
    stop_like_ctrl_c()
    try:
        return _run(words)
    except KeyboardInterrupt:
        print("stopped; the same command goes on", file=sys.stderr)
        return _STOPPED
    except EdgeposeError as error:
        if "--debug" in words:
            raise
        print(error, file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        if "--debug" in words or (error.name or "").startswith(("models", "converters", "edge.")):
            raise
        hint = "run: make recipes, or pip install 'edgepose[recipes]'"
        told = EdgeposeError("models.recipes", f"{error.name} is not installed", hint)
        print(told, file=sys.stderr)
        return told.exit_code


def _run(words: list[str]) -> int:
    module = importlib.import_module(f"models.recipes.commands.{words[0]}")
    parser = argparse.ArgumentParser(
        prog=f"python -m models.recipes {words[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    return int(module.run(parser.parse_args(words[1:])))


def _no_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m models.recipes",
        usage="python -m models.recipes COMMAND ...",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    name = parser.parse_known_args(words)[0].command
    if name is not None:
        parser.error(f"unknown command '{name}' ({nearest(name, COMMANDS)})")
    parser.print_help()
    return 0


if __name__ == "__main__":
    sys.exit(main())
