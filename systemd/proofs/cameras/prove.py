"""The Raspberry Pi camera source on the real libcamera and the real picamera2, without a board.

  prove.py FOLDER      as root; FOLDER is what root.sh made

libcamera's own camera in software shows colour bars. Says what it measured; ends with 1 at the
first thing that is not as it should be.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from edge.core.types import Frame, Image
from edge.runtime.capture import Capture
from edge.sources.picamera import Picamera, PicameraSettings

PYTHON = Path(__file__).parent / "trixie-python"
BARS = (  # of libcamera's test pattern; where it begins wanders
    *((255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0)),
    *((255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0)),
)
FRAMES = 60
SAME, OTHER = 2, 20  # of 255: within one bar, and between two
TRUE = 6  # of 255: what converting to NV12 and back may cost
PROMISE_S = 5.0  # a camera that is lost is noticed within this time
PATIENCE_S = 300.0  # under emulation, all is slow


def need(good: object, words: str) -> None:
    """End where something is not so."""
    if not good:
        sys.exit(f"FAILED: {words}")


def camera(size: tuple[int, int]) -> Picamera:
    """The source, with the other system's Python."""
    return PicameraSettings(size=size, fps=30.0, python=str(PYTHON)).open()


def colours(image: Image) -> list[tuple[int, ...]]:
    """The colours of a row from left to right, each once, without the pixels between two bars."""
    row = image[image.shape[0] // 2].astype(int)
    found: list[tuple[int, ...]] = []
    for x in range(2, len(row) - 2):
        calm = np.ptp(row[x - 2 : x + 3], axis=0).max() <= SAME
        if calm and (not found or np.abs(row[x] - found[-1]).max() > OTHER):
            found.append(tuple(int(value) for value in row[x]))
    return found


def prove_colours(size: tuple[int, int]) -> None:
    """All eight bars, in their order, in their colours; and times on our clock."""
    with camera(size) as source:
        frames: list[Frame] = list(islice(source.frames(), FRAMES))
        behind = time.monotonic() - frames[-1].t
    seen = colours(frames[-1].image)
    need(len(seen) >= len(BARS), f"these are not all bars: {seen}")
    first = int(np.argmin([np.abs(np.subtract(seen[0], bar)).max() for bar in BARS]))
    order = [*BARS[first:], *BARS, *BARS]
    off = max(np.abs(np.subtract(a, b)).max() for a, b in zip(seen, order, strict=False))
    need(off <= TRUE, f"these are not the colours of the bars: {seen}")
    need(all(a.t < b.t for a, b in pairwise(frames)), "times do not rise")
    need(0.0 <= behind < 1.0, f"times are not on our clock: the newest is {behind:.3f} s old")
    rate = (FRAMES - 1) / (frames[-1].t - frames[0].t)
    height, width = frames[0].image.shape[:2]
    print(f"asked for {size[0]}x{size[1]}, got {width}x{height}: all bars in their order,")
    print(f"  off by {off} of 255 at most; {rate:.1f} a second, {behind * 1000:.0f} ms old")


def prove_return() -> None:
    """A process that stands still is a lost camera, is ended, and comes back."""
    with Capture(lambda: camera((320, 240)), lambda frame: frame) as capture:
        before = capture.take(PATIENCE_S)
        find = ["/usr/bin/pgrep", "-n", "-f", "/opt/script.py"]
        stopped = int(subprocess.check_output(find))
        os.kill(stopped, signal.SIGSTOP)
        at = time.monotonic()
        while not _lost(capture):
            capture.take(0.1)
        noticed = time.monotonic() - at
        after = None
        while after is None:
            need(time.monotonic() < at + PATIENCE_S, "the camera did not come back")
            after = capture.take(0.1)
        returned = time.monotonic() - at
    need(noticed < PROMISE_S, f"noticed after {noticed:.1f} s")
    need(before is not None and after.t > before.t, "times do not rise")
    need(not Path(f"/proc/{stopped}").exists(), "the old process lives on")
    print(f"a process that stands still: lost after {noticed:.1f} s, back after {returned:.1f} s")


def _lost(capture: Capture[Frame]) -> bool:
    return capture.lost is not None


def main() -> None:
    """Prove it all."""
    os.environ["PROOF_ROOT"] = sys.argv[1]
    for size in ((320, 240), (640, 480)):
        prove_colours(size)
    prove_return()


if __name__ == "__main__":
    main()
