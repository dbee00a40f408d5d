"""A procedure being watched: a pure fold over scenes that tells what is done, and what is wrong.

An instant goes one way: what is forbidden, then the cycle's gates, then the steps, then what time
alone brings. Signals are taken one by one, each at its own time, since their order is an order of
steps; what the camera shows is the same for all that come with a frame.

    steps    evidence of every step, and whose it is
    done     what follows from a step's end; order: who ran ahead; timing: too short, long, late
    cycle    begins, ends, is broken off
    tell     events and the score; fact: what is so now
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from edge.core.track import Scene
from edge.core.types import Event, Signal
from edge.sop.watching import cycle as cycles
from edge.sop.watching import timing
from edge.sop.watching.conditions import truth
from edge.sop.watching.evidence import GAP_S
from edge.sop.watching.fact import fact
from edge.sop.watching.guard import guard
from edge.sop.watching.plan import Plan
from edge.sop.watching.serial import heard
from edge.sop.watching.sight import opened
from edge.sop.watching.state import Last, Now, State
from edge.sop.watching.steps import finish, forget, watch
from edge.sop.watching.view import View, crossed, hands, poses
from edge.sop.watching.zones import areas


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """Watches one procedure."""

    plan: Plan

    def start(self) -> State:
        """Nothing seen yet."""
        return State(areas(self.plan.procedure.zones, {}), fact(self.plan, None, {}, {}, None))

    def step(self, state: State, scene: Scene) -> tuple[State, tuple[Event, ...]]:
        """One scene in; the state after it and what is worth saying out. Never raises."""
        t = scene.t if math.isfinite(scene.t) else state.t or 0.0
        if scene.seq < 0 and scene.size == (0, 0):
            return self._finish(state, t)
        view = View(
            t=t,
            hands=hands(scene),
            poses=poses(scene),
            tall=scene.size[1] / scene.size[0] if scene.size[0] > 0 else 1.0,
            areas=state.areas.of(scene.zones),
            values=state.values,
            crossings=state.crossings,
            moment=self.plan.moment,
            steady=scene.steady,
        )
        events: list[Event] = []
        for at, signal in self._instants(state, scene, t):
            state = self._instant(state, view, at, signal, events)
        return state, _numbered(events)

    def _instants(
        self, state: State, scene: Scene, t: float
    ) -> Iterator[tuple[float, Signal | None]]:
        """Each signal that matters, in the order they came, and then the frame itself."""
        at = t if state.t is None else min(state.t, t)
        for signal in scene.signals:
            if signal.name in self.plan.signals:
                at = min(max(at, signal.t), t)
                yield at, signal
        yield t, None

    def _instant(
        self, state: State, view: View, t: float, signal: Signal | None, events: list[Event]
    ) -> State:
        view.t, view.came, view.news = t, signal, False
        if signal is not None:
            known = truth(view.values.get(signal.name))
            view.news = known is None or truth(signal.value) is not known
            view.values = {**view.values, signal.name: signal.value}
        if self.plan.crossings:
            view.crossings = crossed(view, self.plan.crossings)
        now = Now(
            plan=self.plan,
            view=view,
            t=t,
            dt=0.0 if state.t is None else min(max(t - state.t, 0.0), GAP_S),
            doing=dict(state.doing),
            gates=dict(state.gates),
            cycle=state.cycle,
            last=state.last,
            events=events,
        )
        _work(now)
        return _after(state, now)

    def _finish(self, state: State, t: float) -> tuple[State, tuple[Event, ...]]:
        """Nothing more can come: the cycle is closed."""
        view = View(t, (), (), 1.0, state.areas, state.values, crossings=state.crossings)
        now = Now(self.plan, view, t, 0.0, dict(state.doing), {}, state.cycle, state.last, [])
        if now.cycle is not None:
            cycles.close(now, "over")
        now.doing, now.last = {}, Last(now.last.number)
        return _after(state, now), _numbered(now.events)


def _numbered(events: list[Event]) -> tuple[Event, ...]:
    """What is told again of the same subject at the same time says so: an id is made of these."""
    count = Counter[tuple[str, str, float]]()
    for index, event in enumerate(events):
        key = (event.phase, event.subject, round(event.t, 3))
        if count[key]:
            events[index] = replace(event, detail={**event.detail, "turn": count[key]})
        count[key] += 1
    return tuple(events)


def _work(now: Now) -> None:
    """One instant."""
    guard(now)
    open_now = {name for name, sight in now.plan.gates.items() if opened(now, name, sight)}
    if "abort" in open_now and now.cycle is not None:
        cycles.close(now, "abort")
    heard(now, starts="start" in open_now)
    if "start" in open_now:
        cycles.start(now)
    finish(now)
    if now.cycle is not None:
        # What ends one step may begin the next cycle's first: they must not meet in one cycle.
        cycles.check(now)
    if now.cycle is not None or "start" not in now.plan.gates:
        watch(now)
    else:
        forget(now)
    if "end" in open_now and now.cycle is not None:
        cycles.close(now, "end")
    if now.cycle is not None:
        timing.check(now)
        cycles.check(now)


def _after(state: State, now: Now) -> State:
    return State(
        areas=now.view.areas,
        fact=fact(now.plan, now.cycle, now.doing, now.gates, now.last.scanned)
        if now.changed
        else state.fact,
        t=now.t,
        doing=now.doing,
        gates=now.gates,
        cycle=now.cycle,
        last=now.last,
        values=now.view.values,
        crossings=now.view.crossings,
    )
