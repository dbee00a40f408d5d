"""Watch a camera or a clip and report falls.

  edgepose run clip.mp4 --model posenet-mobilenet-v1-075-353x481-coral
        what happens in a clip, printed here
  edgepose run clip.mp4 --model NAME --events - | jq .type
        the same as JSON lines, one CloudEvent each
  edgepose run /dev/video0 --model NAME --mqtt mqtt://broker.local --camera hall
        a camera, for good; alarms survive a broker that is away
  edgepose run rtsp://host/stream --model NAME --preview
        and have a look at what it sees, in a browser on this machine
  edgepose run clip.mp4 --model NAME --save-overlay seen.mp4 --poses poses.jsonl
        keep a drawn video, and the poses for `edgepose replay`
  edgepose run clip.mp4 --model NAME --model hand-landmark-lite --save-overlay seen.mp4
        and the hands of the people, found from their wrists
  edgepose run clip.mp4 --model NAME --model HAND_MODEL --procedure job.toml
        how a job is done, step by step; see `edgepose sop`
  edgepose run cam1.toml
        everything from a configuration; flags given as well win over it

A source is a video file, a folder or pattern of pictures, /dev/video*, rtsp://..., picamera:0
(a Raspberry Pi's), argus:0 (a Jetson's), or "gstreamer: PIPELINE".
It ends with the file, or with Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from edge.commands import _flags
from edge.errors import ConfigError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("source", metavar="CONFIG.toml | CLIP_OR_CAMERA")
    _flags.model(parser)
    _flags.reports(parser)
    _flags.names(parser)
    watching(parser)
    parser.add_argument("--poses", metavar="FILE", type=Path, help="record poses as JSON lines")


def watching(parser: argparse.ArgumentParser) -> None:
    """Declare the flags about looking on."""
    group = parser.add_argument_group("looking on")
    group.add_argument("--preview", action="store_true", help="show it in a local browser")
    group.add_argument("--save-overlay", metavar="FILE", type=Path, help="draw it into an mp4")
    group.add_argument(
        "--realtime", action="store_true", help="play a file at its own speed, drop late frames"
    )
    group.add_argument(
        "--every-frame",
        action="store_true",
        help="with --realtime: drop none, so that a slow machine takes longer and misses nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Read the configuration, put the parts together, watch."""
    return watch(args, poses=args.poses)


def watch(args: argparse.Namespace, poses: Path | None, *, reporting: bool = True) -> int:
    """Do what `run` and `record` have in common."""
    # Here and not above, so that `--help` does not wait for OpenCV.
    from edge import config as configuration  # noqa: PLC0415
    from edge.commands import _terminal  # noqa: PLC0415
    from edge.commands.check import doubts  # noqa: PLC0415
    from edge.recording import Header  # noqa: PLC0415
    from edge.runtime import assemble, daemon, viewers  # noqa: PLC0415
    from edge.runtime.signals import Inbox  # noqa: PLC0415

    path = Path(args.source) if _flags.is_config(args.source) else None
    flags = _flags.tables(args) if reporting else {**_flags.tables(args), "rule": []}
    config = configuration.load(path, flags)
    if reporting:
        files = " ".join(args.procedure or ())
        for doubt in doubts(
            config, f"edgepose {f'check {path}' if path else f'sop check {files}'}"
        ):
            print(f"warning: {doubt}", file=sys.stderr)
    _spare(config.source.open().name, (poses, args.save_overlay, getattr(args, "events", None)))
    models = assemble.cast(config)
    for doubt in filter(None, (predictor.manifest.doubt for predictor in models.predictors)):
        print(f"warning: {doubt}", file=sys.stderr)
    speaker = assemble.identity(config, assemble.session(config.source))
    sinks = assemble.sinks(config, speaker)
    if reporting and not any(getattr(sink, "path", "") == "-" for sink in config.sinks):
        sinks = (*sinks, _terminal.TerminalSink())
    shows: list[AbstractContextManager[viewers.Show]] = [_terminal.progress()]
    shows += [_terminal.voice(sink) for sink in sinks if isinstance(sink, daemon.Troubled)]
    inbox = Inbox(config.signals)
    if config.signals:
        shows.append(_terminal.refusals(inbox))
    if poses:
        names = "+".join(predictor.manifest.name for predictor in models.predictors)
        header = Header(speaker.site, speaker.device, speaker.camera, speaker.session, names)
        shows.append(viewers.recorded(poses, header))
    if args.save_overlay or args.preview:
        tell = _announce_preview if args.preview else None
        shows.append(viewers.drawn(assemble.zones(config), args.save_overlay, tell))
    summary = daemon.run(
        assemble.Parts(
            identity=speaker,
            backends=[predictor.backend for predictor in models.predictors],
            sinks=sinks,
            source=assemble.source(config, models, drawn=bool(args.save_overlay or args.preview)),
            realtime=args.realtime,
            every_frame=args.every_frame,
            publish=config.publish,
            viewers=shows,
            estimator=assemble.estimator(config, models),
            engine=assemble.engine(config),
            inbox=inbox,
            tell=partial(print, file=sys.stderr),
        )
    )
    _terminal.say(summary)
    if summary.stuck:
        _leave()
    return 0


def _leave() -> None:
    """End now: all is told and tidied up, and Python would wait for a camera that hangs."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


def _spare(source: str, outputs: Iterable[str | Path | None]) -> None:
    """Raise ConfigError where a file that is watched would be written over."""
    for out in outputs:
        if out and Path(out).is_file() and Path(source).is_file() and Path(out).samefile(source):
            raise ConfigError(str(out), "is what is watched, and would be lost", "choose another")


def _announce_preview(url: str) -> None:
    print(f"preview: {url}", file=sys.stderr)
