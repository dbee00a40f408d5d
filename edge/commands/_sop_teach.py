"""Propose a procedure from recordings of the job done right, for a person to correct.

  edgepose record /dev/video0 --model NAME --model HAND_MODEL --out demo.jsonl
        do the job, once or a few times, then Ctrl-C; only poses are kept
  edgepose sop teach demo.jsonl --out fuse-box.toml --picture fuse-box.png
        zones where hands stay, steps in order, holds and limits; comments say what was seen
  edgepose sop teach monday.jsonl tuesday.jsonl --out fuse-box.toml
        more recordings, from the same camera: what does not repeat is left out
  edgepose sop teach shift.mp4 --model NAME --model HAND_MODEL --from 12 --to 95 --out fuse-box.toml
        a clip, of which only a part shows the job

Begin before the first reach, end after the last one; --from and --to cut away what is no part of
the job. How many cycles a recording holds is found out; say --cycles where it is not. The draft
is tried on its own recordings: what does not fit is told.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edge.commands import _flags, _sop_fit
from edge.errors import ConfigError

if TYPE_CHECKING:
    from edge.config import Config
    from edge.core.track import Scene
    from edge.core.types import Image
    from edge.sop.procedure import Procedure
    from edge.sop.teaching.paths import Demo
    from edge.sop.teaching.teach import Lesson

_RECORDING = ".jsonl"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("demos", type=Path, nargs="+", metavar="POSES.jsonl | CLIP")
    parser.add_argument("--out", type=Path, required=True, metavar="PROCEDURE.toml")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw it as well")
    parser.add_argument("--title", default="", help="what people call the job")
    parser.add_argument(
        "--cycles", type=int, default=0, metavar="N", help="cycles in each recording (found out)"
    )
    parser.add_argument(
        "--from", dest="begin", type=float, default=-math.inf, metavar="S",
        help="leave out what is before, s",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="end", type=float, default=math.inf, metavar="S", help="and what is after, s"
    )
    parser.add_argument("--force", action="store_true", help="write over an existing file")
    _flags.model(parser)


def run(args: argparse.Namespace) -> int:
    """Watch, learn, write; 1 where nothing could be learned."""
    from edge import config as configuration  # noqa: PLC0415 - see commands/run.py
    from edge.procedure_file import NAME  # noqa: PLC0415
    from edge.sop.teaching.paths import watch  # noqa: PLC0415
    from edge.sop.teaching.teach import Teaching, teach  # noqa: PLC0415

    name = args.out.stem
    if not NAME.fullmatch(name):
        hint = "the procedure is named after it: letters, digits, '-' and '_'"
        raise ConfigError(str(args.out), "is no name for a procedure", hint)
    if args.out.exists() and not args.force:
        raise ConfigError(str(args.out), "is there already", "choose another, or say --force")
    if args.cycles < 0:
        raise ConfigError("--cycles", "must be 1 or more", "or leave it out")
    for path in args.demos:
        if path.suffix == ".toml":
            hint = "edgepose record ... --out demo.jsonl makes one; or a clip, demo.mp4"
            raise ConfigError(str(path), "is neither a recording nor a clip", hint)
    demos: list[Demo] = []
    again: list[list[Scene]] = []  # what was seen, to try the draft on
    pictures: list[Image] = []
    for path in args.demos:
        recorded = path.suffix == _RECORDING
        tables = {} if recorded else {**_flags.tables(args), "source": {"uri": str(path)}}
        config = configuration.load(None, {**tables, "rule": []}, watching=not recorded)
        scenes = _recorded(path, config) if recorded else _estimated(config, pictures)
        within = (scene for scene in scenes if args.begin <= scene.t <= args.end)
        again.append([])
        demos.append(watch(_sop_fit.kept(within, again[-1])))
    _same_picture(args.demos, demos)
    lesson = teach(demos, name, args.title, Teaching(cycles=args.cycles))
    if lesson.procedure is None:
        print("nothing learned: no hand stayed anywhere", file=sys.stderr)
        return 1
    _write(args, lesson.procedure, lesson.notes, next(iter(pictures), None))
    named = [(path.name, seen) for path, seen in zip(args.demos, again, strict=True)]
    wrong = _sop_fit.misfits(lesson.procedure, named, lesson.cycles + lesson.left_out)
    for line in _told(args, lesson, wrong):
        print(line, file=sys.stderr)
    return 0


def _told(args: argparse.Namespace, lesson: Lesson, wrong: list[str]) -> Iterator[str]:
    """What became of it, what does not fit, and what to do next."""
    yield f"\n{args.out}: a draft for you to correct"
    if lesson.left_out:
        every = lesson.cycles + lesson.left_out
        yield f"{lesson.left_out} of {every} cycles left out, being unlike the others"
        if args.cycles:
            yield f"  are there really {args.cycles} in each recording? without --cycles, I count"
    if wrong:
        yield "tried on what it was taught with, this does not fit:"
        yield from (f"  {line}" for line in wrong)
        yield "  cut away what is no part of the job with --from and --to, or correct the file"
    clip = next((path for path in args.demos if path.suffix != _RECORDING), "CLIP_OR_CAMERA")
    yield "next:"
    yield f"  edgepose sop draw {args.out} --frame {clip} --out {args.out.with_suffix('.png')}"
    yield f"  edgepose sop check {args.out}"
    recorded = next((path for path in args.demos if path.suffix == _RECORDING), "POSES.jsonl")
    yield f"  edgepose replay {recorded} --config cam1.toml"
    yield f'    where cam1.toml has a [[rule]] of kind = "sop" with procedure = "{args.out.name}"'


def _recorded(path: Path, config: Config) -> Iterator[Scene]:
    from edge.recording import Reader  # noqa: PLC0415 - see commands/run.py
    from edge.runtime import assemble  # noqa: PLC0415

    engine = assemble.engine(config)
    memory = engine.start()
    for seen in Reader(path, warn=lambda line: print(line, file=sys.stderr)):
        memory, scene, _ = engine.step(memory, seen)
        yield scene


def _estimated(config: Config, pictures: list[Image]) -> Iterator[Scene]:
    """A clip through the models, as `edgepose record` would; its last picture is kept."""
    from edge.commands import _terminal  # noqa: PLC0415 - see commands/run.py
    from edge.runtime.watched import watched  # noqa: PLC0415

    with _terminal.progress() as show:
        for instant in watched(config):
            show(instant)
            pictures[:] = [instant.frame.image]
            yield instant.scene


def _same_picture(paths: list[Path], demos: list[Demo]) -> None:
    """Raise ConfigError where recordings cannot be of one camera, or hold nothing."""
    for path, demo in zip(paths, demos, strict=True):
        if not demo.paths:
            hint = "record with a body model, and a hand model; see --from and --to"
            raise ConfigError(str(path), "shows no hand", hint)
        if demo.size != demos[0].size:
            shapes = f"{demo.size[0]}x{demo.size[1]}, not {demos[0].size[0]}x{demos[0].size[1]}"
            hint = "recordings must be of one camera"
            raise ConfigError(str(path), f"shows pictures of {shapes} as {paths[0]}", hint)


def _write(
    args: argparse.Namespace,
    procedure: Procedure,
    notes: Mapping[str, str],
    frame: Image | None,
) -> None:
    """The file, the picture, and both in words."""
    from edge.procedure_writer import write_procedure  # noqa: PLC0415 - see commands/run.py
    from edge.sop.explain import explain  # noqa: PLC0415

    try:
        args.out.write_text(write_procedure(procedure, notes), encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(args.out), f"cannot be written ({error.strerror})") from error
    if args.picture:
        from edge.commands._sop_draw import write  # noqa: PLC0415
        from edge.pictures.procedure import picture  # noqa: PLC0415

        write(args.picture, picture(procedure, frame))
    print("\n".join(explain(procedure)))
