"""Variants against a COCO file: what the command prints, and what others may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.accuracy.figures import Figures, figures, loss
from benchmarks.accuracy.looking import palm_for, seen
from benchmarks.accuracy.marked import MARKED, Marked, read
from benchmarks.errors import BenchError
from benchmarks.variants import Variant
from converters.progress import Bar
from edge.core.skeletons import HAND21

PALM = "palm-detection-lite"
_FLOATS = ("float32", "float16")  # the largest first: what others are held against
Key = tuple[str, str]  # model, target


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One variant, the palm model that ran before it, and its figures."""

    variant: Variant
    palm: Variant | None
    figures: Figures

    def facts(self) -> dict[str, Any]:
        """As the JSON has it."""
        palm = self.palm
        before = {"palm": palm.manifest.name, "palm_backend": palm.backend} if palm else {}
        return {
            "backend": self.variant.backend,
            "weights": self.variant.file.path,
            "sha256": self.variant.file.sha256,
            **before,
            **self.figures.values,
        }


def accuracy(  # noqa: PLR0913 - the two that have a default are for `choose` alone
    variants: Sequence[Variant],
    coco: Path,
    images: Path,
    progress: Callable[[str, int, int], None],
    *,
    most: int | None = None,
    threads: int = 1,
) -> dict[Key, Figures]:
    """Figures of each variant by model and target; raises BenchError before the first is run.

    `progress` is told what is done, how much of it, and of how much.
    """
    marked = read(coco, images, most, partial(progress, "pictures"))
    check(variants, marked)
    done = {}
    for variant in variants:
        bar = partial(progress, " ".join(key(variant)))
        done[key(variant)] = measure(variant, marked, PALM, threads, bar).figures
    return done


def measure(variant: Variant, marked: Marked, palm: str, threads: int, bar: Bar) -> Measured:
    """Look at every picture with one variant, and compare; raises what its backend raises."""
    before = palm_for(variant, palm) if marked.skeleton == HAND21.name else None
    return Measured(
        variant, before, figures(marked.truth, seen(variant, marked, before, threads, bar))
    )


def check(variants: Sequence[Variant], marked: Marked) -> None:
    """Raise BenchError unless every variant finds what is marked, and has a name of its own."""
    keys = [key(variant) for variant in variants]
    for variant in variants:
        name, skeleton = variant.manifest.name, variant.manifest.skeleton
        if skeleton != marked.skeleton:
            problem = (
                f"finds {MARKED.get(skeleton, 'palms')}, and {marked.name} marks {marked.what}"
            )
            hint = f"choose a model of {marked.what} with --model"
            if skeleton not in MARKED:
                hint += "; a palm model goes before a hand model, with --palm"
            raise BenchError(name, problem, hint)
        if keys.count(key(variant)) > 1:
            problem = f"has several weights that are called {variant.target}, or is named twice"
            raise BenchError(name, problem, "measure one after the other")


def ordered(variants: Sequence[Variant]) -> list[Variant]:
    """The variants of a model in one runtime beside each other, the largest float first."""
    models = list(dict.fromkeys(variant.manifest.name for variant in variants))
    runtimes = list(dict.fromkeys(variant.backend for variant in variants))

    def place(variant: Variant) -> tuple[int, int, int]:
        known = variant.precision in _FLOATS
        rank = _FLOATS.index(variant.precision) if known else len(_FLOATS)
        return models.index(variant.manifest.name), runtimes.index(variant.backend), rank

    return sorted(variants, key=place)


def key(variant: Variant) -> Key:
    """Give the two names under which a variant's figures are."""
    return variant.manifest.name, variant.target


def reference(measured: Measured, others: Sequence[Measured]) -> Measured | None:
    """Find the largest float precision of the same model in the same runtime, if it is another."""
    for precision in _FLOATS:
        for other in others:
            same = other.variant.manifest.name == measured.variant.manifest.name
            same &= other.variant.backend == measured.variant.backend
            if same and other.variant.precision == precision:
                return None if other is measured else other
    return None


def facts(done: Sequence[Measured]) -> Mapping[str, Mapping[str, Any]]:
    """Model -> target -> figures, and the loss where there is a float reference."""
    models: dict[str, dict[str, Any]] = {}
    for measured in done:
        known = measured.facts()
        base = reference(measured, done)
        if base:
            first = next(iter(measured.figures.values))
            lost, interval = loss(measured.figures, base.figures)
            known |= {"reference": base.variant.target}
            known |= {f"{first}_loss": lost, f"{first}_loss_interval": interval}
        name, target = key(measured.variant)
        models.setdefault(name, {})[target] = known
    return models
