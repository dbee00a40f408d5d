"""MediaPipe's hand landmarks: one upright hand in the input -> 21 joints, which hand, metres.

Heads as in mediapipe/modules/hand_landmark/hand_landmark_cpu.pbtxt. Presence and handedness are
probabilities already: the graph ends in a logistic function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from edge.core.settings import setting
from edge.core.types import Floats, Pose, Side

_JOINTS = 21
_EITHER = 0.5  # handedness that says neither


@dataclass(frozen=True, slots=True)
class Hand:
    """Decoder of the four heads `landmarks`, `presence`, `handedness` and `world`."""

    min_presence: float = setting(0.5, "least probability of a hand", low=0, high=1)
    min_side: float = setting(
        0.5, "a hand is left or right above this probability, else neither", low=0.5, high=1
    )

    def __call__(self, heads: Mapping[str, Floats], _size: tuple[int, int]) -> tuple[Pose, ...]:
        """Heads (1, 63) x, y, z px; (1, 1); (1, 1); (1, 63) m -> the hand in px of the input."""
        landmarks, world = (heads[name].reshape(_JOINTS, 3) for name in ("landmarks", "world"))
        presence, handedness = (heads[name].item() for name in ("presence", "handedness"))
        sound = np.isfinite(landmarks).all() and np.isfinite(world).all()
        if not presence >= self.min_presence or not sound:
            return ()
        # Upstream's labels are for mirrored pictures. In ours, FreiHAND's right hands give 0.99.
        side: Side = "right" if handedness >= _EITHER else "left"
        if not max(handedness, 1.0 - handedness) > self.min_side:
            side = ""
        score = np.full(_JOINTS, presence, np.float32)
        return (Pose("hand21", landmarks[:, :2].copy(), score, side, world=world.copy()),)


PLUGIN = Hand
