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
BODY, HAND = "edgepose-body-257", "edgepose-hand-112"
LATE = 2.0  # s after the truth that an alert may begin, or end


@pytest.fixture(scope="module")
def nothing_else(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without any model but those that came along."""
    folder = tmp_path_factory.mktemp("bundled")
    return {
        **os.environ,
        "EDGEPOSE_SHARED": str(folder / "none"),
        "EDGEPOSE_MODELS": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
    }


def edgepose(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "edge", *words)
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def events(
    nothing_else: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    config = tmp_path_factory.mktemp("config") / "bench.toml"
    config.write_text(
        f'source = {{ uri = "{DEMO / "bench.mp4"}" }}\n'
        f'model = [{{ name = "{BODY}" }}, {{ name = "{HAND}" }}]\n'
        '[[rule]]\nkind = "fall"\n'
        f'[[rule]]\nkind = "sop"\nprocedure = "{DEMO / "fuse-box.toml"}"\n'
    )
    done = edgepose("run", str(config), "--events", "-", env=nothing_else)
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


def test_the_bundled_models_see_the_job_of_the_bundled_clip_and_no_error_in_it(
    events: list[dict[str, Any]],
) -> None:
    truth = json.loads((DEMO / "bench.truth.json").read_text())
    told = [
        (event["type"].removeprefix("edgepose.sop."), event["subject"], event["data"]["t"])
        for event in events
        if event["type"].startswith("edgepose.sop.")
    ]
    right = {"cycle_started", "step_started", "step_completed", "cycle_completed"}
    assert {phase for phase, _, _ in told} == right
    done = {subject: t for phase, subject, t in told if phase == "step_completed"}
    ends = {f"fuse-box/{step['name']}": step["end"] for step in truth["steps"]}
    assert list(done) == list(ends)
    assert all(abs(done[name] - end) < LATE for name, end in ends.items()), (done, ends)
    assert [phase for phase, _, _ in told].count("cycle_completed") == 1


def test_the_demo_needs_nothing_but_what_came_along(nothing_else: dict[str, str]) -> None:
    pytest.importorskip("amqtt", reason="the demo's own broker is not installed")
    done = edgepose("demo", env=nothing_else)
    assert done.returncode == 0, done.stderr
    assert f"model   {BODY}, {HAND}" in done.stdout
    assert "sop step completed fuse-box/deliver" in done.stdout
    # In real time: how many frames a busy machine leaves out is not what is tested here.
    assert "A fall was seen and reported over MQTT" in done.stdout
