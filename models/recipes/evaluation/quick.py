"""A checkpoint's main figures in seconds, for whoever trains it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.accuracy import marked
from benchmarks.errors import BenchError
from models.recipes.evaluation import bodies, lying, subjects
from models.recipes.evaluation.bodies import Photo
from models.recipes.evaluation.subjects import Subject

_ROOMS = 5  # every so many: those of one camera are all alike


def quick(
    model: Any, shared: Path, size: tuple[int, int] = (257, 257), every: int = 15
) -> dict[str, float]:
    """Main figures of a torch.nn.Module, an .onnx or .tflite file, or a model's folder or name.

    `size` is the input of a module, height and width px; `every` the frames of URFD between two
    that are looked at. Gives shares 0..1: `pck` and `oks` of the most prominent person on COCO's
    photographs, `pck_turned` of the same on their heads and sides, `upright` and `lying` people
    found on URFD, and `false_people` in a picture of an empty room. A module is switched to
    evaluation and back, so training need not stop for it. Raises BenchError without the material.
    """
    named = isinstance(model, (str, Path, Subject))
    one = subjects.of(model) if named else subjects.of_module(model, size)
    every_photo = photographs(shared)
    shots, rooms = lying.shots(urfd(shared), every)
    with one.look() as look:
        upright = bodies.prominent_figures(bodies.cases(every_photo, look)[0])
        around = [bodies.turned(photo, n) for n in (1, 2, 3) for photo in every_photo]
        turned = bodies.prominent_figures(bodies.cases(around, look)[0])
        found = lying.figures(lying.sightings(shots, look))
        nobody = lying.false_people(rooms[::_ROOMS], look)
    return {
        "pck": upright["pck_0.2"],
        "oks": upright["oks"],
        "pck_turned": turned["pck_0.2"],
        "upright": found["upright"]["found_share"],
        "lying": found["lying"]["found_share"],
        "false_people": nobody["false_people_per_picture"],
    }


@lru_cache(maxsize=1)
def photographs(shared: Path) -> tuple[Photo, ...]:
    """COCO's photographs with their marks; raises BenchError where there are none."""
    folder = shared / "images" / "coco_val"
    coco = folder / "person_keypoints_val2017.json"
    if not coco.is_file():
        raise BenchError(str(coco), "is not there", "name the folder of images and clips: --shared")
    return bodies.photos(marked.read(coco, folder / "images", None, lambda _done, _total: None))


def urfd(shared: Path) -> Path:
    """Where the clips with labelled frames are."""
    return shared / "clips" / "urfd"
