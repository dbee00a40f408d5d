"""What counts as found, missed and false, and how sure a figure is: cases with known answers."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks.errors import BenchError
from benchmarks.events.figures import by_dataset, figures
from benchmarks.events.judge import Alert, Judged
from benchmarks.events.labels import Clip, read
from benchmarks.events.rates import garwood, percentile, wilson
from edge.errors import EdgeposeError, Problems

HEAD = "clip,dataset,kind,onset_s,impact_s,duration_s,crop,note\n"
FALL = Clip("a.mp4", "one", fall=True, onset=2.0, impact=3.0, duration=8.0)
EVERYDAY = Clip("b.mp4", "two", fall=False, duration=30.0)


def judged(clip: Clip, *alerts: float, recorded_s: float = 8.0) -> Judged:
    return Judged(clip, tuple(Alert(t) for t in alerts), recorded_s)


@pytest.mark.parametrize(
    ("clip", "alerts", "verdict", "false", "repeated"),
    [
        (FALL, (), "missed", 0, 0),
        (FALL, (2.5,), "found", 0, 0),
        (FALL, (1.8,), "found", 0, 0),  # labels are read by eye
        (FALL, (1.79,), "missed", 1, 0),
        (FALL, (1.0, 1.5, 3.0, 5.0, 6.0), "found", 2, 2),
        (Clip("c", "", fall=True), (0.0,), "found", 0, 0),  # no onset: from the beginning
        (EVERYDAY, (), "quiet", 0, 0),
        (EVERYDAY, (1.0, 9.0), "false alarm", 2, 0),
    ],
)
def test_an_alert_finds_a_fall_or_is_false_or_repeats(
    clip: Clip, alerts: tuple[float, ...], verdict: str, false: int, repeated: int
) -> None:
    one = judged(clip, *alerts)
    assert (one.verdict, len(one.false_alarms), one.repeated) == (verdict, false, repeated)


def test_a_tenth_of_rounding_is_not_too_early() -> None:
    clip = Clip("c", "", fall=True, onset=1.3)
    assert judged(clip, 1.1).verdict == "found"  # 1.3 - 0.2 is a hair more than 1.1


def test_delays_are_those_of_the_alert_that_found_the_fall() -> None:
    one = judged(FALL, 1.0, 2.9, 4.0)
    assert one.delay_from_onset_s == pytest.approx(0.9)
    assert one.delay_from_impact_s == pytest.approx(-0.1)
    assert math.isnan(judged(FALL, 1.0).delay_from_onset_s)
    assert math.isnan(judged(Clip("c", "", fall=True, onset=2.0), 2.5).delay_from_impact_s)


def test_figures_of_a_few_clips_worked_out_by_hand() -> None:
    clips = [
        judged(FALL, 3.0),
        judged(FALL, 1.0, 4.0, 5.0),
        judged(FALL),
        judged(EVERYDAY),
        judged(EVERYDAY, 2.0, 3.0),
        judged(Clip("c", "two", fall=False), recorded_s=54.0),  # as long as its recording
    ]
    one = figures(clips)
    assert (one["falls"], one["found"], one["repeated"]) == (3, 2, 1)
    assert (one["everyday_clips"], one["everyday_clips_with_false_alarm"]) == (3, 1)
    assert one["false_alarms"] == 3
    assert one["sensitivity"] == pytest.approx(2 / 3)
    assert one["specificity"] == pytest.approx(2 / 3)
    assert one["precision"] == pytest.approx(2 / 5)
    assert one["f1"] == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert one["everyday_hours"] == pytest.approx((3 * 2.0 + 2 * 30.0 + 54.0) / 3600)
    assert one["false_alarms_per_hour"] == pytest.approx(3 * 3600 / 120)
    assert one["delay_from_onset_s"] == pytest.approx({"p50": 1.5, "p95": 1.95})
    assert one["delay_from_impact_s"] == pytest.approx({"p50": 0.5, "p95": 0.95})
    parts = by_dataset(clips)
    assert [(name, part["falls"]) for name, part in parts.items()] == [("one", 3), ("two", 0)]
    assert math.isnan(parts["two"]["sensitivity"])
    assert math.isnan(parts["two"]["f1"])


@pytest.mark.parametrize(
    ("events", "low", "high"),  # of 1 h: chi-square tables, as in Garwood (1936)
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)],
)
def test_the_exact_interval_of_a_count(events: int, low: float, high: float) -> None:
    assert garwood(events, 1.0) == pytest.approx((low, high), abs=6e-4)
    assert garwood(events, 4.0) == pytest.approx((low / 4, high / 4), abs=6e-4)


def test_many_false_alarms_overflow_nothing() -> None:
    low, high = garwood(2000, 1.0)
    spread = 1.96 * math.sqrt(2000)
    assert (2000 - low, high - 2000) == pytest.approx((spread, spread), rel=0.05)


def test_the_interval_of_a_share() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    numbers = (*wilson(0, 0), *garwood(3, 0.0), percentile([math.nan], 50))
    assert all(math.isnan(value) for value in numbers)


def test_labels_need_few_columns_and_few_values(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("\ufeffclip,kind,onset_s,impact_s,duration_s\na.mp4,fall,1.5,,\nb.mp4,adl,,,\n")
    first, second = read(path)
    assert (first.name, first.dataset, first.fall) == ("a.mp4", "unnamed", True)
    assert (first.onset, first.impact, first.duration) == (1.5, None, None)
    assert (second.fall, second.onset) == (False, None)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",x,fall,1,,,,", "names no clip"),
        ("/a.mp4,x,fall,1,,,,", "not below the folder"),
        ("../a.mp4,x,fall,1,,,,", "not below the folder"),
        ("a.mp4,x,tumble,1,,,,", "kind is 'tumble'"),
        ("a.mp4,x,fall,soon,,,,", "onset_s is 'soon'"),
        ("a.mp4,x,fall,1,-1,,,", "impact_s is '-1'"),
        ("a.mp4,x,fall,1,nan,,,", "impact_s is 'nan'"),
        ("a.mp4,x,fall,2,1,,,", "comes before onset_s"),
        ("a.mp4,x,fall,9,,5,,", "comes after duration_s"),
        ("good.mp4,x,adl,,,,,", "is there twice"),
    ],
)
def test_a_wrong_row_is_named_with_its_number(row: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"{HEAD}good.mp4,x,fall,1,2,5,,\n{row}\n")
    with pytest.raises(EdgeposeError, match=problem) as caught:
        read(path)
    assert f"{path}:3: " in str(caught.value)


def test_all_wrong_rows_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"{HEAD}a.mp4,x,fal,,,,,\nb.mp4,x,fall,x,,,,\n")
    with pytest.raises(Problems) as caught:
        read(path)
    assert [error.where for error in caught.value.errors] == [f"{path}:2", f"{path}:3"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column 'clip'"),
        ("clip,kind,onset,impact_s,duration_s\n", "no column 'onset_s'\n  hint: .*'onset'"),
        (HEAD, "has no clips"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_file_that_holds_no_labels_is_refused(
    text: str | bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BenchError, match=problem):
        read(path)
