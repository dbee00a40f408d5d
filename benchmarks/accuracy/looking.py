"""What a variant sees in single pictures, in the way that a device has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.accuracy.marked import Marked
from benchmarks.errors import BenchError
from benchmarks.variants import Variant, installed, variants
from converters.progress import Bar
from edge.core.types import Frame, Image, Pose
from edge.modelstore import model_store
from edge.runtime.hands import HandFinder, Hands
from edge.sources._opencv import picture_file

Look = Callable[[Image], tuple[Pose, ...]]

_MOST_HANDS = 20  # of one picture; the landmark model itself says what is none
_PALM_SKELETON = "palm9"


def seen(
    variant: Variant, marked: Marked, palm: Variant | None, threads: int, bar: Bar
) -> list[tuple[Pose, ...]]:
    """Poses in every picture, px of the COCO file; raises what a backend raises."""
    poses = []
    with _opened(variant, palm, threads) as look:
        for number, shown in enumerate(marked.pictures, start=1):
            picture = picture_file(shown.file)
            if picture is None:
                raise BenchError(str(shown.file), "could be read before, and no longer can")
            poses.append(tuple(replace(p, xy=p.xy / shown.scale) for p in look(picture)))
            bar(number, len(marked.pictures))
    return poses


def palm_for(variant: Variant, name: str) -> Variant:
    """Choose the palm model's weights that run beside a hand model's: in its runtime, or in any."""
    model = model_store().find(name)
    if model.manifest.skeleton != _PALM_SKELETON:
        hint = "name a palm model, such as palm-detection-lite"
        raise BenchError("--palm", f"{model.manifest.name} finds no palms", hint)
    runnable = [one for one in variants(model) if one.backend in installed()]
    if not runnable:
        raise BenchError("--palm", f"{model.manifest.name} runs in no runtime that is here")
    return next((one for one in runnable if one.backend == variant.backend), runnable[0])


@contextmanager
def _opened(variant: Variant, palm: Variant | None, threads: int) -> Iterator[Look]:
    """A look at a picture, as long as the models are open."""
    predictor = variant.predictor(threads)
    if palm is None:
        with predictor.backend:
            yield lambda image: predictor.whole(image).poses
        return
    finder = palm.predictor(threads)
    with predictor.backend, finder.backend:
        # A new finder each time: it would look where hands were in the picture before.
        yield lambda image: HandFinder(Hands(_MOST_HANDS), predictor, finder).find(
            Frame(image, 0.0, 0), ()
        )
