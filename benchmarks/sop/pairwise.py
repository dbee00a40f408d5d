"""The simple reading of a task graph, without an engine and after the fact: to compare with."""

from __future__ import annotations

from benchmarks.sop.recordings import MISSING, ORDER, Recording
from benchmarks.sop.scores import Verdict, verdict


def order(recording: Recording) -> Verdict:
    """Two steps are swapped if the one that had to wait, near or far, began first."""
    first = recording.first
    told = {
        step
        for pair in recording.recipe.pairs
        if pair[0] in first and pair[1] in first and first[pair[1]].begin < first[pair[0]].begin
        for step in pair
    }
    return verdict(told, recording.tagged.get(ORDER, frozenset()))


def missing(recording: Recording) -> Verdict:
    """A step is missing if it was not done, and one directly after it was."""
    first = recording.first
    told = {before for before, after in recording.recipe.edges if after in first} - first.keys()
    return verdict(told, recording.tagged.get(MISSING, frozenset()))
