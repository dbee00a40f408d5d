"""Falls and false alarms on the keypoints of URFD's 70 sequences, through `edgepose replay`.

    python -m benchmarks.urfd_keypoints urfd_movenet_13x4.npz [--out DIR]

The file has an array (frames, 13 joints, 4) for each of 30 falls and 40 everyday sequences, as
MoveNet saw them: x and y as shares of a 320x240 picture, 0 where a joint was not found. A fall
counts as found by any alert; in an everyday sequence every alert is a false one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edge.__main__ import main as edgepose
from edge.core.types import Observation, Pose
from edge.recording import Header, Writer

_SIZE = (320, 240)  # px
_FPS = 30.0
_JOINTS = (0, *range(5, 17))  # of body17: no eyes, no ears
_SCORE = 0.7  # of a joint that was found; the file has no scores


def observations(
    joints: npt.NDArray[np.float32], frames: npt.NDArray[np.int64]
) -> Iterator[Observation]:
    """One sequence (N, 13, 4) and its frame numbers -> what a model would have said."""
    for row, frame in zip(joints, frames, strict=True):
        xy, score = np.zeros((17, 2), np.float32), np.zeros(17, np.float32)
        found = np.any(row[:, :2] != 0, axis=1)
        xy[list(_JOINTS)] = row[:, :2] * np.array(_SIZE, np.float32)
        score[list(_JOINTS)] = np.where(found, _SCORE, 0.0)
        poses = (Pose("body17", xy, score),) if found.any() else ()
        yield Observation(float(frame - frames[0]) / _FPS, int(frame), _SIZE, poses)


def alerts(npz: Path, out: Path) -> dict[str, list[float]]:
    """Every sequence's name -> when falls were reported, s."""
    told = {}
    with np.load(npz) as file:
        for name in sorted(name for name in file.files if not name.endswith("_frame")):
            poses, events = out / f"{name}.poses.jsonl", out / f"{name}.events.jsonl"
            events.unlink(missing_ok=True)
            with Writer(poses, Header("home", "urfd", name, name, "movenet")) as writer:
                for seen in observations(file[name], file[f"{name}_frame"]):
                    writer.write(seen)
            words = ["replay", str(poses), "--rule", "fall", "--events", str(events)]
            with contextlib.redirect_stderr(io.StringIO()) as said:
                code = edgepose([*words, "--state-dir", str(out)])
            if code:
                sys.exit(said.getvalue())
            lines = map(json.loads, events.read_text().splitlines() if events.exists() else ())
            told[name] = [
                line["data"]["t"] for line in lines if line["type"] == "edgepose.fall.begin"
            ]
    return told


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("npz", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/urfd"), help="recordings and events")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    told = alerts(options.npz, options.out)
    missed = [name for name, when in told.items() if name.startswith("fall") and not when]
    false = [name for name, when in told.items() if name.startswith("adl") and when]
    falls = sum(name.startswith("fall") for name in told)
    sys.stdout.write(
        f"falls found {falls - len(missed)} of {falls}; missed: {', '.join(missed) or 'none'}\n"
        f"everyday sequences with a false alarm {len(false)} of {len(told) - falls}: "
        f"{', '.join(false) or 'none'}\n"
    )


if __name__ == "__main__":
    main()
