"""Timelines of real work through the real SOP engine: which errors it tells, and how soon.

  edgepose-bench sop --captaincook DIR
        people who cook, with step times, tagged errors and task graphs (CaptainCook4D): errors of
        order, missing steps and timing errors by step and by recording, for each procedure, too
  edgepose-bench sop --openpack DIR
        a shift of packing with labelled operations (OpenPack): boxes found, takt, false alerts
  edgepose-bench sop --captaincook DIR --openpack DIR --json sop.json
        both, with all figures
  edgepose-bench sop --captaincook DIR --picture FILE.png --recording ID
        a recording's steps over time, what people tagged, and what the engine told, and when

Steps are heard as external signals, true from a step's begin to its end, frame by frame as on a
device: what is measured is the engine, not a camera. Each recipe's task graph is its procedure,
less what benchmarks/sop/lessons.json knows, which --teach wrote: two steps may be swapped if more
correct recordings swapped them than people called wrong, the one that is judged left out. Tags in
DIR say only who was right. A step whose text states a time gets limits, from the shortest and the
longest of the other correct recordings in DIR, if there are two.
Whether a spoon was full no timeline shows: measure, technique and temperature are not judged.

DIR of --captaincook has recordings.json and task_graphs/; that of --openpack has
annotation/openpack-operations/S*.csv and, if you like, annotation/openpack-outliers and
system/printer. The packing procedure is benchmarks/sop/packing.toml; the engine is not told
where a box begins. --fps is how often a frame comes; a delay is at least a part of that.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import answer, drawing
from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.sop.recordings import Recording

_FPS, _FPS_MOST = 2.0, 240.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    from benchmarks.sop.definitions import DEFINITIONS  # noqa: PLC0415 - with what it means

    parser.epilog = f"what counts:\n{DEFINITIONS}"
    parser.add_argument("--captaincook", metavar="DIR", type=Path, help="recordings of cooking")
    parser.add_argument("--openpack", metavar="DIR", type=Path, help="shifts of packing")
    parser.add_argument(
        "--fps", type=float, default=_FPS, metavar="N", help=f"frames a second ({_FPS:g})"
    )
    parser.add_argument(
        "--picture", metavar="FILE.png", type=Path, help="draw one recording's steps over time"
    )
    parser.add_argument("--recording", metavar="ID", default="", help="the one to draw, alone")
    parser.add_argument("--teach", metavar="FILE", type=Path, help="only write who swapped what")
    answer.flag(parser)
    parser.add_argument("--out", dest="json", metavar="FILE", type=Path, help="the same as --json")


def run(args: argparse.Namespace) -> int:
    """Play, judge, tell."""
    _check(args)
    # Here and not above, so that `--help` does not wait for OpenCV.
    from benchmarks.board import reading  # noqa: PLC0415
    from benchmarks.sop import cook, lessons, pack, recordings, shift, words  # noqa: PLC0415
    from converters.progress import Progress  # noqa: PLC0415

    cooked = recordings.read(args.captaincook) if args.captaincook else []
    shifts = shift.read(args.openpack) if args.openpack else []
    for line in words.guessed(cooked):
        print(line, file=sys.stderr)
    if args.teach:
        answer.save(args.teach, lessons.text(lessons.learned(cooked)))
        return 0
    if args.picture:
        return _picture(args, cooked)
    figures: dict[str, Any] = {"captaincook": None, "fps": args.fps, **cook.NOTHING}
    if cooked:
        with Progress().stage("play recordings") as bar:
            seen = cook.watch(cooked, args.fps, bar)
        figures |= {"captaincook": args.captaincook.absolute().name, **cook.figures(seen)}
    packed = [pack.figures(one, pack.watch(one, args.fps)) for one in shifts]
    figures["packing"] = packed or None
    answer.write(args, "sop", {**figures, "board": reading.read().facts()})
    _tell(answer.plain(figures))
    return 0


def _check(args: argparse.Namespace) -> None:
    """Raise BenchError for flags that make no sense."""
    if not (args.captaincook or args.openpack):
        raise BenchError("--captaincook", "is missing", "or --openpack: a folder of timelines")
    if not 0.0 < args.fps <= _FPS_MOST:
        raise BenchError("--fps", f"{args.fps:g} is no frame rate", f"0 .. {_FPS_MOST:g}")
    if bool(args.picture) != bool(args.recording):
        raise BenchError("--picture", "goes with --recording", "--picture FILE.png --recording ID")
    if (args.picture or args.teach) and not args.captaincook:
        raise BenchError("--captaincook", "is missing", "the recordings to learn from, or to draw")
    drawing.check(args.picture)


def _picture(args: argparse.Namespace, cooked: Sequence[Recording]) -> int:
    """Draw one recording, and say in words what was told of it."""
    from benchmarks.sop import cook, lessons, recordings, strip  # noqa: PLC0415 - matplotlib is slow

    chosen = recordings.of(cooked, args.recording)
    seen = cook.one(chosen, cooked, lessons.read(), args.fps).plain
    drawing.save(strip.draw(seen), args.picture)
    for one in cook.alerts(seen):
        print(f"{one.t:8.1f} s  {one.event.detail.get('sentence', one.event.phase)}")
    print(f"made {args.picture}")
    return 0


def _tell(figures: dict[str, Any]) -> None:
    from benchmarks.sop import words  # noqa: PLC0415 - see run

    if figures["captaincook"]:
        print(
            f"\n{figures['recording_count']} recordings of {len(figures['procedures'])} "
            f"procedures, {figures['hours']:.1f} h; {figures['correct_recordings']} are correct\n"
        )
        print(answer.table(words.ERRORS, list(words.errors(figures))))
        print("\n" + "\n".join(words.completed(figures)) + "\n")
        print(answer.table(words.PROCEDURES, list(words.procedures(figures))))
    for one in figures["packing"] or ():
        print("\n" + "\n".join(words.packing(one)))
        print("\n".join(words.alerts(one)) + "\n")
        print(answer.table(words.BOXES, list(words.boxes(one))))
