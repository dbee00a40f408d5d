"""A task graph as a procedure: its edges are what must come before what."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from edge.sop.graph import Graph, graph
from edge.sop.procedure import CycleRules, Procedure, SignalIs, Stage, Step

FINISHED = "finished"  # the signal that ends a cycle: the operator says so
Pair = tuple[str, str]  # a step, and one that must come after it
Limits = tuple[float, float]  # s, the least and the most that a step takes

_LONG_S = 7200.0  # nobody is called absent, and no cycle is given up
_OPTIONAL = re.compile(r"\bif desired\b|\boptional\b", re.IGNORECASE)
_TIME = re.compile(r"\d\s*(?:more\s+)?(?:minutes?|mins?|seconds?|secs?)\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Recipe:
    """The steps of a task graph and its direct edges, without its start and end."""

    name: str
    texts: Mapping[str, str]  # by step, as the graph words it
    edges: frozenset[Pair]

    @cached_property
    def graph(self) -> Graph:
        """What comes before what, near and far."""
        return graph(self.procedure().steps)

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Every two steps of which one must come before the other, near or far."""
        return frozenset(
            (before, name) for name in self.texts for before in self.graph.ancestors[name]
        )

    @cached_property
    def wordings(self) -> dict[str, list[str]]:
        """The steps of each wording, the first to be done first: some have the same words."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.texts, key=lambda name: -len(self.graph.descendants[name])):
            found.setdefault(plain(self.texts[name]), []).append(name)
        return found

    def nearest(self, words: str) -> str:
        """The wording that is most like these words."""
        return max(self.wordings, key=lambda one: SequenceMatcher(None, words, one).ratio())

    def timed(self, step: str) -> bool:
        """Whether the recipe itself says how long a step takes."""
        return _TIME.search(self.texts[step]) is not None

    def procedure(
        self, limits: Mapping[str, Limits] | None = None, but: Collection[Pair] = ()
    ) -> Procedure:
        """As a procedure, each step a signal of its own; `but` are pairs that may be swapped.

        A step that its own words leave to the cook ("if desired") is optional.
        """
        edges = self.pairs.difference(but) if but else self.edges
        steps = []
        for name, text in self.texts.items():
            least, most = (limits or {}).get(name, (0.0, 0.0))
            steps.append(
                Step(
                    name=name,
                    stages=(Stage(SignalIs(name, equals=True)),),
                    title=title(text),
                    after=tuple(sorted(before for before, after in edges if after == name)),
                    optional=_OPTIONAL.search(text) is not None,
                    done="over",
                    least_s=least,
                    most_s=most,
                )
            )
        cycle = CycleRules(
            end=Stage(SignalIs(FINISHED, equals=True)), absent_s=_LONG_S, give_up_s=_LONG_S
        )
        return Procedure(name=self.name, steps=tuple(steps), cycle=cycle)


def plain(text: str) -> str:
    """Words that two wordings of the same step share: no signs, no capitals."""
    return " ".join(re.findall(r"\w+", text.lower()))


def title(text: str) -> str:
    """What a step says, without the verb that the annotation puts before it."""
    verb, dash, rest = (part.strip() for part in text.partition("-"))
    again = dash and f" {verb.lower()} " in f" {plain(rest)} "
    words = " ".join((rest if again else f"{verb} {rest}").split())
    return words[:1].upper() + words[1:]
