"""One page that stands alone: figures, a line a clip, and skeletons of all that went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from benchmarks.events import sections, torso_angle, words
from benchmarks.events.judge import DEFINITIONS
from benchmarks.events.report import Report
from converters.report.markup import Markup, element, joined, lines


def page(report: Report, labels: str, backend: str, board: Mapping[str, Any]) -> str:
    """HTML with nothing outside it, and no picture in it."""
    body = lines(
        _header(report, labels, backend),
        _lead(report),
        _section("Beside others", sections.beside(report), _about_beside()),
        _section("Figures", sections.comparison(report), _about_baseline()),
        _section("By dataset", sections.datasets(report)),
        _section("Falls missed", sections.misses(report), _about_strips()),
        _section("False alarms", sections.alarms(report), _about_strips()),
        _section("Not judged", sections.unreadable(report)),
        _section("Every clip", sections.clips(report)),
        _section("The baseline with other parameters", sections.others(report), _about_others()),
        _section("What counts", _definitions()),
        _section("Measured on", _facts(board)),
    )
    style = Markup(_css("converters.report") + _css("benchmarks.events"))
    head = lines(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{labels}: falls found and false alarms"),
        element("style", style),
    )
    document = element("html", element("head", head), element("body", body), lang="en")
    return f"<!doctype html>\n{document}\n"


def _css(package: str) -> str:
    return resources.files(package).joinpath("page.css").read_text(encoding="utf-8")


def _header(report: Report, labels: str, backend: str) -> Markup:
    clips = words.counted(len(report.watched), "clip")
    runtime = f" in {backend}" if backend else ""
    return element(
        "header",
        element("p", labels, class_="name"),
        element("h1", "Falls found and false alarms"),
        element("p", f"{clips}, poses found by {report.model}{runtime}."),
    )


def _lead(report: Report) -> Markup:
    """The figures that matter most, ours and the baseline's."""
    ours, baseline = report.figures, report.figures["baseline"]
    rows = [
        element("p", element("strong", f"{who}: "), _sentence(one))
        for who, one in (("Fall rule", ours), ("Baseline", baseline))
    ]
    return element("section", *rows, class_="verdict")


def _sentence(one: Mapping[str, Any]) -> str:
    alarms = words.counted(one["false_alarms"], "false alarm")
    minutes = f"{60 * one['everyday_hours']:.1f} min"
    found = f"{one['found']} of {one['falls']} falls found"
    if one["falls"]:
        found += f", sensitivity {words.ranged(one, 'sensitivity')}"
    rate = f", per hour {words.per_hour(one)}" if one["everyday_hours"] else ""
    return f"{found}; {alarms} in {minutes} of everyday activity{rate}."


def _section(title: str, content: Markup, note: str = "") -> Markup:
    """Nothing when there is no content."""
    if not content:
        return Markup()
    about = element("p", note, class_="note") if note else ""
    return element("section", lines(element("h2", title), about, content))


def _about_baseline() -> str:
    rule = torso_angle.BASELINE
    return (
        "In brackets are 95 % intervals. The baseline is a rule that many projects use, on the "
        f"same poses: a torso more than {rule.angle_deg:g} degrees from upright for "
        f"{rule.hold_s:g} s is a fall."
    )


def _about_beside() -> str:
    return (
        "Others on the same clips, judged by both rules: what their users would be told by the "
        "angle of the torso, and what the fall rule makes of their poses. Looking again for a "
        "person who was lost, and changes of the scene, are edgepose's own. p50 is the median "
        "delay from the onset."
    )


def _about_strips() -> str:
    return (
        "What the pose model saw, up to ten frames each. Blue is a body found by looking again, "
        "dashed a part of the picture that changed while nobody was seen."
    )


def _about_others() -> str:
    return f"{torso_angle.SOURCE[0].upper()}{torso_angle.SOURCE[1:]}."


def _definitions() -> Markup:
    texts = DEFINITIONS.split("\n\n")
    return lines(*(element("p", " ".join(text.split())) for text in texts))


def _facts(board: Mapping[str, Any]) -> Markup:
    """What the figures may depend on; how fast it is does not matter here."""
    packages = ", ".join(f"{name} {version}" for name, version in board["packages"].items())
    facts = {key: board[key] for key in ("name", "arch", "os", "python")} | {"packages": packages}
    rows = [joined(element("dt", key), element("dd", str(value))) for key, value in facts.items()]
    return element("dl", *rows)
