"""One word for any camera or file: what `edgepose run` takes, as a kind and its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from edge.errors import ConfigError
from edge.ports import Source
from edge.registry import kinds, load

_PICTURES = re.compile(r"\.(bmp|jpe?g|png|tiff?|webp)$", re.IGNORECASE)
_PATTERN = re.compile(r"[*?\[]")
_SCHEME = re.compile(r"^([a-z][a-z0-9+]+):", re.IGNORECASE)
_RIBBON = re.compile(r"^(picamera|argus)2?(?::(\d+))?$", re.IGNORECASE)  # also: picamera2
_EXAMPLES = (
    "a video file, a folder or pattern of pictures, /dev/video0, rtsp://host/path, picamera:0, "
    "argus:0, or gstreamer: and a pipeline"
)


def resolve(uri: str) -> tuple[str, Mapping[str, object]]:
    """Say which kind of source a word means, and with which settings; ConfigError if none."""
    ribbon = _RIBBON.match(uri)
    if ribbon and not Path(uri).exists():
        return ribbon[1].lower(), {"camera": int(ribbon[2] or 0)}
    scheme = _SCHEME.match(uri)
    if scheme and not Path(uri).exists():
        return _by_scheme(scheme[1].lower(), uri)
    if uri.isdecimal():
        return "v4l2", {"device": f"/dev/video{uri}"}
    if uri.startswith("/dev/"):
        return "v4l2", {"device": uri}
    path = Path(uri).expanduser()
    pattern = _PATTERN.search(uri) and not path.exists()
    if path.is_dir() or pattern or _PICTURES.search(uri):
        return "images", {"path": path}
    return "video", {"path": path}


def open_source(uri: str) -> Source:
    """Make the source a word means, with default settings; it starts when entered."""
    kind, settings = resolve(uri)
    source: Source = load("sources", kind)(**settings).open()
    return source


def _by_scheme(scheme: str, uri: str) -> tuple[str, Mapping[str, object]]:
    if scheme in ("rtsp", "rtsps"):
        return "rtsp", {"url": uri}
    if scheme == "file":
        return resolve(unquote(uri.split(":", 1)[1].removeprefix("//")))
    if scheme == "v4l2":
        device = uri.split(":", 1)[1].removeprefix("//")
        return resolve(device) if device.isdecimal() else ("v4l2", {"device": device})
    if scheme == "gstreamer":
        return "gstreamer", {"pipeline": uri.split(":", 1)[1].strip()}
    raise ConfigError(scheme, "unknown kind of source", _known())


def _known() -> str:
    return f"known: {', '.join(kinds('sources'))}; give {_EXAMPLES}"
