"""The page for the person with the board: what it says to type exists, what it shows is so."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from edge import config
from edge.__main__ import COMMANDS
from edge.commands import doctor
from edge.doctor import patient
from edge.doctor import round as rounds
from edge.doctor.machine import Machine
from edge.firstboot.reading import tables_of
from edge.firstboot.wishes import FILE, wishes_of
from edge.modelstore import ModelStore, model_store
from edge.sinks.mqtt import Mqtt
from tests.brokers import validate

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "first-alert" / "README.md"
TEXT = PAGE.read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
STEPS = 10


def blocks(language: str) -> list[str]:
    return [body for name, body in BLOCK.findall(TEXT) if name == language]


def commands() -> list[list[str]]:
    """Every `edgepose ...` that a reader is told to type, in a line or in a sentence."""
    lines = [line for line in INDENTED.findall(TEXT) if "edgepose " in line]
    lines += re.findall(r"`([^`\n]*edgepose [^`\n]*)`", TEXT)
    typed = [line.removeprefix("sudo ") for line in lines]
    return [shlex.split(line) for line in typed if line.startswith("edgepose ")]


def test_it_has_ten_steps_in_order() -> None:
    numbers = [int(one) for one in re.findall(r"^## (\d+)\. ", TEXT, re.MULTILINE)]
    assert numbers == list(range(1, STEPS + 1))


def test_every_command_exists() -> None:
    typed = commands()
    assert len(typed) >= 5
    for words in typed:
        assert words[1] in COMMANDS or words[1] == "--version", words


def test_the_models_it_names_are_known() -> None:
    known = model_store().names()
    named = set(
        re.findall(r"`(?:sudo edgepose models pull )?((?:edgepose-body|posenet)[\w.-]+)`", TEXT)
    )
    assert named
    assert named <= set(known)


def test_what_comes_along_is_where_it_says() -> None:
    """The clip is named by its place in the package, which is the store of bundled models."""
    (place,) = set(re.findall(r"edge/bundled_models/(\S+?)\)", TEXT))
    assert (ModelStore.of({}).bundled / place).is_file()


def test_the_configuration_is_valid_and_says_what_is_told(tmp_path: Path) -> None:
    camera = next(body for body in blocks("toml") if "[source]" in body)
    path = tmp_path / "cam1.toml"
    path.write_text(camera)
    read = config.load(path, {})
    assert [type(rule).__name__ for rule in read.rules] == ["Fall", "Present"]
    assert isinstance(read.sinks[0], Mqtt)
    for uri in re.findall(r'`uri = "([^"]+)"`', TEXT):
        path.write_text(re.sub(r'^uri = ".*?"', f'uri = "{uri}"', camera, flags=re.MULTILINE))
        config.load(path, {})


def test_the_clip_takes_the_cameras_place(tmp_path: Path) -> None:
    """The line of `sed` in step 10, as it is typed, makes a second configuration of the first."""
    path = tmp_path / "cam1.toml"
    path.write_text(next(body for body in blocks("toml") if "[source]" in body))
    (line,) = re.findall(r"^    (sed .*) \| sudo tee", TEXT, re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", f"clip=/somewhere/bench.mp4; {line}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    path.write_text(done.stdout)
    changed = config.load(path, {})
    assert str(changed.source.path) == "/somewhere/bench.mp4"
    assert changed.names.camera == "test"


def test_the_file_on_the_card_is_understood() -> None:
    (text,) = (body for body in blocks("toml") if "[broker]" in body)
    wishes = wishes_of(tables_of(text))
    assert (wishes.device, wishes.broker.host) == ("camera-1", "192.168.1.10")
    assert FILE in TEXT


def test_the_doctors_lines_are_those_it_prints(tmp_path: Path) -> None:
    shown = next(body for body in blocks("text") if "versions" in body)
    grades = "|".join(sorted(doctor._SHOWN.values(), key=len, reverse=True))
    names = re.findall(rf"^(?:{grades}) +(\w+)(?: cam1)?  ", shown, re.MULTILINE)
    path = tmp_path / "cam1.toml"
    path.write_text(next(body for body in blocks("toml") if "[source]" in body))
    real = [one.what for one in rounds.checks(Machine(), [patient.read(path, Machine())])]
    assert list(dict.fromkeys(names)) == real


def test_the_alert_shown_is_a_valid_one() -> None:
    shown = blocks("mqtt")
    assert shown
    for block in shown:
        topic, _, payload = block.partition("\n")
        body: dict[str, Any] = json.loads(payload)
        validate(topic, body)
        assert body["type"] == "edgepose.fall.begin"


def test_the_output_shown_is_the_output() -> None:
    for block in blocks("console"):
        first, _, output = block.partition("\n")
        words = shlex.split(first.removeprefix("$ edgepose "))
        done = subprocess.run(
            [sys.executable, "-m", "edge", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == output


def test_the_drawing_is_one() -> None:
    assert ET.parse(PAGE.parent / "camera.svg").getroot().tag.endswith("svg")  # noqa: S314 - ours


def test_the_limits_it_names_are_those_of_the_doctor() -> None:
    from edge.doctor import camera, model  # noqa: PLC0415 - a name of this page, too

    (few, too_few) = re.findall(
        r"fewer than (\d+) something to look at, and fewer than (\d+)", TEXT
    )[0]
    assert (float(few), float(too_few)) == (camera._FEW, camera._TOO_FEW)
    assert (model._FEW, model._TOO_FEW) == (camera._FEW, camera._TOO_FEW)


@pytest.mark.parametrize("unit", ["edgepose@cam1", "edgepose@test"])
def test_the_services_it_names_have_a_unit(unit: str) -> None:
    assert unit in TEXT
    assert (ROOT / "systemd" / "edgepose@.service").is_file()
