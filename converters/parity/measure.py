"""The rows of a parity table, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, and the limit it is held to."""

    key: str  # in the manifest: "found_by_both"
    title: str  # for people: "people found by both"
    value: float  # nan: nothing to measure
    unit: str = ""  # "% of person size"
    at_least: float | None = None  # no limit at all: told, not judged
    at_most: float | None = None

    @property
    def judged(self) -> bool:
        """Whether it decides about the model."""
        return self.at_least is not None or self.at_most is not None

    @property
    def passed(self) -> bool:
        """Whether it is within its limit; a figure that could not be measured is not."""
        if self.at_least is not None and not self.value >= self.at_least:
            return False
        return self.at_most is None or self.value <= self.at_most


@dataclass(frozen=True, slots=True)
class Parity:
    """Everything measured of one quantized model against its float original."""

    pictures: int
    measures: tuple[Measure, ...]

    @property
    def passed(self) -> bool:
        """Whether every judged measure is within its limit."""
        return all(measure.passed for measure in self.measures)
