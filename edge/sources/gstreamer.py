"""Whatever GStreamer can read: cameras of other makers, hardware decoders, test pictures.

A pipeline is written as for `gst-launch-1.0` in a shell, and ends where a sink would come:

  [source]
  kind = "gstreamer"
  pipeline = "v4l2src device=/dev/video2 ! image/jpeg,width=1280,framerate=30/1 ! jpegdec"

It runs in a process of its own. When an element fails, the error names it; when no picture
comes for 4 s, the camera counts as lost. Other users of the device can see the pipeline in the
list of processes, so a password in it is no secret from them.
"""

from __future__ import annotations

import shlex
from dataclasses import MISSING, dataclass

from edge.core.settings import setting
from edge.errors import ConfigError
from edge.sources import _settings
from edge.sources._gstreamer import GStreamer
from edge.sources._secrets import without_passwords


@dataclass(frozen=True, slots=True, repr=False)
class GstreamerSettings:
    """A GStreamer pipeline that ends in raw video."""

    pipeline: str = setting(MISSING, "as for gst-launch-1.0, without a sink")
    size: tuple[int, int] = setting(
        (0, 0), "width and height to scale to; 0, 0: as the pipeline gives them", unit="px", low=0
    )
    live: bool = setting(
        default=True, doc="a camera; false: a file, whose every frame is looked at, and which ends"
    )

    def __post_init__(self) -> None:
        try:
            found = shlex.split(self.pipeline)
        except ValueError as error:
            problem = f"cannot be read: {str(error).lower()}"
            raise ConfigError("pipeline", problem, "quotes come in pairs") from error
        if not found:
            raise ConfigError(
                "pipeline", "is empty", "write for example: videotestsrc is-live=true"
            )
        _settings.size_is_whole(self.size)

    def __repr__(self) -> str:
        return f"GstreamerSettings({without_passwords(self.pipeline)!r})"

    def open(self) -> GStreamer:
        """Make the source; the pipeline starts when it is entered."""
        return GStreamer(
            f"gstreamer: {without_passwords(self.pipeline)}",
            shlex.split(self.pipeline),
            live=self.live,
            size=self.size,
            hint="try it by hand: gst-launch-1.0 -v PIPELINE ! fakesink",
        )


PLUGIN = GstreamerSettings
