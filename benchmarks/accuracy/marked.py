"""Pictures in which people or hands are marked: a COCO file and the folder it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy.files import locate
from benchmarks.errors import BenchError
from converters.parity import truth
from converters.parity.accuracy import measurable
from converters.parity.truth import Mark, Truth
from converters.pictures import spread
from converters.progress import Bar
from edge.core.skeletons import BODY17, HAND21
from edge.sources._opencv import picture_file, quiet

MARKED = {BODY17.name: "people", HAND21.name: "hands"}
_BY_KEYPOINTS = {len(skeleton): skeleton.name for skeleton in (BODY17, HAND21)}
# From the palm outwards, as places in a file that has each finger the other way round.
_TIPS_FIRST = [0, *(4 * finger + joint for finger in range(5) for joint in (4, 3, 2, 1))]
_WHY = {
    "missing": "not in the folder",
    "unreadable": "damaged, or none at all",
    "other_size": "of another size than the file says",
}
_TURNED = (
    "warning: fingers seem to be marked from the tip to the palm, and are taken the other way: "
    "see --tips-first"
)
_HINT = "give keypoints in COCO's format, such as person_keypoints_val2017.json"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One picture, and everybody marked in it."""

    file: Path
    scale: float  # px of the picture in one px of the COCO file
    marks: tuple[Mark, ...]  # px of the COCO file


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """All that a model is held against."""

    name: str  # the COCO file's
    skeleton: str  # "body17" or "hand21"
    pictures: tuple[Shown, ...]
    left_out: Mapping[str, tuple[str, ...]]  # why -> names of pictures
    doubts: tuple[str, ...] = ()  # what looks wrong with the marks

    @property
    def truth(self) -> Truth:
        """The marks of every picture."""
        return Truth(self.skeleton, tuple(shown.marks for shown in self.pictures))

    @property
    def what(self) -> str:
        """What is marked, in a word."""
        return MARKED[self.skeleton]

    def notes(self) -> tuple[str, ...]:
        """What a person must know before believing the figures, a line each."""
        return (
            *(
                f"left out: {len(names)} pictures that are {_WHY[why]}, the first: {names[0]}"
                for why, names in self.left_out.items()
                if names
            ),
            *self._unmeasured(),
            *self.doubts,
        )

    def _unmeasured(self) -> Iterator[str]:
        marks = [mark for shown in self.pictures for mark in shown.marks]
        count = len(marks) - len(list(measurable(self.skeleton, marks)))
        if count:
            lack = {BODY17.name: "keypoints", HAND21.name: "a marked wrist and middle knuckle"}
            yield f"not measured: {count} (crowds, or {self.what} without {lack[self.skeleton]})"


def read(
    coco: Path, images: Path, most: int | None, bar: Bar, *, tips_first: bool = False
) -> Marked:
    """Find the pictures a COCO file names and read them all once; raises where none can be used.

    `most` of them are taken, evenly spread; None: all.
    """
    if not images.is_dir():
        raise BenchError("--images", f"'{images}' is no folder", "give the one with the pictures")
    with truth.explained(coco):
        entries, by_image = truth.tables(coco)
        skeleton = _skeleton(coco, [one for marks in by_image.values() for one in marks])
        found, missing = locate(images, entries)
    if not found:
        problem = f"none of the {len(entries)} pictures that it names is in {images}"
        example = f", such as {missing[0]}" if missing else ""
        raise BenchError(str(coco), problem, f"give --images the folder with its files{example}")
    joints = _TIPS_FIRST if tips_first and skeleton == HAND21.name else None
    left: dict[str, list[str]] = {"missing": missing, "unreadable": [], "other_size": []}
    pictures = []
    chosen = found if most is None else spread(found, most, seed=0)
    quiet()
    for number, (entry, file) in enumerate(chosen, start=1):
        shown = _shown(coco, entry, file, by_image[entry["id"]], skeleton, joints)
        if isinstance(shown, str):
            left[shown].append(str(entry["file_name"]))
        else:
            pictures.append(shown)
        bar(number, len(chosen))
    if not any(mark.known.any() for shown in pictures for mark in shown.marks):
        raise BenchError(str(coco), f"has no keypoints in the pictures of {images}", _HINT)
    every = {why: tuple(names) for why, names in left.items()}
    return Marked(coco.name, skeleton, tuple(pictures), every, _doubts(skeleton, pictures))


def _skeleton(coco: Path, annotations: Sequence[Mapping[str, Any]]) -> str:
    """What is marked, by the number of keypoints."""
    counts = {np.size(one["keypoints"]) // 3 for one in annotations}
    if len(counts) != 1:
        told = " or ".join(map(str, sorted(counts))) or "no"
        raise BenchError(str(coco), f"has annotations with {told} keypoints", _HINT)
    (count,) = counts
    if count not in _BY_KEYPOINTS:
        known = " or ".join(f"{n} ({MARKED[name]})" for n, name in _BY_KEYPOINTS.items())
        raise BenchError(str(coco), f"marks {count} keypoints, not {known}", _HINT)
    return _BY_KEYPOINTS[count]


def _shown(  # noqa: PLR0913, PLR0917 - all that is known of one picture
    coco: Path,
    entry: Mapping[str, Any],
    file: Path,
    annotations: Iterable[Mapping[str, Any]],
    skeleton: str,
    joints: list[int] | None,
) -> Shown | str:
    """A picture with its marks, or why it is left out."""
    picture = picture_file(file)
    if picture is None:
        return "unreadable"
    with truth.explained(coco):
        marks = tuple(_mark(one, skeleton, joints) for one in annotations)
        try:
            scale = truth.scale(entry, picture.shape[:2])
        except ValueError:
            return "other_size"
    return Shown(file, scale, marks)


def _mark(annotation: Mapping[str, Any], skeleton: str, joints: list[int] | None) -> Mark:
    """One annotation in px of the file; a wrong one is named by its id."""
    facts = dict(annotation)
    try:
        if skeleton == HAND21.name:  # files of hands have no use for an area
            facts.setdefault("area", float(facts["bbox"][2]) * float(facts["bbox"][3]))
        if joints is not None:
            facts["keypoints"] = np.reshape(facts["keypoints"], (-1, 3))[joints]
        return truth.mark(facts, 1.0, skeleton)
    except (LookupError, TypeError, ValueError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        message = f"annotation {annotation.get('id', '')} of image {annotation['image_id']}: {what}"
        raise ValueError(message) from error


def _doubts(skeleton: str, pictures: Iterable[Shown]) -> tuple[str, ...]:
    """A finger's joints in the wrong order make a longer way from the wrist."""
    if skeleton != HAND21.name:
        return ()
    whole = [m.xy for shown in pictures for m in shown.marks if m.known.all() and not m.crowd]
    turned = [_way(xy[_TIPS_FIRST]) < _way(xy) for xy in whole]
    if not turned or np.mean(turned) <= 1 / 2:
        return ()
    return (_TURNED,)


def _way(xy: Any) -> float:
    """From the wrist to the end of each finger, joint by joint, px."""
    fingers = xy[1:].reshape(5, 4, 2)
    starts = np.broadcast_to(xy[0], (5, 1, 2))
    return float(np.linalg.norm(np.diff(np.hstack([starts, fingers]), axis=1), axis=2).sum())
