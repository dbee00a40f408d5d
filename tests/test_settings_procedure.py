"""`edgepose settings procedure`: every key of a procedure file, and examples that can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.commands import _settings_procedure
from edge.procedure_conditions import BESIDE, KINDS
from edge.procedure_file import read_procedure

SCHEMA = Path(__file__).parent.parent / "edge" / "schemas" / "procedure.json"
KEY = re.compile(r"^# ([a-z_]+) = ", re.MULTILINE)


def printed(capsys: pytest.CaptureFixture[str], table: str) -> str:
    assert main(["settings", table]) == 0
    return capsys.readouterr().out


def test_every_key_that_a_file_may_have_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(SCHEMA.read_text())
    top = set(schema["properties"])
    tables = {"zones", "cycle", "step", "forbidden"}
    out = printed(capsys, "procedure")
    for table in tables:
        assert re.search(rf"^# \[\[?{table}\]", out, re.MULTILINE)
    assert top - tables == set(KEY.findall(out.partition("\n\n")[0]))
    for table in ("cycle", "step", "forbidden"):
        kind = schema["properties"][table]
        known = kind.get("items", kind)["properties"]
        assert set(KEY.findall(printed(capsys, table))) == set(known)


def test_every_key_says_what_it_means_and_durations_their_unit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [line for line in printed(capsys, "procedure").splitlines() if KEY.match(line)]
    for line in lines:
        setting, _, meaning = line.removeprefix("# ").partition("  # ")
        assert meaning, line
        if setting.partition(" ")[0].endswith("_s"):
            assert re.search(r"\(s, from [0-9.]+\)$", meaning), line


def test_there_is_an_example_of_every_condition_and_each_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, "condition")
    examples = _settings_procedure.examples()
    for word in (*KINDS, *(key for keys in BESIDE.values() for key in keys)):
        assert any(re.search(rf"\b{word} = ", text) for text in examples), word
    for text in examples:
        assert f"when = {text}" in out
        path = tmp_path / "p.toml"
        path.write_text(f"name = 'p'\n[[step]]\nname = 'a'\nwhen = {text}\n")
        read_procedure(path, ("bin", "bench", "press"))


def test_it_is_named_where_procedures_are_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("sop", "--help"), ("sop", "check", "--help"), ("settings", "--help")):
        with pytest.raises(SystemExit):
            main(list(words))
        assert "edgepose settings procedure" in capsys.readouterr().out
    assert main(["settings", "stp"]) == 78
    assert "did you mean 'step'?" in capsys.readouterr().err


def test_settings_of_a_camera_hold_none_of_a_procedure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert "[[step]]" not in capsys.readouterr().out
