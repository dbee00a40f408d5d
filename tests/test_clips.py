"""Real people: a few labelled clips through the real model, and all keypoints there are.

A guard against getting worse, not a proof of how good it is: rules were tuned looking at these.
`benchmarks/clips.py` and `benchmarks/urfd_keypoints.py` report every one of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks import clips, urfd_keypoints
from edge.__main__ import main

MODEL = "posenet-mobilenet-v1-075-353x481-coral"
FEW = (
    *("urfd/fall-07-cam0.mp4", "urfd/fall-16-cam0.mp4", "urfd/fall-27-cam0.mp4"),
    *("gmdcsa24/subject1/Fall/13.mp4", "gmdcsa24/subject1/ADL/16.mp4"),
)


def test_a_few_clips(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    assert main(["models", "pull", MODEL, "--from", str(shared / "weights/posenet")]) == 0
    options = argparse.Namespace(
        clips=shared / "clips", out=tmp_path, model=MODEL, backend="", replay=False
    )
    rows = {clip.path: clip for clip in clips.labels(shared / "clips/labels.csv")}
    results = [clips.judge(rows[name], options) for name in FEW]
    assert [result.found is not None for result in results] == [True] * 4 + [False]
    assert [result.false_alarms for result in results] == [0] * len(FEW)


def test_the_keypoints_of_seventy_sequences(shared: Path, tmp_path: Path) -> None:
    told = urfd_keypoints.alerts(shared / "clips/urfd/urfd_movenet_13x4.npz", tmp_path)
    falls = [bool(when) for name, when in told.items() if name.startswith("fall")]
    everyday = [bool(when) for name, when in told.items() if name.startswith("adl")]
    assert (len(falls), len(everyday)) == (30, 40)
    assert sum(falls) >= 25
    assert sum(everyday) <= 4
