"""The parts of the page: tables, a line a clip, and strips of skeletons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.events import strips, words
from benchmarks.events.judge import Judged
from benchmarks.events.recordings import Watched, load
from benchmarks.events.report import Beside, Report
from benchmarks.events.strips import Span
from benchmarks.events.timeline import legend, timeline
from converters.report.markup import Markup, element, joined, lines


def comparison(report: Report) -> Markup:
    """Each figure of both rules."""
    rows = words.comparison(report.figures, report.figures["baseline"])
    return _table(words.HEAD, rows, "figures", "Figures")


def beside(report: Report) -> Markup:
    """A row for each rule on each peer's poses; nothing without peers."""
    rows = words.beside(report.figures)
    if not rows:
        return Markup()
    told = [
        element("p", element("b", one.name), f": {one.about}; {one.version or 'saw no clip'}.")
        for one in report.peers
    ]
    about = element("div", *told, class_="note peers")
    return lines(_table(words.BESIDE, rows, "beside", "Beside others"), about)


def datasets(report: Report) -> Markup:
    """Figures of each dataset; nothing when there is one alone."""
    ours, theirs = (one["datasets"] for one in (report.figures, report.figures["baseline"]))
    if len(ours) < 2:  # noqa: PLR2004 - the table above says it all
        return Markup()
    head = ("dataset", "rule", "falls found", "sensitivity", "false alarms", "per hour", "p50")
    rows = [
        (name if who == "fall rule" else "", who, *words.brief(one))
        for name in ours
        for who, one in (("fall rule", ours[name]), ("baseline", theirs[name]))
    ]
    note = element("p", "p50 is the median delay from the onset.", class_="note")
    return lines(note, _table(head, rows, "datasets", "By dataset"))


def others(report: Report) -> Markup:
    """What the baseline does with parameters that other projects have, and on others' poses."""
    head = ("torso", "for", "falls found", "sensitivity", "false alarms", "per hour", "p50")
    every = report.figures["baseline"]["other_parameters"]
    rows = [(*_parameters(one), *words.brief(one)) for one in every]
    table = _table(head, rows, "others", "Other parameters")
    if not report.peers:
        return table
    theirs = [one.figures["torso_angle"]["other_parameters"] for one in report.peers]
    cells = [
        (*_parameters(row[0]), *map(words.found_and_false, row))
        for row in zip(every, *theirs, strict=True)
    ]
    names = ("torso", "for", "edgepose", *(one.name for one in report.peers))
    note = element("p", "By whose poses they are: falls found, false alarms.", class_="note")
    return lines(table, note, _table(names, cells, "others", "Other parameters, others' poses"))


def clips(report: Report) -> Markup:
    """A row a clip."""
    pairs = zip(report.ours, report.baseline, strict=True)
    rows = [_clip(ours, baseline, report.peers) for ours, baseline in pairs]
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
    rows = [
        (one.clip.name, f"{who}{one.clip.place}: {one.reason}")
        for who, part in (("", report), *((f"{one.name}, ", one.report) for one in report.peers))
        for one in part.unreadable
    ]
    return _table(("clip", "why"), rows, "figures", "Not judged") if rows else Markup()


def _parameters(one: Mapping[str, Any]) -> tuple[str, str]:
    angle, hold = one["parameters"]["angle_deg"], one["parameters"]["hold_s"]
    return f"{angle:g} degrees", f"{hold:g} s"


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


def _clip(ours: Judged, baseline: Judged, peers: Sequence[Beside]) -> Markup:
    delay = ours.delay_from_onset_s
    theirs = [
        _lane(peer.name, timeline(*pair, peer.name))
        for peer in peers
        for pair in peer.of(ours.clip)
    ]
    line = timeline(ours, baseline)
    return element(
        "tr",
        element("th", ours.clip.name, scope="row"),
        element("td", _lane("edgepose", line) if peers else line, *theirs),
        element("td", _verdict(ours)),
        element("td", "" if math.isnan(delay) else f"{delay:+.2f} s"),
        element("td", _verdict(baseline)),
    )


def _lane(who: str, line: Markup) -> Markup:
    return element("div", line, element("span", who), class_="lane")


def _verdict(judged: Judged) -> Markup:
    wrong = judged.verdict in {"missed", "false alarm"}
    word = element("span", judged.verdict, class_="bad" if wrong else "good")
    count = len(judged.false_alarms)
    more = judged.clip.fall and count
    return joined(word, f", {words.counted(count, 'false alarm')}") if more else word


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
