"""Who may look on while the loop runs: a recording of poses, a drawn video, a browser.

A viewer is a context manager that gives a function to show each instant to. What it keeps is
its own business; nothing it does changes what is detected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from edge.core.track import Scene
from edge.core.types import Event, Fact, Frame, Observation, Pose
from edge.recording import Header, Writer
from edge.runtime.overlay import Overlay, Zone
from edge.runtime.overlay_file import OverlayFile
from edge.runtime.preview import Preview


@dataclass(frozen=True, slots=True, eq=False)
class Instant:
    """One frame and all that became of it."""

    frame: Frame
    seen: Observation
    scene: Scene
    events: tuple[Event, ...]
    facts: tuple[Fact, ...] = ()

    @property
    def hands(self) -> tuple[Pose, ...]:
        """The hands among the poses; they are no tracks of the scene."""
        return tuple(pose for pose in self.seen.poses if pose.skeleton == "hand21")


Show = Callable[[Instant], None]
Viewer = AbstractContextManager[Show]


@contextmanager
def recorded(path: Path, header: Header) -> Iterator[Show]:
    """Write what the engine was told, for `edgepose replay`."""
    with Writer(path, header) as writer:
        yield lambda instant: writer.write(instant.seen)


@contextmanager
def drawn(
    zones: Mapping[str, Zone], path: Path | None, preview: Callable[[str], None] | None
) -> Iterator[Show]:
    """Draw into a file, a browser, or both; `preview` is told the address to open."""
    overlay = Overlay(zones)
    with ExitStack() as outputs:
        file = outputs.enter_context(OverlayFile(path)) if path else None
        page = outputs.enter_context(Preview()) if preview else None
        if page and preview:
            preview(page.url)

        def show(instant: Instant) -> None:
            wanted = file is not None or (page is not None and page.watched)
            # An event is drawn even unwatched: the overlay remembers which alarms are on.
            if not wanted and not instant.events:
                return
            image = overlay.draw(instant.frame.image, instant.scene, instant.events, instant.facts)
            if file:
                file.write(image, instant.frame.t)
            if page:
                page.show(image)

        yield show
