"""A rule's `procedure = "job.toml"` becomes the procedure; its errors are told with all others."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge import config
from edge.errors import Problems
from tests.procedures import FUSE_BOX, read

RULE = "[[rule]]\nkind = 'sop'\nprocedure = 'jobs/fuse-box.toml'\n"
WATCHING = "[source]\nuri = 'a.mp4'\n[[model]]\nname = 'm'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs/fuse-box.toml").write_text(FUSE_BOX, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str, *, watching: bool = False) -> config.Config:
    (folder / "cam1.toml").write_text(text, encoding="utf-8")
    return config.load(folder / "cam1.toml", {}, watching=watching)


def errors(folder: Path, text: str, *, watching: bool = False) -> list[str]:
    with pytest.raises(Problems) as caught:
        load(folder, text, watching=watching)
    assert caught.value.exit_code == 78
    return [str(error).replace(f"{folder}/", "") for error in caught.value.errors]


def test_the_path_is_relative_to_the_configuration(folder: Path) -> None:
    (rule,) = load(folder, RULE).rules
    assert rule.procedure == read(folder)


def test_its_errors_come_with_all_others(folder: Path) -> None:
    broken = FUSE_BOX.replace('in = "bin"', 'in = "bim"').replace("takt_s", "tact_s")
    (folder / "jobs/fuse-box.toml").write_text(broken, encoding="utf-8")
    found = errors(folder, RULE + "kindd = 1\n[trak]\n")
    assert [error.splitlines()[0] for error in found] == [
        "cam1.toml: trak: unknown table",
        "jobs/fuse-box.toml: step[1].when[1].in: unknown zone 'bim'",
        "jobs/fuse-box.toml: cycle.tact_s: unknown key",
        "cam1.toml: rule[1].kindd: unknown setting",
    ]


def test_a_zone_of_the_camera_will_do(folder: Path) -> None:
    text = FUSE_BOX.replace('in = "press"', 'in = "bench"')
    (folder / "jobs/fuse-box.toml").write_text(text, encoding="utf-8")
    bench = "[zones]\nbench = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3]]\n"
    (rule,) = load(folder, bench + RULE).rules
    assert rule.procedure.forbidden
    assert "unknown zone 'bench'" in errors(folder, RULE)[0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("'none.toml'", "none.toml cannot be read (No such file or directory)"),
        ("3", "must be a path in quotes"),
        ("''", "must be a path in quotes"),
        ("{ name = 'p' }", "must be a path in quotes"),
    ],
)
def test_a_path_that_leads_nowhere_is_the_rules_error(folder: Path, value: str, words: str) -> None:
    (error,) = errors(folder, f"[[rule]]\nkind = 'sop'\nprocedure = {value}\n")
    assert error.startswith("cam1.toml: rule[1].procedure: ")
    assert words in error


def test_a_rule_without_its_procedure_says_what_is_missing(folder: Path) -> None:
    (error,) = errors(folder, "[[rule]]\nkind = 'sop'\n")
    assert error.startswith("cam1.toml: rule[1].procedure: is missing")


def test_signals_must_be_configured_where_they_are_to_be_heard(folder: Path) -> None:
    signals = "".join(
        f"[[signal]]\nname = '{name}'\ntopic = 'line/{name}'\n" for name in ("scanner", "closing")
    )
    mqtt = "[[sink]]\nkind = 'mqtt'\nhost = 'localhost'\n"
    (error,) = errors(folder, WATCHING + RULE + signals + mqtt, watching=True)
    assert error.startswith("jobs/fuse-box.toml: step[6].when.signal: no signal 'torque' is conf")
    assert '[[signal]] name = "torque"' in error
    assert load(folder, RULE, watching=False).rules


def test_one_procedure_is_watched_once(folder: Path) -> None:
    (error,) = errors(folder, RULE + RULE)
    assert "rule[2].procedure: the procedure 'fuse-box' is also that of rule[1].procedure" in error
