"""What the flags of a command line stand for, and what `--help` says of them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from edge import registry
from edge.__main__ import main
from edge.commands import _flags, _sop_camera
from edge.config import load
from edge.errors import Problems

DOCS = Path(__file__).parent.parent / "docs"
POSES, JOB = DOCS / "packing" / "packing.poses.jsonl", DOCS / "packing" / "packing.toml"


def test_a_procedure_is_replayed_without_a_configuration(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["replay", str(POSES), "--procedure", str(JOB)]) == 0
    printed = capsys.readouterr().out
    assert "sop step completed packing/" in printed
    assert "fall" not in printed


def test_rules_and_procedures_add_up() -> None:
    parser = argparse.ArgumentParser()
    _flags.reports(parser)
    given = _flags.tables(parser.parse_args(["--procedure", "job.toml", "--rule", "fall"]))
    job = str(Path("job.toml").absolute())
    assert given["rule"] == [{"kind": "fall"}, {"kind": "sop", "procedure": job}]


def test_a_procedure_without_its_file_is_told_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(POSES), "--rule", "sop"]) == 78
    text = capsys.readouterr().err
    assert "--rule sop: does not say which procedure" in text
    assert "--procedure FILE.toml" in text


def test_help_lists_every_kind_of_rule(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    kinds = [kind for kind in registry.kinds("events") if kind != "sop"]
    assert f"{', '.join(kinds)}; repeatable" in words


def test_a_folder_of_a_model_is_meant_from_here() -> None:
    parser = argparse.ArgumentParser()
    _flags.model(parser)
    given = _flags.tables(parser.parse_args(["--model", "./mine", "--model", "palm"]))
    assert [one["name"] for one in given["model"]] == [str(Path("mine").absolute()), "palm"]


def test_a_folder_in_a_configuration_is_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, elsewhere = tmp_path / "mine", tmp_path / "elsewhere"
    for folder in (mine, elsewhere):
        folder.mkdir()
    (mine / "manifest.toml").write_text("")
    monkeypatch.chdir(elsewhere)
    path = tmp_path / "cam1.toml"
    for name in ("./mine", "mine", "elsewhere/../mine", str(mine)):
        path.write_text(f'[[model]]\nname = "{name}"\n')
        (one,) = load(path, {}, watching=False).models
        assert Path(one.name).resolve() == mine
        (same,) = _sop_camera.camera(argparse.Namespace(config=path)).models
        assert same == one.name
    path.write_text('[[model]]\nname = "edgepose-gesture-21"\n')
    assert load(path, {}, watching=False).models[0].name == "edgepose-gesture-21"


def test_a_classifier_takes_poses(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ai_edge_litert")
    models = ("edgepose-body-257", "edgepose-hand-112", "edgepose-gesture-21")
    main(["check", "none.mp4", *(word for name in models for word in ("--model", name))])
    text = capsys.readouterr().out
    assert "poses, ready in" in text
    assert "0x0" not in text


def test_a_url_is_no_setting_of_a_sink(tmp_path: Path) -> None:
    path = tmp_path / "cam1.toml"
    path.write_text('[[sink]]\nkind = "mqtt"\nurl = "mqtt://broker"\n')
    with pytest.raises(Problems) as caught:
        load(path, {})
    assert "sink[1].url: unknown setting\n  hint: write host and port" in str(caught.value)
