"""The card and the terminal's table: complete, loud when it matters, the same every time."""

from __future__ import annotations

import re
import sys
from dataclasses import fields, replace

import pytest

from converters.families import FAMILIES
from converters.report import figures
from converters.report.card import card
from converters.report.table import table
from converters.report.usage import configuration
from converters.report.words import WORDS
from converters.result import Result
from edge.registry import kinds
from tests.converters.conversions import failed, parity, result

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_card_says_what_the_model_is_and_where_it_comes_from() -> None:
    text = card(result())
    for fact in ("posenet-050", "353 px high and 481 px wide", "17 keypoints", "Apache-2.0"):
        assert fact in text
    assert "https://example.org/posenet" in text
    assert f"| model.json | {'0a' * 32} |" in text
    assert "| ai-edge-quantizer | 0.10.0 |" in text
    assert "| parity pictures | 24 |" in text


def test_the_card_has_every_measure_of_every_variant() -> None:
    lines = section(card(result()), "What quantization cost").splitlines()
    assert "| people found by both | at least 0.95 | 0.981 | 0.990 |" in lines
    assert "| median distance, % of person size | at most 1.5 | 0.720 | 0.720 |" in lines
    assert "| people the original finds | at least 1 | 50 | 50 |" in lines


def test_a_good_card_has_no_warning_and_a_bad_one_begins_with_it() -> None:
    assert "FAILED" not in card(result())
    text = card(failed())
    first = text.partition("\n\n")[2]
    assert first.startswith('> **PARITY FAILED** (`parity = "failed"`)')
    assert "tflite:int8 in TensorFlow Lite, people found by both: 0.410 (at least 0.95)" in text
    assert "openvino:int8 in OpenVINO: OpenVINO cannot open it" in text
    assert "**0.410 FAILED**" in text
    assert "**unknown FAILED**" in text


def test_latencies_leave_the_card_as_it_is() -> None:
    slower = [replace(trial, latency_ms=(99.0,)) for trial in result().trials]
    assert card(replace(result(), trials=tuple(slower))) == card(result())


def test_without_a_variant_the_card_compares_nothing() -> None:
    alone = replace(result(), trials=result().trials[:1])
    assert "No quantized variant was compared" in card(alone)


def test_text_of_the_user_stays_text() -> None:
    odd = replace(result(), title="a|b *c* <i>\n# d", calibration={"source": "x|y"})
    text = card(odd)
    assert text.startswith("# a\\|b \\*c\\* \\<i\\> \\# d\n")
    assert "| source | x\\|y |" in text


@pytest.mark.parametrize("made", [result(), failed()], ids=["passed", "failed"])
def test_rows_of_a_table_have_as_many_cells(made: Result) -> None:
    for block in card(made).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


def test_the_configuration_is_toml_with_a_runtime_that_opened_it() -> None:
    text = card(failed()).partition("```toml\n")[2].partition("```")[0]
    assert tomllib.loads(text) == {"model": [{"name": "posenet-050", "backend": "tflite"}]}
    assert "openvino" not in text


def test_a_model_that_needs_another_names_it() -> None:
    text = card(replace(result(), decoder="palm"))
    tables = tomllib.loads(text.partition("```toml\n")[2].partition("```")[0])
    assert [one["name"] for one in tables["model"]] == ["posenet-050", "hand-landmark-lite"]
    assert "--model posenet-050 --model hand-landmark-lite" in text


def test_there_are_words_for_every_family() -> None:
    # Classifiers are made by the recipes: they are not converted from anything.
    assert set(WORDS) == set(FAMILIES) == set(kinds("decode")) - {"labels"}
    needed = [field.name for field in fields(next(iter(WORDS.values()))) if field.name != "partner"]
    assert all(getattr(words, name) for words in WORDS.values() for name in needed)


@pytest.mark.parametrize(
    ("name", "decoder", "partner"),
    [
        ("mine-palm", "palm", "mine-landmarks"),
        ("mine-landmarks", "hand", "mine-palm"),
        ("my-hand", "hand", "palm-detection-lite"),
        ("mine-palm", "posenet", None),
    ],
)
def test_a_card_names_the_model_it_was_made_with(
    name: str, decoder: str, partner: str | None
) -> None:
    text = configuration(replace(result(), name=name, decoder=decoder))
    assert re.findall('^name = "(.*)"', text, re.MULTILINE) == [name, *([partner] * bool(partner))]


def test_the_table_aligns_its_columns_and_says_what_failed() -> None:
    assert table(failed()) == (
        "tflite:int8 in TensorFlow Lite, 24 pictures in 6 views: FAILED\n"
        "  560 KB (28 % of float32), 5.5 ms at one thread (50 %)\n"
        "  people the original finds               50  at least 1     ok\n"
        "  people found by both                 0.410  at least 0.95  FAILED\n"
        "  median distance, % of person size  unknown  at most 1.5    FAILED\n"
        "  mean OKS                             0.970\n"
        "\n"
        "openvino:int8 in OpenVINO: FAILED\n"
        "  OpenVINO cannot open it"
    )


def test_the_table_of_a_good_model_has_no_failure() -> None:
    text = table(result())
    assert "FAILED" not in text
    assert text.count(": ok") == 2


def test_the_table_without_any_parity_is_still_one() -> None:
    only = tuple(trial for trial in failed().trials if trial.parity is None)
    assert table(replace(failed(), trials=only)).startswith("openvino:int8")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((50, 7), ("50", "7")),
        ((1, 0), ("1", "0")),
        ((1.0, 0.9814), ("1.000", "0.981")),
        ((0.72, 13.0), ("0.72", "13.00")),
        ((412.123,), ("412.1",)),
        ((float("nan"), 0.5), ("unknown", "0.500")),
        ((float("inf"),), ("unknown",)),
    ],
)
def test_figures_of_a_row_have_equal_digits(
    values: tuple[float, ...], texts: tuple[str, ...]
) -> None:
    assert figures.numbers(values) == texts


def test_a_measure_that_one_variant_lacks_leaves_its_cell_empty() -> None:
    one, other = parity(), parity()
    shorter = replace(other, measures=other.measures[:2])
    *floats, lite, vino = result().trials
    both = (replace(lite, parity=one), replace(vino, parity=shorter))
    rows = figures.rows(replace(result(), trials=(*floats, *both)))
    assert [row.measure.key for row in rows] == ["people", "found_by_both", "distance", "oks"]
    assert [row.texts[1] for row in rows] == ["50", "0.981", "", ""]


def test_the_ratio_is_to_float32_in_the_same_runtime() -> None:
    made = result()
    bases = [figures.baseline(trial, made) for trial in made.trials]
    assert bases == [made.trials[0], made.trials[1], made.trials[0], made.trials[1]]
