"""A GStreamer pipeline in a process of its own, as a source.

`gst-launch-1.0` is run, rather than bindings loaded: it needs no Python package, so it works
in any virtual environment and with any version of Python, and when a driver's element hangs or
crashes it can be ended. Pictures come as RGB, converted by GStreamer, which alone knows the
colour space, in a Matroska stream, which carries their size and times (`matroskamux` is in the
"good" plugins that cameras need anyhow).
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from edge.core.types import Frame
from edge.errors import SourceError
from edge.sources._child import Child, ChildSource, InterruptedReadError, SilentError
from edge.sources._matroska import NoMatroskaError, Picture, pictures
from edge.sources._opencv import READ_TIMEOUT_S
from edge.sources._secrets import without_passwords
from edge.sources._stamps import FileClock, LiveClock

_OPEN_TIMEOUT_S = 15.0  # a first start reads every plugin there is, and a stream needs a key frame
_ABSENT = "sudo apt install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good"
_USUAL_PERIOD_S = 0.04  # between the frames of a file whose times stand still
_ERROR = re.compile(r"^ERROR: (?:from element (?:\S*[/:])?([\w-]+): )?(.*)$", re.MULTILINE)
_UNBUILT = re.compile(
    r"^(?:WARNING|ERROR): (?:erroneous pipeline|pipeline could not.*?): (.*)$", re.MULTILINE
)
_ARGUS = re.compile(r"^Error generated\. .*:\d+ (.*)$", re.MULTILINE)  # ends as if all were well
_CAUSE = re.compile(r"^(?:system error|Error): (.*)$", re.MULTILINE)


class GStreamer(ChildSource):
    """Frames of a pipeline; live ones carry its own spacing, laid on our monotonic clock."""

    def __init__(
        self,
        name: str,
        pipeline: Sequence[str],
        *,
        live: bool = True,
        size: tuple[int, int] = (0, 0),
        hint: str = "",
    ) -> None:
        """Take the words of a pipeline that ends in raw video; `size` (0, 0) leaves it as it is."""
        super().__init__(name)
        self.live = live
        self._pipeline, self._size, self._hint = pipeline, size, hint
        self._deadline = 0.0
        self._pictures: Iterator[Picture] = iter(())

    def command(self, descriptor: int) -> list[str]:
        """The whole command, which writes into a file descriptor."""
        # A camera must not wait for us: what cannot be taken at once is dropped.
        leaky = ["leaky=downstream", "max-size-buffers=2"] if self.live else []
        width, height = self._size
        shape = [f"width={width},height={height},pixel-aspect-ratio=1/1"] if width else []
        return [
            # No fault handler: it keeps a crashed process alive, for a person with a debugger.
            *("gst-launch-1.0", "--quiet", "--no-fault", *self._pipeline, "!"),
            # To RGB before scaling: older versions forget an HD picture's colour space on the way.
            *("queue", *leaky, "!", "videoconvert", "!", *(("videoscale", "!") if width else ())),
            *(",".join(["video/x-raw,format=RGB", *shape]), "!"),
            *("matroskamux", "streamable=true", "timecodescale=100000", "!"),  # 0.1 ms
            *("fdsink", f"fd={descriptor}", "sync=false"),
        ]

    def __enter__(self) -> GStreamer:
        child = Child(
            self.name,
            self.command,
            stop_signal=signal.SIGINT,  # gst-launch then stops the camera before it ends
            environment=_environment(),
            hint=_ABSENT,
        )
        self._pictures = self._keep(child, self._opened)
        return self

    def frames(self) -> Iterator[Frame]:
        """Give frames; SourceError names what failed, or says that none came for 4 s."""
        child = self._reader()
        live, file = LiveClock(), FileClock(_USUAL_PERIOD_S)
        seq = 0
        try:
            while (picture := self._next(child, READ_TIMEOUT_S)) is not None:
                now = time.monotonic()
                t = live(picture.stamp, now) if self.live else file(picture.stamp)
                yield Frame(picture.image, t, seq)
                seq += 1
        except InterruptedReadError:
            return

    def _opened(self, child: Child) -> Iterator[Picture]:
        """The pictures, from the first on, which has come; raises SourceError if none did."""
        self._pictures = pictures(lambda count: child.read(count, self._deadline))
        first = self._next(child, _OPEN_TIMEOUT_S)
        return self._pictures if first is None else chain([first], self._pictures)

    def _next(self, child: Child, patience_s: float) -> Picture | None:
        """The next picture; None at the end of a file."""
        self._deadline = time.monotonic() + patience_s
        try:
            picture = next(self._pictures, None)
        except SilentError:
            problem = f"the camera stopped: no picture for {patience_s:.0f} s"
            raise SourceError(self.name, problem, self._hint) from None
        except NoMatroskaError as error:
            raise SourceError(self.name, f"gave what is no picture ({error})") from error
        if picture is None:
            self._ended(child)
        return picture

    def _ended(self, child: Child) -> None:
        """Raise what ended the pipeline, if it was not the end of a file."""
        told = without_passwords(child.last_words())
        code = child.exit_code
        problem = said(told)
        if problem is None and code:
            last = told.splitlines()[-1] if told else f"exit code {code}"
            problem = f"gst-launch-1.0 failed: {last}"
        if problem is not None:
            raise SourceError(self.name, problem, self._advice(problem))
        if self.live:
            hint = "if it plays a file, say live = false"
            raise SourceError(self.name, "the stream stopped: its end was reached", hint)

    def _advice(self, problem: str) -> str:
        element = re.search(r'^no element "(.*)"$', problem)
        if element:
            return f"is its plugin installed? (gst-inspect-1.0 {element[1]})"
        if "link" in problem:
            return "the pipeline ends where a sink would come, in video/x-raw"
        return self._hint


def said(text: str) -> str | None:
    """What gst-launch-1.0 says went wrong, with the element's name; None if it says nothing."""
    unbuilt = _UNBUILT.search(text)
    if unbuilt:
        return str(unbuilt[1]).removesuffix(".")
    argus = _ARGUS.search(text)
    if argus:
        return f"nvarguscamerasrc: {argus[1]}"
    error = _ERROR.search(text)
    if error is None:
        return None
    cause = _CAUSE.search(text, error.end())
    why = f" ({cause[1].rstrip('.')})" if cause else ""
    where = f"{error[1]}: " if error[1] else ""
    return f"{where}{error[2].rstrip('.')}{why}"


def _environment() -> dict[str, str]:
    """Messages in English, which we read; the list of plugins where a service may write."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "GST_DEBUG_NO_COLOR": "1"}
    state = os.environ.get("STATE_DIRECTORY")
    if state:
        environment.setdefault("GST_REGISTRY", str(Path(state) / "gstreamer.bin"))
    return environment
