"""Read a procedure as sentences, as one would tell it to a new colleague.

  edgepose sop explain fuse-box.toml
  edgepose sop explain fuse-box.toml --config cam1.toml
        where zones are those of a camera

What is wrong with it, `edgepose sop check` says.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from edge.commands import _sop_camera


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("file", type=Path, metavar="PROCEDURE.toml")
    _sop_camera.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print them; raises Problems where the file has errors."""
    from edge.procedure_file import read_procedure  # noqa: PLC0415 - see commands/run.py
    from edge.sop.explain import explain  # noqa: PLC0415

    procedure = read_procedure(args.file, tuple(_sop_camera.camera(args).zones))
    print("\n".join(explain(procedure)))
    return 0
