"""What boards are called and what they say of themselves, from their own files."""

from __future__ import annotations

import io
import json
import platform
import sys
from pathlib import Path

import pytest

from benchmarks.board import reading
from edge.doctor import machine
from edge.runtime import sysfs
from tests.benchmarks.boards.laid import MODEL, ZONE, at_rest, read, sections

KNOWN = {
    "raspberry-pi-4": ("raspberry-pi-4-model-b", "Cortex-A72", 4),
    "raspberry-pi-5": ("raspberry-pi-5-model-b", "Cortex-A76", 4),
    "jetson-nano": ("jetson-nano", "Cortex-A57", 4),
    "jetson-orin-nano": ("jetson-orin-nano", "Cortex-A78AE", 6),
    "thinkpad-t14": (
        "x86-amd-ryzen-7-pro-5850u-16-cores",
        "AMD Ryzen 7 PRO 5850U with Radeon Graphics",
        16,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_board_is_named_with_its_processor_and_cores(name: str, tmp_path: Path) -> None:
    seen = read(tmp_path, sections(name))
    assert (seen.slug, seen.cpu, seen.cores.online) == KNOWN[name]
    assert seen.cores.usable == seen.cores.online
    assert seen.name in seen.summary().splitlines()[0]


@pytest.mark.parametrize("name", KNOWN)
def test_a_board_at_rest_has_nothing_said_against_it(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, at_rest(name)).warnings == ()


@pytest.mark.parametrize("name", KNOWN)
def test_facts_are_json_with_the_same_keys_on_every_board(name: str, tmp_path: Path) -> None:
    facts = read(tmp_path, sections(name)).facts()
    nothing = read(tmp_path / "nothing", {}).facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert list(facts) == list(nothing)


def test_what_a_raspberry_pi_says(tmp_path: Path) -> None:
    facts = read(tmp_path, sections("raspberry-pi-4")).facts()
    assert facts["name"] == "Raspberry Pi 4 Model B Rev 1.5"
    assert facts["arch"] == "aarch64"
    assert facts["memory_mb"] == 8198.8
    assert facts["governor"] == "ondemand"
    assert facts["frequency_mhz"] == {"min": 600.0, "max": 1800.0, "now": 600.0}
    assert facts["os"] == "Debian GNU/Linux 12 (bookworm)"
    assert facts["kernel"] == "6.6.31+rpt-rpi-v8"
    assert facts["throttled"] == {"now": [], "since_boot": []}
    assert (facts["temperature_c"], facts["temperatures"]) == (48.199, {"cpu-thermal": 48.199})
    assert facts["power_mode"] is None
    assert {"edgepose", "numpy"} <= set(facts["packages"])


def test_a_machine_that_says_nothing_is_not_guessed_at(tmp_path: Path) -> None:
    facts = read(tmp_path, {}).facts()
    known = {key for key, value in facts.items() if value not in (None, {}, [], False)}
    assert known == {"name", "slug", "python", "packages"}
    assert (facts["name"], facts["slug"]) == ("unknown board", "unknown")


@pytest.mark.parametrize(
    ("model", "slug"),
    [
        ("Raspberry Pi 4 Model B Rev 1.1", "raspberry-pi-4-model-b"),
        ("Raspberry Pi Compute Module 4 Rev 1.0", "raspberry-pi-compute-module-4"),
        ("NVIDIA Orin Nano Developer Kit", "jetson-orin-nano"),
        ("NVIDIA Jetson AGX Orin Developer Kit", "jetson-agx-orin"),
        ("NVIDIA Orin NX Developer Kit", "jetson-orin-nx"),
        ("NVIDIA Jetson Nano 2GB Developer Kit", "jetson-nano-2gb"),
        ("Radxa ROCK 5B", "radxa-rock-5b"),
    ],
)
def test_boards_of_a_kind_share_a_file_name(model: str, slug: str, tmp_path: Path) -> None:
    assert read(tmp_path, {**sections("raspberry-pi-4"), MODEL: model}).slug == slug


@pytest.mark.parametrize(
    ("model", "slug"),
    [
        ("AMD EPYC", "x86-amd-epyc-16-cores"),
        ("Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz", "x86-intel-core-i5-6300u-16-cores"),
        ("12th Gen Intel(R) Core(TM) i7-1255U", "x86-intel-core-i7-1255u-16-cores"),
        ("AMD EPYC 7B13 64-Core Processor", "x86-amd-epyc-7b13-16-cores"),
    ],
)
def test_a_pc_is_named_by_its_processor(model: str, slug: str, tmp_path: Path) -> None:
    parts = sections("thinkpad-t14")
    cpuinfo = parts["proc/cpuinfo"].replace(KNOWN["thinkpad-t14"][1], model)
    assert read(tmp_path, {**parts, "proc/cpuinfo": cpuinfo}).slug == slug


@pytest.mark.parametrize(
    ("vendor", "product", "name"),
    [
        ("LENOVO", "20XK007DMH", "LENOVO ThinkPad T14 Gen 2a"),  # the product is an order number
        ("Google", "Google Compute Engine", "Google Compute Engine"),
        ("To Be Filled By O.E.M.", "To Be Filled By O.E.M.", "ASRock J4105-ITX"),
    ],
)
def test_a_pc_is_called_what_its_firmware_says(
    vendor: str, product: str, name: str, tmp_path: Path
) -> None:
    said = {"sys_vendor": vendor, "product_name": product}
    said |= {"board_vendor": "ASRock", "board_name": "J4105-ITX"}
    dmi = {f"sys/class/dmi/id/{entry}": word for entry, word in said.items()}
    assert read(tmp_path, sections("thinkpad-t14") | dmi).name == name


def test_two_kinds_of_core_are_both_named(tmp_path: Path) -> None:
    parts = sections("raspberry-pi-5")
    cpuinfo = parts["proc/cpuinfo"].replace("0xd0b", "0xd05", 3)
    assert read(tmp_path, {**parts, "proc/cpuinfo": cpuinfo}).cpu == "3x Cortex-A55 + 1x Cortex-A76"


@pytest.mark.parametrize("soc", ["soc/soc", "soc@107c000000/soc@107c000000"])
def test_the_firmware_file_is_read_where_the_kernel_has_it(soc: str, tmp_path: Path) -> None:
    parts = at_rest("raspberry-pi-5") | {
        f"sys/devices/platform/{soc}:firmware/get_throttled": "50005"
    }
    flags = ["under_voltage", "throttled"]
    assert read(tmp_path, parts).facts()["throttled"] == {"now": flags, "since_boot": flags}


def test_a_sensor_that_only_pretends_is_listed_but_not_the_hottest(tmp_path: Path) -> None:
    facts = read(tmp_path, sections("jetson-nano")).facts()
    assert facts["temperatures"]["PMIC-Die"] == 100.0
    assert facts["temperature_c"] == 41.5


def test_a_sensor_that_is_off_is_no_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Off(io.RawIOBase):
        def readinto(self, _: object) -> None:
            """The kernel says EAGAIN."""

    facts = read(tmp_path, sections("jetson-orin-nano")).facts()
    assert set(facts["temperatures"]) >= {"cpu-thermal", "tj-thermal"}
    assert not [zone for zone in facts["temperatures"] if zone.startswith("cv")]
    monkeypatch.setattr(Path, "open", lambda *_, **__: Off())
    assert sysfs.number(tmp_path / ZONE) is None


def test_a_command_that_hangs_fails_or_is_missing_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    python = sys.executable
    monkeypatch.setattr(machine, "_PATIENCE_S", 60.0)
    assert machine.ask((python, "-c", "print('here')")) == "here\n"
    assert machine.ask((python, "-c", "print('here'); raise SystemExit(1)")) is None
    assert machine.ask(("no-such-command-here",)) is None
    monkeypatch.setattr(machine, "_PATIENCE_S", 0.2)
    assert machine.ask((python, "-c", "import time; time.sleep(60)")) is None


def test_the_machine_of_this_test_is_read_with_the_real_commands() -> None:
    seen = reading.read()
    assert seen.arch == platform.machine()
    assert 0 < seen.cores.usable <= seen.cores.online
    assert json.loads(json.dumps(seen.facts())) == seen.facts()
    assert seen.summary().splitlines()[0].startswith(seen.name)
