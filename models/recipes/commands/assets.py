r"""Compare the CC0 bodies, clothes, poses and motions with those the models were made from.

  python -m models.recipes assets HUMANS

Each file is compared with assets.sha256, unpacked where it is gzipped. README.md beside this file
says where they come from. The exit code is 1 where one is missing or another.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from pathlib import Path

from edge.errors import EdgeposeError

_SUMS = Path(__file__).parent.parent / "assets.sha256"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("humans", type=Path, metavar="HUMANS", help="has mesh/ and so on")
    parser.add_argument("--write", action="store_true", help="write the list anew")


def run(args: argparse.Namespace) -> int:
    """Compare, or write the list."""
    if not (args.humans / "mesh").is_dir():
        hint = "it is the folder with mesh/, rigs/ and so on: see models/recipes/README.md"
        raise EdgeposeError(str(args.humans), "has no mesh/", hint)
    if args.write:
        names = sorted({_plain(path.relative_to(args.humans)) for path in _files(args.humans)})
        _SUMS.write_text("".join(f"{_sum(args.humans, name)}  {name}\n" for name in names))
        return 0
    lines = [line.split("  ", 1) for line in _SUMS.read_text().splitlines()]
    wanted = {name: known for known, name in lines}
    here = {name: _sum(args.humans, name) for name in wanted}
    wrong = {name: found for name, found in here.items() if found != wanted[name]}
    for name, found in wrong.items():
        sys.stderr.write(f"{args.humans / name}: {'is another file' if found else 'is missing'}\n")
    sys.stdout.write(f"{len(wanted) - len(wrong)} of {len(wanted)} files are the same\n")
    return 1 if wrong else 0


def _files(humans: Path) -> list[Path]:
    kinds = ("mesh", "rigs", "targets", "clothes", "hair", "poses", "motions", "light")
    found = [path for kind in kinds for path in (humans / kind).rglob("*") if path.is_file()]
    return [path for path in found if not path.name.upper().startswith(("LICENSE", "README"))]


def _plain(name: Path) -> str:
    return name.as_posix().removesuffix(".gz")


def _sum(humans: Path, name: str) -> str:
    """Return the sha256 of a file, unpacked; "" where it is missing."""
    for path in (humans / name, humans / f"{name}.gz"):
        if path.is_file():
            data = path.read_bytes()
            plain = gzip.decompress(data) if path.suffix == ".gz" else data
            return hashlib.sha256(plain).hexdigest()
    return ""
