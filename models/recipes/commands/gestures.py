r"""Make the classifiers of gestures and poses: keypoints as a data set, a small network on top.

  python -m models.recipes gestures hand --out models/edgepose-gesture-21
        from public sets of hands and from drawn ones; a minute or two on one core
  python -m models.recipes gestures body --out models/edgepose-pose-17
  python -m models.recipes gestures photos --classifier models/edgepose-gesture-21 --card
        what it says of photographs, through the models that find hands; --card notes it on its card

SHARED has gestures/ (the public sets) and humans/ (the CC0 body): see models/recipes/README.md. No
picture is needed, and none is drawn: only where joints are. The same seed gives the same weights
on the same kind of processor.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from converters.progress import Progress
from edge.errors import EdgeposeError

_STEPS, _COUNTS = 12000, {"hand": 80, "body": 160}
_SEED = 1
_HAND, _PALM = "hand-landmark-lite", "palm-detection-lite"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("task", choices=("hand", "body", "photos"))
    parser.add_argument("--out", type=Path, metavar="DIR", help="models/NAME")
    parser.add_argument(
        "--shared",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("EDGEPOSE_SHARED", "../shared")),
        help="has gestures/, humans/, images/ (EDGEPOSE_SHARED, else ../shared)",
    )
    parser.add_argument("--steps", type=int, default=_STEPS, help="of training (%(default)s)")
    parser.add_argument("--count", type=int, help="drawn poses of each way to draw one (80, 160)")
    parser.add_argument("--seed", type=int, default=_SEED, help="(%(default)s)")
    parser.add_argument("--classifier", default="edgepose-gesture-21", help="of photos")
    parser.add_argument(
        "--hand", action="append", metavar="NAME", help=f"of photos; repeatable ({_HAND})"
    )
    parser.add_argument("--card", action="store_true", help="of photos: note it on the card")
    parser.add_argument("--palm", default=_PALM, help="of photos (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Make one, or look at photographs."""
    if args.task == "photos":
        return _photos(args)
    if args.out is None:
        raise EdgeposeError("gestures", "--out is missing", "name the model's folder")
    # Only here: torch is not needed for --help.
    import numpy as np  # noqa: PLC0415

    from models.recipes.gestures import about, lessons, making, shipping  # noqa: PLC0415

    progress = Progress()
    rng = np.random.default_rng(args.seed)
    lesson_of = {"hand": lessons.of_hands, "body": lessons.of_bodies}[args.task]
    with progress.stage("read and draw keypoints"):
        count = args.count or _COUNTS[args.task]
        lesson = lesson_of(rng, args.shared / "gestures", args.shared / "humans", count)
    made = making.make(lesson, args.steps, args.seed, progress)
    course = lesson.course
    shipping.save(args.out, made, course, about.ABOUT[args.task], args.seed)
    for name, found in made.figures.items():
        false = "" if found["false_names"] is None else f", named none {found['false_names']:.3f}"
        sys.stdout.write(f"{name}: accuracy {found['accuracy']:.3f}{false}\n")
    sys.stdout.write(f"{args.out}: threshold {made.threshold}\n")
    return 0


def _photos(args: argparse.Namespace) -> int:
    from models.recipes.commands import ship  # noqa: PLC0415
    from models.recipes.gestures import photos  # noqa: PLC0415

    folder = args.shared / "images" / "hands" / "gesture_photos"
    if not folder.is_dir():
        raise EdgeposeError(str(folder), "no such folder", "it has a folder of photos a gesture")
    hands = args.hand or [_HAND]
    found = {hand: photos.look(folder, args.classifier, hand, args.palm) for hand in hands}
    table = photos.table(found)
    sys.stdout.write(f"{table}\n")
    if args.card:
        ship.append(Path(args.classifier) / "CARD.md", "On photographs", photos.words(table))
    return 0
