"""A source through the models and the engine frame by frame, with nobody told.

The daemon's way without its threads: no frame is dropped, and whoever iterates sets the pace.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack

from edge.config import Config
from edge.runtime import assemble
from edge.runtime.viewers import Instant


def watched(config: Config, seconds: float = math.inf) -> Iterator[Instant]:
    """Each frame of a clip, or of a camera for so long; raises what opening them raises."""
    models = assemble.cast(config)
    estimator, engine = assemble.estimator(config, models), assemble.engine(config)
    memory = engine.start()
    with ExitStack() as life:
        for predictor in models.predictors:
            life.enter_context(predictor.backend)
        source = life.enter_context(config.source.open())
        for frame in source.frames():
            if source.live and frame.t > seconds:
                return
            seen = estimator.observe(estimator.look(estimator.prepare(frame)), memory)
            memory, scene, events = engine.step(memory, seen)
            yield Instant(frame, seen, scene, events)
