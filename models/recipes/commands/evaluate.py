"""Measure models on real photographs and clips, all by the same code.

  python -m models.recipes evaluate --model models/edgepose-body-257 --peer movenet.tflite --out DIR
        PCK and OKS on photographs, who is found upright and lying, who is invented in empty rooms
  python -m models.recipes evaluate --model models/edgepose-hand-112 --out DIR
        landmarks in crops from marked hands, beside hand-landmark-lite
  python -m models.recipes evaluate --model models/edgepose-body --falls --out DIR
        the clips, too, through the real command: takes minutes for each model

A model is a folder with a manifest, the name of one, or an .onnx or .tflite file; "NAME@TARGET"
takes another of its files, such as onnxruntime:float32. DIR gets evaluation.json and, of every
model, a sheet of failures: it shows real people, so keep it where they may be seen. What is
measured is said in bodies.py, lying.py and hands.py beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import answer
from converters.progress import Progress
from models.recipes.evaluation import falls, hands, lying, measure, sheet, subjects, tables
from models.recipes.evaluation.subjects import Subject

HAND = "hand-landmark-lite"


@dataclass(slots=True)
class _Done:
    """Figures by model, as they come."""

    bodies: dict[str, Any] = field(default_factory=dict)
    hands: dict[str, Any] = field(default_factory=dict)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--model", metavar="MODEL", action="append", required=True, help="see above"
    )
    parser.add_argument("--small", metavar="MODEL", help="PoseNet 0.50, whose PCK is the bar")
    parser.add_argument("--large", metavar="MODEL", help="PoseNet 0.75, whose falls are the bar")
    parser.add_argument("--peer", metavar="FILE", type=Path, help="weights of MoveNet, .tflite")
    parser.add_argument(
        "--shared",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get("EDGEPOSE_SHARED", "../shared")),
        help="has images/coco_val, images/hands and clips (EDGEPOSE_SHARED, else ../shared)",
    )
    parser.add_argument(
        "--every", metavar="N", type=int, default=lying.EVERY, help="frames of URFD (%(default)s)"
    )
    parser.add_argument("--empty", metavar="DIR", type=Path, help="pictures without anybody")
    parser.add_argument("--falls", action="store_true", help="watch the clips, too")
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="clips at once (1)")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="for what is made")


def run(args: argparse.Namespace) -> int:
    """Measure each model, print tables and bars, write DIR/evaluation.json and the sheets."""
    chosen = [subjects.of(spec) for spec in args.model]
    others = [subjects.of(spec) for spec in (args.small, args.large) if spec]
    if args.peer:
        others.append(subjects.of_movenet(args.peer))
    answer.check(args.out / "evaluation.json")
    done = _Done()
    _bodies(args, [one for one in (*others, *chosen) if not subjects.is_hand(one)], done)
    _hands(args, [one for one in chosen if subjects.is_hand(one)], done)
    for table in tables.tables(done.bodies, done.hands):
        sys.stdout.write(f"\n{table}\n")
    small, large = (subjects.of(spec).name if spec else "" for spec in (args.small, args.large))
    beside = tables.Beside(small, large, HAND)
    bars = {one.name: tables.bars(one.name, done.bodies, done.hands, beside) for one in chosen}
    for name, lines in bars.items():
        sys.stdout.write("".join(f"\n{line}" for line in (name, *lines)) + "\n")
    facts = {"bodies": done.bodies, "hands": done.hands, "bars": bars, "every": args.every}
    text = json.dumps(answer.plain(facts), indent=2, allow_nan=False) + "\n"
    answer.save(args.out / "evaluation.json", text)
    sys.stdout.write(f"\nmade {args.out}: evaluation.json, and sheets that show real people\n")
    return 0


def _bodies(args: argparse.Namespace, every: Sequence[Subject], done: _Done) -> None:
    if not every:
        return
    progress = Progress()
    with progress.stage("read photographs and clips"):
        shown = measure.material(args.shared, args.every, args.empty)
    for one in every:
        with progress.stage(f"look with {one.name}") as bar:
            done.bodies[one.name], failures = measure.body(one, shown, bar)
        sheet.save(failures, args.out / f"sheet-{_file(one)}.png")
        if args.falls and (one.model or one.movenet):
            with progress.stage(f"watch clips with {one.name}") as bar:
                folder, out = args.shared / "clips", args.out / "falls"
                done.bodies[one.name]["falls"] = falls.figures(one, folder, out, args.jobs, bar)


def _hands(args: argparse.Namespace, every: Sequence[Subject], done: _Done) -> None:
    if not every:
        return
    progress = Progress()
    shown = hands.read(args.shared / "images" / "hands")
    beside = {one.name: one for one in (subjects.of(HAND), *every)}
    for one in beside.values():
        with progress.stage(f"look with {one.name}"):
            done.hands[one.name], failures = measure.hand(one, shown)
        sheet.save(failures, args.out / f"sheet-{_file(one)}.png")


def _file(one: Subject) -> str:
    return one.name.replace("@", "-").replace(":", "-")
