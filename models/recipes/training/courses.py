"""How hard the pictures are that teach: settings of the augmentation, from easy to hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.recipes.rendering.truth import SEEN


@dataclass(frozen=True, slots=True)
class AugmentSettings:
    """How far pictures are changed; shares are of 1."""

    tilt: float = 20.0  # degrees, most of those that stay upright
    turned: float = 0.25  # share turned by any angle
    smallest: float = 60.0  # px, of the person looked at
    largest: float = 1.1  # of the frame
    aspect: float = 0.1
    central: float = 0.8  # share with the person looked at well inside the frame
    bars: float = 0.3  # share with black below or beside, as a wide picture is laid into an input
    replaced: float = 0.2  # share whose background is another
    pasted: float = 0.12  # share with people of another picture in front
    erased: float = 0.15  # share with something in front
    photographed: float = 0.4  # share that goes through a bad camera
    seen: int = 0  # keypoints that the clearest person of a picture shows, at least
    stored: float = 0.0  # px, how large that person is in the stored picture, at least
    empty: bool = True  # whether pictures without people teach, too

    def fits(self, truth: Mapping[str, Any]) -> bool:
        """Whether a picture with this line of truth teaches."""
        people = truth.get("people", [])
        if not people:
            return self.empty
        seen = [sum(v == SEEN for *_, v in one["keypoints"]) for one in people]
        best = max(seen)
        x0, y0, x1, y1 = people[seen.index(best)]["box"]
        return best >= self.seen and max(x1 - x0, y1 - y0) >= self.stored


# From easy to hard. Shown everything at once, a small network found a fifth of the keypoints after
# 160,000 pictures; a half after 100,000 more in this order.
COURSES: Mapping[str, AugmentSettings] = {
    "first": AugmentSettings(
        turned=0.0,
        smallest=90.0,
        largest=0.95,
        central=1.0,
        bars=0.0,
        replaced=0.0,
        pasted=0.0,
        erased=0.0,
        photographed=0.1,
        seen=9,
        stored=75.0,
        empty=False,
    ),
    "second": AugmentSettings(
        turned=0.08,
        smallest=70.0,
        largest=1.0,
        central=0.9,
        bars=0.25,
        replaced=0.12,
        pasted=0.06,
        erased=0.08,
        photographed=0.3,
        seen=8,
        stored=60.0,
    ),
    "third": AugmentSettings(
        turned=0.18,
        smallest=60.0,
        central=0.85,
        replaced=0.2,
        pasted=0.08,
        erased=0.1,
        photographed=0.35,
        seen=6,
        stored=45.0,
    ),
    "full": AugmentSettings(),
}
