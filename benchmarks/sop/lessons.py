"""What other recordings of a recipe teach: orders that do not matter, and how long steps take.

A recording never learns from itself: all that is kept says whom it was learned from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.sop.recipe import Limits, Pair
from benchmarks.sop.recordings import ORDER, Doing, Recording

# From 275 recordings of CaptainCook4D (Peddi et al., 2023), those of RESULTS.md.
KNOWN = Path(__file__).with_name("lessons.json")
SLACK = 1.25  # times the longest; the shortest by this
_LEAST = 2  # recordings that a step was done in; one says nothing of how much it varies
_TOGETHER = 3.0  # steps that share more than one part in so many of the shorter one


@dataclass(slots=True)
class Swap:
    """Who did two steps in the other order."""

    correct: set[str] = field(default_factory=set)  # recordings that people call correct
    wrong: set[str] = field(default_factory=set)  # where they tagged one of the two

    @property
    def may_be_right(self) -> bool:
        """Whether the correct ones are more, with any one recording left out."""
        return bool(self.correct) and len(self.correct) >= len(self.wrong)


Lessons = dict[str, dict[Pair, Swap]]  # by recipe


def swapped(early: Doing, late: Doing) -> bool:
    """Whether a step was done before one that it should have waited for.

    It began and ended before that one did, and they were not done together: they share no more
    than a third of the shorter one.
    """
    shorter = min(early.end - early.begin, late.end - late.begin)
    before = early.begin < late.begin and early.end < late.end
    return before and early.end - late.begin <= shorter / _TOGETHER


def learned(recordings: Iterable[Recording]) -> Lessons:
    """Who swapped which steps, of pairs that may come to be tolerated."""
    found: Lessons = {}
    for one in recordings:
        tagged = one.tagged.get(ORDER, frozenset())
        for pair in _swapped(one):
            swap = found.setdefault(one.recipe.name, {}).setdefault(pair, Swap())
            if one.correct:
                swap.correct.add(one.id)
            elif not tagged.isdisjoint(pair):
                swap.wrong.add(one.id)
    kept = {
        recipe: {pair: swap for pair, swap in swaps.items() if swap.may_be_right}
        for recipe, swaps in found.items()
    }
    return {recipe: swaps for recipe, swaps in kept.items() if swaps}


def read(path: Path = KNOWN) -> Lessons:
    """Read what was learned before; raises BenchError."""
    try:
        table: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {
            recipe: {
                (one["before"], one["after"]): Swap(set(one["correct"]), set(one["wrong"]))
                for one in pairs
            }
            for recipe, pairs in table.items()
        }
    except OSError as error:
        raise BenchError(str(path), f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "write it with --teach"
        raise BenchError(str(path), "does not hold what was learned", hint) from error


def text(lessons: Lessons) -> str:
    """As a file, a line for each pair."""
    recipes = []
    for recipe, pairs in sorted(lessons.items()):
        lines = [
            json.dumps(
                {
                    "before": before,
                    "after": after,
                    "correct": sorted(swap.correct),
                    "wrong": sorted(swap.wrong),
                }
            )
            for (before, after), swap in sorted(pairs.items())
        ]
        recipes.append(f"{json.dumps(recipe)}: [\n" + ",\n".join(lines) + "\n]")
    return "{\n" + ",\n".join(recipes) + "\n}\n"


def tolerated(one: Recording, known: Lessons) -> set[Pair]:
    """Pairs that more of the others swapped and were called correct than were called wrong."""
    swaps = known.get(one.recipe.name, {})
    return {
        pair
        for pair in one.recipe.pairs
        if pair in swaps and len(swaps[pair].correct - {one.id}) > len(swaps[pair].wrong - {one.id})
    }


def others(one: Recording, recordings: Iterable[Recording]) -> list[Recording]:
    """Correct recordings of the same recipe, but this one."""
    return [
        other
        for other in recordings
        if other.recipe is one.recipe and other.correct and other.id != one.id
    ]


def limits(correct: Sequence[Recording], steps: Iterable[str]) -> dict[str, Limits]:
    """The least and the most time of each step that was done often enough, s."""
    found = {}
    for step in steps:
        taken = [
            doing.end - doing.begin for one in correct for doing in one.doings if doing.step == step
        ]
        if len(taken) >= _LEAST:
            found[step] = (min(taken) / SLACK, max(taken) * SLACK)
    return found


def _swapped(one: Recording) -> Iterator[Pair]:
    first = one.first
    for before, after in one.recipe.pairs:
        if before in first and after in first and swapped(first[after], first[before]):
            yield before, after
