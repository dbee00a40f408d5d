"""One clip as a line: when the fall was, and when each rule gave an alert."""

from __future__ import annotations

from benchmarks.events.judge import Alert, Judged
from converters.report.markup import Markup, element

_WIDTH, _HEIGHT, _EDGE = 240.0, 22.0, 5.0
_LINE = _HEIGHT / 2


def timeline(ours: Judged, baseline: Judged, peer: str = "") -> Markup:
    """The fall rule's alerts above the line, the baseline's below, the fall on it."""
    clip = ours.clip
    scale = (_WIDTH - 2 * _EDGE) / max(ours.length_s, 1e-6)

    def at(t: float) -> float:
        return _EDGE + t * scale

    shapes = [_bar(at(0.0), at(ours.length_s), 2.0, "clip")]
    told = [
        f"{peer} in a clip of {ours.length_s:.2f} s" if peer else f"clip of {ours.length_s:.2f} s"
    ]
    if clip.fall:
        onset = clip.onset or 0.0
        end = ours.length_s if clip.impact is None else clip.impact
        shapes.append(_bar(at(onset), at(end), 6.0, "falling"))
        told.append(f"onset {onset:.2f} s")
        if clip.impact is not None:
            shapes.append(_bar(at(clip.impact) - 1.0, at(clip.impact) + 1.0, 10.0, "impact"))
            told.append(f"impact {clip.impact:.2f} s")
    for judged, who, side in ((ours, "fall rule", -1.0), (baseline, "baseline", 1.0)):
        shapes += [_alert(at(alert.t), side, judged, alert) for alert in judged.alerts]
        told += [f"{who} {alert.t:.2f} s" for alert in judged.alerts]
    words = ", ".join(told)
    size = {"width": f"{_WIDTH:g}", "height": f"{_HEIGHT:g}"}
    title = element("title", words)
    box = f"0 0 {_WIDTH:g} {_HEIGHT:g}"
    return element(
        "svg", title, *shapes, viewBox=box, **size, role="img", aria_label=words, class_="time"
    )


def legend() -> Markup:
    """What the shapes mean."""
    rows = (
        (_bar(2.0, 22.0, 6.0, "falling"), "onset to impact (to the end, if not labelled)"),
        (_bar(11.0, 13.0, 10.0, "impact"), "impact"),
        (_arrow(12.0, -1.0, "hit"), "alert of the fall rule"),
        (_arrow(12.0, 1.0, "hit"), "alert of the baseline"),
        (_arrow(12.0, -1.0, "wrong"), "false alarm (below the line: the baseline's)"),
    )
    size = {"width": "24", "height": f"{_HEIGHT:g}", "viewBox": f"0 0 24 {_HEIGHT:g}"}
    keys = [
        element("span", element("svg", shape, **size, class_="time", aria_hidden="true"), words)
        for shape, words in rows
    ]
    return element("p", *keys, class_="legend")


def _alert(x: float, side: float, judged: Judged, alert: Alert) -> Markup:
    if alert in judged.false_alarms:
        return _arrow(x, side, "wrong")
    return _arrow(x, side, "hit" if alert == judged.found else "again")


def _arrow(x: float, side: float, kind: str) -> Markup:
    """A triangle that points at the line, from above (-1) or below (1)."""
    tip, base = _LINE + side * 2.5, _LINE + side * 10.0
    points = f"{x:.1f},{tip:g} {x - 4.5:.1f},{base:g} {x + 4.5:.1f},{base:g}"
    return element("polygon", points=points, class_=kind)


def _bar(begin: float, end: float, high: float, kind: str) -> Markup:
    place = {"x": f"{begin:.1f}", "y": f"{_LINE - high / 2:g}"}
    size = {"width": f"{max(end - begin, 0.5):.1f}", "height": f"{high:g}"}
    return element("rect", **place, **size, class_=kind)
