"""Pictures that commands draw: which files they can be, and how they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".svg", ".png", ".pdf")


def check(path: Path | None) -> None:
    """Raise BenchError unless a picture can be of this name; before anything long begins."""
    if path is not None and path.suffix.lower() not in FORMATS:
        raise BenchError(
            "--plot", f"'{path}' is no picture's name", f"end it in {', '.join(FORMATS)}"
        )


def save(figure: Figure, path: Path) -> None:
    """Write a picture, the same for the same figures; raises BenchError where that fails."""
    import matplotlib as mpl  # noqa: PLC0415 - slow, and `check` needs none of it

    undated = {"Date": None} if path.suffix.lower() == ".svg" else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context({"svg.hashsalt": "edgepose", "svg.fonttype": "none"}):
            figure.savefig(path, metadata=undated)
    except OSError as error:
        raise BenchError(str(path), f"cannot be written ({error.strerror})") from error
