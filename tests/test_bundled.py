"""What comes along does the main job with nothing else: our model, our clip, and its truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "models" / "demo"
BODY = "edgepose-body-257"
LATE = 2.0  # s after the truth that an alert may begin, or end


@pytest.fixture
def nothing_else(tmp_path: Path) -> dict[str, str]:
    """An environment without any model but those that came along."""
    return {
        **os.environ,
        "EDGEPOSE_SHARED": str(tmp_path / "none"),
        "EDGEPOSE_MODELS": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def edgepose(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "edge", *words)
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def events(nothing_else: dict[str, str]) -> list[dict[str, Any]]:
    clip = str(DEMO / "bench.mp4")
    done = edgepose(
        "run", clip, "--model", BODY, "--rule", "fall", "--events", "-", env=nothing_else
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_the_bundled_model_sees_the_one_fall_of_the_bundled_clip(
    events: list[dict[str, Any]],
) -> None:
    truth = json.loads((DEMO / "bench.truth.json").read_text())["fall"]
    falls = [event for event in events if event["type"].startswith("edgepose.fall.")]
    told = [(event["type"].rpartition(".")[2], event["data"]["t"]) for event in falls]
    begins = [t for phase, t in told if phase == "begin"]
    ends = [t for phase, t in told if phase == "end"]
    assert len(begins) == 1, told
    assert truth["onset"] < begins[0] < truth["impact"] + LATE
    assert [phase for phase, _ in told].count("confirmed") == 1
    assert len(ends) == 1
    assert truth["lying_until"] < ends[0] < truth["up"] + LATE


def test_the_demo_needs_nothing_but_what_came_along(nothing_else: dict[str, str]) -> None:
    pytest.importorskip("amqtt", reason="the demo's own broker is not installed")
    done = edgepose("demo", env=nothing_else)
    assert done.returncode == 0, done.stderr
    assert f"model   {BODY}" in done.stdout
    assert "A fall was seen and reported over MQTT once" in done.stdout
