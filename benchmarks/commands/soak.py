"""Play a day of frames in minutes: memory, or anything else, must not grow.

  edgepose-bench soak
        24 hours at 10 frames a second of made-up people who walk, fall, get up, lie and leave
  edgepose-bench soak hall.jsonl kitchen.jsonl --rule fall --rule presence
        with what `edgepose record` wrote, again and again, with time going on
  edgepose-bench soak --hours 168 --json week.json --plot week.svg
        a week, kept as figures and as a picture
  edgepose-bench soak --mqtt mqtt://broker.local --config cam1.toml
        to a broker of yours, with the rules and zones of a configuration

The real loop, engine, announcer and outbox run as fast as this machine lets them. Only the model
is left out: poses come from the recording. Measure a model and a camera with
`edgepose-bench fps --soak`. Events go to a file, and over MQTT to the broker you name, or to a
mosquitto of its own where that is installed; a subscriber in a process of its own counts them.
Recordings are sampled at --fps, so that falls are as fast as they were.

Every hundredth of the run notes resident memory, open files, threads, the time from a frame's
poses to its events published (its step), and the size of the outbox. What the last column says:

  memory    grows: a line through the last three quarters, by least squares, rises by more than
            1 MB a day, its 95 % interval is above 0, and from the first tenth of them to the
            last more than 1.5 MB were added: Python takes memory in steps of 1 MB. So a day
            shows leaks of 2.3 MB a day and more, a week those of 1 MB. The interval allows for
            neighbouring points being alike. Less than an hour is too short to tell
            that it is steady.
  open files, threads
            grows: the last tenth never comes down to the most of the first tenth
  outbox    the same, by more than 8 MB: its journal alone takes 4 MB before it is begun anew
  a frame's step
            grows: p50 of the last tenth is more than 1.5 times that of the first; too short
            where a tenth does not hold all that is played once. Another busy program makes it
            grow, too: look at the picture

The exit code is 1 where a row grows or an event is lost. Ctrl-C gives what was measured so far.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path

from benchmarks import answer, drawing
from benchmarks.errors import BenchError
from converters.progress import Progress

_HOURS, _FPS = 24.0, 10.0
_FPS_MOST = 240.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "recording",
        metavar="RECORDING.jsonl",
        nargs="*",
        type=Path,
        help="poses from `edgepose record` (made-up people)",
    )
    parser.add_argument(
        "--hours", type=float, default=_HOURS, metavar="H", help=f"simulated time ({_HOURS:g})"
    )
    parser.add_argument(
        "--fps", type=float, default=_FPS, metavar="N", help=f"frames a second of it ({_FPS:g})"
    )
    parser.add_argument(
        "--rule", action="append", metavar="KIND", help="fall, presence; repeatable (both)"
    )
    parser.add_argument("--config", metavar="FILE", type=Path, help="its rules, zones and settings")
    parser.add_argument("--mqtt", metavar="URL", help="publish there: mqtt://[user@]host[:port]")
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw it over simulated time")
    answer.flag(parser)


def run(args: argparse.Namespace) -> int:
    """Play, measure, tell."""
    count = _count(args)
    drawing.check(args.plot)
    # Here and not above, so that `--help` does not wait for OpenCV and paho.
    from benchmarks.board import reading  # noqa: PLC0415
    from benchmarks.fleet import broker as brokers  # noqa: PLC0415
    from benchmarks.soak import day, figures, film, people  # noqa: PLC0415
    from edge import config as configuration  # noqa: PLC0415

    rules = args.rule or ([] if args.config else ["fall", "presence"])
    tables = {"rule": [{"kind": kind} for kind in rules]} if rules else {}
    config = configuration.load(args.config, tables, watching=False)
    progress = Progress()
    warnings: list[str] = []
    if args.recording:
        played = film.recorded(args.recording, warnings)
    else:
        played = film.film([people.scene()])
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    with ExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="edgepose-soak-")))
        found = brokers.binary()
        broker: brokers.Broker | None = None
        if args.mqtt:
            broker = life.enter_context(brokers.given(args.mqtt))
        elif found:
            broker = life.enter_context(brokers.mosquitto(found, folder / "broker"))
        progress.say(
            f"{count} frames, {args.hours:g} h at {args.fps:g} fps; "
            f"broker: {broker.name if broker else 'none, only a file of events'}"
        )
        plan = day.Plan(count, args.fps, f"soak-{uuid.uuid4().hex[:8]}")
        with progress.stage("soak") as bar:
            lived = day.live(
                plan=plan, film=played, config=config, broker=broker, folder=folder, bar=bar
            )
    result = figures.figures(lived, args.fps, played.long_s)
    stopped = lived.frames < count
    _tell(result, lived.trouble, share=lived.frames / count if stopped else 1.0)
    about = {"broker": broker.name if broker else None, "stopped": stopped}
    answer.write(args, "soak", {**result, **about, "board": reading.read().facts()})
    if args.plot:
        from benchmarks.soak import plot  # noqa: PLC0415 - matplotlib is slow, and an extra

        drawing.save(plot.draw(lived.series), args.plot)
    return 1 if figures.grows(result) or result["lost"] else 0


def _count(args: argparse.Namespace) -> int:
    """How many frames; raises BenchError for a flag that makes no sense."""
    if not 0.0 < args.fps <= _FPS_MOST:
        raise BenchError("--fps", f"{args.fps:g} is no frame rate", f"0 .. {_FPS_MOST:g}")
    count = round(args.hours * 3600.0 * args.fps) if args.hours > 0.0 else 0
    if count < 1:
        raise BenchError("--hours", f"{args.hours:g} holds no frame", "24 is a day")
    return count


def _tell(result: dict[str, object], trouble: list[str], share: float) -> None:
    from benchmarks.soak import figures  # noqa: PLC0415 - see run

    if share < 1.0:
        print(f"stopped at {share:.0%}: what was measured until then")
    print(
        f"{result['simulated_hours']:.2f} h in {result['wall_s']:.0f} s, "
        f"{result['speedup']:.0f} times real time; {result['people']} people\n"
    )
    print(figures.table(result))
    print(
        f"\nevents {result['events']}, published {result['published']}, "
        f"received {'-' if result['received'] is None else result['received']}, "
        f"waiting {result['waiting']}, lost {result['lost']}"
    )
    for line in trouble:
        print(f"warning: {line}", file=sys.stderr)
