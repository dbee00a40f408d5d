r"""Watch clips of a procedure with any models, and compare what is told with what happened.

python -m models.recipes judge out/clips/*.mp4 --keep out/clips/seen \
    --model edgepose-body-257 --model edgepose-hand-112
each step done, each error found, each false one, and how late; poses are kept for the next time
python -m models.recipes judge out/clips/*.mp4
the same with the true hands: what the procedure and its rule can do at best

A clip is one of `python -m models.recipes clip`; its truth lies beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from converters.progress import Progress
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation, Pose
from edge.errors import EdgeposeError
from edge.events.sop import Sop
from edge.procedure_file import read_procedure
from models.recipes.evaluation.procedures import Verdict, judge

_PROCEDURE = Path("models/demo/fuse-box.toml")
_UNTIL_S = 5.0  # after the last step: what is told of somebody who walks away is false
_HANDS = (("left", 17), ("right", 38))  # where a hand's 21 points begin
_SEEN = 12  # of a hand's points, at least


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("clips", type=Path, nargs="+", metavar="CLIP.mp4")
    parser.add_argument("--model", action="append", default=[], metavar="NAME_OR_DIR")
    parser.add_argument("--procedure", type=Path, default=_PROCEDURE, metavar="FILE.toml")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="for poses, to replay")


def run(args: argparse.Namespace) -> int:
    """Print a row for each clip; 1 if anything was overlooked or false."""
    rule = Sop(procedure=read_procedure(args.procedure))
    rows, right = [], True
    progress = Progress()
    for clip in args.clips:
        path = clip.with_suffix(".truth.json")
        if not path.is_file():
            raise EdgeposeError(str(path), "is missing", "make both: python -m models.recipes clip")
        truth = json.loads(path.read_text())
        with progress.stage(f"watch {clip.stem}") as bar:
            seen = _watched(clip, args, truth, bar) if args.model else true_hands(truth)
            verdict = judge(truth, told(rule, seen))
        rows.append(_row(clip.stem, truth, verdict))
        right = right and not (verdict.missed or verdict.overlooked or verdict.false)
    sys.stdout.write("\n".join(["", *_table(rows), ""]))
    return 0 if right else 1


def told(rule: Sop, seen: Iterable[Observation]) -> list[Event]:
    """Give all events of a clip."""
    engine = Engine(Tracker(), (rule,))
    found: list[Event] = []
    memory, t = engine.start(), 0.0
    for observation in seen:
        memory, _, events = engine.step(memory, observation)
        found += events
        t = observation.t
    return [*found, *engine.finish(memory, t)]


def true_hands(truth: dict[str, Any]) -> Iterator[Observation]:
    """A clip's hands as a perfect model would see them, as long as somebody works."""
    until = max(step["end"] for step in truth["steps"]) + _UNTIL_S
    width, height = truth["size"]
    for number, frame in enumerate(truth["frames"]):
        if number / truth["fps"] > until:
            return
        xy = np.array(frame["xy"], np.float32).reshape(-1, 2) * truth["unit_px"]
        poses = []
        for side, begin in _HANDS:
            digits = frame["seen"][begin : begin + 21]
            if sum(digit != "0" for digit in digits) >= _SEEN:
                points = np.ascontiguousarray(xy[begin : begin + 21])
                poses.append(Pose("hand21", points, np.ones(21, np.float32), side))  # type: ignore[arg-type]
        yield Observation(number / truth["fps"], number, (width, height), tuple(poses))


def _watched(
    clip: Path, args: argparse.Namespace, truth: dict[str, Any], bar: Any
) -> Iterator[Observation]:
    """A clip through models, or what was kept of that, as long as somebody works."""
    from edge.recording import Header, Reader, Writer  # noqa: PLC0415 - not for --help

    until = max(step["end"] for step in truth["steps"]) + _UNTIL_S
    last = int(until * truth["fps"])
    models = "+".join(map(_known_as, args.model))
    kept = args.keep / f"{clip.stem}.{models}.jsonl" if args.keep else None
    if kept is not None and kept.is_file():
        yield from Reader(kept, warn=_warn)
        return
    seen = []
    for observation in _estimated(clip, args.model):
        if observation.t > until:
            break
        bar(observation.seq, last)
        seen.append(observation)
        yield observation
    if kept is not None:
        args.keep.mkdir(parents=True, exist_ok=True)
        with Writer(kept, Header("", "", "", "", models)) as writer:
            for observation in seen:
                writer.write(observation)


def _known_as(model: str) -> str:
    """A model's name, and what tells it from another one, or another state of it, of that name."""
    from edge.manifest import FILE_NAME  # noqa: PLC0415 - not for --help
    from edge.modelstore import model_store  # noqa: PLC0415

    found = model_store().find(model)
    content = (found.folder / FILE_NAME).read_bytes()
    return f"{found.manifest.name}-{hashlib.sha256(content).hexdigest()[:6]}"


def _estimated(clip: Path, models: Sequence[str]) -> Iterator[Observation]:
    from edge import config as configuration  # noqa: PLC0415 - not for --help
    from edge.runtime.watched import watched  # noqa: PLC0415

    tables = {"source": {"uri": str(clip)}, "model": [{"name": name} for name in models]}
    for instant in watched(configuration.load(None, {**tables, "rule": []})):
        yield instant.seen


def _row(name: str, truth: dict[str, Any], verdict: Verdict) -> tuple[str, ...]:
    delays = list(verdict.done.values())
    late = f"{np.mean(delays):.2f}, most {max(delays):.2f}" if delays else "-"
    errors = [f"{_said(key)}, {delay:+.2f} s" for key, delay in verdict.found.items()]
    errors += [f"{_said(key)}: OVERLOOKED" for key in verdict.overlooked]
    wrong = ", ".join([f"not seen: {step}" for step in verdict.missed] + [
        _said(key) for key in verdict.false
    ])  # fmt: skip
    steps = f"{len(verdict.done)} of {len({step['name'] for step in truth['steps']})}"
    return name, truth["about"], steps, late, "; ".join(errors) or "none", wrong or "none"


def _said(key: tuple[str, str]) -> str:
    return " ".join(filter(None, key)).replace("_", " ")


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield "| clip | what happens | steps seen | after, s | errors found | false |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _warn(line: str) -> None:
    sys.stderr.write(f"{line}\n")
