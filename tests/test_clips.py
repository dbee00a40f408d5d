"""Real people: a few labelled clips through the real model, and all keypoints there are.

A guard against getting worse, not a proof of how good it is: rules were tuned looking at these.
`edgepose-bench events` and `benchmarks/urfd_keypoints.py` report every one of them.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks import urfd_keypoints
from benchmarks.__main__ import main as bench
from edge.__main__ import main

MODEL = "posenet-mobilenet-v1-075-353x481-coral"
FEW = (
    *("urfd/fall-07-cam0.mp4", "urfd/fall-16-cam0.mp4", "urfd/fall-27-cam0.mp4"),
    *("gmdcsa24/subject1/Fall/13.mp4", "gmdcsa24/subject1/ADL/16.mp4"),
)


def test_a_few_clips(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    assert main(["models", "pull", MODEL, "--from", str(shared / "weights/posenet")]) == 0
    clips = tmp_path / "clips"
    for name in FEW:
        (clips / name).parent.mkdir(parents=True, exist_ok=True)
        (clips / name).symlink_to(shared / "clips" / name)
    (clips / "broken.mp4").write_bytes(b"\x00 no video")
    with (shared / "clips/labels.csv").open(newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["clip"] in FEW]
        columns = reader.fieldnames or ()
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows([*rows, {"clip": "broken.mp4", "kind": "adl"}])
    words = [
        "--labels",
        f"{tmp_path}/labels.csv",
        "--clips",
        str(clips),
        "--out",
        f"{tmp_path}/out",
    ]
    assert bench(["events", *words, "--json", f"{tmp_path}/events.json"]) == 1
    figures = json.loads((tmp_path / "events.json").read_text())
    verdicts = {one["clip"]: one["verdict"] for one in figures["clips"]}
    assert verdicts == dict(zip(FEW, ["found"] * 4 + ["quiet"], strict=True))
    assert (figures["false_alarms"], figures["model"], figures["backend"]) == (0, MODEL, "tflite")
    assert [one["clip"] for one in figures["unreadable"]] == ["broken.mp4"]
    assert list((tmp_path / "out").rglob("*.part")) == []
    assert bench(["events", *words, "--replay", "--json", f"{tmp_path}/again.json"]) == 1
    again = json.loads((tmp_path / "again.json").read_text())
    assert again["clips"] == figures["clips"]


def test_the_keypoints_of_seventy_sequences(shared: Path, tmp_path: Path) -> None:
    told = urfd_keypoints.alerts(shared / "clips/urfd/urfd_movenet_13x4.npz", tmp_path)
    falls = [bool(when) for name, when in told.items() if name.startswith("fall")]
    everyday = [bool(when) for name, when in told.items() if name.startswith("adl")]
    assert (len(falls), len(everyday)) == (30, 40)
    assert sum(falls) >= 25
    assert sum(everyday) <= 4
