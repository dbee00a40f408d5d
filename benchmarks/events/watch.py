"""Clips through the real command, several at a time; every recording is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchError
from benchmarks.events.judge import Alert
from benchmarks.events.labels import Clip
from benchmarks.events.recordings import Unreadable, Watched, place, published, watched
from converters.progress import Bar
from edge.errors import ConfigError, EdgeposeError


@dataclass(frozen=True, slots=True)
class Watch:
    """How clips become recordings and alerts."""

    out: Path
    clips: Path | None  # None: judge what was recorded before
    model: str
    backend: str
    config: Path | None

    @property
    def recordings(self) -> Path:
        """The folder that keeps them."""
        return self.out / "recordings"

    def all(self, clips: Sequence[Clip], jobs: int, bar: Bar) -> list[Watched | Unreadable]:
        """Every clip, in the order of the labels; raises what would go wrong with all of them."""
        done: dict[Clip, Watched | Unreadable] = {}
        pool = ThreadPoolExecutor(jobs)
        try:
            waiting = {pool.submit(self.one, clip): clip for clip in clips}
            for future in as_completed(waiting):
                done[waiting[future]] = future.result()
                bar(len(done), len(clips))
        finally:
            pool.shutdown(cancel_futures=True)
        return [done[clip] for clip in clips]

    def one(self, clip: Clip) -> Watched | Unreadable:
        """One clip; what is wrong with it alone is told, not raised."""
        try:
            alerts = self._replay(clip) if self.clips is None else self._run(clip, self.clips)
            return watched(clip, place(self.recordings, clip), alerts)
        except ConfigError:
            raise
        except EdgeposeError as error:
            return Unreadable(clip, error.problem)

    def _run(self, clip: Clip, folder: Path) -> tuple[Alert, ...]:
        source = folder / clip.name
        if not source.exists():
            raise BenchError(clip.place, f"is not in {folder}", "is --clips the right folder?")
        recording = place(self.recordings, clip)
        part = recording.with_name(f"{recording.name}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        words = ["run", str(source), "--model", self.model, "--poses", str(part)]
        words += ["--backend", self.backend] if self.backend else []
        try:
            alerts = self._edgepose(clip, [*words, "--rule", "fall"])
            part.replace(recording)  # a recording that is there is whole
        finally:
            part.unlink(missing_ok=True)
        # A configuration of rules judges recordings: the source in it is a camera.
        return self._replay(clip) if self.config else alerts

    def _replay(self, clip: Clip) -> tuple[Alert, ...]:
        recording = place(self.recordings, clip)
        if not recording.is_file():
            problem = f"has no recording in {self.recordings}"
            raise BenchError(clip.place, problem, "run it without --replay first")
        how = ["--config", str(self.config)] if self.config else ["--rule", "fall"]
        return self._edgepose(clip, ["replay", str(recording), *how])

    def _edgepose(self, clip: Clip, words: list[str]) -> tuple[Alert, ...]:
        """Run `edgepose` and read back what it published; raises what it complained of."""
        events = self.out / "events" / f"{clip.name}.jsonl"
        events.parent.mkdir(parents=True, exist_ok=True)
        events.unlink(missing_ok=True)
        command = [sys.executable, "-m", "edge", *words]
        command += ["--events", str(events), "--state-dir", str(self.out / "state")]
        done = subprocess.run(  # noqa: S603 - our own command line
            command, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise _complaint(clip, words[1], done.returncode, done.stderr)
        lines = events.read_text(encoding="utf-8").splitlines() if events.is_file() else []
        return published(map(json.loads, lines))


def _complaint(clip: Clip, source: str, code: int, said: str) -> EdgeposeError:
    """What the command said last; a wrong setting or model is wrong for every clip."""
    lines = [line for line in said.splitlines() if line.strip()] or [f"it ended with code {code}"]
    hint = ""
    if len(lines) > 1 and lines[-1].startswith("  hint: "):
        hint = lines.pop().removeprefix("  hint: ")
    if code == ConfigError.exit_code:
        where, _, problem = lines[-1].rpartition(": ")
        return ConfigError(where or "edgepose", problem, hint)
    return BenchError(clip.place, lines[-1].removeprefix(f"{source}: "), hint)
