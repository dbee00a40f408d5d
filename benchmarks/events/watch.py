"""Clips through the real command, several at a time; every recording is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchError
from benchmarks.events.command import Command
from benchmarks.events.judge import Alert
from benchmarks.events.labels import Clip
from benchmarks.events.recordings import Unreadable, Watched, place, watched
from converters.progress import Bar
from edge.errors import ConfigError, EdgeposeError

Result = Watched | Unreadable


@dataclass(frozen=True, slots=True)
class Watch:
    """How clips become recordings and alerts."""

    recordings: Path
    clips: Path | None  # None: judge what was recorded before
    model: str
    backend: str
    command: Command

    def one(self, clip: Clip) -> Result:
        """One clip; what is wrong with it alone is told, not raised."""
        return result(clip, self.recordings, self._alerts)

    def _alerts(self, clip: Clip) -> tuple[Alert, ...]:
        if self.clips is None:
            return self.command.replay(clip, self.recordings)
        with new(clip, self.clips, self.recordings) as (source, part):
            words = ["run", str(source), "--model", self.model, "--poses", str(part)]
            words += ["--backend", self.backend] if self.backend else []
            alerts = self.command.run(clip, [*words, "--rule", "fall"])
        # A configuration of rules judges recordings: the source in it is a camera.
        if self.command.config:
            return self.command.replay(clip, self.recordings)
        return alerts


def every(
    clips: Sequence[Clip], jobs: int, bar: Bar, one: Callable[[Clip], Result]
) -> list[Result]:
    """Each clip's result, in the order of the labels; raises what is wrong with all of them."""
    done: dict[Clip, Result] = {}
    pool = ThreadPoolExecutor(jobs)
    try:
        waiting = {pool.submit(one, clip): clip for clip in clips}
        for future in as_completed(waiting):
            done[waiting[future]] = future.result()
            bar(len(done), len(clips))
    finally:
        pool.shutdown(cancel_futures=True)
    return [done[clip] for clip in clips]


def result(clip: Clip, recordings: Path, alerts: Callable[[Clip], tuple[Alert, ...]]) -> Result:
    """A clip's alerts against its label; what is wrong with this clip alone is told, not raised."""
    try:
        told = alerts(clip)
        return watched(clip, place(recordings, clip), told)
    except ConfigError:
        raise
    except EdgeposeError as error:
        return Unreadable(clip, error.problem)


@contextmanager
def new(clip: Clip, clips: Path, recordings: Path) -> Iterator[tuple[Path, Path]]:
    """A clip's file, and where to record it: a recording that is there is whole."""
    source = clips / clip.name
    if not source.exists():
        raise BenchError(clip.place, f"is not in {clips}", "is --clips the right folder?")
    recording = place(recordings, clip)
    part = recording.with_name(f"{recording.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield source, part
        part.replace(recording)
    finally:
        part.unlink(missing_ok=True)
