"""One way to be a program of several commands: help, errors in two lines, exit codes, Ctrl-C."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from converters.stopping import stop_like_ctrl_c
from edge import __version__
from edge.errors import EdgeposeError
from edge.registry import nearest

_STOPPED = 130  # the shell's code for Ctrl-C
_OURS = ("benchmarks", "converters", "edge.", "models")


@dataclass(frozen=True, slots=True)
class Program:
    """Commands are modules of `package` with `arguments(parser)` and `run(args)`."""

    name: str  # what a person types
    about: str  # the help without a command
    package: str
    commands: tuple[str, ...]
    install: str  # the hint where a package is missing
    stopped: str  # said after Ctrl-C
    error: type[EdgeposeError] = EdgeposeError
    before: Callable[[argparse.Namespace], None] = lambda _: None  # with a command's flags

    def main(self, argv: list[str] | None = None) -> int:
        """Run one command; the only place where an error is caught and becomes an exit code."""
        words = sys.argv[1:] if argv is None else argv
        if not words or words[0] not in self.commands:
            return self._no_command(words)
        stop_like_ctrl_c()  # so that no worker is left
        try:
            return self._run(words)
        except KeyboardInterrupt:
            sys.stderr.write(f"{self.stopped}\n")
            return _STOPPED
        except EdgeposeError as error:
            if "--debug" in words:
                raise
            sys.stderr.write(f"{error}\n")
            return error.exit_code
        except ModuleNotFoundError as error:
            if "--debug" in words or (error.name or "").startswith(_OURS):
                raise
            told = self.error(self.name, f"{error.name} is not installed", self.install)
            sys.stderr.write(f"{told}\n")
            return told.exit_code
        except BrokenPipeError:  # `... | head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _STOPPED

    def _run(self, words: list[str]) -> int:
        # Only the chosen command is imported, so that help comes at once.
        module = importlib.import_module(f"{self.package}.{words[0]}")
        parser = argparse.ArgumentParser(
            prog=f"{self.name} {words[0]}",
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(parser)
        parser.add_argument("--debug", action="store_true", help="show where an error came from")
        args = parser.parse_args(words[1:])
        self.before(args)
        return int(module.run(args))

    def _no_command(self, words: list[str]) -> int:
        parser = argparse.ArgumentParser(
            prog=self.name,
            usage=f"{self.name} COMMAND ...",
            description=self.about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--version", action="version", version=f"{self.name} {__version__}")
        parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
        name = parser.parse_known_args(words)[0].command
        if name is not None:
            parser.error(f"unknown command '{name}' ({nearest(name, self.commands)})")
        parser.print_help()
        return 0
