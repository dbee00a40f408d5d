"""Which kinds of file there are, in the order of the page."""

from __future__ import annotations

from types import ModuleType

from benchmarks.results.kinds import accuracy, choose, events, fleet, fps, heat, soak, sop

# By the word that a file has as `benchmark`.
KINDS: dict[str, ModuleType] = {
    "fps": fps,
    "fps --soak": heat,
    "choose": choose,
    "accuracy": accuracy,
    "events": events,
    "sop": sop,
    "soak": soak,
    "fleet": fleet,
}
