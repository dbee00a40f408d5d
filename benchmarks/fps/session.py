"""From flags to contenders, and from their turns to the figures of one session."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks import variants
from benchmarks.board.facts import Board
from benchmarks.errors import BenchError
from benchmarks.fps import made_up
from benchmarks.fps.figures import figures
from benchmarks.fps.rounds import Bar, Contender, Plan, measure
from benchmarks.fps.tools import tool
from benchmarks.fps.turn import Job
from benchmarks.peers.seer import loaded, seers
from edge.runtime.open_source import open_source, resolve

_SKELETONS = ("body17", "hand21")
_LEAST_TURN_S = 0.1
_LEAST_SOAK_MIN = 0.01


def check(args: argparse.Namespace) -> None:
    """Raise BenchError for a number that cannot be measured with."""
    for flag, value, least in (
        ("--rounds", args.rounds, 1),
        ("--cameras", args.cameras, 1),
        ("--turn", args.turn, _LEAST_TURN_S),
        *(("--threads", threads, 1) for threads in args.threads or ()),
        *((("--soak", args.soak, _LEAST_SOAK_MIN),) if args.soak is not None else ()),
    ):
        if not value >= least:
            raise BenchError(flag, f"{value:g} is too little", f"at least {least:g}")
    seers(args.peer or (), args.peer_python, args.peer_model)


def source(args: argparse.Namespace, scratch: Path) -> str:
    """The clip or camera that is named, proven to open, or a made-up clip."""
    if args.source is None:
        return str(made_up.write(scratch))
    with open_source(args.source):
        return str(args.source)


def contenders(args: argparse.Namespace, source: str) -> Iterator[Contender]:
    """Every variant with every number of threads, then the peers."""
    shown = _SKELETONS if args.model else _SKELETONS[:1]
    paced = args.realtime or open_source(source).live
    for variant, threads in product(variants.chosen(args, shown), args.threads or [1]):
        manifest = variant.manifest
        if manifest.skeleton not in _SKELETONS:
            hint = "name hand-landmark-lite: palms are found for it"
            raise BenchError(manifest.name, "finds palms only, which nobody publishes", hint)
        job = Job(
            role="runtime",
            source=source,
            model=str(variant.model.folder),
            weights=variant.file.path,
            backend=variant.backend,
            threads=threads,
            palm=args.palm if manifest.skeleton == "hand21" else "",
            mqtt=args.mqtt,
            realtime=paced,
        )
        its_own = None if args.no_tools else tool(variant, threads)
        yield Contender(f"{manifest.name} {variant.target}", job, variant, tool=its_own)
    for seer in map(loaded, seers(args.peer or (), args.peer_python, args.peer_model)):
        threads = (args.threads or [1])[0]
        job = Job(role=seer.peer.name, source=source, weights=seer.weights, threads=threads)
        yield Contender(seer.peer.name, job, python=seer.python)


def measured(
    args: argparse.Namespace, board: Board, source: str, everybody: Sequence[Contender], bar: Bar
) -> dict[str, Any]:
    """Give all turns; raises BenchError when nobody could be measured."""
    plan = Plan(args.rounds, args.turn, args.cameras)
    measure(everybody, plan, free_mb(), bar)
    runs = [figures(one) for one in everybody if one.variant]
    good = [run for run in runs if "error" not in run]
    if not good:
        first = everybody[0]
        problem, _, hint = first.error.partition("\n  hint: ")
        raise BenchError(first.name, problem.removeprefix(f"{first.name}: "), hint)
    best = max(good, key=lambda run: run["end_to_end"]["fps"] or 0.0)
    return {
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "source": _about_source(args, source),
        "cameras": args.cameras,
        "plan": asdict(plan),
        **best,
        "runs": runs,
        "peers": [figures(one) for one in everybody if one.variant is None],
        "board": board.facts(),
    }


def free_mb(proc: Path = Path("/proc")) -> float | None:
    """Memory that is free, or can be made so, MB."""
    try:
        lines = (proc / "meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    free = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(free[0]) * 1.024e-3 if free else None


def _about_source(args: argparse.Namespace, source: str) -> dict[str, Any]:
    """A name without folder or address, to be compared and sent; the size of its first picture."""
    kind, _ = resolve(source)
    with open_source(source) as opened:
        frame = next(iter(opened.frames()))
        name = f"{kind} camera" if "://" in opened.name else opened.name  # no address
    height, width = frame.image.shape[:2]
    return {
        "name": Path(name).name if kind in {"video", "images"} else name,
        "kind": "made-up clip" if args.source is None else kind,
        "size": f"{width}x{height}",
        "realtime": args.realtime,
    }
