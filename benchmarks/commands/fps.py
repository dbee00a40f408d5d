"""Frames a second on this board: end to end and stage by stage, beside the bare interpreter.

  edgepose-bench fps                                    every model whose weights are here
  edgepose-bench fps --model NAME --source clip.mp4     one model, on a clip of yours
  edgepose-bench fps --model NAME --backend tflite --threads 1 --threads 4
  edgepose-bench fps --model NAME --source /dev/video0  with a real camera: never faster than it
  edgepose-bench fps --model NAME --cameras 2           two daemons at once, a source each
  edgepose-bench fps --model NAME --soak 10             ten minutes of full load: does heat slow it?
  edgepose-bench fps --model NAME --peer mediapipe      others on the same clip, in the same run
  edgepose-bench fps --json mine.json --plot mine.svg   figures to keep, send and look at

What is timed is the real daemon: reading and decoding the source, letterbox, inference, decoding
poses, tracks, rules, messages. `bare` is the interpreter alone on the same weights and threads,
with nothing put in or taken out: what is often published. `ratio` is ours over bare: 0.9 means that
a tenth is lost to everything that is not inference. Everybody is a process of its own, and they
take turns, so that a warm or busy moment hits all alike; the warm-up is not counted. `start` is
from the start of the process to its first frame, all the way. Stages overlap: they do not add up.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import answer, drawing, variants
from converters.progress import Progress

if TYPE_CHECKING:
    from benchmarks.board.facts import Board
    from benchmarks.fps.rounds import Contender

_SOAK_TURN_S = 5.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    variants.flags(parser)
    parser.add_argument(
        "--threads", type=int, action="append", metavar="N", help="of inference; repeatable (1)"
    )
    parser.add_argument(
        "--palm",
        metavar="NAME",
        default="palm-detection-lite",
        help="finds palms for a model of hands (palm-detection-lite)",
    )
    group = parser.add_argument_group("on what, and how long")
    group.add_argument(
        "--source", metavar="CLIP_OR_CAMERA", help="a video or a camera (a made-up clip, 640x480)"
    )
    group.add_argument(
        "--cameras", type=int, default=1, metavar="N", help="daemons at the same time (1)"
    )
    group.add_argument(
        "--realtime", action="store_true", help="play a clip at its own speed, drop late frames"
    )
    group.add_argument("--mqtt", metavar="URL", default="", help="publish to this broker, too")
    group.add_argument("--rounds", type=int, default=5, metavar="N", help="turns of everybody (5)")
    group.add_argument(
        "--turn", type=float, default=2.0, metavar="SECONDS", help="length of a turn (2)"
    )
    group.add_argument(
        "--soak", type=float, metavar="MINUTES", help="full load for so long, the first model only"
    )
    group = parser.add_argument_group("beside others")
    group.add_argument(
        "--peer",
        action="append",
        metavar="NAME",
        help="mediapipe, movenet, movenet_cropped; repeatable",
    )
    group.add_argument(
        "--peer-python", metavar="FILE", default="", help="a Python that has them (this one)"
    )
    group.add_argument("--peer-model", metavar="FILE", default="", help="weights, for movenet")
    group.add_argument(
        "--no-tools", action="store_true", help="leave the runtimes' own programs out"
    )
    group = parser.add_argument_group("what is kept")
    group.add_argument("--plot", metavar="FILE", type=Path, help="draw it: .svg or .png")
    group.add_argument(
        "--save-reference", action="store_true", help="make this the reference of such boards"
    )
    answer.flag(parser)


def run(args: argparse.Namespace) -> int:
    """Measure, tell, keep."""
    from benchmarks.board.reading import read  # noqa: PLC0415 - so that --help is quick
    from benchmarks.fps import session  # noqa: PLC0415

    session.check(args)
    drawing.check(args.plot)
    board = read()
    print(f"{board.summary()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="edgepose-bench-") as scratch:
        source = session.source(args, Path(scratch))
        everybody = list(session.contenders(args, source))
        if args.soak is not None:
            return _soak(args, board, everybody[0])
        with Progress().stage(f"taking turns, {len(everybody)} contenders") as bar:
            figures = session.measured(args, board, source, everybody, bar)
    return _tell(args, figures)


def _tell(args: argparse.Namespace, figures: dict[str, Any]) -> int:
    """Show the tables, and write what is to be kept."""
    from benchmarks.fps import reference, words  # noqa: PLC0415

    source = figures["source"]
    people = figures["end_to_end"]["people_in_frame"]
    print(f"\n{source['name']}, {source['size']}, {people:.1f} people in a frame\n")
    print(f"{words.overview(figures)}\n\n{words.stages(figures)}\n")
    for line in (*words.tools(figures), *words.errors(figures)):
        print(line)
    paced = source["realtime"] or bool(args.mqtt)  # not as fast as it goes, or with more to do
    today = [] if paced else list(reference.rows(figures))
    place = reference.path(figures["board"]["slug"])
    compared = list(reference.compare(today, reference.read(place)))
    for one in compared:
        print(f"{one.name}: {one.change:+.0%}, {one.verdict} ({one.reference:g} fps)")
    if not compared and not paced:
        print(
            f"no reference for this board, model and source yet ({place.name}): see CONTRIBUTING.md"
        )
    answer.write(args, "fps", figures)
    if args.plot:
        from benchmarks.fps import plot  # noqa: PLC0415 - matplotlib is slow to import

        drawing.save(plot.draw(figures), args.plot)
        print(f"drawn: {args.plot}")
    if args.save_reference:
        reference.save(place, reference.worthy(figures, today))
        print(f"kept as the reference of such boards: {place}")
    return 1 if any("error" in run for run in (*figures["runs"], *figures["peers"])) else 0


def _soak(args: argparse.Namespace, board: Board, contender: Contender) -> int:
    """Run one contender for long, and tell what heat does."""
    from benchmarks.board.reading import read  # noqa: PLC0415
    from benchmarks.fps import figures, heat  # noqa: PLC0415
    from benchmarks.fps.seat import Seat  # noqa: PLC0415

    print(f"{contender.name}, {args.soak:g} minutes of full load; Ctrl-C ends it early\n")
    head = ("minute", "fps", "p95 ms", "C", "MHz", "MB", "throttled")
    print("".join(word.rjust(10) for word in head))
    with Seat(contender.job, contender.name) as seat:
        moments = heat.soak(
            seat,
            args.soak,
            max(args.turn, min(_SOAK_TURN_S, 60.0 * args.soak / 10)),
            lambda: read().frequency_mhz["now"],
            lambda moment: print(heat.line(moment), flush=True),
        )
    found = heat.figures(moments)
    first, last = found["fps_first"], found["fps_last"]
    print(f"\n{found['verdict']}: {first:.1f} fps at first, {last:.1f} at last")
    about = figures.about(contender)
    answer.write(args, "fps --soak", {**about, "soak": found, "board": board.facts()})
    if args.plot:
        from benchmarks.fps import heat_plot  # noqa: PLC0415 - matplotlib is slow to import

        title = f"{contender.name} on {board.name}"
        drawing.save(heat_plot.draw(found, title), args.plot)
        print(f"drawn: {args.plot}")
    return 0
