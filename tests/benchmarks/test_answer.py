"""What every command gives: a table, and figures that may be shown to others."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import pytest

from benchmarks import answer
from benchmarks.__main__ import COMMANDS, main
from benchmarks.errors import BenchError


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("fps", "fps"),
        ("--threads=3", "--threads=3"),
        ("/home/anna/films/hall.mp4", "hall.mp4"),
        ("--source=/home/anna/hall.mp4", "--source=hall.mp4"),
        ("/dev/video0", "/dev/video0"),
        ("rtsp://anna:secret@10.0.0.7/live", "rtsp://HOST"),
        ("--mqtt=mqtts://u:p@broker.local", "--mqtt=mqtts://HOST"),
    ],
)
def test_a_command_line_is_shown_without_folders_hosts_or_passwords(word: str, shown: str) -> None:
    assert answer.shown(word) == shown


def test_figures_are_plain_json_whatever_was_measured(tmp_path: Path) -> None:
    args = argparse.Namespace(json=tmp_path / "deep" / "a.json")
    answer.write(args, "fps", {"a": math.nan, "b": (1, 2.000000001), "c": {"d": math.inf}})
    told = json.loads(args.json.read_text())
    assert (told["a"], told["b"], told["c"]) == (None, [1, 2.0], {"d": None})
    assert told["benchmark"] == "fps"
    assert told["command"][0] == "edgepose-bench"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="cannot be written") as caught:
        answer.save(tmp_path, "text")
    assert caught.value.where == str(tmp_path)


def test_numbers_stand_below_each_other() -> None:
    table = answer.table(("", "fps"), [("a long name", "9.5"), ("b", "100.0")])
    assert table == "               fps\na long name    9.5\nb            100.0"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert f"edgepose-bench {command}" in told
    assert "--json" in told or command == "results"


def test_an_unknown_command_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["acuracy"])
    assert "did you mean 'accuracy'" in capsys.readouterr().err
