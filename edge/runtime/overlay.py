"""Pictures for people who would rather look: skeletons, numbers, zones and alerts drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from edge.core.hand import Hand
from edge.core.posture import SEEN, Posture
from edge.core.skeletons import SKELETONS
from edge.core.track import Scene, Track
from edge.core.types import Event, Fact, Image, Pose
from edge.pictures.labels import places
from edge.runtime.overlay_words import place_words

Zone = Sequence[tuple[float, float]]  # corners x, y, 0..1 of the picture's width and height
Colour = tuple[int, int, int]  # RGB

_WORDS = ((0.6, "up"), (0.4, "low"))  # standing heights, as the fall rule has them
ALARMS = ("fall", "lying")  # kinds that raise the banner from begin to end

_WIDTH = 640  # px; smaller pictures are enlarged, or their text could not be read
_NEWS_S = 3.0  # how long an event stays written
_WHITE, _BLACK, _RED, _AMBER = (255, 255, 255), (0, 0, 0), (215, 25, 30), (255, 190, 0)
_LIME = (190, 255, 0)
_PALETTE = ((0, 220, 255), (120, 255, 90), (255, 130, 230), (255, 230, 60), (150, 170, 255))
_BRIGHT = 380  # sum of R, G, B above which black ink reads better than white
_CUT = "..."  # at the end of a text that is too long
_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A picture being drawn on, and how it came from the frame."""

    image: Image
    scale: float  # px of the canvas in a px of the frame
    unit: int  # px, thickness of a line

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Where a point of the frame lies."""
        return round(x * self.scale), round(y * self.scale)

    def width(self, words: str, size: float = 1.0) -> int:
        """How wide the strip of these words is, px."""
        (width, _), _ = cv2.getTextSize(words, _FONT, 0.5 * size * self.unit, self.unit)
        return int(width) + 6 * self.unit

    def text(self, words: str, x: int, y: int, paper: Colour, size: float = 1.0) -> None:
        """Write on a strip of coloured paper with its lower left corner at x, y, all inside."""
        scale, edge = 0.5 * size * self.unit, 3 * self.unit
        words = words.encode("ascii", "replace").decode()  # all that OpenCV's letters can draw
        (width, height), _ = cv2.getTextSize(words, _FONT, scale, self.unit)
        while width + 2 * edge > self.image.shape[1] and len(words) > len(_CUT):
            words = words[: -len(_CUT) - 1] + _CUT
            (width, height), _ = cv2.getTextSize(words, _FONT, scale, self.unit)
        x = max(0, min(x, self.image.shape[1] - width - 2 * edge))
        y = max(height + 3 * edge, min(y, self.image.shape[0]))
        top = y - height - 3 * edge
        cv2.rectangle(self.image, (x, top), (x + width + 2 * edge, y), paper, -1)
        ink = _BLACK if sum(paper) > _BRIGHT else _WHITE
        place = (x + edge, y - 2 * edge + self.unit)
        cv2.putText(self.image, words, place, _FONT, scale, ink, self.unit, cv2.LINE_AA)


class Overlay:
    """Draws scene after scene; remembers which alarms are on and what was said last."""

    def __init__(self, zones: Mapping[str, Zone] | None = None) -> None:
        self._zones = zones or {}
        self._alarms: dict[tuple[str, str], Event] = {}  # by kind and subject; the latest of each
        self._news: Event | None = None

    def draw(
        self, image: Image, scene: Scene, events: Sequence[Event], facts: Sequence[Fact] = ()
    ) -> Image:
        """A new RGB picture, at least 640 px wide; events and facts are of this very instant."""
        self._hear(events)
        canvas = _canvas(image)
        _draw_zones(canvas, self._zones)
        in_alarm = {subject for _, subject in self._alarms}
        for track in scene.tracks:
            alarm = f"person-{track.id}" in in_alarm
            _draw_track(canvas, track, _RED if alarm else _PALETTE[track.id % len(_PALETTE)])
        for hand in scene.hands:
            # Where only an arm shows a hand, it is of interest to a procedure alone.
            if hand.seen == scene.t and (facts or hand.pose is not None):
                _draw_hand(canvas, hand)
        self._draw_banner(canvas, scene.t)
        self._draw_footer(canvas, scene)
        _draw_places(canvas, facts)
        return canvas.image

    def _hear(self, events: Sequence[Event]) -> None:
        for event in events:
            self._news = event
            if event.kind not in ALARMS:
                continue
            if event.phase == "end":
                self._alarms.pop((event.kind, event.subject), None)
            else:
                self._alarms[event.kind, event.subject] = event

    def _draw_banner(self, canvas: _Canvas, t: float) -> None:
        row = 26 * canvas.unit
        canvas.image[: row * len(self._alarms)] = _RED
        for number, event in enumerate(self._alarms.values(), start=1):
            phase, age = event.phase.replace("_", " "), max(0.0, t - event.t)
            words = f"{event.kind.upper()}  {event.subject}  {phase}, {age:.0f} s ago"
            canvas.text(words, 3 * canvas.unit, row * number - canvas.unit, _RED, 1.3)

    def _draw_footer(self, canvas: _Canvas, scene: Scene) -> None:
        height, width = canvas.image.shape[:2]
        canvas.text(f"{scene.t:.2f} s  frame {scene.seq}", 0, height, _BLACK, 0.9)
        news = self._news
        if news is not None and scene.t - news.t < _NEWS_S:
            words = f"{news.kind}.{news.phase} {news.subject}"
            canvas.text(words, width, height, _AMBER, 0.9)


def _canvas(image: Image) -> _Canvas:
    """A copy to draw on, enlarged if small."""
    height, width = image.shape[:2]
    scale = max(1.0, _WIDTH / width)
    size = (round(width * scale), round(height * scale))
    copy = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC) if scale > 1.0 else image.copy()
    return _Canvas(cast("Image", copy), scale, max(1, round(size[0] / _WIDTH)))


def _draw_zones(canvas: _Canvas, zones: Mapping[str, Zone]) -> None:
    """Outlines, and the names beside them where they hide least."""
    height, width = canvas.image.shape[:2]
    areas = [
        np.array([(x * width, y * height) for x, y in zone], np.int32) for zone in zones.values()
    ]
    boxes = [(*area.min(axis=0).tolist(), *area.max(axis=0).tolist()) for area in areas]
    sizes = [(float(canvas.width(name, 0.9)), 18.0 * canvas.unit) for name in zones]
    spots = places(sizes, boxes, (0.0, 0.0, width, height))
    cv2.polylines(canvas.image, areas, True, _AMBER, canvas.unit, cv2.LINE_AA)  # noqa: FBT003
    for name, (left, _, _, bottom) in zip(zones, spots, strict=True):
        canvas.text(name, round(left), round(bottom), _AMBER, 0.9)


def _draw_track(canvas: _Canvas, track: Track, colour: Colour) -> None:
    if track.pose is not None:
        _draw_pose(canvas, track.pose, colour)
    elif track.change is not None:  # seen by no model, but something is there
        x0, y0, x1, y1 = track.change.box
        cv2.rectangle(canvas.image, canvas.at(x0, y0), canvas.at(x1, y1), colour, canvas.unit)
    else:
        return
    x, y = canvas.at(track.box[0], track.box[1])
    words = f"{track.id} {posture_word(track.posture)}".strip()
    canvas.text(words, x, y - 6 * canvas.unit, colour)


def _draw_hand(canvas: _Canvas, hand: Hand) -> None:
    """Bones and joints as thin as fingers, or a ring where an arm ends; L or R, and the gesture."""
    words = " ".join(filter(None, (hand.side[:1].upper(), hand.label)))
    if hand.pose is None:
        x, y = canvas.at(*hand.xy)
        radius = max(2, round(0.5 * hand.palm * canvas.scale))
        cv2.circle(canvas.image, (x, y), radius, _LIME, canvas.unit, cv2.LINE_AA)
        canvas.text(words, x + radius, y, _LIME, 0.6)
        return
    points = [canvas.at(x, y) for x, y in hand.pose.xy.tolist()]
    for a, b in SKELETONS[hand.pose.skeleton].bones:
        cv2.line(canvas.image, points[a], points[b], _LIME, canvas.unit, cv2.LINE_AA)
    for point in points:
        cv2.circle(canvas.image, point, canvas.unit, _WHITE, -1, cv2.LINE_AA)
    (x0, y0), (x1, y1) = points[0], points[9]
    beside = (2 * x0 - x1, 2 * y0 - y1)  # over the forearm, away from the fingers
    canvas.text(words, *beside, _LIME, 0.6)


def _draw_places(canvas: _Canvas, facts: Sequence[Fact]) -> None:
    """Where in each procedure the operator is: a line each, above the footer."""
    said = [line for fact in facts if (line := place_words(fact))]
    for row, (words, wrong) in enumerate(reversed(said), start=1):
        y = canvas.image.shape[0] - row * 22 * canvas.unit
        canvas.text(words, 0, y, _RED if wrong else _BLACK)


def _draw_pose(canvas: _Canvas, pose: Pose, colour: Colour) -> None:
    """Bones and joints the model is sure of, and no others."""
    points = [canvas.at(x, y) for x, y in pose.xy.tolist()]
    seen = (pose.score >= SEEN).tolist()
    for a, b in SKELETONS[pose.skeleton].bones:
        if seen[a] and seen[b]:
            cv2.line(canvas.image, points[a], points[b], colour, 2 * canvas.unit, cv2.LINE_AA)
    for point, sure in zip(points, seen, strict=True):
        if sure:
            cv2.circle(canvas.image, point, 3 * canvas.unit, _WHITE, -1, cv2.LINE_AA)


def posture_word(posture: Posture | None) -> str:
    """How high a body reaches above its ground, in a word and in standing heights."""
    if posture is None:
        return ""
    word = next((word for least, word in _WORDS if posture.stature >= least), "down")
    return f"{word} {posture.stature:.2f}"
