"""Public sets of keypoints as they lie in a folder: pose_classification_kit_*.npz, keypoint.csv.

The first (github.com/ArthurFDLR/pose-classification-kit, MIT) has hands by OpenPose and bodies in
its order of 25; a recording is one gesture by one hand, frame after frame, y up. The second
(github.com/Kazuhito00/hand-gesture-recognition-using-mediapipe, Apache-2.0) has hands by MediaPipe
relative to their wrist, y down.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edge.core.types import Floats
from edge.errors import EdgeposeError
from models.recipes.gestures.examples import Examples

HANDS, BODIES = "pose_classification_kit_hands.npz", "pose_classification_kit_body.npz"
OTHERS = "keypoint.csv"

# A name of the set, less the side, and the kind that it is; absent: no kind we use.
_HAND_KINDS = {
    "0": "zero", "1": "point", "2": "peace", "3": "three-thumb", "4": "four", "5": "open",
    "6": "three", "9": "ok", "Chef": "beak", "Dislike": "thumb-down",
    "Fight_Fist": "fist", "Help": "edge", "Horns": "rock", "Loser": "gun", "Metal": "rock-thumb",
    "Ok": "ok", "Phone": "call", "Power_Fist": "fist", "Shaka": "call", "Stop": "flat",
    "Super": "thumb-up", "Water": "water",
}  # fmt: skip
# Never learned from: what a classifier says of them shows whether it knows that it does not know.
_STRANGE = {"7": "ring-folded", "Middle_Finger": "middle"}
STRANGE = tuple(_STRANGE.values())
_OTHER_KINDS = ("open", "fist", "point")

_BODY_KINDS = {
    "Plank": "hands-on-floor", "PushUp_Low": "hands-on-floor", "Seated": "sit", "Squat": "squat",
    "Stand_LeftArmRaised": "raised-left", "Stand_RightArmRaised": "raised-right",
    "Stand": "stand", "T": "t", "Traffic_AllStop": "hands-up", "Traffic_BackStop": "between",
    "Traffic_FrontStop": "raised-right", "Traffic_LeftTurn": "raised-left",
    "Traffic_RightTurn": "raised-right", "Yoga_Tree_left": "raised-both",
    "Yoga_Tree_right": "raised-both", "Yoga_UpwardSalute": "raised-both",
    "Yoga_Warrior2_left": "t", "Yoga_Warrior2_right": "t", "MilitarySalute": "between",
}  # fmt: skip
# COCO's 17 among OpenPose's 25.
_BODY17 = (0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11)
_SIZE = 200.0  # px that one unit of these sets becomes
_JUMP = 0.2  # of such a unit, of the mean joint: another film begins


def hands(folder: Path) -> Examples:
    """Hands of the first set; a recording's name ends in its side."""
    xy, names = _kit(folder / HANDS)
    sides = np.char.rpartition(np.char.replace(names, "_hand", ""), "_")
    known = _HAND_KINDS | _STRANGE
    kinds = np.array([known.get(name, "") for name in sides[:, 0].tolist()])
    recordings = np.char.add("kit ", names)
    every = Examples(xy, np.ones(xy.shape[:2], np.float32), kinds, recordings)
    return every.where(kinds != "")


def bodies(folder: Path) -> Examples:
    """Bodies of the first set; where a pose leaps, another recording begins."""
    xy, names = _kit(folder / BODIES)
    xy = xy[:, _BODY17]
    kinds = np.array([_BODY_KINDS.get(name.removesuffix("_body"), "") for name in names.tolist()])
    score = (np.abs(xy).sum(axis=2) > 0).astype(np.float32)
    leaps = np.linalg.norm(np.diff(xy, axis=0), axis=2).mean(axis=1) > _JUMP * _SIZE
    films = np.cumsum(np.concatenate(([False], leaps | (names[1:] != names[:-1]))))
    recordings = np.array([f"kit {name} {film}" for name, film in zip(names, films, strict=True)])
    return Examples(xy, score, kinds, recordings).where(kinds != "")


def others(folder: Path) -> Examples:
    """Hands of the second set: open, fist, point; other people, and another model's keypoints."""
    path = folder / OTHERS
    try:
        table = np.loadtxt(path, np.float32, delimiter=",")
    except (OSError, ValueError) as error:
        raise EdgeposeError(str(path), f"cannot be read: {error}") from error
    xy = (table[:, 1:].reshape(-1, 21, 2) * _SIZE).astype(np.float32)
    kinds = np.array(_OTHER_KINDS)[table[:, 0].astype(int)]
    recordings = np.char.add("others ", kinds)
    return Examples(xy, np.ones(xy.shape[:2], np.float32), kinds, recordings)


def _kit(path: Path) -> tuple[Floats, np.ndarray]:
    """Keypoints (N, K, 2) px, y down, and the name of each row (N,)."""
    try:
        with np.load(path) as found:
            xy, label, names = found["xy"], found["label"], found["names"]
    except (OSError, ValueError, KeyError) as error:
        hint = "the folder has the public sets of keypoints: see models/recipes/README.md"
        raise EdgeposeError(str(path), f"cannot be read: {error}", hint) from error
    turned = xy.astype(np.float32) * np.array((_SIZE, -_SIZE), np.float32)
    return turned + 0.0, names[label]  # no negative zeros
