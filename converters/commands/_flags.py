"""Flags that all conversions share, and how they become a plan."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from converters import folder, heads, settings_flags
from converters.calibration import CalibrationSettings
from converters.convert import Plan, convert
from converters.errors import ConvertError
from converters.families import Family
from converters.model import Size
from converters.origin import UNKNOWN
from converters.progress import Progress
from converters.report.table import table
from converters.result import Result
from converters.sets import gather
from converters.target import DEFAULTS, Target, variants
from edge import registry
from edge.errors import ModelError
from edge.modelstore import model_store

_MOST_PX = 2049  # more takes gigabytes, and no camera here has it
_DIGITS = 9


def common(parser: argparse.ArgumentParser, out: str) -> None:
    """Add what every conversion is told."""
    width = max(len(target) for target in variants())
    lines = "\n".join(f"  {target:{width}}  {words}" for target, words in variants().items())
    parser.epilog = f"targets:\n{lines}{parser.epilog or ''}"
    parser.add_argument(
        "--to",
        action="append",
        metavar="FORMAT:VARIANT",
        help=f"a target to write, of those below; repeatable ({', '.join(DEFAULTS)})",
    )
    parser.add_argument(
        "--calibrate",
        required=True,
        metavar="PICTURES",
        help="a folder of pictures or a video, like what your cameras see, that shows what the "
        "model is to find",
    )
    parser.add_argument(
        "--parity",
        metavar="PICTURES",
        help="other pictures to compare on (some of --calibrate are set aside)",
    )
    parser.add_argument("--out", required=True, type=path, metavar="DIR", help=out)
    parser.add_argument(
        "--force",
        action="store_true",
        help="write it even if it differs too much; its manifest and card then say so",
    )
    settings_flags.add(parser, CalibrationSettings, "pictures")


def single(parser: argparse.ArgumentParser, *families: Family) -> None:
    """Add what one model, of one of these families, may be told beside that."""
    parser.epilog = "".join(
        f"\n\nheads of {family.decoder}: {heads.listed(family.decoder)}"
        f"\ntolerances of {family.decoder}:\n{settings_flags.listed(family.tolerances)}"
        f"\nsettings of {family.decoder}, to decode:\n{settings_flags.listed(decoder(family))}"
        for family in families
    )
    parser.add_argument(
        "--input",
        metavar="HxW",
        help="height and width of the pictures it shall take, px; of PoseNet's each is a multiple "
        "of the stride, plus 1 (as the file says, or 257x257)",
    )
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="NAME=TENSOR",
        help="which output is which head, if the names in the file do not tell; repeatable",
    )
    parser.add_argument(
        "--tolerance",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how far it may differ from its original, see below; repeatable",
    )
    parser.add_argument(
        "--decode",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how people or hands are read from its outputs, see below: kept in the manifest, and "
        "taken over from that of the original; repeatable",
    )
    parser.add_argument(
        "--truth",
        type=path,
        metavar="COCO.json",
        help="keypoints that somebody marked in the pictures: both models are compared with them",
    )
    facts = parser.add_argument_group("what the manifest says (known originals have it already)")
    facts.add_argument("--title", help="one line for people")
    facts.add_argument("--licence", metavar="SPDX", help="of the original weights")
    facts.add_argument("--homepage", metavar="URL", help="where they come from")


def one(args: argparse.Namespace, family: Family, original: Path, progress: Progress) -> int:
    """Convert one model as the flags say, and tell what came of it."""
    plan = plan_of(args, family, original)
    folder.check(plan.out, plan.original)
    settings = settings_flags.given(args, CalibrationSettings)
    sets = gather(args.calibrate, args.parity, settings, progress)
    tell(plan, convert(plan, sets, progress))
    return 0


def plan_of(args: argparse.Namespace, family: Family, original: Path) -> Plan:
    """Turn the flags into a plan; raises ConvertError for what cannot be.

    A command without a flag has its default.
    """
    given = vars(args)
    return Plan(
        out=args.out,
        original=original,
        family=family,
        targets=tuple(Target.of(words) for words in dict.fromkeys(args.to or DEFAULTS)),
        tolerances=settings_flags.named(
            "--tolerance", given.get("tolerance", []), family.tolerances
        ),
        decoding=settings_flags.chosen("--decode", given.get("decode", []), decoder(family)),
        size=_size(given.get("input")),
        stride=given.get("stride"),
        named=dict(settings_flags.pairs("--head", given.get("head", []))),
        title=given.get("title") or "",
        licence=given.get("licence") or "",
        homepage=given.get("homepage") or "",
        truth=given.get("truth"),
        force=args.force,
    )


def decoder(family: Family) -> type[Any]:
    """Give what reads a family's outputs: a dataclass of its settings."""
    found: type[Any] = registry.load("decode", family.decoder)
    return found


def _size(words: str | None) -> Size | None:
    """Parse "353x481", height first."""
    if words is None:
        return None
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", words)
    if not match:
        raise ConvertError(f"--input {words}", "is not HEIGHTxWIDTH", "such as 353x481, in px")
    size = int(match[1][:_DIGITS]), int(match[2][:_DIGITS])
    if max(size) > _MOST_PX:
        raise ConvertError(f"--input {words}", f"is more than {_MOST_PX} px", "such as 353x481")
    return size


def tell(plan: Plan, result: Result) -> None:
    """Say on standard output what was made, and how to use it."""
    print(table(result))
    if not result.passed:
        print("\nit differs too much and was written all the same; manifest and card say so")
    print(f"\nmade {plan.out}; look at {plan.out / 'report.html'}")
    if result.licence == UNKNOWN:
        print("its licence is not known: say it with --licence, or do not pass the model on")


def path(words: str) -> Path:
    """Type of a flag: a path whose ~ is somebody's home."""
    try:
        return Path(words).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"{words}: there is no such home") from error


def original(place: Path, progress: Progress) -> Path:
    """Give the file or folder, or fetch an original that `edgepose models list` has."""
    if place.exists():
        return place
    try:
        model = model_store().find(str(place))
    except ModelError as error:
        nearest = f" ({error.hint})" if error.hint else ""
        hint = f"give a file or folder, or a name from `edgepose models list`{nearest}"
        raise ConvertError(str(place), "there is no such file or model", hint) from error
    with progress.stage(f"fetch {place}") as bar:
        return model.pull(None, lambda _, done, total: bar(done, total))[0].parent
