"""The fastest of those that are accurate enough, and how to say it in a configuration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.variants import Variant, first


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model in one runtime with so many threads."""

    model: str
    target: str
    threads: int
    oks_ap: float | None  # None: nobody measured it
    fps: float | None  # end to end; None: it could not be measured
    latency_p95_ms: float | None
    memory_mb: float | None

    def meets(self, least: float) -> bool:
        """Whether it is known to be accurate enough."""
        return self.oks_ap is not None and self.oks_ap >= least


def best(candidates: Iterable[Candidate], least: float) -> Candidate | None:
    """The fastest that is accurate enough, of equals with the fewest threads; None: nobody is."""
    good = [one for one in candidates if one.fps is not None and one.meets(least)]
    return max(good, key=lambda one: (one.fps or 0.0, -one.threads), default=None)


def facts(candidates: Sequence[Candidate], least: float) -> list[dict[str, Any]]:
    """As the JSON has them, the fastest first."""
    ordered = sorted(candidates, key=lambda one: -(one.fps or 0.0))
    return [{**asdict(one), "meets": one.meets(least)} for one in ordered]


def configuration(variant: Variant, threads: int, named: str) -> str:
    """The table that runs a variant; `named` is how the user calls its model."""
    # A string of JSON is one of TOML, too.
    lines = ["[[model]]", f"name = {json.dumps(named)}", f'backend = "{variant.backend}"']
    if first(named, variant.backend).file != variant.file:
        lines.append(f"weights = {json.dumps(variant.file.path)}")
    return "\n".join([*lines, f"threads = {threads}"])
