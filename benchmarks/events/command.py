"""The real command on one clip or recording, and what it published."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchError, last_words
from benchmarks.events.judge import Alert
from benchmarks.events.labels import Clip
from benchmarks.events.recordings import place, published
from edge.errors import ConfigError, EdgeposeError


@dataclass(frozen=True, slots=True)
class Command:
    """`edgepose`, and where its events and its state go."""

    events: Path
    state: Path
    config: Path | None  # its rules and zones; None: the fall rule

    def replay(self, clip: Clip, recordings: Path) -> tuple[Alert, ...]:
        """Alerts on a clip's recording in a folder; raises BenchError where there is none."""
        recording = place(recordings, clip)
        if not recording.is_file():
            problem = f"has no recording in {recordings}"
            raise BenchError(clip.place, problem, "run it without --replay first")
        how = ["--config", str(self.config)] if self.config else ["--rule", "fall"]
        return self.run(clip, ["replay", str(recording), *how])

    def run(self, clip: Clip, words: list[str]) -> tuple[Alert, ...]:
        """Run `edgepose` and read back what it published; raises what it complained of."""
        events = self.events / f"{clip.name}.jsonl"
        events.parent.mkdir(parents=True, exist_ok=True)
        events.unlink(missing_ok=True)
        command = [sys.executable, "-m", "edge", *words]
        command += ["--events", str(events), "--state-dir", str(self.state)]
        done = subprocess.run(  # noqa: S603 - our own command line
            command, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise _complaint(clip, words[1], done.returncode, done.stderr)
        lines = events.read_text(encoding="utf-8").splitlines() if events.is_file() else []
        return published(map(json.loads, lines))


def _complaint(clip: Clip, source: str, code: int, said: str) -> EdgeposeError:
    """What the command said last; a wrong setting or model is wrong for every clip."""
    line, hint = last_words(code, said)
    if code == ConfigError.exit_code:
        where, _, problem = line.rpartition(": ")
        return ConfigError(where or "edgepose", problem, hint)
    return BenchError(clip.place, line.removeprefix(f"{source}: "), hint)
