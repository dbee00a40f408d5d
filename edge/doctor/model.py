"""Are the models here, whole, and quick enough on this board? They are proved, loaded and timed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken
from edge.ports import Placed
from edge.registry import kind_of

if TYPE_CHECKING:
    from edge.config import Config
    from edge.runtime.predictor import Predictor

_ENGINES = "engines"
_TIMED = 5  # inferences
_FEW, _TOO_FEW = 8.0, 4.0  # a second; see docs/first-alert/README.md
_QUICKER = "[[model]] threads = 2, or a smaller model: edgepose models list"


@dataclass(frozen=True, slots=True)
class Tried:
    """One model, as it was found on this machine."""

    name: str
    title: str
    doubt: str  # why it should not be relied on
    runtime: str  # "tflite", and where it says so, what runs it there
    ready_s: float  # proved, loaded and tried once
    inference_ms: float | None  # the median of some; None for a classifier of joints
    fallback: str = ""  # why it is not computed where it could be

    def plain(self) -> dict[str, Json]:
        """For JSON."""
        return {
            "model": self.name,
            "runtime": self.runtime,
            "ready_s": round(self.ready_s, 2),
            "inference_ms": None if self.inference_ms is None else round(self.inference_ms, 1),
        }


def read(config: Config) -> tuple[Tried, ...]:
    """Raise ModelError, ConfigError or BackendError where a model cannot be used."""
    from edge.runtime import assemble  # noqa: PLC0415 - loads every runtime's bridge

    # The service's own engines for a GPU stay as they are: a copy saves building them anew.
    with tempfile.TemporaryDirectory(prefix="edgepose-doctor-") as scratch:
        with suppress(OSError):  # there are none, or they are not for us to see
            shutil.copytree(config.state_dir / _ENGINES, Path(scratch) / _ENGINES)
        models = assemble.cast(replace(config, state_dir=Path(scratch)))
        return tuple(_tried(predictor) for predictor in models.predictors)


def judge(tried: Sequence[Tried], *, busy: bool) -> tuple[Finding, ...]:
    """`busy`: the service runs meanwhile, and takes its share of the processor."""
    # Every frame passes all that look at pictures.
    total = sum(one.inference_ms or 0.0 for one in tried)
    rate = 1000.0 / total if total else None
    facts: dict[str, Json] = {
        "models": [one.plain() for one in tried],
        "fps_at_most": None if rate is None else round(rate, 1),
    }
    return spoken(_wrong(tried, rate, facts, busy=busy), good(_summary(tried, rate), **facts))


def _wrong(
    tried: Sequence[Tried], rate: float | None, facts: dict[str, Json], *, busy: bool
) -> Iterator[Finding]:
    yield from (
        look(one.doubt, "edgepose models list: choose another", **facts)
        for one in tried
        if one.doubt
    )
    for one in tried:
        if one.fallback:
            yield look(f"{one.name}: {one.fallback}", "systemd/jetson/README.md", **facts)
    if rate is None:
        return
    beside = ", beside the running service" if busy else ""
    says = f"{_summary(tried, rate)}{beside}"
    if rate < _TOO_FEW and not busy:
        yield bad(f"{says}: a fall is over between two of them", _QUICKER, **facts)
    elif rate < _FEW:
        yield look(f"{says}: falls may be missed", _QUICKER, **facts)


def _summary(tried: Sequence[Tried], rate: float | None) -> str:
    names = ", ".join(f"{one.name} ({one.runtime})" for one in tried)
    return names if rate is None else f"{names}: at most {rate:.1f} frames a second"


def _tried(predictor: Predictor) -> Tried:
    began = time.monotonic()
    facts = predictor.manifest
    with predictor.backend as backend:
        ready_s = time.monotonic() - began
        kind = kind_of(backend)
        placed = backend if isinstance(backend, Placed) else None
        return Tried(
            name=facts.name,
            title=facts.title,
            doubt=facts.doubt,
            runtime=f"{kind}, {placed.provider}" if placed else kind,
            ready_s=ready_s,
            inference_ms=None if facts.input.vector else _timed(predictor),
            fallback=placed.fallback if placed else "",
        )


def _timed(predictor: Predictor) -> float:
    """The median time of one look at a grey picture, in ms."""
    image = np.full((480, 640, 3), 128, np.uint8)
    image.flags.writeable = False
    took = []
    for _ in range(_TIMED):
        began = time.perf_counter()
        predictor.whole(image)
        took.append(1000.0 * (time.perf_counter() - began))
    return median(took)
