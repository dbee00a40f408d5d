"""A Jetson's camera where there is none: real GStreamer, with others for NVIDIA's two elements."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

_SCRIPT = """#!/bin/bash
if ! [ -e {camera} ]; then
  echo 'Error generated. /src/gstnvarguscamerasrc.cpp, execute:751 No cameras available'
  exit 0
fi
words=()
for word; do
  case $word in
    nvarguscamerasrc)
      words+=(videotestsrc is-live=true pattern=smpte100 num-buffers={pictures})
      words+=(! video/x-raw,format=RGB ! videoconvert) ;;
    sensor-id=* | exposuretimerange=* | flip-method=*) ;;
    nvvidconv) words+=(videoconvert ! videoscale) ;;
    *) words+=("${{word/(memory:NVMM)/}}") ;;
  esac
done
exec {real} "${{words[@]}}"
"""


def gst_launch() -> str:
    """Where the real program is; skips the test when there is none."""
    found = shutil.which("gst-launch-1.0")
    if found is None:
        pytest.skip("GStreamer is not installed (apt install gstreamer1.0-tools)")
    return found


def stand_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pictures: int = -1
) -> Callable[[], None]:
    """Put such a gst-launch-1.0 first on the PATH; gives what takes the camera away."""
    camera, script = folder / "camera", folder / "gst-launch-1.0"
    camera.touch()
    script.write_text(_SCRIPT.format(camera=camera, pictures=pictures, real=gst_launch()))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return camera.unlink
