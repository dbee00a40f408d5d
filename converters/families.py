"""The kinds of pose model we convert: what each takes, gives, and how two of them are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from converters.parity import bodies, hands, palms
from converters.parity.measure import Parity
from converters.parity.tolerances import BodyTolerances, HandTolerances, PalmTolerances
from edge.core.types import Pose

Seen = Sequence[Sequence[Pose]]  # poses of every picture
_HALF = (127.5, 127.5, 127.5)


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of a model before it is read."""

    decoder: str  # a file in edge/decode
    skeleton: str
    title: str
    shows: str  # what a calibration picture must show
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    tolerances: type[Any]
    compare: Callable[[Seen, Seen, Any], Parity]
    any_size: bool = False  # else its outputs are px of the one input it was taught with

    def normalised(self, mean: float | None, std: float | None) -> Family:
        """The same for a model that takes (pixel - mean) / std; None: as usual."""
        return replace(
            self,
            mean=self.mean if mean is None else (mean, mean, mean),
            std=self.std if std is None else (std, std, std),
        )


FAMILIES = {
    family.decoder: family
    for family in (
        Family(
            decoder="posenet",
            skeleton="body17",
            title="PoseNet, people as 17 keypoints",
            shows="person",
            mean=_HALF,
            std=_HALF,
            tolerances=BodyTolerances,
            compare=bodies.compare,
            any_size=True,
        ),
        Family(
            decoder="palm",
            skeleton="palm9",
            title="Palm detector",
            shows="hand",
            mean=(0.0, 0.0, 0.0),
            std=(255.0, 255.0, 255.0),
            tolerances=PalmTolerances,
            compare=palms.compare,
        ),
        Family(
            decoder="hand",
            skeleton="hand21",
            title="Hand landmarks, 21 keypoints of one hand",
            shows="hand",
            mean=(0.0, 0.0, 0.0),
            std=(255.0, 255.0, 255.0),
            tolerances=HandTolerances,
            compare=hands.compare,
        ),
    )
}
