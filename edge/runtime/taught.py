"""A class added by showing it: the middle of its examples, and how far from there still counts.

The network stays as it is. It was trained to lay many kinds of hands and bodies apart, and measures
places so that each kind is a ball of about one size; where none of them is, there is room for one
more. So to teach is to note a place and a radius in a copy of the manifest, which takes a moment on
any device, and can be read, and taken out again, by hand.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.core.types import Floats
from edge.decode.labels import Labels, Taught
from edge.errors import ModelError
from edge.manifest import FILE_NAME, load
from edge.modelstore import Model

FEWEST = 20  # frames; fewer say nothing of how a gesture varies
_KEPT = 0.95  # of the frames: the others are on the way to it
_SHARE, _ROOM = 0.95, 1.15  # of what was left out that a radius would take in, and room beside
_LEAST, _MOST = 0.8, 2.0  # of a kind's own radius, the root of the number of dimensions
_BLOCKS = 4  # that a single clip is divided into, to be left out in turn
_CARD = "CARD.md"


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What a classifier makes of the frames of one clip."""

    name: str
    frames: int  # looked at
    places: Floats  # (N, P) of those with a hand or body
    known: Floats  # (N, K) squared distances from the kinds learned, px of nothing
    said: tuple[str, ...]  # (N,) names given so far, "" for none


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learned, and how sure that is."""

    taught: Taught
    recall: float  # share of frames found by what the other clips teach
    alone: bool  # one clip only: its parts were left out in turn, which is weaker
    instead: Mapping[str, int]  # what the other frames are called, by name; "" for none
    near: tuple[tuple[str, float], ...]  # kinds nearest to it; 1: as far as its own edge
    wrong: float | None  # share of the clips of something else that would be called so


def learn(name: str, clips: Sequence[Clip], unlike: Sequence[Clip], labels: Labels) -> Lesson:
    """Learn from clips (20 frames or more, in all); raises ModelError for fewer."""
    many = sum(len(clip.places) for clip in clips)
    if many < FEWEST:
        problem = f"was seen in {many} frames, and {FEWEST} are needed"
        raise ModelError(name, problem, "show it longer, or nearer, or in better light")
    parts = _parts(clips)
    distances, found, instead = [], 0, dict[str, int]()
    for part in parts:
        others = np.concatenate([one.places for one in parts if one is not part])
        middle = _middle(others)
        away = np.linalg.norm(part.places - middle, axis=1)
        distances.append(away)
    left_out = np.concatenate(distances)
    every = np.concatenate([clip.places for clip in clips])
    size = np.sqrt(every.shape[1])
    radius = float(np.clip(np.quantile(left_out, _SHARE) * _ROOM, _LEAST * size, _MOST * size))
    for part, away in zip(parts, distances, strict=True):
        good = (away <= radius) & (np.square(away) <= part.known.min(axis=1))
        found += int(good.sum())
        for said, fine in zip(part.said, good.tolist(), strict=True):
            if not fine:
                instead[said] = instead.get(said, 0) + 1
    middle = _middle(every)
    taught = Taught(name, tuple(round(float(x), 4) for x in middle), round(radius, 3), many)
    return Lesson(
        taught=taught,
        recall=found / len(left_out),
        alone=len(clips) == 1,
        instead=instead,
        near=_near(clips, radius, labels),
        wrong=_taken(taught, unlike),
    )


def save(model: Model, lesson: Lesson, sources: Sequence[str], out: Path) -> None:
    """Write the model with what was learned into a folder, new or its own; raises ModelError."""
    own = out.resolve() == model.folder.resolve()
    if out.exists() and not own and any(out.iterdir()):
        hint = "choose a new folder, or teach the classifier that is there: --classifier"
        raise ModelError(str(out), "is there already", hint)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", out.name):
        raise ModelError(str(out), "is no plain name", "letters, digits, '.', '_' and '-'")
    out.mkdir(parents=True, exist_ok=True)
    places = model.verify()
    for place in places:
        if place.parent.resolve() != out.resolve():
            shutil.copyfile(place, out / place.name)
    text = (model.folder / FILE_NAME).read_text(encoding="utf-8")
    names = [*(one.name for one in _labels(model).taught), lesson.taught.name]
    title = f"{model.manifest.title.partition('; taught: ')[0]}; taught: {', '.join(names)}"
    text = _replaced(_replaced(text, "name", out.name), "title", title)
    whole = f"{text.rstrip()}\n\n{_table(lesson.taught)}"
    draft = out / f"{FILE_NAME}.new"
    draft.write_text(whole, encoding="utf-8")
    load(draft)  # what the runtime could not read must not take the place of what it can
    draft.replace(out / FILE_NAME)
    _note(model, lesson, sources, out / _CARD)


def _labels(model: Model) -> Labels:
    labels = model.manifest.decoder
    if not isinstance(labels, Labels):
        raise ModelError(model.manifest.name, "is no classifier of poses")
    return labels


def _parts(clips: Sequence[Clip]) -> list[Clip]:
    """What is left out in turn: clips, or parts of the only one, in the order of time."""
    seen = [clip for clip in clips if len(clip.places)]
    if len(seen) > 1:
        return seen
    (clip,) = seen
    cuts = np.array_split(np.arange(len(clip.places)), _BLOCKS)
    return [
        Clip(
            clip.name,
            len(rows),
            clip.places[rows],
            clip.known[rows],
            tuple(clip.said[row] for row in rows),
        )
        for rows in cuts
    ]


def _middle(places: Floats) -> Floats:
    """The mean of most, without those on the way."""
    around = np.median(places, axis=0)
    away = np.linalg.norm(places - around, axis=1)
    kept = places[away <= np.quantile(away, _KEPT)]
    middle: Floats = kept.mean(axis=0)
    return middle


def _near(clips: Sequence[Clip], radius: float, labels: Labels) -> tuple[tuple[str, float], ...]:
    """The three kinds nearest to most frames, in radii."""
    known = np.median(np.concatenate([clip.known for clip in clips]), axis=0)
    away = np.sqrt(np.maximum(known, 0.0)) / radius
    order = np.argsort(away)[:3]
    return tuple((labels.kinds[index], round(float(away[index]), 2)) for index in order)


def _taken(taught: Taught, unlike: Sequence[Clip]) -> float | None:
    """The share of frames of something else that would be called so."""
    places = [clip.places for clip in unlike if len(clip.places)]
    if not places:
        return None
    every = np.concatenate(places)
    known = np.concatenate([clip.known for clip in unlike if len(clip.places)]).min(axis=1)
    square = np.square(every - np.array(taught.place, np.float32)).sum(axis=1)
    return float(((square <= taught.radius**2) & (square <= known)).mean())


def _replaced(text: str, key: str, value: str) -> str:
    """The same TOML with another value of a key that stands before any table."""
    line = f"{key} = {json.dumps(value)}"
    return re.sub(rf"(?m)^{key} = .*$", lambda _match: line, text, count=1)


def _table(taught: Taught) -> str:
    place = ", ".join(f"{x:g}" for x in taught.place)
    return (
        f"[[decoder.taught]]\nname = {json.dumps(taught.name)}\nplace = [{place}]\n"
        f"radius = {taught.radius:g}\nexamples = {taught.examples}\n"
    )


def _note(model: Model, lesson: Lesson, sources: Sequence[str], card: Path) -> None:
    """Add to the card what was taught, and from what."""
    before = model.folder / _CARD
    text = before.read_text(encoding="utf-8") if before.is_file() else ""
    words = (
        f"## Taught: {lesson.taught.name}\n\n"
        f"{lesson.taught.examples} frames of {', '.join(sources)}. Of frames left out in turn, "
        f"{lesson.recall:.0%} were found by what the others teach.\n"
    )
    card.write_text(f"{text.rstrip()}\n\n{words}", encoding="utf-8")
