"""The page: well-formed, alone, escaped, and with the verdict where one looks first."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from converters.report import page as page_module
from converters.report.markup import Markup, element
from converters.report.page import page
from converters.result import Result, Trial
from tests.converters.conversions import failed, parity, result

VOID = {"meta", "img"}
EVIL = "</style><script>alert('&amp;')</script>\""


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += [f"{tag} is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} is closed out of turn")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "machine", lambda: "a machine with 2 cores")


def evil() -> Result:
    """Every text that comes from outside is an attack."""
    *trials, last = failed().trials
    shut = Trial(EVIL, EVIL, 1, None, refused=EVIL)
    sight = replace(result().sights[0], name=EVIL)
    table = {EVIL: EVIL}
    return replace(
        result(),
        name=EVIL,
        title=EVIL,
        licence=EVIL,
        homepage=EVIL,
        origin=table,
        versions=table,
        calibration=table,
        trials=(*trials, last, shut),
        sights=(sight,),
    )


def alone() -> Result:
    """Nothing was quantized, nothing timed, nobody looked."""
    bare = Trial("float32", "tflite", 1000, None)
    return replace(result(), trials=(bare,), sights=(), calibration={}, versions={})


@pytest.mark.parametrize("made", [result(), failed(), evil(), alone()])
def test_the_page_is_well_formed(made: Result) -> None:
    text = page(made)
    assert text.startswith("<!doctype html>\n")
    assert Reader(text).wrong == []


@pytest.mark.parametrize("made", [result(), evil()])
def test_the_page_stands_alone(made: Result) -> None:
    read = Reader(page(made))
    assert not read.names & {"script", "link", "iframe", "object", "embed", "video", "form", "base"}
    outside = [
        value
        for _, attributes in read.tags
        for key, value in attributes.items()
        if key in {"src", "srcset", "data", "poster", "background"}
        and not value.startswith("data:image/jpeg;base64,")
    ]
    assert outside == []
    css = resources.files("converters.report").joinpath("page.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css


def test_all_text_is_escaped() -> None:
    read = Reader(page(evil()))
    assert "script" not in read.names
    assert read.text.count(EVIL) >= 10
    assert [attributes for tag, attributes in read.tags if tag == "a"] == []


def test_only_an_address_of_the_web_becomes_a_link() -> None:
    def links(homepage: str) -> list[str]:
        read = Reader(page(replace(result(), homepage=homepage)))
        return [attributes["href"] for tag, attributes in read.tags if tag == "a"]

    assert links("https://example.org/?a&b") == ["https://example.org/?a&b"]
    assert links("javascript:alert(1)") == []


def test_the_verdict_comes_before_any_table() -> None:
    for made, words in ((result(), "Parity passed."), (failed(), "Parity failed.")):
        text = page(made)
        assert 0 < text.index(words) < text.index("<table")
    read = Reader(page(failed()))
    assert (
        "tflite:int8 in TensorFlow Lite, people found by both: 0.410 (at least 0.95)" in read.text
    )
    assert "openvino:int8 in OpenVINO: OpenVINO cannot open it" in read.text
    assert "Nothing was quantized." in page(alone())


def test_what_passed_and_failed_is_said_not_only_coloured() -> None:
    spoken = [
        attributes.get("aria-label")
        for tag, attributes in Reader(page(failed())).tags
        if attributes.get("role") == "img"
    ]
    # Two variants, and the three judged measures of the one that was opened.
    assert spoken == ["failed", "failed", "passed", "failed", "failed"]


def test_sizes_and_latencies_stand_beside_those_of_float32() -> None:
    text = page(result())
    assert "a machine with 2 cores" in text
    table = Reader(text[text.index("<tbody") : text.index("</table>")])
    assert [words.strip() for words in table.texts if words.strip()] == [
        *("TensorFlow Lite",),
        *("float32", "2,000", "100 %", "11.0", "100 %", "11.9", "original"),
        *("tflite:int8", "560", "28 %", "5.5", "50 %", "6.0", "passed", "\N{CHECK MARK}"),
        *("OpenVINO",),
        *("float32", "2,000", "100 %", "11.0", "100 %", "11.9", "original"),
        *("openvino:int8", "600", "30 %", "4.4", "40 %", "4.4", "passed", "\N{CHECK MARK}"),
    ]


def test_without_latencies_the_page_names_no_machine() -> None:
    assert "a machine with 2 cores" not in page(alone())


def test_each_picture_is_shown_twice_and_said_in_words() -> None:
    images = [attributes for tag, attributes in Reader(page(result())).tags if tag == "img"]
    assert [one["alt"] for one in images] == [
        "1 found by float32",
        "1 found by tflite:int8 in TensorFlow Lite",
    ]


def test_the_page_warns_of_the_pictures_it_holds() -> None:
    assert "This page holds pictures" in page(result())
    assert "This page holds pictures" not in page(alone())


def test_the_same_result_gives_the_same_page() -> None:
    assert page(result()) == page(result())


def test_an_element_escapes_children_and_attributes() -> None:
    made = element("p", "a<b", Markup("<i></i>"), class_='x"y', aria_label="z")
    assert made == '<p class="x&quot;y" aria-label="z">a&lt;b<i></i></p>'


def test_a_bar_is_never_longer_than_its_room() -> None:
    larger = replace(result().trials[2], size=9_000_000, parity=parity())
    text = page(replace(result(), trials=(*result().trials[:2], larger)))
    assert "450 %" in text
    widths = [float(share) for share in re.findall(r"--share:([\d.]+)%", text)]
    assert widths
    assert max(widths) == 100.0
