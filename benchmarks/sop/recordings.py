"""Recordings of people who cook, with step times and tagged errors, as CaptainCook4D has them.

The folder has `recordings.json`, a list of
  recording_id, activity, task_graph, is_error
  step_annotations[]: description, step_id, start_time, end_time (s; -1: not done), errors[].tag
and `task_graphs/`, each with `steps` by number (two are START and END) and `edges`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.sop.recipe import Recipe, plain

ORDER, MISSING, TIMING = "Order Error", "Missing Step", "Timing Error"
FILE, GRAPHS = "recordings.json", "task_graphs"
_ENDS = ("START", "END")
_SHORTEST_S = 0.001  # a step that begins and ends at once has still been done
_HINT = "--captaincook is a folder with recordings.json and task_graphs/, as CaptainCook4D has them"


@dataclass(frozen=True, slots=True)
class Doing:
    """A step, done once."""

    step: str
    begin: float  # s
    end: float  # s


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One person doing a recipe: what was done when, and what people say was wrong."""

    id: str
    activity: str
    recipe: Recipe
    correct: bool  # people found no error at all
    doings: tuple[Doing, ...]  # by begin
    tagged: Mapping[str, frozenset[str]]  # steps by tag
    guessed: tuple[str, ...] = ()  # words of no step, under no known number: taken as the nearest

    @property
    def end(self) -> float:
        """When the last step ended, s."""
        return max((doing.end for doing in self.doings), default=0.0)

    @property
    def first(self) -> dict[str, Doing]:
        """Each step when it was done first."""
        found: dict[str, Doing] = {}
        for doing in self.doings:
            found.setdefault(doing.step, doing)
        return found


def read(folder: Path) -> list[Recording]:
    """All recordings of a folder; raises BenchError with file and key."""
    path = folder / FILE
    tables = _json(path)
    if not isinstance(tables, list) or not tables:
        raise BenchError(str(path), "is no list of recordings", _HINT)
    recipes: dict[str, Recipe] = {}
    wordings: dict[tuple[str, int], Counter[str]] = {}
    for table in tables:
        with _naming(path, table):
            name = table["task_graph"]
            if name not in recipes:
                recipes[name] = _recipe(folder / GRAPHS / name)
            for one in table["step_annotations"]:
                words = plain(one["description"])
                if words in recipes[name].wordings:
                    wordings.setdefault((name, one["step_id"]), Counter())[words] += 1
    usual = {key: counts.most_common(1)[0][0] for key, counts in wordings.items()}
    found = []
    for table in tables:
        with _naming(path, table):
            found.append(_recording(table, recipes[table["task_graph"]], usual))
    return found


@contextmanager
def _naming(path: Path, table: Any) -> Iterator[None]:
    """Raise BenchError, with the recording's id, where its table does not read as one."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        known = table.get("recording_id") if isinstance(table, dict) else None
        what = "a table" if known is None else f"recording '{known}'"
        problem = f"{what} does not read as a recording: {type(error).__name__}: {error}"
        raise BenchError(str(path), problem, _HINT) from error


def _recording(
    table: Mapping[str, Any], recipe: Recipe, usual: Mapping[tuple[str, int], str]
) -> Recording:
    listed = table["step_annotations"]
    # Steps of the same words are told apart by the order in which they were done.
    order = sorted(range(len(listed)), key=lambda i: (not _done(listed[i]), _begin(listed[i]), i))
    taken: Counter[str] = Counter()
    doings: list[Doing] = []
    tagged: dict[str, set[str]] = {}
    guessed = []
    for one in (listed[i] for i in order):
        words = plain(one["description"])
        if words not in recipe.wordings:
            # Some recordings word a step in their own way: it has the number of others' step.
            known = usual.get((table["task_graph"], one["step_id"]))
            guessed += [] if known else [one["description"]]
            words = known or recipe.nearest(words)
        steps = recipe.wordings[words]
        step = steps[min(taken[words], len(steps) - 1)]
        taken[words] += 1
        if _done(one):
            begin = _begin(one)
            doings.append(Doing(step, begin, max(float(one["end_time"]), begin + _SHORTEST_S)))
        for error in one.get("errors") or ():
            tagged.setdefault(error["tag"], set()).add(step)
    return Recording(
        id=str(table["recording_id"]),
        activity=str(table["activity"]),
        recipe=recipe,
        correct=not table["is_error"],
        doings=tuple(doings),
        tagged={tag: frozenset(steps) for tag, steps in tagged.items()},
        guessed=tuple(guessed),
    )


def _begin(one: Mapping[str, Any]) -> float:
    return float(one["start_time"])


def _done(one: Mapping[str, Any]) -> bool:
    return _begin(one) >= 0.0


def _recipe(path: Path) -> Recipe:
    table = _json(path)
    try:
        texts = {
            f"step-{number}": str(text)
            for number, text in sorted(table["steps"].items(), key=lambda item: int(item[0]))
            if text not in _ENDS
        }
        edges = [(f"step-{before}", f"step-{after}") for before, after in table["edges"]]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BenchError(str(path), "is no task graph with steps and edges", _HINT) from error
    return Recipe(path.stem, texts, _known(edges, texts))


def _known(
    edges: Iterable[tuple[str, str]], texts: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    """Edges between steps: not those of the start and the end."""
    return frozenset((a, b) for a, b in edges if a in texts and b in texts)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(str(path), f"cannot be read ({error.strerror})", _HINT) from error
    except ValueError as error:
        raise BenchError(str(path), f"is not JSON: {error}", _HINT) from error


def of(recordings: Sequence[Recording], name: str) -> Recording:
    """The recording of an id; raises BenchError."""
    for one in recordings:
        if one.id == name:
            return one
    ids = ", ".join(one.id for one in recordings[:5])
    raise BenchError("--recording", f"there is no '{name}'", f"such as {ids}")
