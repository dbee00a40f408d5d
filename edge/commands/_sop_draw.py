"""Draw a procedure: its zones over a frame, and its steps as a graph, to look at and to correct.

  edgepose sop draw fuse-box.toml --out fuse-box.png
        zones on a plain sheet with a scale
  edgepose sop draw fuse-box.toml --out fuse-box.png --frame shift.mp4 --at 12.5
        over the frame of a clip after 12.5 s; a picture or a camera (/dev/video0) will do, too
  edgepose sop draw fuse-box.toml --out fuse-box.png --config cam1.toml
        with the zones of a camera, which replace the procedure's of the same name

The order of the steps is printed as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from edge.commands import _sop_camera
from edge.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from edge.core.types import Image

_KINDS = (".png", ".jpg", ".jpeg", ".webp")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("file", type=Path, metavar="PROCEDURE.toml")
    parser.add_argument("--out", type=Path, required=True, metavar="PICTURE.png")
    parser.add_argument("--frame", metavar="PICTURE_CLIP_OR_CAMERA", help="what the zones lie over")
    parser.add_argument(
        "--at", type=float, default=0.0, metavar="SECONDS", help="which frame of a clip (0)"
    )
    _sop_camera.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Draw it; raises Problems where the file has errors."""
    from edge.pictures.procedure import picture  # noqa: PLC0415
    from edge.procedure_file import read_procedure  # noqa: PLC0415 - see commands/run.py
    from edge.sop.drawing.sketch import sketch  # noqa: PLC0415

    camera = _sop_camera.camera(args)
    procedure = read_procedure(args.file, tuple(camera.zones))
    if args.out.suffix.lower() not in _KINDS:
        raise ConfigError(str(args.out), "is no kind of picture", f"end in {', '.join(_KINDS)}")
    if args.frame is not None and Path(args.frame).absolute() == args.out.absolute():
        raise ConfigError(str(args.out), "is the frame, and would be lost", "choose another --out")
    frame = None if args.frame is None else _frame(args.frame, args.at)
    write(args.out, picture(procedure, frame, camera.zones))
    print("\n".join(sketch(procedure)))
    return 0


def _frame(uri: str, at: float) -> Image:
    """The first frame from `at` s on; raises SourceError where there is none."""
    from edge.runtime.open_source import open_source  # noqa: PLC0415 - see commands/run.py

    with open_source(uri) as source:
        began = None
        for frame in source.frames():
            began = frame.t if began is None else began
            if frame.t - began >= at:
                return frame.image
        name = source.name
    raise SourceError(name, f"has no frame after {at:g} s", "choose an earlier one with --at")


def write(path: Path, image: Image) -> None:
    """Write a picture (H, W, 3) RGB; raises ConfigError where it cannot."""
    import cv2  # noqa: PLC0415 - see commands/run.py

    try:
        done, data = cv2.imencode(path.suffix.lower(), image[:, :, ::-1])
        if done:
            path.write_bytes(data.tobytes())
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written ({error.strerror})") from error
