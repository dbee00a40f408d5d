"""The four seams. The comments are the contract; tests/contracts runs it on every plugin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from edge.core.track import Scene
    from edge.core.types import Event, Fact, Floats, Frame, Image, Order
    from edge.wire import Message

S = TypeVar("S")


class Closing(Protocol):
    """A context manager: `__enter__` acquires, `__exit__` releases, twice is harmless."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Source(Closing, Protocol):
    """Gives frames in order; `t` never goes back; `seq` counts captures, also dropped ones."""

    live: bool  # True: the world does not wait, old frames are worthless
    name: str  # what a person calls it, never with a password in it

    def __enter__(self) -> Source: ...

    def frames(self) -> Iterator[Frame]:
        """Ends when a file ends; raises SourceError when a camera is lost (within 5 s)."""
        ...


@runtime_checkable
class Interruptible(Protocol):
    """A source that can be told, from another thread, that nobody wants more of it."""

    def interrupt(self) -> None:
        """Make `__enter__` or `frames()`, where it blocks, end at once."""
        ...


class Backend(Closing, Protocol):
    """One model in one inference runtime; `infer` is not thread-safe.

    Turning pixels into what the model takes is apart, so that it can be done while the model works.
    """

    input_size: tuple[int, int]  # height, width px the model was built for

    def __enter__(self) -> Backend: ...

    def feed(self, image: Image) -> Any:
        """uint8 RGB (1, H, W, 3) -> what `infer` takes; in any thread, raises BackendError."""
        ...

    def infer(self, fed: Any) -> dict[str, Floats]:
        """Float32 tensors by the manifest's names, batch kept; the arrays belong to the caller."""
        ...


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model is to be computed."""

    provider: str = "auto"  # the best there is, or one by name
    fp16: bool = True  # floats may be rounded to 16 bits where that is faster
    engines: Path | None = None  # where what was compiled for a GPU is kept
    gpu: bool = False  # the board has one, so that the CPU is second best


@runtime_checkable
class Placed(Protocol):
    """A backend that can compute elsewhere than on the CPU."""

    model: str  # its name
    provider: str  # what really computes, once entered: "tensorrt", "cuda", "cpu"
    fallback: str  # why that is not what it could be, with a remedy; empty when it is
    patience_s: float  # how long entering may take

    def place(self, placement: Placement) -> None:
        """Say where; called before the backend is entered."""
        ...


class Rule(Protocol[S]):
    """A pure fold over scenes."""

    kinds: ClassVar[tuple[str, ...]]  # of the events it tells
    skeleton: ClassVar[str]  # of the poses it judges

    def start(self) -> S:
        """The state before the first scene."""
        ...

    def step(self, state: S, scene: Scene) -> tuple[S, tuple[Event, ...]]:
        """Never raises on any scene; equal inputs give equal outputs."""
        ...


@runtime_checkable
class Stating(Protocol):
    """A rule that also says what is so right now, for those who join later."""

    def facts(self, state: Any) -> tuple[Fact, ...]:
        """Asked after every scene, so ready made; each fact under the same name every time."""
        ...


@runtime_checkable
class Handling(Protocol):
    """A rule that may judge hands, which a hand model or a body's arms show.

    Where no rule does, arms are not asked where hands are: a scene has those of a hand model alone.
    """

    @property
    def judges_hands(self) -> bool:
        """Whether it does."""
        ...


def judges_hands(rule: Rule[Any]) -> bool:
    """Whether a rule judges hands."""
    return isinstance(rule, Handling) and rule.judges_hands


@runtime_checkable
class Labelling(Protocol):
    """A rule that speaks of gestures or poses by name, which a classifier must give."""

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """By skeleton, "hand21" or "body17": the names it speaks of; none of them: any name."""
        ...


@runtime_checkable
class Acting(Protocol):
    """A rule on whose events other machines are told what to do."""

    def orders(self, event: Event) -> tuple[Order, ...]:
        """What to send because of an event, which may be another rule's; pure."""
        ...


class Sink(Closing, Protocol):
    """Takes every message, keeps what it promised to keep, never blocks the loop."""

    def __enter__(self) -> Sink: ...

    def publish(self, message: Message) -> None:
        """Take one message; a receiver that is away is the sink's own worry."""
        ...
