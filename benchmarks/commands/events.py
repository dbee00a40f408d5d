"""Falls found and false alarms on labelled clips, clip by clip, through the real command.

  edgepose-bench events --labels labels.csv --clips DIR
        figures, and a page that shows every miss and every false alarm as skeletons
  edgepose-bench events --labels labels.csv --clips DIR --model NAME --backend openvino
        with another model, in another runtime
  edgepose-bench events --labels labels.csv --replay --config cam1.toml
        judge the poses of an earlier run again with the rules and zones of a configuration: no
        model runs, so this is the loop in which rules are tuned
  edgepose-bench events --labels labels.csv --clips DIR --peer mediapipe --peer-python FILE
        what others would have told of the same clips: each clip is seen by the peer, and its poses
        are judged by the baseline and by the fall rule
  edgepose-bench events --labels labels.csv --clips DIR --json events.json --page events.html
        all figures with stable keys, and the page, where you want them

labels.csv has a row a clip and the columns
  clip            path below DIR
  kind            fall, or adl: everyday activity
  onset_s         the fall begins, seconds from the clip's first frame
  impact_s        the body hits the floor
  duration_s      of the clip
and, if you like, dataset: figures are given for each. Times may be empty; other columns are not
read. A clip with several falls has to be cut into several clips.

Each clip goes through `edgepose run`; its poses stay in OUT/recordings and its events in
OUT/events, those of a peer in OUT/peers/NAME. A published baseline, the angle of the torso, is
judged on the same poses. A clip that is missing or cannot be read is named with its row, the others
are judged, and the exit code is 1. With --replay and --clips, a peer sees what it has not yet seen.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import answer
from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.events.command import Command
    from benchmarks.events.labels import Clip
    from benchmarks.events.peers import PeerWatch
    from benchmarks.events.report import Beside, Report

MODEL = "posenet-mobilenet-v1-075-353x481-coral"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    from benchmarks.events.judge import DEFINITIONS  # noqa: PLC0415 - with what it means

    parser.epilog = f"what counts:\n{DEFINITIONS}"
    parser.add_argument("--labels", metavar="CSV", type=Path, required=True, help="see above")
    parser.add_argument("--clips", metavar="DIR", type=Path, help="the folder of the clips")
    parser.add_argument("--model", metavar="NAME", default=MODEL, help=f"finds poses ({MODEL})")
    parser.add_argument(
        "--backend", metavar="KIND", default="", help="tflite, onnxruntime or openvino"
    )
    parser.add_argument(
        "--config", metavar="CONFIG.toml", type=Path, help="judge with its rules and zones"
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("out/events"),
        help="for recordings, events and the page (out/events)",
    )
    parser.add_argument("--replay", action="store_true", help="judge recorded poses again")
    parser.add_argument(
        "--peer",
        metavar="NAME",
        action="append",
        help="others on the same clips: mediapipe, movenet or movenet_cropped; repeatable",
    )
    parser.add_argument(
        "--peer-python",
        metavar="FILE",
        default="",
        help="the Python that has them; what it lacks is looked for in this one (this one)",
    )
    parser.add_argument("--peer-model", metavar="FILE", default="", help="weights, of movenet")
    parser.add_argument(
        "--jobs", metavar="N", type=int, default=2, help="clips at the same time (2)"
    )
    parser.add_argument("--page", metavar="FILE.html", type=Path, help="the page (OUT/events.html)")
    answer.flag(parser)


def run(args: argparse.Namespace) -> int:
    """Watch every clip, judge it, write figures and page."""
    # Here and not above, so that `--help` does not wait for OpenCV.
    from benchmarks.board.reading import read as board  # noqa: PLC0415
    from benchmarks.events import labels  # noqa: PLC0415
    from benchmarks.events.page import page  # noqa: PLC0415
    from benchmarks.events.report import Report  # noqa: PLC0415
    from benchmarks.events.watch import Watch, every  # noqa: PLC0415
    from converters.progress import Progress  # noqa: PLC0415

    clips = labels.read(args.labels)
    backend = _check(args)
    peers = _peers(args, clips)
    watch = Watch(
        args.out / "recordings",
        None if args.replay else args.clips,
        args.model,
        args.backend,
        _command(args, args.out / "events"),
    )
    with Progress().stage("watch clips") as bar:
        report = Report.of(every(clips, args.jobs, bar, watch.one))
    if not report.watched:
        first = report.unreadable[0]
        problem = f"no clip can be judged; the first: {first.clip.name} {first.reason}"
        hint = "is --out the folder of an earlier run?" if args.replay else "is --clips right?"
        raise BenchError(str(args.labels), problem, hint)
    report = replace(report, peers=tuple(_beside(args, peer, report) for peer in peers))
    facts = board().facts()
    about = {"labels": args.labels.name, "backend": backend or None, "board": facts}
    answer.write(args, "events", {**about, **report.figures})
    html = args.page or args.out / "events.html"
    answer.save(html, page(report, args.labels.name, backend, facts))
    _tell(report)
    print(f"\nmade {html}: every clip, and what was seen in those that went wrong")
    return 0 if report.whole else 1


def _check(args: argparse.Namespace) -> str:
    """Find what would go wrong with every clip; gives the inference runtime, if one is used."""
    if args.jobs < 1:
        raise BenchError("--jobs", f"is {args.jobs}", "such as 2: clips watched at the same time")
    if args.config:
        from edge import config  # noqa: PLC0415

        config.load(args.config, {}, watching=False)
    if args.replay:
        return ""
    if args.clips is None:
        raise BenchError("--clips", "is missing", "the folder of clips; or judge again: --replay")
    if not args.clips.is_dir():
        raise BenchError(str(args.clips), "is no folder", "--clips is what labels are relative to")
    from edge.modelstore import model_store  # noqa: PLC0415

    model = model_store().find(args.model)
    backend = str(args.backend or (*model.manifest.backends, "tflite")[0])
    model.weights(backend)
    return backend


def _peers(args: argparse.Namespace, clips: Sequence[Clip]) -> list[PeerWatch]:
    """Find the peers, and prove that they can be loaded or have recordings."""
    from benchmarks.events.peers import PeerWatch  # noqa: PLC0415
    from benchmarks.peers.seer import seers  # noqa: PLC0415

    found = []
    for seer in seers(args.peer or (), args.peer_python, args.peer_model):
        home = args.out / "peers" / seer.peer.name
        command = _command(args, home / "events")
        found.append(PeerWatch(seer, home, args.clips, args.replay, command).ready(clips))
    return found


def _beside(args: argparse.Namespace, watch: PeerWatch, ours: Report) -> Beside:
    """Let a peer see the clips that we could judge."""
    from benchmarks.events.report import Beside, Report  # noqa: PLC0415
    from benchmarks.events.watch import every  # noqa: PLC0415
    from converters.progress import Progress  # noqa: PLC0415

    peer = watch.seer.peer
    clips = [one.clip for one in ours.watched]
    with Progress().stage(f"watch clips: {peer.name}") as bar:
        results = every(clips, args.jobs, bar, watch.one)
    return Beside(peer.name, peer.about, Report.of(results))


def _command(args: argparse.Namespace, events: Path) -> Command:
    from benchmarks.events.command import Command  # noqa: PLC0415

    return Command(events, args.out / "state", args.config)


def _tell(report: Report) -> None:
    """Say what went wrong clip by clip, then the figures."""
    from benchmarks.events import words  # noqa: PLC0415

    for one in report.unreadable:
        print(f"not judged   {one.clip.place}: {one.clip.name}: {one.reason}")
    for peer in report.peers:
        for one in peer.report.unreadable:
            print(f"not judged   {one.clip.place}: {one.clip.name}: {peer.name}: {one.reason}")
    for judged in report.ours:
        if judged.verdict == "missed":
            print(f"missed       {judged.clip.name}")
        for alert in judged.false_alarms:
            print(f"false alarm  {judged.clip.name} at {alert.t:.2f} s")
    ours, baseline = report.figures, report.figures["baseline"]
    print()
    print(answer.table(words.HEAD, words.comparison(ours, baseline)))
    if report.peers:
        print()
        print(answer.table(words.BESIDE, words.beside(ours)))
    head = ("dataset", "falls found", "false alarms", "per hour", "delay p50 / p95 from onset")
    rows = [
        (
            name,
            f"{one['found']} of {one['falls']}",
            str(one["false_alarms"]),
            words.per_hour(one),
            words.delays(one["delay_from_onset_s"]),
        )
        for name, one in ours["datasets"].items()
    ]
    print()
    print(answer.table(head, rows))
