"""Teach a gesture or a pose of the body by showing it; list and test what is known.

  edgepose gestures list
        what the classifiers know
  edgepose gestures teach hold_pen one.mp4 two.mp4 --model PALM --model HAND --out my-gestures
        from clips that show nothing else; two or more, of different people and places, are better
  edgepose gestures teach hold_pen /dev/video0 --model PALM --model HAND --out my-gestures
        from a camera, now, for 10 seconds
  edgepose gestures teach wave poses.jsonl --body --out my-poses
        a pose of the body, from a recording, which needs no model
  edgepose gestures test my-gestures three.mp4 --model PALM --model HAND
        what it says of other clips

It takes moments and no training: the network stays as it is, and a place and a radius are noted in
the new folder's manifest. Teach one more with --classifier my-gestures --out my-gestures. In a
configuration beside it, name the folder as a model: [[model]] name = "./my-gestures". The exit
code is 1 for what is too weak to be relied on.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from edge.commands import _flags
from edge.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from edge.core.types import Observation
    from edge.runtime.labels import Classifier
    from edge.runtime.shown import Heard
    from edge.runtime.taught import Clip, Lesson

_HANDS, _BODY = "edgepose-gesture-21", "edgepose-pose-17"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_REDRAW_S = 0.1
_WEAK = 0.7  # recall below which a person should hear of it


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="teach | list | test")
    teach = verbs.add_parser("teach", help="add a class by showing it")
    teach.add_argument("name", metavar="NAME", help="small letters, digits, '_' and '-'")
    teach.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="folder of the result"
    )
    teach.add_argument("--classifier", metavar="NAME_OR_DIR", help="to begin with; the bundled one")
    teach.add_argument("--body", action="store_true", help="a pose of the body, not of a hand")
    teach.add_argument(
        "--unlike", action="append", default=[], metavar="SOURCE", help="shows anything but it"
    )
    tested = verbs.add_parser("test", help="what a classifier says of clips")
    tested.add_argument("classifier", metavar="NAME_OR_DIR")
    for verb in (teach, tested):
        verb.add_argument("sources", nargs="+", metavar="CLIP | CAMERA | POSES.jsonl")
        verb.add_argument("--hand", choices=("left", "right"), default="", help="only this one")
        verb.add_argument("--seconds", type=float, default=10.0, help="of a camera (10)")
        _flags.model(verb)
    shown = verbs.add_parser("list", help="what classifiers know")
    shown.add_argument("classifiers", nargs="*", metavar="NAME_OR_DIR")


def run(args: argparse.Namespace) -> int:
    """Do one of the three."""
    return {"teach": _teach, "list": _list, "test": _test}[args.verb](args)


def _teach(args: argparse.Namespace) -> int:
    from edge.modelstore import model_store  # noqa: PLC0415 - see commands/run.py
    from edge.runtime import shown, taught  # noqa: PLC0415
    from edge.runtime.labels import names_of  # noqa: PLC0415

    if not _NAME.fullmatch(args.name) or args.name == "none":
        raise ConfigError(args.name, "is no name for a class", "such as hold_pen")
    model = model_store().find(args.classifier or (_BODY if args.body else _HANDS))
    with _classifier(str(model.folder)) as classifier:
        if args.name in (*classifier.labels.classes, *names_of(classifier.labels)):
            hint = "choose another name, or take a taught one out of its manifest.toml first"
            raise ConfigError(args.name, f"is what '{model.manifest.name}' knows already", hint)
        clips = _clips(args.sources, args, classifier)
        unlike = _clips(args.unlike, args, classifier)
    what = "body" if classifier.features.skeleton == "body17" else "hand"
    shown.nothing_seen(clips, what)
    lesson = taught.learn(args.name, clips, unlike, classifier.labels)
    taught.save(model, lesson, [Path(clip.name).name for clip in clips], args.out)
    _say(lesson, args.out)
    return 1 if lesson.recall < _WEAK else 0


def _list(args: argparse.Namespace) -> int:
    from edge.decode.labels import NONE, Labels  # noqa: PLC0415 - see commands/run.py
    from edge.modelstore import model_store  # noqa: PLC0415

    store = model_store()
    models = [store.find(name) for name in args.classifiers] or [
        model for model in store.models() if isinstance(model.manifest.decoder, Labels)
    ]
    for model in models:
        labels = model.manifest.decoder
        if not isinstance(labels, Labels):
            raise ModelError(model.manifest.name, "is no classifier of poses")
        print(f"{model.manifest.name}: {model.manifest.title}")
        print(f"  {', '.join(name for name in labels.classes if name != NONE)}")
        for one in labels.taught:
            print(f"  {one.name}: taught from {one.examples} frames")
    return 0


def _test(args: argparse.Namespace) -> int:
    from edge.runtime import shown  # noqa: PLC0415 - see commands/run.py

    with _classifier(args.classifier) as classifier:
        clips = _clips(args.sources, args, classifier)
    shown.nothing_seen(clips, "body" if classifier.features.skeleton == "body17" else "hand")
    for clip in clips:
        counts = {one: clip.said.count(one) for one in set(clip.said)}
        words = ", ".join(
            f"{one or 'nothing'} {count / len(clip.said):.0%}"
            for one, count in sorted(counts.items(), key=lambda pair: -pair[1])
        )
        print(f"{clip.name}: {words} of {len(clip.said)} frames")
    return 0


@contextmanager
def _classifier(name: str) -> Iterator[Classifier]:
    from edge.config import ModelChoice  # noqa: PLC0415 - see commands/run.py
    from edge.runtime import assemble  # noqa: PLC0415
    from edge.runtime.labels import Classifier  # noqa: PLC0415

    # A folder is named by a path, so that it is not taken for a model of that name.
    place = f"./{name}" if (Path(name) / "manifest.toml").is_file() and "/" not in name else name
    classifier = Classifier.of(assemble.predictor(ModelChoice(name=place)))
    with classifier.predictor.backend:
        yield classifier


def _clips(sources: Sequence[str], args: argparse.Namespace, classifier: Classifier) -> list[Clip]:
    from edge import config as configuration  # noqa: PLC0415 - see commands/run.py
    from edge.recording import Reader  # noqa: PLC0415
    from edge.runtime import shown  # noqa: PLC0415
    from edge.runtime.watched import watched  # noqa: PLC0415

    wanted = shown.Wanted(args.hand, args.seconds)
    clips = []
    for source in sources:
        seen: Iterable[Observation]
        if source.endswith(shown.RECORDING):
            seen = Reader(Path(source), lambda line: print(line, file=sys.stderr))
        else:
            tables = {**_flags.tables(args), "source": {"uri": source}, "rule": []}
            config = configuration.load(None, tables)
            seen = (instant.seen for instant in watched(config, args.seconds))
        clips.append(shown.clip_of(source, seen, classifier, wanted, _bar(source)))
        _bar(source, last=True)(clips[-1].frames, len(clips[-1].places))
    return clips


def _bar(source: str, *, last: bool = False) -> Heard:
    """Tell how far it is: often where somebody looks, else once."""
    drawn = -math.inf
    alive = sys.stderr.isatty()

    def heard(frames: int, found: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if not last and (not alive or now - drawn < _REDRAW_S):
            return
        drawn = now
        begin, end = ("\r", "\x1b[K") if alive else ("", "")
        print(f"{begin}{source}: {frames} frames, {found} used{end}", file=sys.stderr,
              end="\n" if last else "", flush=True)  # fmt: skip

    return heard


def _say(lesson: Lesson, out: Path) -> None:
    name, many = lesson.taught.name, lesson.taught.examples
    parts = "parts of the clip" if lesson.alone else "clips"
    print(f"{name}: learned from {many} frames")
    print(f"  of {parts} left out in turn, {lesson.recall:.0%} are found by what the others teach")
    for said, count in sorted(lesson.instead.items(), key=lambda pair: -pair[1]):
        print(f"  {count} frames would be called {said or 'nothing'}")
    near = ", ".join(f"{kind} {away:g}" for kind, away in lesson.near)
    print(f"  nearest to it, in radii: {near}; below 1 they may be mistaken for it")
    if lesson.wrong is not None:
        print(f"  {lesson.wrong:.0%} of what shows something else would be called {name}")
    if lesson.alone:
        print("  one clip says little of how it varies: show it again, elsewhere")
    if lesson.recall < _WEAK:
        print(f"{name} is too weak to be relied on: show it longer and in more ways, or teach each")
        print(f"way by itself. First take it out of {out}/manifest.toml, or use another folder")
        return
    place = out if out.is_absolute() or "/" in str(out) else f"./{out}"
    print(f'{out}: name it in a configuration beside it: [[model]] name = "{place}"')
