"""The fastest model, runtime and number of threads on this board that is accurate enough.

  edgepose-bench choose --min-ap 0.2 --coco ANN.json --images DIR
        measures accuracy and speed of every model whose weights are here
  edgepose-bench choose --min-ap 0.2 --accuracy laptop.json
        takes accuracy from `edgepose-bench accuracy --json laptop.json`, and measures only speed
  edgepose-bench choose --min-ap 0.2 --accuracy laptop.json --model NAME --threads 2 --threads 3
        some of them

Speed is end to end, as `edgepose-bench fps` has it: everybody takes turns on the same clip. What
comes out is a table for a camera's configuration. Nothing is guessed from the size of a network:
which is fastest depends on what a processor has. Without --threads, one thread, all cores and all
but one are tried: the rest of the work needs a core, too, and a large model may be worth it.

The exit code is 1 when nothing is accurate enough.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import answer, variants
from benchmarks.errors import BenchError
from converters.progress import Progress

if TYPE_CHECKING:
    from benchmarks.choose.candidates import Candidate
    from benchmarks.variants import Variant

_HEAD = ("", "AP", "fps", "p95 ms", "MB", "")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--min-ap", type=float, required=True, metavar="X", help="least OKS-AP, 0 to 1"
    )
    group = parser.add_argument_group("accuracy: measured here, or before")
    group.add_argument("--coco", type=Path, metavar="FILE", help="keypoints in COCO's format")
    group.add_argument("--images", type=Path, metavar="DIR", help="folder of its pictures")
    group.add_argument("--max", type=int, metavar="N", help="only so many pictures (all)")
    group.add_argument(
        "--accuracy",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.json",
        help="of `edgepose-bench accuracy --json`; repeatable",
    )
    variants.flags(parser)
    parser.add_argument(
        "--threads", type=int, action="append", metavar="N", help="repeatable (1, cores - 1, cores)"
    )
    parser.add_argument(
        "--source", metavar="CLIP", help="what speed is measured on (a made-up clip)"
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="turns of everybody (3)")
    parser.add_argument(
        "--turn", type=float, default=1.5, metavar="SECONDS", help="length of a turn (1.5)"
    )
    answer.flag(parser)
    # Of `fps`, at what it is unless given there.
    parser.set_defaults(cameras=1, realtime=False, mqtt="", soak=None, palm="", no_tools=True)
    parser.set_defaults(peer=None, peer_python="", peer_model="")


def run(args: argparse.Namespace) -> int:
    """Measure, choose, and say how to configure it."""
    from benchmarks.board.reading import read  # noqa: PLC0415 - so that --help is quick
    from benchmarks.choose import candidates  # noqa: PLC0415

    if not 0.0 <= args.min_ap <= 1.0:
        raise BenchError(
            "--min-ap", f"{args.min_ap:g} is no OKS-AP", "0 to 1; PoseNet has 0.1 to 0.3"
        )
    if args.threads is None:
        cores = len(os.sched_getaffinity(0))
        args.threads = sorted({1, max(1, cores - 1), cores})
    board = read()
    print(f"{board.summary()}\n", flush=True)
    named = _named(args)
    scores = _accuracy(args, list(named.values()))
    measured = _speed(args, scores)
    chosen = candidates.best(measured, args.min_ap)
    rows = [_row(one, chosen) for one in sorted(measured, key=lambda one: -(one.fps or 0.0))]
    print(f"\n{answer.table(_HEAD, rows)}\n")
    snippet = ""
    if chosen:
        variant = named[chosen.model, chosen.target]
        snippet = candidates.configuration(variant, chosen.threads, _called(args, chosen.model))
        print(f"{chosen.fps:.1f} fps with an AP of {chosen.oks_ap:.3f}. In a configuration:\n")
        print(snippet)
    else:
        print(f"nothing has an AP of {args.min_ap:g}: see the table, or convert a larger model")
    figures = {
        "min_ap": args.min_ap,
        "recommended": candidates.facts([chosen], args.min_ap)[0] if chosen else None,
        "config": snippet or None,
        "candidates": candidates.facts(measured, args.min_ap),
        "board": board.facts(),
    }
    answer.write(args, "choose", figures)
    return 0 if chosen else 1


def _named(args: argparse.Namespace) -> dict[tuple[str, str], Variant]:
    return {(one.manifest.name, one.target): one for one in variants.chosen(args)}


def _called(args: argparse.Namespace, model: str) -> str:
    """A model as the user calls it: its name, or the folder that was given."""
    folders = [given for given in args.model or () if Path(given).name == model]
    given = folders[0] if folders else model
    return str(Path(given).absolute()) if os.sep in given else given


def _accuracy(
    args: argparse.Namespace, everybody: Sequence[Variant]
) -> Mapping[tuple[str, str], float | None]:
    """OKS-AP of every variant; raises BenchError where nobody can say it."""
    from benchmarks.choose import known  # noqa: PLC0415

    before = known.read(args.accuracy)
    scores = {(v.manifest.name, v.target): known.score(before, v) for v in everybody}
    missing = [one for one in everybody if scores[one.manifest.name, one.target] is None]
    if not missing:
        return scores
    if args.coco is None or args.images is None:
        name = f"{missing[0].manifest.name} {missing[0].target}"
        hint = "give --coco ANN.json and --images DIR, or --accuracy FILE.json that has it"
        raise BenchError(name, "how accurate it is is not known", hint)
    from benchmarks.accuracy.measure import accuracy  # noqa: PLC0415 - needs pycocotools

    with Progress().stage("accuracy") as bar:
        found = accuracy(
            missing, args.coco, args.images, lambda _, done, total: bar(done, total), most=args.max
        )
    return {**scores, **{key: one.values["oks_ap"] for key, one in found.items()}}


def _speed(
    args: argparse.Namespace, scores: Mapping[tuple[str, str], float | None]
) -> list[Candidate]:
    """End-to-end figures of all that could be accurate enough, and of all others for comparison."""
    from benchmarks.choose.candidates import Candidate  # noqa: PLC0415
    from benchmarks.fps import session  # noqa: PLC0415
    from benchmarks.fps.figures import figures  # noqa: PLC0415
    from benchmarks.fps.rounds import Plan, measure  # noqa: PLC0415

    session.check(args)
    with tempfile.TemporaryDirectory(prefix="edgepose-bench-") as scratch:
        everybody = list(session.contenders(args, session.source(args, Path(scratch))))
        with Progress().stage(f"taking turns, {len(everybody)} contenders") as bar:
            measure(everybody, Plan(args.rounds, args.turn), session.free_mb(), bar)
    made = []
    for run in map(figures, everybody):
        good: dict[str, Any] = run if "error" not in run else {}
        made.append(
            Candidate(
                model=run["model"],
                target=run["target"],
                threads=run["threads"],
                oks_ap=scores[run["model"], run["target"]],
                fps=good["end_to_end"]["fps"] if good else None,
                latency_p95_ms=good["end_to_end"]["latency_ms"]["p95"] if good else None,
                memory_mb=good["memory"]["steady_mb"] if good else None,
            )
        )
    return made


def _row(one: Candidate, chosen: Candidate | None) -> tuple[str, ...]:
    numbers = ((one.oks_ap, 3), (one.fps, 1), (one.latency_p95_ms, 1), (one.memory_mb, 0))
    cells = ["-" if value is None else f"{value:.{digits}f}" for value, digits in numbers]
    return (f"{one.model} {one.target} x{one.threads}", *cells, "<-" if one == chosen else "")
