"""Where body17 and hand21 lie on the mesh: joints of the rig, and points of the face."""

from __future__ import annotations

import numpy as np

from models.recipes.humans.files import Floats
from models.recipes.humans.rig import Rig

# The middle of two vertices of the base mesh; those of MPFB's OpenPose rig (rig.openpose.json).
FACE = {
    "nose": (297, 7063),
    "left_eye": (14634, 14661),
    "right_eye": (14706, 14733),
    "left_ear": (12106, 12195),
    "right_ear": (5507, 5598),
}
FACE_VERTICES = np.array(list(FACE.values()), np.int32)  # (5, 2)
_JOINTS = ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot")
_FINGERS = range(1, 6)


def body17(rig: Rig, places: Floats, face: Floats) -> Floats:
    """Return the COCO keypoints (17, 3) m from the joints' `places` (B, 3) and `face` (5, 3)."""
    joints = [places[rig.index(f"{name}.{side}")] for name in _JOINTS for side in "LR"]
    return np.concatenate([face, np.array(joints, np.float32)])


def hand21(rig: Rig, whole: Floats, places: Floats, side: str) -> Floats:
    """Return the landmarks (21, 3) m of the hand at `side` ("L" or "R"), in MediaPipe's order."""
    points = [places[rig.index(f"wrist.{side}")]]
    for finger in _FINGERS:
        bones = [rig.index(f"finger{finger}-{part}.{side}") for part in (1, 2, 3)]
        last = bones[-1]
        points += [places[bone] for bone in bones]
        points.append(places[last] + whole[last] @ (rig.tails[last] - rig.heads[last]))
    return np.array(points, np.float32)
