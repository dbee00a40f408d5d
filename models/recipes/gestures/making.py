"""From a lesson to a classifier: learn, choose the threshold, judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from converters.progress import Progress
from models.recipes.gestures.examples import Examples, joined
from models.recipes.gestures.export import Layers, layers
from models.recipes.gestures.lessons import Lesson
from models.recipes.gestures.measure import figures, judge, threshold_of
from models.recipes.gestures.network import learn, places

_WITHOUT = ", a network without "


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A classifier and what is known of it."""

    layers: Layers
    threshold: float
    figures: Mapping[str, Mapping[str, Any]]
    examples: Mapping[str, int]  # that taught, by where they are from


def make(lesson: Lesson, steps: int, seed: int, progress: Progress) -> Made:
    """Train, then once more without what is foreign, to see how far names reach."""
    course = replace(
        lesson.course, settings=replace(lesson.course.settings, steps=steps, seed=seed)
    )
    lesson = replace(lesson, course=course)
    with progress.stage("learn") as bar:
        made = _learned(lesson, lesson.teach, bar)
    threshold = threshold_of(
        [judge(made, course.features, course.classes, one) for one in lesson.choose.values()]
    )
    found = {}
    for name, examples in lesson.judge.items():
        judged_by = made
        _, _, without = name.partition(_WITHOUT)
        if without:
            rest = {key: value for key, value in lesson.teach.items() if key != without}
            with progress.stage(f"learn without {without}") as bar:
                judged_by = _learned(lesson, rest, bar)
        judged = judge(judged_by, course.features, course.classes, examples)
        found[name] = figures(judged, course.classes, threshold)
    counts = {name: len(part) for name, part in lesson.teach.items()}
    return Made(made, threshold, found, counts)


def _learned(
    lesson: Lesson, teach: Mapping[str, Examples], bar: Callable[[int, int], None]
) -> Layers:
    course = lesson.course
    known = [one.where(np.isin(one.kind, course.classes.kinds)) for one in teach.values()]
    examples = joined(known)
    network = learn(course, examples, bar)
    rng = np.random.default_rng(course.settings.seed + 1)
    vector, kinds = course.draw(rng, examples, course.shares(examples))
    place = places(network, vector.numpy())
    return layers(network, course.classes, place, kinds.numpy())
