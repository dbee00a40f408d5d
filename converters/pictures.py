"""Pictures from a folder, a pattern or a video of the user's; which ones follows from the seed."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from converters.errors import ConvertError
from converters.progress import Bar
from edge.core.types import Frame, Image
from edge.ports import Source
from edge.runtime.open_source import open_source, resolve
from edge.sources._opencv import picture_file, quiet
from edge.sources.images import SUFFIXES, natural

T = TypeVar("T")

_LONGEST_PX = 1280  # as much as models take, and some hundred pictures fit into memory


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture of the user's."""

    name: str  # its path in the folder, or its film and frame
    image: Image  # (H, W, 3) RGB
    film: str = ""  # the video it is from

    @property
    def sha256(self) -> str:
        """Of its size and pixels, so that a copy under another name is known."""
        return hashlib.sha256(f"{self.image.shape}".encode() + self.image.tobytes()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Pictures of one folder or video, in its order and without copies."""

    source: str  # as the user named it
    pictures: tuple[Picture, ...]
    unreadable: tuple[str, ...] = ()  # files that are damaged or no pictures

    def need(self, least: int) -> None:
        """Raise ConvertError when there are fewer pictures than this."""
        if len(self.pictures) < least:
            lost = f" (unreadable files: {len(self.unreadable)})" if self.unreadable else ""
            problem = f"gives {len(self.pictures)} different pictures{lost}; {least} are needed"
            hint = "add pictures like those your cameras take, or ask for fewer with --least"
            raise ConvertError(self.source, problem, hint)


def load(uri: str, wanted: int, seed: int, bar: Bar) -> Loaded:
    """Take up to `wanted` pictures, evenly spread over a folder and those in it, or over a video.

    Raises ConvertError for a live camera or no picture at all, SourceError for a bad video.
    """
    if not uri:
        raise ConvertError("pictures", "no folder or video is named", "give --calibrate a path")
    kind, settings = resolve(uri)
    if kind == "images":
        return _photos(uri, Path(str(settings["path"])), wanted, seed, bar)
    source = open_source(uri)
    if source.live:
        hint = "film some minutes of what it sees, people in it, and give the video"
        raise ConvertError(source.name, "is a live camera: it never shows the same twice", hint)
    return _film(source, wanted, seed)


def spread(items: Sequence[T], wanted: int, seed: int) -> tuple[T, ...]:
    """At most so many of the items, evenly spread; the seed says where the first one is."""
    if len(items) <= wanted:
        return tuple(items)
    offset = np.random.default_rng(seed).random()
    return tuple(items[int((i + offset) * len(items) / wanted)] for i in range(wanted))


def _photos(source: str, path: Path, wanted: int, seed: int, bar: Bar) -> Loaded:
    files = _files(path)
    if not files:
        hint = f"pictures end in {' '.join(sorted(SUFFIXES))}; a video is given by its own name"
        raise ConvertError(source, "no pictures found", hint)
    quiet()
    found: dict[str, tuple[Path, Picture]] = {}  # by what they show: copies count once
    unreadable, left = [], files
    while left and len(found) < wanted:  # again for those that are damaged or copies
        chosen = spread(left, wanted - len(found), seed)
        for file in chosen:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            name = os.fsencode(name).decode(errors="replace")  # it will stand in a report
            image = _read(file)
            if image is None:
                unreadable.append(name)
            else:
                picture = Picture(name, image)
                found.setdefault(picture.sha256, (file, picture))
            bar(len(found), min(wanted, len(files) - len(unreadable)))
        left = sorted(set(left).difference(chosen), key=natural)
    ordered = sorted(found.values(), key=lambda pair: natural(pair[0]))
    return Loaded(source, tuple(picture for _, picture in ordered), tuple(unreadable))


def _film(source: Source, wanted: int, seed: int) -> Loaded:
    with source:
        frames = spread(_thinned(source.frames(), wanted), wanted, seed)
    film = Path(source.name).name
    pictures = [Picture(f"{film}#{frame.seq}", frame.image, film) for frame in frames]
    return Loaded(source.name, _different(pictures))


def _files(path: Path) -> list[Path]:
    """Every picture in a folder and below, or that a pattern matches; img2 comes before img10."""
    if path.is_dir():
        found = list(path.rglob("*"))
    elif path.exists():
        found = [path]
    else:
        found = [Path(name) for name in glob.glob(str(path), recursive=True)]  # noqa: PTH207 - Path has no absolute patterns
    pictures = (file for file in found if file.suffix.lower() in SUFFIXES and file.is_file())
    return sorted(pictures, key=natural)


def _read(file: Path) -> Image | None:
    """Read a picture, no larger than it needs to be; None for one that is damaged."""
    picture = picture_file(file)
    return None if picture is None else _shrunk(picture)


def _shrunk(image: Image) -> Image:
    """A picture no larger than it needs to be."""
    height, width = image.shape[:2]
    scale = _LONGEST_PX / max(height, width)
    if scale >= 1.0:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _thinned(frames: Iterable[Frame], wanted: int) -> list[Frame]:
    """Evenly spread frames of a video whose length nobody knows: `wanted` of them to twice that."""
    kept: list[Frame] = []
    step = 1
    for frame in frames:
        if frame.seq % step == 0:
            kept.append(Frame(_shrunk(frame.image), frame.t, frame.seq))
        if len(kept) > 2 * wanted:
            kept, step = kept[::2], 2 * step
    return kept


def _different(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """The first of every picture that is there several times."""
    first: dict[str, Picture] = {}
    for picture in pictures:
        first.setdefault(picture.sha256, picture)
    return tuple(first.values())
