"""Signals through the real engine, frame by frame, as a camera without anybody would see them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.sop.recipe import FINISHED
from benchmarks.sop.recordings import Recording
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation, Signal
from edge.events.sop import Sop
from edge.sop.procedure import Procedure

_SIZE = (640, 480)  # px; nothing is seen in it
_AFTER_S = 1.0  # from the last step's end to the word that all is done


@dataclass(frozen=True, slots=True)
class Told:
    """An event and the frame's time at which it was told, s."""

    event: Event
    t: float

    @property
    def step(self) -> str:
        """The step it is about, if it is about one."""
        return str(self.event.detail.get("step") or "")


def play(procedure: Procedure, signals: Iterable[Signal], fps: float) -> list[Told]:
    """All that the engine tells; a signal is heard with the first frame at or after its time."""
    waiting = sorted(signals, key=lambda signal: signal.t)
    engine = Engine(Tracker(), (Sop(procedure=procedure),))
    memory = engine.start()
    told: list[Told] = []
    at = 0
    last = math.ceil(waiting[-1].t * fps) if waiting else -1
    for seq in range(math.floor(waiting[0].t * fps) if waiting else 0, last + 2):
        t = seq / fps
        heard = at
        while heard < len(waiting) and waiting[heard].t <= t:
            heard += 1
        seen = Observation(t, seq, _SIZE, (), signals=tuple(waiting[at:heard]))
        at = heard
        memory, _, events = engine.step(memory, seen)
        told += [Told(event, t) for event in events]
    return told


def signals(recording: Recording) -> list[Signal]:
    """Each step's begin and end, and the word that all is done; ends before begins."""
    found = [
        Signal(doing.step, value, doing.begin if value else doing.end)
        for doing in recording.doings
        for value in (True, False)
    ]
    found.sort(key=lambda signal: (signal.t, signal.value is True))
    return [*found, Signal(FINISHED, value=True, t=recording.end + _AFTER_S)]
