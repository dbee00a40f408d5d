"""Figures of timelines: counts, intervals, and how alike two sequences are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sop.recipe import Recipe, title
from benchmarks.sop.scores import scored, verdict
from benchmarks.sop.similarity import distance, edit, pos

words = st.lists(st.sampled_from("abcd"), max_size=7)


def test_swaps_of_neighbours_cost_one() -> None:
    assert distance("abcd", "abdc", swaps=True) == 1
    assert distance("abcd", "abdc", swaps=False) == 2
    assert pos("abcd", "abdc") == 0.75
    assert edit("abcd", "abdc") == 0.5


def test_sequences_without_steps() -> None:
    assert (pos("", ""), pos("", "a"), pos("a", "")) == (1.0, 0.0, 0.0)
    assert (edit("", ""), edit("", "a")) == (1.0, 0.0)


@given(words, words)
def test_distance_is_one(a: list[str], b: list[str]) -> None:
    for swaps in (True, False):
        found = distance(a, b, swaps=swaps)
        assert found == distance(b, a, swaps=swaps)
        assert (found == 0) == (a == b)
        assert abs(len(a) - len(b)) <= found <= max(len(a), len(b))
    assert distance(a, b, swaps=True) <= distance(a, b, swaps=False)
    assert 0.0 <= pos(a, b) <= 1.0


def test_scores_of_steps_and_recordings() -> None:
    found = scored([verdict("ab", "bc"), verdict("a", ""), verdict("", "d"), verdict("", "")])
    assert found["steps"] == {"right": 1, "wrong": 2, "missed": 2}
    assert found["step_f1"] == pytest.approx(1 / 3)
    assert found["recordings"] == {"right": 1, "wrong": 1, "missed": 1}
    low, high = found["step_f1_interval"]
    assert 0.0 <= low <= 1 / 3 <= high <= 1.0


def test_nothing_to_find_is_no_figure() -> None:
    found = scored([verdict("", ""), verdict("", "")])
    assert math.isnan(found["step_f1"])
    assert math.isnan(found["recording_precision"])


def test_a_recipe_is_its_graph() -> None:
    texts = {"a": "Cut-Cut bread", "b": "Add-1 egg", "c": "Serve-Serve if desired"}
    recipe = Recipe("toast", texts, frozenset({("a", "b"), ("b", "c")}))
    assert recipe.pairs == {("a", "b"), ("b", "c"), ("a", "c")}
    steps = {step.name: step for step in recipe.procedure().steps}
    assert steps["c"].optional
    assert steps["c"].after == ("b",)
    assert not steps["a"].optional
    loose = {step.name: step for step in recipe.procedure(but={("b", "c")}).steps}
    assert loose["c"].after == ("a",)
    limited = {step.name: step for step in recipe.procedure({"a": (2.0, 9.0)}).steps}
    assert (limited["a"].least_s, limited["a"].most_s) == (2.0, 9.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Cut -Cut the bread", "Cut the bread"),
        ("Add-1 egg", "Add 1 egg"),
        ("add-Once it is hot, add oil", "Once it is hot, add oil"),
        ("Rest", "Rest"),
    ],
)
def test_titles_say_the_verb_once(text: str, said: str) -> None:
    assert title(text) == said
