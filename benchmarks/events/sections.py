"""The parts of the page: tables, a line a clip, and strips of skeletons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.events import strips, words
from benchmarks.events.judge import Judged
from benchmarks.events.recordings import Watched, load
from benchmarks.events.report import Report
from benchmarks.events.strips import Span
from benchmarks.events.timeline import legend, timeline
from converters.report.markup import Markup, element, joined, lines


def comparison(report: Report) -> Markup:
    """Each figure of both rules."""
    rows = words.comparison(report.figures, report.figures["baseline"])
    return _table(words.HEAD, rows, "figures", "Figures")


def datasets(report: Report) -> Markup:
    """Figures of each dataset; nothing when there is one alone."""
    ours, theirs = (one["datasets"] for one in (report.figures, report.figures["baseline"]))
    if len(ours) < 2:  # noqa: PLR2004 - the table above says it all
        return Markup()
    head = ("dataset", "rule", "falls found", "sensitivity", "false alarms", "per hour", "p50")
    rows = [
        (name if who == "fall rule" else "", who, *_brief(one))
        for name in ours
        for who, one in (("fall rule", ours[name]), ("baseline", theirs[name]))
    ]
    note = element("p", "p50 is the median delay from the onset.", class_="note")
    return lines(note, _table(head, rows, "datasets", "By dataset"))


def others(report: Report) -> Markup:
    """What the baseline does with parameters that other projects have."""
    head = ("torso", "for", "falls found", "sensitivity", "false alarms", "per hour", "p50")
    rows = [
        (
            f"{one['parameters']['angle_deg']:g} degrees",
            f"{one['parameters']['hold_s']:g} s",
            *_brief(one),
        )
        for one in report.figures["baseline"]["other_parameters"]
    ]
    return _table(head, rows, "others", "Other parameters")


def clips(report: Report) -> Markup:
    """A row a clip."""
    pairs = zip(report.ours, report.baseline, strict=True)
    rows = [_clip(ours, baseline) for ours, baseline in pairs]
    head = ("clip", "", "fall rule", "from onset", "baseline")
    table = element("table", _head(head), element("tbody", *rows), class_="clips")
    return lines(legend(), _scrolled(table, "Every clip"))


def misses(report: Report) -> Markup:
    """A strip for each fall that was not found."""
    missed = [one for one in report.watched if one.ours.verdict == "missed"]
    return lines(*(_strip(one, strips.of_miss(one.ours)) for one in missed))


def alarms(report: Report) -> Markup:
    """A strip for each false alarm."""
    return lines(
        *(
            _strip(one, strips.of_alarm(one.ours, alert), alert.t)
            for one in report.watched
            for alert in one.ours.false_alarms
        )
    )


def unreadable(report: Report) -> Markup:
    """Clips that were left out, and why."""
    rows = [(one.clip.name, f"{one.clip.place}: {one.reason}") for one in report.unreadable]
    return _table(("clip", "why"), rows, "figures", "Not judged") if rows else Markup()


def _strip(one: Watched, span: Span, alarm: float | None = None) -> Markup:
    _, seen = load(one.recording)
    frames = strips.moments(seen, span)
    clip = one.clip
    marks = {"onset": clip.onset, "impact": clip.impact} if clip.fall else {}
    inside = {
        name: t
        for name, t in {**marks, "false alarm": alarm}.items()
        if t is not None and span.begin <= t <= span.end
    }
    told = [clip.dataset, *(f"{name} {t:.2f} s" for name, t in inside.items())]
    told += ["" if one.ours.alerts else "no alert"]
    return element(
        "figure",
        element("h3", clip.name),
        strips.strip(frames, inside),
        element("figcaption", ", ".join(filter(None, told))),
    )


def _clip(ours: Judged, baseline: Judged) -> Markup:
    delay = ours.delay_from_onset_s
    return element(
        "tr",
        element("th", ours.clip.name, scope="row"),
        element("td", timeline(ours, baseline)),
        element("td", _verdict(ours)),
        element("td", "" if math.isnan(delay) else f"{delay:+.2f} s"),
        element("td", _verdict(baseline)),
    )


def _verdict(judged: Judged) -> Markup:
    wrong = judged.verdict in {"missed", "false alarm"}
    word = element("span", judged.verdict, class_="bad" if wrong else "good")
    count = len(judged.false_alarms)
    more = judged.clip.fall and count
    return joined(word, f", {words.counted(count, 'false alarm')}") if more else word


def _brief(one: dict[str, Any]) -> Sequence[str]:
    p50 = one["delay_from_onset_s"]["p50"]
    return (
        f"{one['found']} of {one['falls']}",
        words.ranged(one, "sensitivity"),
        str(one["false_alarms"]),
        words.per_hour(one),
        words.NONE if math.isnan(p50) else f"{p50:+.2f} s",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str, name: str) -> Markup:
    body = [
        element(
            "tr",
            element("th", first, scope="row"),
            *(element("td", cell) for cell in rest),
        )
        for first, *rest in rows
    ]
    return _scrolled(element("table", _head(head), element("tbody", *body), class_=kind), name)


def _head(titles: Iterable[str]) -> Markup:
    return element("thead", element("tr", *(element("th", words, scope="col") for words in titles)))


def _scrolled(table: Markup, name: str) -> Markup:
    """A table wider than the screen scrolls by itself, also by keyboard."""
    return element("div", table, class_="scrolled", role="region", aria_label=name, tabindex="0")
