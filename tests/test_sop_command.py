"""`edgepose sop check` and `explain`: every finding of every file, and the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.__main__ import main
from edge.errors import EdgeposeError
from edge.runtime.labels import known_labels
from tests.procedures import FUSE_BOX

CAMERA = """
[zones]
bench = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3]]
[[signal]]
name = "scanner"
topic = "line1/scanner"
"""
BENCH = "name = 'b'\n[[step]]\nname = 's'\nwhen = { in = 'bench', hold_s = 1 }\n"


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_good_file_is_called_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sop", "check", write(tmp_path, "p.toml", FUSE_BOX)]) == 0
    out = capsys.readouterr().out
    assert out == f"good     {tmp_path}/p.toml: 7 steps, 4 zones, 1 forbidden thing\n"


def test_one_bad_file_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "not.toml": "name = ",
        "read.toml": "name = 'p'\n[[step]]\nname = 'a'\nwhen = { in = 'bin' }\n"
        "[[step]]\nname = 'b'\nwhen = { signal = 's' }\nleast_s = 3\nmost_s = 2\n",
        "warn.toml": FUSE_BOX.replace("hold_s = 0.5", "hold_s = 0"),
        "good.toml": FUSE_BOX,
    }
    paths = [write(tmp_path, name, text) for name, text in files.items()]
    assert main(["sop", "check", *paths]) == 78
    lines = capsys.readouterr().out.replace(f"{tmp_path}/", "").splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "error    not.toml: is not TOML: Invalid value (at end of document)",
        "error    read.toml: step[1].when.in: unknown zone 'bin'",
        "error    read.toml: step[2].least_s: 3 s is more than most_s, 2 s",
        "warning  warn.toml: step[5].when: a single look is enough for it, and one may be wrong",
        "good     good.toml: 7 steps, 4 zones, 1 forbidden thing",
    ]
    assert "draw it: [zones]" in lines[2]
    assert main(["sop", "check", *paths[2:]]) == 0


def test_a_camera_gives_zones_and_says_which_signals_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    camera, bench = write(tmp_path, "cam.toml", CAMERA), write(tmp_path, "b.toml", BENCH)
    fuse = write(tmp_path, "f.toml", FUSE_BOX)
    assert main(["sop", "check", bench]) == 78
    assert main(["sop", "check", bench, "--config", camera]) == 0
    assert main(["sop", "explain", bench, "--config", camera]) == 0
    assert "a hand in the bench for 1 s" in capsys.readouterr().out
    assert main(["sop", "check", fuse, "--config", camera]) == 78
    out = capsys.readouterr().out
    assert "f.toml: step[6].when.signal: no signal 'torque' is configured" in out
    assert "'scanner' is configured" not in out


def test_what_cannot_be_read_is_not_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sop", "explain", write(tmp_path, "b.toml", BENCH)]) == 78
    assert "unknown zone 'bench'" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["check", "explain", "draw", "teach"])
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["sop", verb, "--help"])
    assert caught.value.code == 0
    assert f"  edgepose sop {verb} " in capsys.readouterr().out


def test_a_gesture_that_no_model_names_is_an_error_unless_one_is_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        known = known_labels("hand21")
    except EdgeposeError as error:
        pytest.skip(f"no classifier of gestures is here: {error}")
    text = BENCH.replace("in = 'bench'", "gesture = 'box-sign'")
    file = write(tmp_path, "b.toml", text)
    assert main(["sop", "check", file]) == 78
    out = capsys.readouterr().out
    assert "b.toml: step[1].when.gesture: unknown gesture 'box-sign'" in out
    assert ", ".join(sorted(known)) in out
    assert main(["sop", "check", file, "--gesture", "box-sign"]) == 0


def test_a_camera_that_cannot_be_loaded_is_no_camera(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = write(tmp_path, "b.toml", BENCH)
    camera = write(tmp_path, "cam.toml", CAMERA + "[sorce]\nuri = '0'\n")
    assert main(["sop", "check", bench, "--config", camera]) == 78
    out = capsys.readouterr().out
    assert "error    " + camera + ": sorce: unknown table" in out
    assert f"good     {bench}" in out
    # What is wrong with the procedure itself is told once.
    rule = f"[[rule]]\nkind = 'sop'\nprocedure = 'b.toml'\n{CAMERA}"
    camera = write(tmp_path, "cam.toml", rule)
    bench = write(tmp_path, "b.toml", BENCH.replace("'bench'", "'bnch'"))
    assert main(["sop", "check", bench, "--config", camera]) == 78
    out = capsys.readouterr().out
    assert out.count("unknown zone 'bnch'") == 1
    assert "did you mean 'bench'?" in out


def test_a_mistyped_signal_is_recognised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BENCH.replace("in = 'bench', hold_s = 1", "signal = 'scaner'")
    camera = write(tmp_path, "cam.toml", CAMERA)
    assert main(["sop", "check", write(tmp_path, "b.toml", text), "--config", camera]) == 78
    assert "did you mean 'scanner'?" in capsys.readouterr().out


def test_the_one_file_is_not_taken_for_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    camera, bench = write(tmp_path, "cam.toml", CAMERA), write(tmp_path, "b.toml", BENCH)
    assert main(["sop", "check", camera]) == 78
    assert capsys.readouterr().out.splitlines() == [
        f"error    {camera}: is a camera's configuration, not a procedure",
        f"           hint: edgepose check {camera}",
    ]
    assert main(["check", bench]) == 78
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(f"{bench}: is a procedure, not a camera's configuration")
    assert len(said) == 2
    rule = "[source]\nuri = '0'\n[[model]]\nname = 'm'\n[[rule]]\nkind = 'sop'\n"
    other = write(tmp_path, "other.toml", f"{rule}procedure = 'cam.toml'\n")
    assert main(["check", other]) == 78
    assert "cam.toml is a camera's configuration, not a procedure" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("hold_s = '0.4'", "write it without quotes"),
        ("hold = 0.4", "did you mean 'hold_s'?"),
        ("hold_s = 1 }\nmin_s = 3 #", "did you mean 'least_s'?"),
        ("hold_s = 1 }\nmax_s = 3 #", "did you mean 'most_s'?"),
        ("hold_s = 1 }\noptional = 'true' #", "write it without quotes"),
        ("hold_s = 1 }\nhold_s = 2 #", "it stands in the condition: when = "),
        ("hold_s = 'long'", "this much of it must be seen"),
    ],
)
def test_a_near_miss_is_told_what_it_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, hint: str
) -> None:
    file = write(tmp_path, "b.toml", BENCH.replace("hold_s = 1", wrong))
    camera = write(tmp_path, "cam.toml", CAMERA)
    assert main(["sop", "check", file, "--config", camera]) == 78
    assert hint in capsys.readouterr().out
