r"""Poses against what people marked, for any model in any runtime, float and quantized.

  edgepose-bench accuracy --coco person_keypoints_val2017.json --images val2017
                                                   every body model that is on this machine
  edgepose-bench accuracy --coco ANN.json --images DIR --model out/posenet-050 --max 500 \
      --json accuracy.json --plot accuracy.svg     one model in all its variants, 500 pictures
  edgepose-bench accuracy --coco hands.json --images DIR --model hand-landmark-lite
                                                   hands, in the squares that a palm model shows

ANN.json is a file of keypoints in COCO's format: 17 for each person or 21 for each hand. Which
of the two it has decides which models fit. Pictures that it names and that are not in the folder
are left out and counted. Every model sees a whole picture in the way that a device shows it to it,
and only once: nothing is remembered from picture to picture, and nobody is looked for again.

  AP, AP50, AP75,     as COCO's own evaluation gives them (pycocotools): precision over recall,
  medium, large, AR   mean over object keypoint similarities (OKS) of 0.50 to 0.95; medium is
                      32^2 to 96^2 px of a person's area in the COCO file, large is more. A pose's
                      score is the mean of its keypoints'.
  95 % of             where the figure before it would lie with 95 of 100 other sets of pictures:
                      a bootstrap of 200 draws of as many pictures. Few pictures, wide bounds.
  PCK@.2, @.1         share of the marked keypoints that are within 0.2 (0.1) of the long side of
                      the person's box, or of the hand's palm: wrist to the middle finger's
                      knuckle. Each person is held against the nearest pose that is not further
                      off than 0.5 on average; keypoints of people without one count as wrong.
  AUC                 hands: area below the curve of PCK from 0 to 0.5 palm lengths, 1 at best
  error               hands: mean distance of the joints of found hands, in palm lengths
  found               people with a keypoint (no crowds) for whom a pose has an OKS of 0.5; hands
                      whose joints are within 0.5 palm lengths on average
  invented            poses with a mean score of 0.3 that are none of those found. Who lies mostly
                      in the box of a crowd, or of somebody whose keypoints nobody marked, is
                      not counted. It means nothing where only some of the people are marked.
  lost                points (hundredths) lost to quantization, against the model's float32, or
                      else float16, in the same runtime; bounds as above, of the same pictures

Hands without a marked wrist and knuckle have no palm length, and are not measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import answer, drawing, variants
from benchmarks.errors import BenchError
from edge.errors import EdgeposeError

if TYPE_CHECKING:
    from benchmarks.accuracy.marked import Marked
    from benchmarks.accuracy.measure import Measured
    from benchmarks.variants import Variant
    from converters.progress import Progress


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--coco", type=Path, required=True, metavar="FILE", help="keypoints in COCO's format"
    )
    parser.add_argument(
        "--images", type=Path, required=True, metavar="DIR", help="folder of the pictures it names"
    )
    parser.add_argument(
        "--max", type=int, metavar="N", help="only so many pictures, evenly spread (all)"
    )
    parser.add_argument(
        "--tips-first",
        action="store_true",
        help="the file has each finger from its tip to the palm, as RHD does",
    )
    variants.flags(parser)
    parser.add_argument(
        "--palm",
        metavar="NAME",
        help="the model that shows a hand model where to look (palm-detection-lite)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="of the runtime, for a model (1)"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw PCK by keypoint: .svg, .png or .pdf"
    )
    answer.flag(parser)


def run(args: argparse.Namespace) -> int:
    """Measure every chosen variant; 1 when one of them could not be."""
    # Here, so that help comes without what only measuring needs.
    from benchmarks.accuracy import measure, tables  # noqa: PLC0415
    from benchmarks.board import reading  # noqa: PLC0415
    from converters.progress import Progress  # noqa: PLC0415

    _check(args)
    here = reading.read().facts()
    progress = Progress()
    marked = _marked(args, progress)
    chosen = measure.ordered(variants.chosen(args, (marked.skeleton,)))
    measure.check(chosen, marked)
    done, failed = _measure(args, chosen, marked, progress)
    people = done[0].figures.values["people"]
    caption = f"{marked.name}: {len(marked.pictures)} pictures, {people} marked {marked.what}"
    print(f"\n{caption}")
    for note in marked.notes():
        print(note)
    for table in tables.tables(done, marked.skeleton):
        print(f"\n{table}")
    facts = {
        "coco": marked.name,
        "pictures": len(marked.pictures),
        "left_out": {why: len(names) for why, names in marked.left_out.items()},
        "people": people,
        "skeleton": marked.skeleton,
        "models": measure.facts(done),
        "board": here,
    }
    answer.write(args, "accuracy", facts)
    if args.plot:
        from benchmarks.accuracy import plot  # noqa: PLC0415 - only it needs Matplotlib

        drawing.save(plot.draw(done, caption), args.plot)
    for error in failed:
        print(error, file=sys.stderr)
    return 1 if failed else 0


def _check(args: argparse.Namespace) -> None:
    for flag, value in (("--max", args.max), ("--threads", args.threads)):
        if value is not None and value < 1:
            raise BenchError(flag, f"{value} is less than 1")
    drawing.check(args.plot)


def _marked(args: argparse.Namespace, progress: Progress) -> Marked:
    from benchmarks.accuracy import marked  # noqa: PLC0415 - see run

    with progress.stage("read pictures") as bar:
        found = marked.read(args.coco, args.images, args.max, bar, tips_first=args.tips_first)
    for flag, given in (("--palm", args.palm), ("--tips-first", args.tips_first)):
        if given and found.skeleton != "hand21":
            raise BenchError(flag, f"is about hands, and {found.name} marks people", "leave it out")
    return found


def _measure(
    args: argparse.Namespace, chosen: Sequence[Variant], marked: Marked, progress: Progress
) -> tuple[list[Measured], list[EdgeposeError]]:
    """One after the other; one that fails takes nothing from the others, unless all do."""
    from benchmarks.accuracy import measure  # noqa: PLC0415 - see run

    done, failed = [], []
    palm = args.palm or measure.PALM
    for variant in chosen:
        try:
            with progress.stage(" ".join(measure.key(variant))) as bar:
                done.append(measure.measure(variant, marked, palm, args.threads, bar))
        except EdgeposeError as error:
            if args.debug:
                raise
            failed.append(error)
    if not done:
        raise failed[0]
    return done, failed
