"""Several models in one configuration: by a file, by flags, and what the commands make of them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from edge import config
from edge.__main__ import main
from edge.commands import _flags
from edge.config_table import overlay
from edge.errors import Problems

PALM, HAND = "palm-detection-lite", "hand-landmark-lite"
BODY = "posenet-mobilenet-v1-075-353x481-coral"
SOURCE = {"uri": "clip.mp4"}


def tables(*words: str) -> dict[str, Any]:
    """What the flags of a command line stand for."""
    parser = argparse.ArgumentParser()
    _flags.model(parser)
    return _flags.tables(parser.parse_args(words))


def test_every_model_named_is_used_and_run_alike() -> None:
    flags = tables("--model", "a", "--model", "b", "--threads", "2")
    got = config.load(None, {**flags, "source": SOURCE})
    assert [(model.name, model.threads) for model in got.models] == [("a", 2), ("b", 2)]
    assert "model" not in tables()


def test_flags_replace_the_models_of_a_file_or_say_how_all_of_them_are_run() -> None:
    below = {"model": [{"name": "a", "threads": 4}, {"name": "b"}]}
    assert overlay(below, tables("--model", "c"))["model"] == [{"name": "c"}]
    assert overlay(below, tables("--threads", "2"))["model"] == [
        {"name": "a", "threads": 2},
        {"name": "b", "threads": 2},
    ]


def test_hands_have_a_table_of_their_own() -> None:
    flags = {"source": SOURCE, "model": [{"name": "a"}]}
    assert config.load(None, {**flags, "hands": {"max_hands": 4}}).hands.max_hands == 4
    with pytest.raises(Problems, match=r"hands\.max_hands: 0 is out of range"):
        config.load(None, {**flags, "hands": {"max_hands": 0}})


@pytest.fixture
def photos(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a folder of photos, with all three models pulled."""
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    pull = ["models", "pull", PALM, HAND, BODY, "--from", str(shared / "weights")]
    assert main(pull) == 0
    return str(shared / "images/hands/rhd")


@pytest.mark.parametrize("first", [PALM, BODY])
def test_hands_are_recorded_with_their_side_and_metres_and_replay(
    first: str, photos: str, tmp_path: Path
) -> None:
    out = tmp_path / "poses.jsonl"
    assert main(["record", photos, "--model", first, "--model", HAND, "--out", str(out)]) == 0
    header, *frames = map(json.loads, out.read_text().splitlines())
    assert header["model"] == f"{first}+{HAND}"
    hands = [pose for one in frames for pose in one["poses"] if pose["skeleton"] == "hand21"]
    assert hands
    assert {pose["side"] for pose in hands} <= {"left", "right"}
    assert {len(pose["world"]) for pose in hands} == {63}
    assert main(["replay", str(out)]) == 0


def test_what_does_not_go_together_is_refused_with_its_place(
    photos: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for names, place in (
        ((PALM,), "command line: model[1]: finds palms"),
        ((BODY, PALM, HAND), "command line: model[2]: a palm model never runs"),
        ((PALM, HAND), "command line: rule[1]: 'fall' judges bodies"),
    ):
        words = [word for name in names for word in ("--model", name)]
        for command in ("run", "check"):
            assert main([command, photos, *words]) == 78
            said = capsys.readouterr()
            assert place in said.out + said.err
            assert "hint: " in said.out + said.err


def test_check_opens_every_model(photos: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", photos, "--model", BODY, "--model", HAND]) == 0
    text = capsys.readouterr().out
    assert f"good   model          {BODY}, {HAND}" in text
    assert "353x481, ready" in text
    assert "224x224, ready" in text
