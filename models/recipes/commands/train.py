r"""Train a model on rendered pictures; the same command again goes on where it was stopped.

  P="python -m models.recipes train"
  $P body --course first --data out/people --out out/body-1 --pictures 300000 --phases 161:1
  $P body --course second --init out/body-1/checkpoint.pt --data out/people --out out/body-2
  $P hand-landmarks --data out/hands --data out/people --out out/hand-landmarks
  $P hand-locator --data out/hands --data out/people --out out/hand-locator

Pictures of people teach the models of hands what is none.

New pictures may be appended to the folders meanwhile. OUT has checkpoint.pt, log.jsonl and
curve.png. With --init, weights of another run are what a new schedule begins with: those of
body are a good beginning for hands.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from edge.errors import EdgeposeError
from models.recipes.rendering.dataset import TRUTH
from models.recipes.training import history
from models.recipes.training.courses import COURSES
from models.recipes.training.hands.locator_network import LocatorShape
from models.recipes.training.hands.network import HandShape
from models.recipes.training.hands.tasks import landmarks_task, locator_task
from models.recipes.training.loop import Phase, TrainSettings, train
from models.recipes.training.networks import BodyShape
from models.recipes.training.task import Task, body_task

_TASKS: Mapping[str, Callable[[float], Task]] = {
    "body": lambda width: body_task(BodyShape(width=width)),
    "hand-landmarks": lambda _width: landmarks_task(HandShape()),
    "hand-locator": lambda _width: locator_task(LocatorShape()),
}
_FAST = 0.998  # averages over fewer steps: hands take fewer
_HANDS: Mapping[str, TrainSettings] = {
    # Their last layers know places: they learn at the size that is shipped.
    "hand-landmarks": TrainSettings(phases=(Phase(HandShape().size, 1.0, 16),), average=_FAST),
    "hand-locator": TrainSettings(phases=(Phase(LocatorShape().size, 1.0, 16),), average=_FAST),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    usual = TrainSettings()
    parser.add_argument("task", choices=sorted(_TASKS), help="what is learned")
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="DIR",
        help="of `render`; repeatable",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="for what is made")
    parser.add_argument("--init", type=Path, metavar="CHECKPOINT", help="weights to begin with")
    parser.add_argument(
        "--pictures", type=int, default=usual.pictures, help="seen in all (%(default)s)"
    )
    parser.add_argument(
        "--phases",
        default=",".join(f"{one.size}:{one.share}" for one in usual.phases),
        help="of body: sizes in px, and their shares of the pictures (%(default)s)",
    )
    parser.add_argument(
        "--course",
        choices=tuple(COURSES),
        default="full",
        help="how hard pictures of people are made: first, second, full (%(default)s)",
    )
    parser.add_argument(
        "--rate", type=float, default=usual.rate, help="highest learning rate (%(default)s)"
    )
    parser.add_argument(
        "--width", type=float, default=BodyShape().width, help="of body (%(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=usual.seed, help="another, other pictures (%(default)s)"
    )
    parser.add_argument(
        "--workers", type=int, default=usual.workers, help="that make batches (%(default)s)"
    )
    parser.add_argument(
        "--threads", type=int, default=usual.threads, help="that train (%(default)s)"
    )
    parser.add_argument(
        "--device",
        default=usual.device,
        help="cpu, or cuda: then with as many --workers as cores (%(default)s)",
    )
    parser.add_argument(
        "--eight-bits",
        action="store_true",
        help="of body: round what layers give as int8 will; for a last course at a low --rate",
    )
    parser.add_argument(
        "--batch",
        type=int,
        default=usual.phases[0].batch,
        help="of body: pictures a step; more on a GPU, at a higher --rate (%(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Train; 0 when done, 130 when stopped."""
    for folder in args.data:
        if not (folder / TRUTH).is_file():
            raise EdgeposeError(str(folder), f"has no {TRUTH}", "`render` makes such folders")
    if args.init and not args.init.is_file():
        raise EdgeposeError(str(args.init), "no such file", "it is OUT/checkpoint.pt of a run")
    hands = _HANDS.get(args.task)
    settings = replace(
        hands or TrainSettings(),
        pictures=args.pictures,
        phases=hands.phases if hands else phases(args.phases, args.batch),
        rate=args.rate,
        seed=args.seed,
        workers=args.workers,
        threads=args.threads,
        device=args.device,
        eight_bits=args.eight_bits,
        augment=COURSES[args.course],
    )
    done = train(_TASKS[args.task](args.width), tuple(args.data), args.out, settings, args.init)
    history.plot(args.out)
    sys.stdout.write(f"{args.out}: checkpoint.pt, log.jsonl, curve.png\n")
    return 0 if done else 130


def phases(text: str, batch: int) -> tuple[Phase, ...]:
    """Read "161:0.8,257:0.2"; raises ValueError for anything else."""
    found = [one.split(":") for one in text.split(",")]
    made = tuple(Phase(int(size), float(share), batch) for size, share in found)
    wrong = [one.size for one in made if one.size % 16 != 1]
    if wrong:
        raise ValueError(f"sizes are a multiple of 16, plus 1, not {wrong}")
    return made
