"""Joint sets. Orders follow COCO (body17) and MediaPipe (hand21, palm9)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Names, bones and mirror pairs of one kind of pose."""

    name: str
    joints: tuple[str, ...]
    bones: tuple[tuple[int, int], ...]
    mirror: tuple[int, ...]  # joint i of a mirrored picture is joint mirror[i]

    def __len__(self) -> int:
        return len(self.joints)


BODY17 = Skeleton(
    name="body17",
    joints=(
        "nose",
        "left_eye",
        "right_eye",
        "left_ear",
        "right_ear",
        "left_shoulder",
        "right_shoulder",
        "left_elbow",
        "right_elbow",
        "left_wrist",
        "right_wrist",
        "left_hip",
        "right_hip",
        "left_knee",
        "right_knee",
        "left_ankle",
        "right_ankle",
    ),
    bones=(
        (0, 1),
        (0, 2),
        (1, 3),
        (2, 4),
        (5, 6),
        (5, 7),
        (7, 9),
        (6, 8),
        (8, 10),
        (5, 11),
        (6, 12),
        (11, 12),
        (11, 13),
        (13, 15),
        (12, 14),
        (14, 16),
    ),
    mirror=(0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15),
)

_FINGERS = (
    ("thumb", ("cmc", "mcp", "ip", "tip")),
    ("index", ("mcp", "pip", "dip", "tip")),
    ("middle", ("mcp", "pip", "dip", "tip")),
    ("ring", ("mcp", "pip", "dip", "tip")),
    ("pinky", ("mcp", "pip", "dip", "tip")),
)

HAND21 = Skeleton(
    name="hand21",
    joints=("wrist", *(f"{finger}_{joint}" for finger, joints in _FINGERS for joint in joints)),
    bones=(
        *((0 if i % 4 == 0 else i, i + 1) for i in range(20)),  # each finger from the wrist out
        *((5, 9), (9, 13), (13, 17)),  # the knuckles
    ),
    mirror=tuple(range(21)),
)

# What a palm detector gives: where a hand is, which way it points, and a box around the palm.
PALM9 = Skeleton(
    name="palm9",
    joints=(
        *("wrist", "index_mcp", "middle_mcp", "ring_mcp", "pinky_mcp", "thumb_cmc", "thumb_mcp"),
        *("box_top_left", "box_bottom_right"),
    ),
    bones=((0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (5, 6)),
    mirror=tuple(range(9)),  # the corners of a mirrored box are other corners: sort them again
)

SKELETONS = {skeleton.name: skeleton for skeleton in (BODY17, HAND21, PALM9)}
