"""Stand-ins at our own four seams, so that the shell is tested without camera, model or broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, ClassVar

import numpy as np

from edge.core.track import Scene
from edge.core.types import Event, Floats, Frame, Image, Json, Observation, Pose
from edge.errors import SourceError
from edge.runtime.estimate import Look, Prepared, Stats
from edge.wire import Message

STANDING = (  # a body of 200 px, seen from the front, left joints on the picture's right
    (100, 20), (104, 16), (96, 16), (109, 19), (91, 19), (120, 50), (80, 50), (126, 85), (74, 85),
    (128, 118), (72, 118), (112, 118), (88, 118), (112, 162), (88, 162), (112, 205), (88, 205),
)  # fmt: skip


def standing(x: float = 0.0, y: float = 0.0) -> Pose:
    """Somebody upright, moved by x, y px."""
    xy = np.array(STANDING, np.float32) + np.array([x, y], np.float32)
    return Pose("body17", xy, np.full(17, 0.9, np.float32))


def frame(seq: int, fps: float = 10.0, size: tuple[int, int] = (64, 48)) -> Frame:
    """A black picture at its time."""
    image = np.broadcast_to(np.uint8(0), (size[1], size[0], 3))  # read-only, one byte in memory
    return Frame(image, seq / fps, seq)


class Context:
    """Counts how often it was entered and left."""

    def __init__(self) -> None:
        self.entered = 0
        self.left = 0

    def __enter__(self) -> Any:
        self.entered += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.left += 1


class FakeSource(Context):
    """Plays a list of frames; then ends, or is lost, as a camera is when unplugged."""

    name = "fake"

    def __init__(
        self,
        frames: list[Frame],
        *,
        live: bool = False,
        lost: bool = False,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.live = live
        self._frames = frames
        self._lost = lost
        self._pause = pause

    def frames(self) -> Iterator[Frame]:
        for one in self._frames:
            self._pause()
            yield one
        if self._lost:
            raise SourceError(self.name, "no frame for 5 s")


class FakeBackend(Context):
    """Answers every picture with the same tensors."""

    input_size = (33, 33)

    def __init__(self, outputs: dict[str, Floats] | None = None) -> None:
        super().__init__()
        self.outputs = outputs or {}

    def feed(self, image: Image) -> Image:
        return image

    def infer(self, image: Image) -> dict[str, Floats]:
        assert image.dtype == np.uint8
        return {name: tensor.copy() for name, tensor in self.outputs.items()}


class Eye(Context):
    """A backend that keeps the pictures it was given; its "poses" come from a script."""

    def __init__(self, input_size: tuple[int, int]) -> None:
        super().__init__()
        self.input_size = input_size
        self.pictures: list[Image] = []

    def feed(self, image: Image) -> Image:
        return image

    def infer(self, image: Image) -> dict[str, Floats]:
        assert image.shape == (1, *self.input_size, 3)
        assert image.dtype == np.uint8
        self.pictures.append(image[0].copy())
        return {"bright": image[0, :, :, 0].astype(np.float32)[None]}


class FakeEstimator:
    """Sees in frame n the poses a script has for it."""

    def __init__(self, script: Callable[[Frame], tuple[Pose, ...]]) -> None:
        self._script = script
        self.stats = Stats()

    def prepare(self, one: Frame) -> Prepared:
        return Prepared(one, None)

    def look(self, prepared: Prepared) -> Look:
        return Look(prepared.frame, None)

    def observe(self, look: Look, memory: object) -> Observation:
        assert memory is not None
        one = look.frame
        height, width = one.image.shape[:2]
        return Observation(one.t, one.seq, (width, height), self._script(one))


class FallsAt:
    """A rule that says "fall" once, at a time, of whoever is there, until nobody is."""

    kinds: ClassVar[tuple[str, ...]] = ("fall",)
    skeleton: ClassVar[str] = "body17"

    def __init__(self, t: float) -> None:
        self._t = t

    def start(self) -> str:
        return ""  # the subject of the open fall

    def step(self, state: str, scene: Scene) -> tuple[str, tuple[Event, ...]]:
        if not state and scene.tracks and scene.t >= self._t:
            subject = f"person-{scene.tracks[0].id}"
            detail: dict[str, Json] = {"stage": "descent", "confidence": 0.9, "track": 1}
            return subject, (Event("fall", "begin", subject, scene.t, detail),)
        if state and not scene.tracks:
            return "", (Event("fall", "end", state, scene.t, {"reason": "gone", "track": 1}),)
        return state, ()


class ListSink(Context):
    """Keeps every message in order, and may have a trouble to tell of."""

    def __init__(self, trouble: str | None = None) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._trouble = trouble

    def publish(self, message: Message) -> None:
        assert self.entered > self.left, "published outside of its life"
        self.messages.append(message)

    def trouble(self) -> str | None:
        return self._trouble

    def about(self, level: str) -> list[dict[str, Any]]:
        """Bodies of the messages with this word in their topic, "health" or "person_down"."""
        return [dict(m.body) for m in self.messages if level in m.topic.split("/")]
