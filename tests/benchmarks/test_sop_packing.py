"""A packing shift through the real engine: boxes are found from operations alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.errors import BenchError
from benchmarks.sop import pack, shift
from tests.benchmarks.timelines import BACK, OPERATIONS, REDONE, packing

PICKED_TWICE = (*OPERATIONS[:2], *OPERATIONS)


def figures(folder: Path, fps: float = 5.0) -> dict[str, Any]:
    (one,) = shift.read(folder)
    return pack.figures(one, pack.watch(one, fps))


def test_boxes_takt_and_serials_are_found(tmp_path: Path) -> None:
    found = figures(packing(tmp_path, [OPERATIONS, PICKED_TWICE, (*OPERATIONS, BACK), OPERATIONS]))
    assert (found["boxes"], found["cycles"], found["boxes_found"]) == (4, 4, 4)
    assert found["cycles_aborted"] == 0
    assert found["serials_right"] == 4
    assert not found["alerts"]
    errors = [row["error_s"] for row in found["cycle_list"]]
    assert errors == pytest.approx([0.0, 0.0, -5.0, 0.0])  # the back table is not waited for
    assert found["takt_error_s"]["most"] == pytest.approx(5.0)


def test_what_is_done_again_is_told_in_its_box(tmp_path: Path) -> None:
    found = figures(packing(tmp_path, [OPERATIONS, REDONE, OPERATIONS]))
    assert found["boxes_found"] == 3
    assert [(one["box"], one["phase"]) for one in found["alerts"]] == [("2", "step_repeated")] * 2
    assert {one["outlier"] for one in found["alerts"]} == {"Incident: Miss"}
    assert found["false_alerts"] == 0
    assert found["outliers"] == {"Incident": {"labelled": 1, "told": 1}}


def test_a_box_without_its_label_is_told(tmp_path: Path) -> None:
    lacking = tuple(name for name in OPERATIONS if name != "Attach Box Label")
    found = figures(packing(tmp_path, [OPERATIONS, lacking, OPERATIONS]))
    told = [(one["phase"], one["step"]) for one in found["alerts"]]
    assert told == [("step_skipped", "attach-box-label")]
    assert found["boxes_found"] == 3


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = packing(tmp_path / "p", [OPERATIONS] * 3), tmp_path / "sop.json"
    assert main(["sop", "--openpack", str(source), "--out", str(out)]) == 0
    table = json.loads(out.read_text("utf-8"))
    assert table["order"] is None
    assert table["packing"][0]["boxes_found"] == 3
    assert "27 operations of 3 boxes" in capsys.readouterr().out


def test_a_broken_time_is_named(tmp_path: Path) -> None:
    folder = packing(tmp_path, [OPERATIONS])
    path = folder / shift.OPERATIONS / "S1.csv"
    path.write_text(path.read_text().replace("2022-", "yesterday ", 1))
    with pytest.raises(BenchError, match=r"start.*is no time"):
        shift.read(folder)


def test_a_real_shift(shared: Path) -> None:
    folder = shared / "timelines" / "openpack"
    if not folder.is_dir():
        pytest.skip(f"no timelines at {folder}")
    found = figures(folder)
    assert found["boxes"] == found["cycles"] == found["boxes_found"] == 20
    assert found["serials_right"] == 20
    assert found["duration_error_s"]["p50"] < 0.1
    assert {alert["phase"] for alert in found["alerts"]} == {"step_repeated"}
