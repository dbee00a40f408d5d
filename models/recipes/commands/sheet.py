r"""A contact sheet of a data set: pictures with their truth drawn, for a person to look at.

  python -m models.recipes sheet out/people --out sheet.png
  python -m models.recipes sheet out/people --out sheet.png --kind falling --bare

What looks wrong teaches the model something wrong: look often. A keypoint that is hidden is drawn
as a ring.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.core.skeletons import SKELETONS
from edge.errors import EdgeposeError
from models.recipes.rendering.dataset import read_truth
from models.recipes.rendering.truth import HIDDEN, OUTSIDE
from models.recipes.rendering.types import Bytes

_COLOURS = {True: (90, 220, 60), False: (60, 120, 255)}  # BGR of the person's left, of the rest
_THIN = (200, 200, 200)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("data", type=Path, metavar="DIR", help="a data set of `render`")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument(
        "--across", type=int, default=8, metavar="N", help="pictures a row (%(default)s)"
    )
    parser.add_argument("--down", type=int, default=5, metavar="N", help="rows (%(default)s)")
    parser.add_argument("--kind", metavar="WORD", help="only pictures with this kind of pose")
    parser.add_argument("--bare", action="store_true", help="without the truth")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other pictures")


def run(args: argparse.Namespace) -> int:
    """Draw the sheet."""
    lines = [
        line
        for line in read_truth(args.data)
        if not args.kind or any(one["kind"] == args.kind for one in line["people"])
    ]
    if not lines:
        kinds = {one["kind"] for line in read_truth(args.data) for one in line["people"]}
        hint = f"there are {', '.join(sorted(kinds))}" if kinds else "`render` makes such folders"
        raise EdgeposeError(str(args.data), "no such pictures", hint)
    order = np.random.default_rng(args.seed).permutation(len(lines))[: args.across * args.down]
    tiles = [_tile(args.data, lines[k], bare=args.bare) for k in order]
    blank = np.zeros_like(tiles[0])
    tiles += [blank] * (-len(tiles) % args.across)
    rows = [np.hstack(tiles[k : k + args.across]) for k in range(0, len(tiles), args.across)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    if args.out.suffix not in {".png", ".jpg"} or not cv2.imwrite(str(args.out), np.vstack(rows)):
        hint = "a name that ends in .png or .jpg, where one may write"
        raise EdgeposeError(str(args.out), "cannot be written", hint)
    sys.stdout.write(f"{args.out}: {len(order)} of {len(lines)} pictures\n")
    return 0


def _tile(folder: Path, line: dict[str, list[dict[str, object]]], *, bare: bool) -> Bytes:
    path = folder / f"{line['id']}.jpg"
    found = cv2.imread(str(path))
    if found is None:
        raise EdgeposeError(str(path), "cannot be read", "the data set is damaged: render it again")
    picture = np.asarray(found, np.uint8)
    if not bare:
        for one in line.get("people", []):
            _draw(picture, np.array(one["keypoints"], float), "body17")
        for one in line.get("hands", []):
            _draw(picture, np.array(one["landmarks"], float)[:, [0, 1, 3]], "hand21")
    return picture


def _draw(picture: Bytes, points: NDArray[np.float64], kind: str) -> None:
    """Draw (K, 3) points: x, y, visibility."""
    skeleton = SKELETONS[kind]
    places = np.clip(points[:, :2], -9999, 9999).round().astype(int)
    for a, b in skeleton.bones:
        if points[a, 2] != OUTSIDE and points[b, 2] != OUTSIDE:
            cv2.line(picture, places[a].tolist(), places[b].tolist(), _THIN, 1, cv2.LINE_AA)
    for place, seen, name in zip(places, points[:, 2], skeleton.joints, strict=True):
        if seen != OUTSIDE:
            colour = _COLOURS["left" in name]
            cv2.circle(picture, place.tolist(), 2, colour, 1 if seen == HIDDEN else -1, cv2.LINE_AA)
