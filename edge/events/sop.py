"""A procedure: whether every step was done, in order, in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from edge.core.track import Scene
from edge.core.types import Event, Fact
from edge.sop.procedure import Procedure
from edge.sop.watching.engine import Engine
from edge.sop.watching.plan import labels, plan
from edge.sop.watching.state import State


@dataclass(frozen=True, slots=True)
class Sop:
    """Publishes `sop`: what is done of a procedure, what is wrong, and how each cycle went."""

    kinds: ClassVar[tuple[str, ...]] = ("sop",)
    skeleton: ClassVar[str] = ""  # hands, bodies or signals: whatever the procedure speaks of

    procedure: Procedure
    _engine: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what does not change."""
        object.__setattr__(self, "_engine", Engine(plan(self.procedure)))

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The gestures and poses it speaks of, by the skeleton that shows them."""
        return labels(self.procedure)

    @property
    def judges_hands(self) -> bool:
        """Whether a condition speaks of hands."""
        return self._engine.plan.manned

    def start(self) -> State:
        """No cycle yet."""
        return self._engine.start()

    def step(self, state: State, scene: Scene) -> tuple[State, tuple[Event, ...]]:
        """See `edge.sop.watching.engine`."""
        return self._engine.step(state, scene)

    def facts(self, state: State) -> tuple[Fact, ...]:
        """Where in the procedure the operator is."""
        return (state.fact,)


PLUGIN = Sop
