"""One page that stands alone: verdict, sizes, latencies, parity, and pictures to look at."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from converters.report import figures, tables, usage
from converters.report.choice import comparisons
from converters.report.machine import machine
from converters.report.markup import Markup, element, joined, lines
from converters.report.pictures import gallery
from converters.report.words import WORDS
from converters.result import Result

_CSS = "page.css"
_WEB = ("https://", "http://")


def page(result: Result) -> str:
    """HTML with nothing outside it; the same for the same result on the same machine."""
    body = lines(
        _header(result),
        _verdict(result),
        _section("Variants", tables.variants(result), _about_latency(result)),
        _section("Parity", tables.parity(result), _about_parity(result)),
        _section("Pictures", gallery(comparisons(result.sights)), _about_pictures(result)),
        _section("On the device", _usage(result)),
        _section("Where it comes from", _sources(result)),
        _footer(result),
    )
    style = Markup(resources.files(__package__).joinpath(_CSS).read_text(encoding="utf-8"))
    head = lines(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{result.name}: conversion report"),
        element("style", style),
    )
    document = element("html", element("head", head), element("body", body), lang="en")
    return f"<!doctype html>\n{document}\n"


def _header(result: Result) -> Markup:
    height, width = result.input
    words = WORDS[result.decoder]
    facts = f"Takes a picture {height} px high and {width} px wide. Gives {words.gives}."
    return element(
        "header",
        element("p", result.name, class_="name"),
        element("h1", result.title),
        element("p", facts),
    )


def _verdict(result: Result) -> Markup:
    if not result.passed:
        reasons = [element("li", reason) for reason in figures.failures(result)]
        lead = element("strong", f"{tables.CROSS} Parity failed.")
        rest = "Do not rely on this model."
        return element(
            "section", element("p", lead, f" {rest}"), element("ul", *reasons), class_="bad verdict"
        )
    if not figures.compared(result):
        return element("section", element("p", "Nothing was quantized."), class_="verdict")
    lead = element("strong", f"{tables.TICK} Parity passed.")
    rest = "Every variant is as close to its original as it must be."
    return element("section", element("p", lead, f" {rest}"), class_="good verdict")


def _section(title: str, content: Markup, note: str = "") -> Markup:
    """Nothing when there is no content."""
    if not content:
        return Markup()
    words = element("p", note, class_="note") if note else ""
    return element("section", lines(element("h2", title), words, content))


def _about_latency(result: Result) -> str:
    if not any(trial.latency_ms for trial in result.trials):
        return "Percentages are of the float32 original."
    return (
        "Median latency, and the latency that 95 % stay below, of one thread on "
        f"{machine()}; all variants took turns, so that a busy moment slowed all of them alike. "
        "Percentages are of the float32 original, for latency in the same runtime. A device has "
        "other figures, and often other ratios: measure there."
    )


def _about_parity(result: Result) -> str:
    return (
        f"Each variant against the float32 original, on {figures.compared_on(result)} that "
        "were not used for calibration. A row without a limit is told, not judged."
    )


def _about_pictures(result: Result) -> str:
    return (
        "From the picture where a variant differs most to one where it differs least. Under each "
        "is how far keypoints are apart, as a share of the body or hand; one that only one of "
        f"the two sees counts as 100 %. {WORDS[result.decoder].colours}"
    )


def _usage(result: Result) -> Markup:
    return lines(
        element("p", "Copy the model's folder, and try it on a clip:"),
        element("pre", usage.commands(result)),
        element("p", "In a camera's configuration:"),
        element("pre", usage.configuration(result)),
    )


def _sources(result: Result) -> Markup:
    about = {"licence": result.licence, "from": _link(result.homepage)}
    return lines(
        _facts("Original", {**about, **result.origin}),
        _facts("Calibration", figures.labelled(result.calibration)),
        _facts("Made with", result.versions),
    )


def _facts(title: str, table: Mapping[str, str | int]) -> Markup:
    rows = [
        joined(element("dt", key), element("dd", value if isinstance(value, str) else str(value)))
        for key, value in table.items()
        if value != ""
    ]
    return lines(element("h3", title), element("dl", *rows)) if rows else Markup()


def _link(address: str) -> str:
    return element("a", address, href=address) if address.startswith(_WEB) else address


def _footer(result: Result) -> Markup:
    pictures = (
        "This page holds pictures that were used for the comparison. Ask the people in them "
        "before you publish it, and leave it behind when the model goes to a device."
    )
    again = (
        "Made again from the same files, it differs only in latencies and in the machine they "
        "were measured on."
    )
    warning = element("p", pictures) if result.sights else ""
    return element("footer", warning, element("p", again))
