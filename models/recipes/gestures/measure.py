"""How well names fit: confusion, recall, and how often something unnamed is given a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from edge.core.features import Features
from edge.core.types import Floats
from edge.decode.labels import NONE
from models.recipes.gestures.classes import Classes, Names
from models.recipes.gestures.examples import Examples
from models.recipes.gestures.export import Layers

_GRID = np.arange(0.3, 0.96, 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What was answered, beside the truth."""

    truth: Names  # (N,) classes
    score: Floats  # (N,) of the best class; 0 where nothing could be said
    best: Names  # (N,)

    def said(self, threshold: float) -> Names:
        """Labels (N,) at a threshold."""
        return np.where(self.score >= threshold, self.best, NONE)


def judge(made: Layers, features: Features, classes: Classes, examples: Examples) -> Judged:
    """Answer every example."""
    vector, usable = features.make(examples.xy, examples.score)
    scores = made(vector)["scores"]
    best = scores.argmax(axis=1)
    score = np.where(usable, scores.max(axis=1), 0.0).astype(np.float32)
    return Judged(classes.of(examples.kind), score, np.array(classes.names)[best])


def together(parts: list[Judged]) -> Judged:
    """Several as one."""
    return Judged(
        np.concatenate([one.truth for one in parts]),
        np.concatenate([one.score for one in parts]),
        np.concatenate([one.best for one in parts]),
    )


def threshold_of(parts: list[Judged]) -> float:
    """The threshold with the best sum of named and unnamed: each part counts as much as another."""
    sums = [np.mean([_balance(one, float(t)) for one in parts]) for t in _GRID]
    return round(float(_GRID[int(np.argmax(sums))]), 2)


def _balance(judged: Judged, threshold: float) -> float:
    """Half the mean recall of the classes, and half the share of "none" that stays unnamed."""
    said = judged.said(threshold)
    names = sorted(set(judged.truth.tolist()) - {NONE})
    recall = (
        np.mean([(said[judged.truth == name] == name).mean() for name in names]) if names else 1
    )
    none = judged.truth == NONE
    quiet = (said[none] == NONE).mean() if none.any() else 1.0
    return float(0.5 * recall + 0.5 * quiet)


def figures(judged: Judged, classes: Classes, threshold: float) -> dict[str, Any]:
    """Accuracy, mean recall of the classes that occur, false names among "none", and confusion."""
    said = judged.said(threshold)
    named = [name for name in classes.names if name != NONE and (judged.truth == name).any()]
    none = judged.truth == NONE
    answered = said != NONE
    precise = float((said == judged.truth)[answered].mean()) if named and answered.any() else None
    return {
        "examples": len(said),
        "accuracy": float((said == judged.truth).mean()),
        "mean_recall": _mean([float((said[judged.truth == one] == one).mean()) for one in named]),
        "precision": precise,
        "none": int(none.sum()),
        "false_names": float(answered[none].mean()) if none.any() else None,
        "confusion": {
            name: {
                other: int(count)
                for other in (*classes.names,)
                if (count := (said[judged.truth == name] == other).sum())
            }
            for name in classes.names
            if (judged.truth == name).any()
        },
    }


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
