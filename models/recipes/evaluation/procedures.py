"""Whether a procedure's rule saw what happened in a clip: each step, each error, nothing else.

What should be seen is read from the clip's truth: steps left out, taken too early, done again, or
longer than they may be, and reaches to where no hand may be. An event's delay counts from when it
could have been known: a step is done when the hands leave its work, a reach when the hand is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edge.core.types import Event

RIGHT = ("cycle_started", "step_started", "step_completed", "cycle_completed")
Key = tuple[str, str]  # phase, name of the step or forbidden thing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen of a clip, and what was not."""

    done: Mapping[str, float]  # steps seen to be done, and how long after they were, s
    missed: tuple[str, ...]  # steps done, but not seen
    found: Mapping[Key, float]  # errors seen, and how long after they could be known, s
    overlooked: tuple[Key, ...]
    false: tuple[Key, ...]  # errors told that are none


def judge(truth: Mapping[str, Any], events: Sequence[Event]) -> Verdict:
    """Compare a clip's truth with what a rule of kind "sop" told."""
    told: dict[Key, float] = {}
    for event in events:
        if event.kind == "sop" and event.detail.get("phase") != "end":
            told.setdefault((event.phase, event.subject.partition("/")[2]), event.t)
    real = {step["name"]: _done(step) for step in reversed(truth["steps"])}
    completed = {name: told.get(("step_completed", name)) for name in real}
    errors = dict(_errors(truth))
    wrong = {key: t for key, t in told.items() if key[0] not in RIGHT}
    return Verdict(
        done={name: t - real[name] for name, t in completed.items() if t is not None},
        missed=tuple(name for name, t in completed.items() if t is None),
        found={key: wrong[key] - t for key, t in errors.items() if key in wrong},
        overlooked=tuple(key for key in errors if key not in wrong),
        false=tuple(key for key in wrong if key not in errors),
    )


def _done(step: Mapping[str, Any]) -> float:
    """When a step's last part is over, or, where nothing follows, has begun; s."""
    last: float = step["spot_begin"] if step["spot"] == "tray" else step["end"]
    return last


def _errors(truth: Mapping[str, Any]) -> Iterator[tuple[Key, float]]:
    """Each error, and when it could be known, s."""
    plan = truth["procedure"]["steps"]
    order = [step["name"] for step in plan]
    first: dict[str, Mapping[str, Any]] = {}
    for step in truth["steps"]:
        if step["name"] in first:
            yield ("step_repeated", step["name"]), step["spot_begin"]
        first.setdefault(step["name"], step)
    last = max(_done(step) for step in truth["steps"])
    yield from ((("step_skipped", name), last) for name in order if name not in first)
    for early in (name for name in order if name in first):
        late = [
            first[name]["end"]
            for name in order[: order.index(early)]
            if name in first and first[name]["begin"] > first[early]["begin"]
        ]
        if late:
            yield ("step_out_of_order", early), min(late)
    for step in plan:
        real = first.get(step["name"])
        if real is not None and real["end"] - real["begin"] > step["most_s"]:
            yield ("step_too_long", step["name"]), real["begin"] + step["most_s"]
    yield from ((("forbidden", reach["spot"]), reach["begin"]) for reach in truth["forbidden"])
