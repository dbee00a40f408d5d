"""Others on the same clips: a process of its own sees a clip, and its poses are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.errors import BenchError
from benchmarks.events.command import Command
from benchmarks.events.judge import Alert
from benchmarks.events.labels import Clip
from benchmarks.events.recordings import place
from benchmarks.events.watch import Result, new, result
from benchmarks.peers.seer import Seer, loaded


@dataclass(frozen=True, slots=True)
class PeerWatch:
    """How clips become a peer's recordings, and alerts of the fall rule on them."""

    seer: Seer
    recordings: Path
    clips: Path | None  # None: only what was recorded before is judged
    kept: bool  # a recording that is there is judged again
    command: Command

    def one(self, clip: Clip) -> Result:
        """One clip; what is wrong with it alone is told, not raised."""
        return result(clip, self.recordings, self._alerts)

    def has(self, clip: Clip) -> bool:
        """Whether a clip was seen before."""
        return place(self.recordings, clip).is_file()

    def ready(self, clips: Sequence[Clip]) -> PeerWatch:
        """Prove that what is to be seen can be; raises BenchError."""
        there = [self.has(clip) for clip in clips]
        if self.clips is not None and not (self.kept and all(there)):
            return replace(self, seer=loaded(self.seer))
        if not any(there):
            where, problem = self.seer.peer.name, f"has no recordings in {self.recordings}"
            hint = "run it without --replay, or name --clips, too: what is missing is then seen"
            raise BenchError(where, problem, hint)
        return self

    def _alerts(self, clip: Clip) -> tuple[Alert, ...]:
        if self.clips is not None and not (self.kept and self.has(clip)):
            with new(clip, self.clips, self.recordings) as (source, part):
                self.seer.run(str(source), str(part))
        return self.command.replay(clip, self.recordings)
