"""People or hands as somebody marked them: a COCO-format JSON about the pictures compared on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from converters.errors import ConvertError
from converters.pictures import Picture
from edge.core.skeletons import BODY17, HAND21, SKELETONS
from edge.core.types import Floats

_IN_FILES = {"body17": BODY17, "hand21": HAND21, "palm9": HAND21}  # a palm is marked with its hand
_SQUEEZED = 0.02  # sides that are scaled more differently belong to another picture
_HINT = "give keypoints in COCO's format, such as person_keypoints_val2017.json"


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One person or hand."""

    xy: Floats  # (K, 2) px of the picture
    known: npt.NDArray[np.bool_]  # (K,) whether somebody marked it
    box: tuple[float, float, float, float]  # x, y, width, height, px of the picture
    area: float  # px^2 of the picture that is covered
    crowd: bool = False  # many people, marked as one


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Everybody in each picture; None for a picture that the file does not name."""

    skeleton: str
    marks: tuple[tuple[Mark, ...] | None, ...]


def read(path: Path, pictures: Sequence[Picture], skeleton: str) -> Truth:
    """Find what is marked in these pictures; raises ConvertError unless anything is."""
    with explained(path):
        images, annotations = tables(path)
        marks = tuple(_marks(picture, images, annotations, skeleton) for picture in pictures)
    if all(found is None for found in marks):
        hint = f"its file names must be those of the pictures, such as {pictures[0].name}"
        raise ConvertError(str(path), f"names none of the {len(pictures)} pictures", hint)
    if not any(mark.known.any() for found in marks for mark in found or ()):
        raise ConvertError(str(path), "has no keypoints in these pictures", _HINT)
    return Truth(skeleton, marks)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Whatever goes wrong with a file's content becomes a ConvertError that names the file."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ConvertError(str(path), f"is no COCO file of keypoints ({reason})", _HINT) from error


def tables(path: Path) -> tuple[list[Any], Mapping[Any, list[Any]]]:
    """Images, and for each one's id its annotations with keypoints."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConvertError(str(path), f"cannot be read ({error.strerror})") from error
    except RecursionError as error:
        raise ConvertError(str(path), "is nested too deeply for a COCO file", _HINT) from error
    by_image: dict[Any, list[Any]] = {image["id"]: [] for image in content["images"]}
    for annotation in content["annotations"]:
        if "keypoints" in annotation and annotation["image_id"] in by_image:
            by_image[annotation["image_id"]].append(annotation)
    return content["images"], by_image


def scale(image: Mapping[str, Any], size: tuple[int, int]) -> float:
    """Px of a picture of this height and width in one px of the file; raises ValueError."""
    height, width = size
    across = width / image.get("width", width)
    if abs(height / (across * image.get("height", height)) - 1.0) > _SQUEEZED:
        said = f"{image['width']} x {image['height']} px"
        message = f"{image['file_name']} is not {said}, nor in scale"
        raise ValueError(message)
    return float(across)


def _marks(
    picture: Picture, images: list[Any], annotations: Mapping[Any, list[Any]], skeleton: str
) -> tuple[Mark, ...] | None:
    image = next((one for one in images if same_file(one["file_name"], picture.name)), None)
    if image is None:
        return None
    shrunk = scale(image, picture.image.shape[:2])  # large pictures are made smaller when read
    return tuple(mark(one, shrunk, skeleton) for one in annotations[image["id"]])


def same_file(one: str, other: str) -> bool:
    """Whether two paths end alike, as far as the shorter one goes."""
    pairs = zip(PurePosixPath(one).parts[::-1], PurePosixPath(other).parts[::-1], strict=False)
    return all(a == b for a, b in pairs)


def mark(annotation: Mapping[str, Any], scaled: float, skeleton: str) -> Mark:
    """One annotation, made so much larger; raises what `explained` explains."""
    whole = _IN_FILES[skeleton]
    points = np.asarray(annotation["keypoints"], np.float32).reshape(-1, 3)
    if len(points) != len(whole):
        message = f"{len(points)} keypoints, where {whole.name} has {len(whole)}"
        raise ValueError(message)
    points = points[
        [whole.joints.index(j) for j in SKELETONS[skeleton].joints if j in whole.joints]
    ]
    x, y, width, height = (scaled * float(side) for side in annotation["bbox"])
    area = float(annotation["area"])
    if not 0.0 < area < float("inf"):
        message = f"an area of {area:g} px"
        raise ValueError(message)
    return Mark(
        xy=points[:, :2] * np.float32(scaled),
        known=points[:, 2] > 0,
        box=(x, y, width, height),
        area=scaled * scaled * area,
        crowd=bool(annotation.get("iscrowd", 0)),
    )
