"""Skeletons of a few moments, drawn side by side on plain paper: no picture is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.events.judge import Alert, Judged
from converters.report.markup import Markup, element
from edge.core.posture import SEEN
from edge.core.skeletons import SKELETONS
from edge.core.types import Box, Observation, Pose

FRAMES = 10
_SHAPE = 4 / 3  # width to height of a frame
_LEAST = 0.5  # of the picture's height that a frame shows
_MARGIN = 0.15  # of a body, around it
_LONGEST_S = 6.0  # shown of a fall whose impact is not known


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a clip, s."""

    begin: float
    end: float


def of_miss(judged: Judged) -> Span:
    """From 1 s before the onset to 2 s after the impact, or the end."""
    onset, impact = judged.clip.onset or 0.0, judged.clip.impact
    end = onset + _LONGEST_S - 1.0 if impact is None else impact + 2.0
    return Span(max(0.0, onset - 1.0), min(end, judged.recorded_s))


def of_alarm(judged: Judged, alert: Alert) -> Span:
    """From 2 s before a false alarm to 1 s after it."""
    return Span(max(0.0, alert.t - 2.0), min(alert.t + 1.0, judged.recorded_s))


def moments(seen: Sequence[Observation], span: Span, count: int = FRAMES) -> list[Observation]:
    """Evenly spread observations, each once."""
    if not seen:
        return []
    wanted = [span.begin + i * (span.end - span.begin) / (count - 1) for i in range(count)]
    nearest = [min(range(len(seen)), key=lambda i: abs(seen[i].t - t)) for t in wanted]
    return [seen[i] for i in dict.fromkeys(nearest)]


def strip(seen: Sequence[Observation], marks: Mapping[str, float]) -> Markup:
    """Frames with their times; each mark is told at the frame nearest to it."""
    told: dict[int, list[str]] = {}
    for name, t in marks.items():
        nearest = min(range(len(seen)), key=lambda i: abs(seen[i].t - t))
        told.setdefault(nearest, []).append(name)
    view = _view(seen)
    frames = [_frame(one, view, told.get(i, [])) for i, one in enumerate(seen)]
    return element("div", *frames, class_="strip")


def _frame(one: Observation, view: Box, marks: Sequence[str]) -> Markup:
    x0, y0, x1, y1 = view
    unit = (x1 - x0) / 100
    bodies = [pose for pose in one.poses if _joints(pose)]
    width, height = one.size
    shapes = [_rect((0.0, 0.0, float(width), float(height)), "picture")]
    shapes += [] if bodies else [_rect(change.box, "change") for change in one.changes]
    shapes += [_body(pose, unit) for pose in bodies]
    if not bodies:
        middle = {"x": f"{(x0 + x1) / 2:.1f}", "y": f"{(y0 + y1) / 2:.1f}"}
        shapes.append(element("text", "nobody seen", **middle, font_size=f"{7 * unit:.1f}"))
    what = f"{len(bodies)} seen" if bodies else "nobody seen"
    svg = element(
        "svg",
        *shapes,
        viewBox=f"{x0:.1f} {y0:.1f} {x1 - x0:.1f} {y1 - y0:.1f}",
        role="img",
        aria_label=f"{one.t:.2f} s, {what}",
    )
    words = [element("b", f" {mark}", class_=mark.split(" ", 1)[0]) for mark in marks]
    return element("div", svg, element("p", f"{one.t:.2f} s", *words))


def _body(pose: Pose, unit: float) -> Markup:
    """Bones and joints the model is sure of, as the overlay draws them."""
    seen = _joints(pose)
    bones = [
        f"M{seen[a][0]:.1f} {seen[a][1]:.1f}L{seen[b][0]:.1f} {seen[b][1]:.1f}"
        for a, b in SKELETONS[pose.skeleton].bones
        if a in seen and b in seen
    ]
    joints = [
        element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{1.1 * unit:.1f}")
        for x, y in seen.values()
    ]
    kind = "body glimpse" if pose.glimpse else "body"
    return element("g", element("path", d="".join(bones)), *joints, class_=kind)


def _joints(pose: Pose) -> dict[int, tuple[float, float]]:
    """Where the joints that are seen are."""
    if pose.skeleton != "body17":
        return {}
    points = [(float(x), float(y)) for x, y in pose.xy]
    return {i: point for i, point in enumerate(points) if pose.score[i] >= SEEN}


def _rect(box: Box, kind: str) -> Markup:
    x0, y0, x1, y1 = box
    place = {"x": f"{x0:.1f}", "y": f"{y0:.1f}"}
    size = {"width": f"{x1 - x0:.1f}", "height": f"{y1 - y0:.1f}"}
    return element("rect", **place, **size, class_=kind)


def _view(seen: Sequence[Observation]) -> Box:
    """What all frames of a strip show: everybody, not less than half the picture's height."""
    width, height = seen[0].size
    points = [xy for one in seen for pose in one.poses for xy in _joints(pose).values()]
    points = points or [(0.0, 0.0), (float(width), float(height))]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    around = 1 + 2 * _MARGIN
    tall = max((max(ys) - min(ys)) * around, (max(xs) - min(xs)) * around / _SHAPE)
    tall = min(max(tall, _LEAST * height), max(height, width / _SHAPE))
    x0, x1 = _within(xs, tall * _SHAPE, width)
    y0, y1 = _within(ys, tall, height)
    return (x0, y0, x1, y1)


def _within(points: Sequence[float], size: float, whole: float) -> tuple[float, float]:
    """A range of this size around points, inside the picture where it fits."""
    first = (min(points) + max(points) - size) / 2
    first = (whole - size) / 2 if size >= whole else min(max(first, 0.0), whole - size)
    return first, first + size
