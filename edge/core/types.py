"""The nouns. Frozen and slotted; shape and unit stand beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Polygon = tuple[tuple[float, float], ...]
Value = bool | int | float | str
Side = Literal["", "left", "right"]
Box = tuple[float, float, float, float]  # x0, y0, x1, y1 px, x right, y down


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a camera or a file."""

    image: Image  # (H, W, 3) RGB, read-only
    t: float  # s on the capture clock (monotonic); files: 0 at the first frame
    seq: int  # frames captured so far, from 0; gaps are drops


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Keypoints of one body or hand, as a model saw them in one frame."""

    skeleton: str  # "body17", "hand21" or "palm9"
    xy: Floats  # (K, 2) px of the frame, x right, y down
    score: Floats  # (K,) 0..1
    side: Side = ""  # hands only: the person's own left or right
    glimpse: bool = False  # found by looking again (enlarged or turned), not in the plain pass
    world: Floats | None = None  # (K, 3) m from the middle of a hand, x right, y down, z away
    label: str = ""  # the gesture of a hand or the pose of a body, as a classifier names it
    label_score: float = 0.0  # 0..1


@dataclass(frozen=True, slots=True)
class Change:
    """A region that differs from the empty background: something is there, seen by no model."""

    box: Box  # px of the frame
    area: float  # px^2 of the frame that really differ inside the box
    moving: float  # 0..1, share of that area that also moved since the last frame


@dataclass(frozen=True, slots=True)
class Signal:
    """What another machine said: a scanner, a torque tool, a light curtain."""

    name: str  # as the configuration calls it
    value: Value
    t: float  # s on the frames' clock


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """All the engine is told about one instant; recorded, it replays to the same events."""

    t: float  # s, the frame's
    seq: int
    size: tuple[int, int]  # frame width, height px
    poses: tuple[Pose, ...]
    changes: tuple[Change, ...] = ()
    steady: bool = True  # False: the camera was moved just now, heights mean nothing
    signals: tuple[Signal, ...] = ()  # that came since the last instant, in order


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person should hear of. Its wire id is made from these fields alone."""

    kind: str  # "fall", "presence", ...
    phase: str  # "begin", "end", "once", or the kind's own ("confirmed", "long_lie")
    subject: str  # "person-3"
    t: float  # s on the source's clock
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """What is so right now, for those who join later; published, retained, when it changes."""

    name: str  # one level of a topic
    on: bool
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Order:
    """A message for another machine, exactly as the configuration says."""

    topic: str
    payload: str
    retain: bool = False
