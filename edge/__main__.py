"""Poses from a camera, falls on MQTT: `edgepose COMMAND --help` shows how.

The first time:
  edgepose demo                                  see it work, nothing to prepare
  edgepose models list                           what it can see with
  edgepose run clip.mp4 --model NAME             falls in a clip, printed here
  edgepose run /dev/video0 --model NAME --mqtt mqtt://broker.local
                                                 falls before a camera, on MQTT
For good:
  edgepose check cam1.toml                       is everything right and in reach?
  edgepose run cam1.toml                         what the systemd service runs
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from edge import __version__
from edge.errors import EdgeposeError
from edge.registry import nearest

COMMANDS = (
    "run",
    "demo",
    "check",
    "doctor",
    "record",
    "replay",
    "models",
    "gestures",
    "settings",
    "sop",
    "firstboot",
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; the only place where an error is caught and becomes an exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] not in COMMANDS:
        return _no_command(words)
    module = _command(words[0])
    parser = argparse.ArgumentParser(
        prog=f"edgepose {words[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    args = parser.parse_args([word for word in words[1:] if word != "--debug"])
    try:
        return int(module.run(args))
    except EdgeposeError as error:
        if "--debug" in words:
            raise
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # `edgepose ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _command(name: str) -> ModuleType:
    """Only the chosen command is imported: half of the start-up time is imports."""
    return importlib.import_module(f"edge.commands.{name}")


def _no_command(words: list[str]) -> int:
    lines = (f"  {name:8} {_summary(name)}" for name in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="edgepose",
        usage="edgepose COMMAND ...",
        description=__doc__,
        epilog="commands:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"edgepose {__version__}")
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    name = parser.parse_known_args(words)[0].command
    if name is not None:
        parser.error(f"unknown command '{name}' ({nearest(name, COMMANDS)})")
    parser.print_help()
    return 0


def _summary(name: str) -> str:
    return (_command(name).__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
