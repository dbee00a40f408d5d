r"""Float pose models in, small models with measured parity out: `edgepose-convert KIND --help`.

  edgepose-convert posenet --from posenet-mobilenet-v1-050 --input 353x481 \
      --calibrate PHOTOS --out models/posenet-050     PoseNet, for every runtime
  edgepose-convert hand --from DIR --calibrate PHOTOS --out models/hand
                                                      palm detector and hand landmarks
  edgepose-convert any MODEL --decoder NAME --calibrate PHOTOS --out models/mine
                                                      any other model one of our decoders reads
  edgepose-convert defaults --calibrate PHOTOS --hands PHOTOS --out models
                                                      the whole default set

A model whose quantized form sees other people than its float original is refused, with the table.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from converters.errors import ConvertError
from converters.stopping import stop_like_ctrl_c
from edge import __version__
from edge.errors import EdgeposeError
from edge.registry import nearest

COMMANDS = ("posenet", "hand", "any", "defaults")
_STOPPED = 130  # the shell's code for Ctrl-C


def main(argv: list[str] | None = None) -> int:
    """Run one command; the only place where an error is caught and becomes an exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] not in COMMANDS:
        return _no_command(words)
    stop_like_ctrl_c()  # so that half a model is cleaned away
    try:
        return _run(words)
    except KeyboardInterrupt:
        print("stopped; nothing unfinished was left", file=sys.stderr)
        return _STOPPED
    except BrokenPipeError:  # `edgepose-convert ... | head` has seen enough
        _forget_output()
        return _STOPPED
    except (EdgeposeError, ModuleNotFoundError, OSError) as error:
        if "--debug" in words:
            raise
        told = _explained(error)
        print(told, file=sys.stderr)
        return told.exit_code


def _explained(error: EdgeposeError | ModuleNotFoundError | OSError) -> EdgeposeError:
    """Any error as a person can read it; raises it again where it is a defect of ours."""
    if isinstance(error, EdgeposeError):
        return error
    if isinstance(
        error, OSError
    ):  # outside of any stage: a name too long, or output to a full disk
        _forget_output()
        where, hint = str(error.filename or "edgepose-convert"), "see where it came from: --debug"
        return ConvertError(where, str(error.strerror), hint)
    if (error.name or "").startswith(("converters", "edge.")):
        raise error
    hint = "run: make dev, or pip install 'edgepose[convert]'"
    return ConvertError("edgepose-convert", f"{error.name} is not installed", hint)


def _forget_output() -> None:
    """Let the interpreter's last flush go nowhere: it would fail as the first did."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    module = _command(words[0])
    parser = argparse.ArgumentParser(
        prog=f"edgepose-convert {words[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    parser.add_argument("--debug", action="store_true", help="show where an error came from")
    return int(module.run(parser.parse_args(words[1:])))


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"converters.commands.{name}")


def _no_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="edgepose-convert",
        usage="edgepose-convert KIND ...",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"edgepose-convert {__version__}")
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    name = parser.parse_known_args(words)[0].command
    if name is not None:
        parser.error(f"unknown kind '{name}' ({nearest(name, COMMANDS)})")
    parser.print_help()
    return 0


if __name__ == "__main__":
    sys.exit(main())
