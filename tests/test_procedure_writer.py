"""What is written reads back as an equal procedure, with the comments it was given."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from edge.config_table import parse
from edge.procedure_writer import write_procedure
from edge.sop.procedure import Forbidden, Procedure, Step
from tests.procedures import FUSE_BOX, procedures, read


@given(procedures())
@settings(max_examples=50)
def test_any_procedure_reads_back(procedure: Procedure) -> None:
    with TemporaryDirectory() as folder:
        assert read(Path(folder), write_procedure(procedure)) == procedure


def test_nothing_is_written_that_goes_without_saying(tmp_path: Path) -> None:
    procedure = read(tmp_path)
    (tmp_path / "own.toml").write_text(FUSE_BOX, encoding="utf-8")
    (tmp_path / "written.toml").write_text(write_procedure(procedure), encoding="utf-8")
    own, written = parse(tmp_path / "own.toml"), parse(tmp_path / "written.toml")
    assert set(written) == set(own)
    assert set(written["cycle"]) == set(own["cycle"])
    assert [set(step) for step in written["step"]] == [set(step) for step in own["step"]]


def test_notes_stand_where_they_belong(tmp_path: Path) -> None:
    notes = {
        "": "Made from 3 recordings.\nCorrect it.",
        "zones.bin": "seen 12 times",
        "step.screw": "4.1 s on average\x00",
        "forbidden.reach-in": "never seen",
        "cycle": "takt",
    }
    lines = write_procedure(read(tmp_path), notes).splitlines()
    assert lines[:2] == ["# Made from 3 recordings.", "# Correct it."]
    assert lines[lines.index("# seen 12 times") + 1].startswith("bin = ")
    assert lines[lines.index("# 4.1 s on average") + 2] == 'name = "screw"'
    assert lines[lines.index("# never seen") + 1] == "[[forbidden]]"
    assert lines[lines.index("# takt") + 1] == "[cycle]"
    assert read(tmp_path, "\n".join(lines)) == read(tmp_path)


def test_a_setting_is_explained_once(tmp_path: Path) -> None:
    written = write_procedure(read(tmp_path))
    assert written.count("what is seen, one after the other") == 1
    assert written.count("how often it is done in a cycle") == 1


def test_what_forbids_nothing_cannot_be_written() -> None:
    nothing = Procedure("p", (Step("a"),), forbidden=(Forbidden("f"),))
    with pytest.raises(ValueError, match="'f' forbids nothing"):
        write_procedure(nothing)
