"""Run rules over recorded poses: the same events as live, without camera or model.

  edgepose replay poses.jsonl
        falls in a recording, printed here
  edgepose replay poses.jsonl --config cam1.toml
        with the rules, zones and settings of a configuration; edit, replay, compare.
        Its sinks are left alone: nothing is published unless you say --mqtt here
  edgepose replay poses.jsonl --procedure job.toml
        how a job is done; edit the procedure, replay, compare
  edgepose replay poses.jsonl --rule fall --rule presence --events -
        as JSON lines; ids are those of the live run, so consumers can tell they had them

To make a recording: `edgepose record`, or `edgepose run ... --poses FILE`.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from edge.commands import _flags


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("recording", metavar="POSES.jsonl", type=Path)
    parser.add_argument("--config", metavar="CONFIG.toml", type=Path, help="its rules and zones")
    parser.add_argument("--realtime", action="store_true", help="at the pace it was recorded")
    _flags.reports(parser)


def run(args: argparse.Namespace) -> int:
    """Feed every observation to the engine, as the daemon does."""
    from edge import config as configuration  # noqa: PLC0415 - see commands/run.py
    from edge.commands import _terminal  # noqa: PLC0415
    from edge.recording import Reader  # noqa: PLC0415
    from edge.runtime import assemble  # noqa: PLC0415
    from edge.runtime.announce import Announcer  # noqa: PLC0415
    from edge.runtime.daemon import Summary  # noqa: PLC0415

    reader = Reader(args.recording, warn=lambda line: print(line, file=sys.stderr))
    config = configuration.load(args.config, _flags.tables(args), watching=False)
    speaker = assemble.recorded_identity(reader.header)
    engine = assemble.engine(config)
    memory, t, summary, began = engine.start(), 0.0, Summary(), time.monotonic()
    with ExitStack() as life:
        sinks = assemble.sinks(config, speaker) or (_terminal.TerminalSink(),)
        opened = [life.enter_context(sink) for sink in sinks]
        announcer = Announcer(speaker, opened, engine.rules, orders=False)
        announcer.begin()
        announcer.facts(engine.facts(memory))
        for seen in reader:
            if args.realtime:
                time.sleep(max(0.0, began + seen.t - time.monotonic()))
            memory, scene, events = engine.step(memory, seen)
            announcer.events(events)
            announcer.facts(engine.facts(memory))
            summary.add(scene, events)
            t = seen.t
        memory, events = engine.end(memory, t)
        announcer.events(events)
        announcer.facts(engine.facts(memory))
        summary.end(events)
        summary.seconds = time.monotonic() - began
    _terminal.say(summary)
    return 0
