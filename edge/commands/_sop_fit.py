"""Whether a taught procedure fits what it was taught with: the rule itself watches it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.core.track import Scene
    from edge.core.types import Event
    from edge.sop.procedure import Procedure

_FINE = frozenset({"step_started", "step_completed", "cycle_started", "cycle_completed"})
_MOST = 8  # lines; more would only say the same again


def kept(scenes: Iterable[Scene], into: list[Scene]) -> Iterator[Scene]:
    """Pass scenes on and keep of each what a taught procedure asks for: no bodies."""
    for scene in scenes:
        into.append(replace(scene, tracks=()))
        yield scene


def misfits(
    procedure: Procedure, demos: Iterable[tuple[str, Sequence[Scene]]], cycles: int
) -> list[str]:
    """What the rule finds wrong in its own lessons, each with a name; empty where all fits."""
    found, whole = [], 0
    for name, demo in demos:
        for event in _watched(procedure, demo):
            whole += event.phase == "cycle_completed"
            if event.phase not in _FINE:
                found.append(f"{name}, {event.t:.1f} s: {event.phase} {_about(event)}".rstrip())
    more = len(found) - _MOST
    if more > 0:
        found = [*found[:_MOST], f"and {more} more"]
    if whole != cycles:
        found.append(f"cycles that it finds: {whole} of {cycles}")
    return found


def _watched(procedure: Procedure, demo: Sequence[Scene]) -> Iterator[Event]:
    from edge.core.track import nobody  # noqa: PLC0415 - see commands/run.py
    from edge.events.sop import Sop  # noqa: PLC0415

    rule = Sop(procedure)
    state = rule.start()
    for scene in (*demo, *(nobody(last.t) for last in demo[-1:])):
        state, events = rule.step(state, scene)
        yield from events


def _about(event: Event) -> str:
    """The step, or nothing where it is the cycle."""
    return event.subject.partition("/")[2]
