"""Does the camera see? Judged by how its pictures are: size, light, movement, number a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken
from edge.doctor.holders import Holder

_BLACK, _DARK, _GLARING = 8.0, 30.0, 235.0  # mean of the picture, 0 to 255
_EVEN = 3.0  # standard deviation: a scene has edges, a lid has none
_SMALLEST = 240  # px of height; below, people are seen near by only
_LATE_S = 5.0
_SLOW_SHARE = 0.8  # of the frames asked for
_FEW = 8.0  # frames a second; see docs/first-alert/README.md
_TOO_FEW = 4.0
_COVER = "take the cap or cover off, wipe the lens, switch a light on"
_HANGS = "unplug the camera and plug it in again, or restart it; another cable, another port"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a few seconds of a camera were like; of the pictures nothing is kept."""

    name: str  # never with a password in it
    kind: str  # "v4l2"
    live: bool  # a camera, not a file
    size: tuple[int, int]  # width, height px
    first_s: float  # from opening it to its first picture
    frames: int
    fps: float | None  # given; None for a file, or from too few frames
    brightness: float  # mean of the last picture, 0 to 255
    spread: float  # standard deviation in the last picture
    changed: bool  # whether two pictures ever differed
    asked_size: tuple[int, int] | None = None
    asked_fps: float | None = None

    def plain(self) -> dict[str, Json]:
        """For JSON."""
        return {
            "source": self.name,
            "kind": self.kind,
            "size": list(self.size),
            "first_picture_s": round(self.first_s, 2),
            "fps": None if self.fps is None else round(self.fps, 1),
            "brightness": round(self.brightness, 1),
            "spread": round(self.spread, 1),
            "changed": self.changed,
        }


def judge(seen: Seen) -> tuple[Finding, ...]:
    """Whether somebody could be seen in such pictures."""
    return spoken(_wrong(seen), good(_summary(seen), **seen.plain()))


def in_use(device: str, unit: str, frame_s: float) -> Finding:
    """The service has the camera, and frames go through it: two cannot have it at once."""
    says = (
        f"{device} is in use by {unit}, which processed a frame {frame_s:.1f} s ago; "
        f"to have its light judged, stop that first: sudo systemctl stop {unit}"
    )
    return good(says, source=device, held_by=unit)


def taken(problem: str, held: tuple[Holder, ...]) -> Finding:
    """The camera could not be had, and this is who has it."""
    who = ", ".join(map(str, held))
    units = [one.unit for one in held if one.unit]
    free = f"sudo systemctl stop {units[0]}" if units else f"end it: sudo kill {held[0].pid}"
    return bad(f"{problem}; {who} has it open", free, held_by=who)


def _wrong(seen: Seen) -> Iterator[Finding]:
    facts, unseen = seen.plain(), list(_unseen(seen))
    yield from unseen
    yield from _unlike_asked(seen)
    if seen.live and not seen.changed and seen.frames > 1 and not unseen:
        says = f"{seen.name} gives the same picture again and again"
        if seen.kind in ("rtsp", "gstreamer"):  # where nothing moves, a coded stream repeats itself
            yield look(says, f"move something before it, and try again; else: {_HANGS}", **facts)
        else:
            yield bad(f"{says}: it hangs", _HANGS, **facts)
    if seen.live and seen.first_s > _LATE_S:
        says = f"{seen.name} took {seen.first_s:.1f} s to its first picture"
        yield look(says, "a network camera: set its key frame interval to 1 s", **facts)


def _unseen(seen: Seen) -> Iterator[Finding]:
    facts, percent = seen.plain(), _percent(seen.brightness)
    if seen.brightness < _BLACK:
        yield bad(f"{seen.name} is black ({percent})", _COVER, **facts)
    elif seen.spread < _EVEN:
        yield bad(f"{seen.name} shows one even colour ({percent}): is it covered?", _COVER, **facts)
    elif seen.brightness < _DARK:
        says = f"{seen.name} is dark ({percent}): people are missed in the dark"
        yield look(says, "more light, or a camera with infrared light", **facts)
    elif seen.brightness > _GLARING:
        says = f"{seen.name} is glaring ({percent}): people are missed in it"
        yield look(says, "turn it away from windows and lamps", **facts)


def _unlike_asked(seen: Seen) -> Iterator[Finding]:
    facts, (width, height) = seen.plain(), seen.size
    if height < _SMALLEST:
        says = f"{seen.name} gives only {width}x{height}: people are seen near by only"
        yield look(says, "set [source] size = [640, 480], or the camera's own menu", **facts)
    elif seen.asked_size and seen.size != seen.asked_size:
        says = f"{seen.name} gives {width}x{height}, not the {_by(seen.asked_size)} asked for"
        yield look(says, f"set [source] size = [{width}, {height}], and nobody wonders", **facts)
    if seen.fps is None:
        return
    rate = f"{seen.name} gives {seen.fps:.1f} frames a second"
    light = "more light (cameras expose longer in the dark), a shorter USB chain, a smaller size"
    if seen.fps < _TOO_FEW:
        yield bad(f"{rate}: a fall is over between two of them", light, **facts)
    elif seen.fps < _FEW:
        yield look(f"{rate}: falls may be missed", light, **facts)
    elif seen.asked_fps and seen.fps < _SLOW_SHARE * seen.asked_fps:
        yield look(f"{rate}, not the {seen.asked_fps:g} asked for", light, **facts)


def _summary(seen: Seen) -> str:
    rate = "" if seen.fps is None else f" at {seen.fps:.1f} frames a second"
    width, height = seen.size
    return (
        f"{seen.name} gives {width}x{height}{rate}; "
        f"first picture after {seen.first_s:.1f} s, brightness {_percent(seen.brightness)}"
    )


def _percent(brightness: float) -> str:
    return f"{100 * brightness / 255:.0f} %"


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"
