"""Checks in a process of their own: real models, and what hangs, crashes or talks nonsense."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from edge.config import load
from edge.doctor import alone, model, versions
from edge.doctor.finding import Finding
from tests.doctored import PI_4, bad_one, grades, machine, only

TRIED = model.Tried("ours", "a title", "", "tflite", ready_s=0.2, inference_ms=20.0)


def config(folder: Path, name: str = "edgepose-body-257", **extra: str) -> Path:
    path = folder / "cam1.toml"
    lines = ["[source]", 'uri = "none.mp4"', "[[model]]", f'name = "{name}"']
    path.write_text("\n".join([*lines, *extra.values()]) + "\n")
    return path


def code(text: str, limit_s: float = 20.0) -> list[Finding]:
    return alone.findings_of([sys.executable, "-c", text], {}, "camera", limit_s)


def test_a_check_that_hangs_is_ended() -> None:
    found = bad_one(code("import time; time.sleep(60)", limit_s=0.3))
    assert "the camera did not answer" in found.says


@pytest.mark.parametrize(("name", "words"), [("SIGILL", "instructions"), ("SIGKILL", "memory")])
def test_a_check_that_crashes_says_how(name: str, words: str) -> None:
    found = bad_one(code(f"import os, signal; os.kill(os.getpid(), signal.{name})"))
    assert words in found.says


def test_a_check_without_an_answer_tells_its_last_words() -> None:
    assert "ImportError: no libfoo" in bad_one(code("raise ImportError('no libfoo')")).says
    assert bad_one(code("print('[1, 2]')"))


def test_a_real_model_is_proved_loaded_and_timed(tmp_path: Path) -> None:
    found = only(alone.examine("model", (str(config(tmp_path)), "idle"), {}, 60.0))
    assert found.grade == "good", found
    rate: Any = found.facts["fps_at_most"]
    assert rate > 0


def test_a_model_that_is_not_here_is_bad_and_final(tmp_path: Path) -> None:
    path = config(tmp_path, "posenet-mobilenet-v1-075-353x481-coral")
    nowhere = {"EDGEPOSE_MODELS": str(tmp_path / "models")}
    found = bad_one(alone.examine("model", (str(path), "idle"), nowhere, 60.0))
    assert "edgepose models pull posenet-mobilenet-v1-075-353x481-coral" in found.mend
    assert found.final


def test_a_damaged_model_is_bad(tmp_path: Path) -> None:
    from edge.modelstore import model_store  # noqa: PLC0415 - only here

    folder = model_store().find("edgepose-body-257").folder
    copy = tmp_path / "mine"
    copy.mkdir()
    for file in folder.iterdir():
        if file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    weights = next(copy.glob("*int8*.tflite"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    found = bad_one(alone.examine("model", (str(config(tmp_path, "./mine")), "idle"), {}, 60.0))
    assert found.final


def test_a_model_that_does_not_fit_the_rule_is_bad(tmp_path: Path) -> None:
    path = config(tmp_path, "edgepose-hand-112", rule='[[rule]]\nkind = "fall"')
    assert bad_one(alone.examine("model", (str(path), "idle"), {}, 60.0)).final


@pytest.mark.parametrize(
    ("inference_ms", "busy", "grade"),
    [(20.0, False, "good"), (200.0, False, "look"), (400.0, False, "bad"), (400.0, True, "look")],
)
def test_a_slow_model(inference_ms: float, busy: bool, grade: str) -> None:  # noqa: FBT001 - a row
    one = model.Tried("ours", "a title", "", "tflite", ready_s=0.2, inference_ms=inference_ms)
    found = model.judge([one], busy=busy)
    assert grades(found) == [grade]
    assert ("running service" in found[0].says) == busy


def test_models_that_look_at_the_same_frame_share_its_time() -> None:
    slow = model.Tried("hand", "a title", "", "tflite", ready_s=0.2, inference_ms=180.0)
    assert only(model.judge([TRIED, slow], busy=False)).facts["fps_at_most"] == 5.0


def test_a_model_in_doubt_is_looked_at() -> None:
    doubted = model.Tried("ours", "t", "ours failed its parity", "tflite", 0.2, 20.0)
    assert grades(model.judge([doubted], busy=False)) == ["look"]


def test_a_model_that_falls_back_to_the_processor_is_looked_at() -> None:
    slow = model.Tried("ours", "t", "", "onnxruntime, cpu", 0.2, 20.0, "CUDA cannot be started")
    found = only(model.judge([slow], busy=False))
    assert (found.grade, "CUDA cannot be started" in found.says) == ("look", True)


def test_engines_of_the_service_stay_as_they_are(tmp_path: Path) -> None:
    kept = tmp_path / "cam1" / "engines" / "edgepose-body-257" / "old"
    kept.mkdir(parents=True)
    read = load(config(tmp_path, extra=f'[state]\ndir = "{tmp_path}"'), {})
    assert len(model.read(read)) == 1
    assert kept.is_dir()
    assert [path.name for path in (tmp_path / "cam1").iterdir()] == ["engines"]


def test_versions_of_this_machine() -> None:
    found = only(alone.examine("versions", ("tflite", ""), {}, 60.0))
    assert found.grade in ("good", "look")
    assert {"numpy", "paho-mqtt"} <= set(found.facts["packages"])  # type: ignore[arg-type]


def test_a_package_that_is_broken_is_bad(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object')")
    broken = (
        "import sys, json; sys.path.insert(0, sys.argv[1]);"
        "from edge.doctor.alone import main; main('versions', 'tflite', '')"
    )
    words = [sys.executable, "-c", broken, str(tmp_path)]
    found = bad_one(alone.findings_of(words, {}, "versions", 60.0))
    assert "libGL.so.1" in found.says


def seen(root: Path, **changes: object) -> versions.Versions:
    pi = machine(root, {**PI_4, "/etc/os-release": 'PRETTY_NAME="Debian 12"'})
    read = versions.read(pi, ["tflite"], ["/usr/bin/python3"] if changes.pop("pi", 0) else ())
    values = {name: getattr(read, name) for name in versions.Versions.__slots__}
    return versions.Versions(**{**values, **changes})


def test_the_board_is_named(tmp_path: Path) -> None:
    assert "Raspberry Pi 4 Model B Rev 1.4, Debian 12" in only(versions.judge(seen(tmp_path))).says


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bits_64": False}, "32-bit"),
        ({"python": (3, 9)}, "Python 3.9"),
        ({"broken": {"numpy": "no module"}}, "numpy cannot be used"),
        ({"pi": 1}, "picamera2"),  # the made-up machine's Python answers nothing
    ],
)
def test_parts_that_do_not_go_together_are_bad(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    assert words in bad_one(versions.judge(seen(tmp_path, **changes))).says


def test_two_editions_are_looked_at(tmp_path: Path) -> None:
    assert grades(versions.judge(seen(tmp_path, metadata="0.0.1"))) == ["look"]
