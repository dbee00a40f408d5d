"""The runtimes' own benchmark programs, where they came along: what their makers would measure."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.variants import Variant

_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that says how often a second it infers."""

    name: str
    command: Sequence[str]  # "{seconds}" stands for how long
    pattern: str

    def fps(self, seconds: float) -> float:
        """Run it for so long, whole seconds; not a number when it fails."""
        words = [word.format(seconds=max(1, round(seconds))) for word in self.command]
        try:
            done = subprocess.run(  # noqa: S603 - a program of the runtime's own
                words, capture_output=True, text=True, check=False, timeout=_PATIENCE_S + seconds
            )
        except (OSError, subprocess.TimeoutExpired):
            return math.nan
        found = re.search(self.pattern, done.stdout)
        return float(found[1]) if found else math.nan


def tool(variant: Variant, threads: int) -> Tool | None:
    """OpenVINO's benchmark_app for a variant of its own, one inference at a time; else None."""
    program = _program("benchmark_app")
    if variant.backend != "openvino" or program is None:
        return None
    words = (program, "-m", str(variant.weights), "-d", "CPU", "-api", "sync", "-hint", "none")
    counts = ("-nstreams", "1", "-nthreads", str(threads), "-t", "{seconds}")
    # Left to itself it computes in bfloat16 where a processor has it, which our backend forbids.
    exact = ("-infer_precision", "f32") if _has_bfloat16() else ()
    return Tool("benchmark_app", (*words, *counts, *exact), r"Throughput:\s+([\d.]+) FPS")


def _has_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    return cpuinfo.is_file() and "bf16" in cpuinfo.read_text(encoding="ascii", errors="replace")


def _program(name: str) -> str | None:
    """A program beside this Python, or on the PATH."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name)
