"""Motions of DeepMimic's humanoid (Peng et al. 2018): JSON, one list of numbers a frame.

The figure faces +x and stands neutral, as ours does, with all rotations at zero; the layout is
that of the data's README: duration, place, then quaternions (scalar first) and hinge angles.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.figure import INDEX, JOINTS
from models.recipes.poses.types import Floats

_STEP_S = 0.1
_LAYOUT = (
    ("root", 4), ("chest", 4), ("neck", 4), ("hip.R", 4), ("knee.R", 1), ("ankle.R", 4),
    ("shoulder.R", 4), ("elbow.R", 1), ("hip.L", 4), ("knee.L", 1), ("ankle.L", 4),
    ("shoulder.L", 4), ("elbow.L", 1),
)  # fmt: skip
_AHEAD = rotation.about(1, -90.0)  # from facing +x to facing +z


def read(path: Path) -> Floats:
    """The joints (F, J, 3, 3) of a clip, about ten frames a second; ValueError where malformed."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        frames = np.array(json.load(file)["Frames"], dtype=np.float64)
    if frames.ndim != 2 or frames.shape[1] != 4 + sum(width for _, width in _LAYOUT):  # noqa: PLR2004
        raise ValueError(f"{path.name} has {frames.shape} numbers")
    step = max(1, round(_STEP_S / max(float(np.median(frames[:-1, 0])), 1e-3)))
    frames = frames[::step]
    joints = np.tile(np.eye(3), (len(frames), len(JOINTS), 1, 1))
    column = 4
    for name, width in _LAYOUT:
        values = frames[:, column : column + width]
        column += width
        if width == 1:
            turn = rotation.about(2, np.degrees(values[:, 0]))
        else:
            turn = rotation.from_quaternion(values)
        joints[:, INDEX[name]] = _AHEAD @ turn @ _AHEAD.T
    return _shared(joints)


def _shared(joints: Floats) -> Floats:
    """Spread what the humanoid has in one joint over back and neck."""
    for whole, first, share in (("chest", "spine", 0.6), ("neck", "head", 0.4)):
        turn = joints[:, INDEX[whole]].copy()
        joints[:, INDEX[first]] = rotation.power(turn, share)
        joints[:, INDEX[whole]] = rotation.power(turn, 1 - share)
    return joints
