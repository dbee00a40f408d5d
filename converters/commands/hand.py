r"""Hands for every runtime: a palm detector, and the landmarks of one hand; two models.

  edgepose-convert hand --calibrate PHOTOS --out models/hand-lite

makes models/hand-lite-palm and models/hand-lite-landmarks, from MediaPipe's originals (fetched
unless --from has them). The palm detector is compared on your pictures, the landmarks on the hands
that the unquantized palm detector finds in them, cut out as a device cuts them.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from converters import crops, folder, settings_flags
from converters.calibration import CalibrationSettings
from converters.commands import _flags
from converters.convert import Plan, convert, float32
from converters.errors import ConvertError
from converters.families import FAMILIES
from converters.pictures import Loaded
from converters.progress import Progress
from converters.report.usage import PAIR
from converters.sets import Sets, gather
from edge.runtime.predictor import Predictor

ORIGINALS = {
    "palm": "palm-detection-lite",
    "hand": "hand-landmark-lite",
}  # in `edgepose models list`
_ENDS = dict(zip(("palm", "hand"), PAIR, strict=True))
_PATTERNS = {"palm": "*palm*", "hand": "hand*landmark*"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--from",
        dest="original",
        type=_flags.path,
        metavar="DIR",
        help="a folder with both originals, *palm* and hand*landmark*, .tflite or .onnx",
    )
    _flags.common(parser, "how the two new folders begin; -palm and -landmarks are added")


def run(args: argparse.Namespace) -> int:
    """Convert both."""
    progress = Progress()
    folder.check_name(args.out)
    palm, hand = plans = [_plan(args, kind, progress) for kind in ("palm", "hand")]
    for plan in plans:
        folder.check(plan.out, plan.original)
    settings = settings_flags.given(args, CalibrationSettings)
    sets = gather(args.calibrate, args.parity, settings, progress)
    hands = cut_out(sets, palm, hand, settings, progress)  # first: it needs both originals
    _flags.tell(palm, convert(palm, sets, progress))
    _flags.tell(hand, convert(hand, hands, progress))
    return 0


def cut_out(
    sets: Sets, palm: Plan, hand: Plan, settings: CalibrationSettings, progress: Progress
) -> Sets:
    """The hands in both sets of pictures; raises ConvertError where they are too few."""
    with folder.staged(hand.out) as work, ExitStack() as stack:
        originals = [float32(plan, work / plan.family.decoder, progress) for plan in (palm, hand)]
        eyes = [Predictor(one.manifest, stack.enter_context(one.open())) for one in originals]
        with progress.stage("cut hands out") as bar:
            calibration = crops.hands(sets.calibration, eyes[0], eyes[1], bar)
            parity = crops.hands(sets.parity, eyes[0], eyes[1], bar)
            for crop in (calibration, parity):
                Loaded(f"hands in {sets.source}", crop).need(settings.least)
    return replace(sets, calibration=calibration, parity=parity)


def _plan(args: argparse.Namespace, kind: str, progress: Progress) -> Plan:
    if args.original is None:
        original = _flags.original(Path(ORIGINALS[kind]), progress)
    else:
        original = _within(args.original, _PATTERNS[kind])
    plan = _flags.plan_of(args, FAMILIES[kind], original)
    return replace(plan, out=args.out.with_name(f"{args.out.name}{_ENDS[kind]}"))


def _within(place: Path, pattern: str) -> Path:
    """The file of one of the two; of several the lite one, of several formats TensorFlow Lite's."""
    found = [file for file in place.glob(pattern) if file.suffix in (".tflite", ".onnx")]
    if not found:
        hint = "give a folder with both, or leave --from away"
        raise ConvertError(f"--from {place}", f"has no {pattern}.tflite or .onnx", hint)
    return min(
        found, key=lambda file: ("lite" not in file.stem, file.suffix != ".tflite", file.name)
    )
