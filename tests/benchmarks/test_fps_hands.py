"""Clocks on an engine leave it the hands that its rules are given."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.fps.stages import Clocks, timed_engine
from edge.core.engine import Engine
from edge.core.handtrack import HandTracker
from edge.core.track import Tracker
from edge.core.types import Observation
from edge.events.fall import Fall
from edge.events.gesture import Gesture
from edge.ports import Rule
from tests.fakes import standing


@pytest.mark.parametrize("arms", [True, False])
@pytest.mark.parametrize("rules", [(), (Fall(),), (Fall(), Gesture())])
def test_clocks_leave_the_hands_as_they_are(rules: tuple[Rule[Any], ...], *, arms: bool) -> None:
    plain = Engine(Tracker(), rules, {}, HandTracker(arms=arms))
    seen = Observation(0.0, 0, (640, 480), (standing(),))
    wanted, found = (
        [(one.id, one.xy) for one in engine.step(engine.start(), seen)[1].hands]
        for engine in (plain, timed_engine(plain, Clocks()))
    )
    assert found == wanted
    assert bool(found) == (arms and rules != (Fall(),))
