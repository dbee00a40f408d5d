"""What a Jetson is set to, read from files laid out as NVIDIA's documentation shows them.

Jetson Linux Developer Guide, "Supported Modes and Power Efficiency": the blocks of
/etc/nvpmodel.conf, and that the mode is kept across restarts; jetson_clocks: the lowest clock is
set to the highest.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.runtime import power
from edge.runtime.power import PowerMode

CONF = """
# comments may speak of < POWER_MODEL ID=9 NAME=NONE > too
< PARAM TYPE=FILE NAME=CPU_ONLINE >
CORE_1 /sys/devices/system/cpu/cpu1/online

< POWER_MODEL ID=0 NAME=15W >
CPU_ONLINE CORE_1 1

< POWER_MODEL ID=1 NAME=25W >
CPU_ONLINE CORE_1 1

< POWER_MODEL ID=2 NAME=MAXN_SUPER >
CPU_ONLINE CORE_1 1

# mandatory section to configure the default mode
< PM_CONFIG DEFAULT=1 >
"""
GPU = "sys/class/devfreq/17000000.gpu"
CPU = "sys/devices/system/cpu/cpufreq/policy0"


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def orin(tmp_path: Path) -> Path:
    put(
        tmp_path / "sys/firmware/devicetree/base/compatible",
        "nvidia,p3768-0000+p3767-0003-super\0nvidia,p3767-0003\0nvidia,tegra234\0",
    )
    put(tmp_path / "etc/nvpmodel.conf", CONF)
    put(tmp_path / "var/lib/nvpmodel/status", "pmode:0000\n")
    for folder, low, high in ((CPU, "scaling_min", "scaling_max"), (GPU, "min", "max")):
        put(tmp_path / folder / f"{low}_freq", "306000000\n")
        put(tmp_path / folder / f"{high}_freq", "1020000000\n")
    return tmp_path


def test_the_mode_and_the_fastest_one(orin: Path) -> None:
    mode = power.power_mode(orin)
    assert mode == PowerMode("15W", "MAXN_SUPER", 2)
    assert not mode.fastest
    put(orin / "var/lib/nvpmodel/status", "pmode:0002\n")
    fast = power.power_mode(orin)
    assert fast is not None
    assert fast.fastest


def test_before_a_mode_was_ever_set_it_is_the_boards_own(orin: Path) -> None:
    (orin / "var/lib/nvpmodel/status").unlink()
    assert power.power_mode(orin) == PowerMode("25W", "MAXN_SUPER", 2)


def test_a_mode_that_cannot_be_read_is_not_guessed(orin: Path) -> None:
    (orin / "var/lib/nvpmodel/status").unlink()
    (orin / "var/lib/nvpmodel/status").mkdir()
    assert power.power_mode(orin) is None
    assert power.health(orin)["power_mode"] is None


def test_a_mode_without_a_name_keeps_its_number(orin: Path) -> None:
    put(orin / "var/lib/nvpmodel/status", "pmode:0007 fmode:quiet\n")
    mode = power.power_mode(orin)
    assert mode is not None
    assert mode.name == "mode 7"


def test_what_the_command_says_wins(orin: Path) -> None:
    assert power.power_mode(orin, "NV Power Mode: 25W\n1\n") == PowerMode("25W", "MAXN_SUPER", 2)


def test_clocks_are_held_when_none_can_go_down(orin: Path) -> None:
    assert power.clocks_held(orin) is False
    put(orin / CPU / "scaling_min_freq", "1020000000\n")
    assert power.clocks_held(orin) is False  # the GPU still may
    put(orin / GPU / "min_freq", "1020000000\n")
    assert power.clocks_held(orin) is True


def test_health_says_it_of_a_jetson_alone(orin: Path, tmp_path: Path) -> None:
    assert power.health(orin) == {"power_mode": "15W", "clocks_held": False}
    assert power.has_gpu(orin)
    other = tmp_path / "other"
    other.mkdir()
    assert power.health(other) == {}
    assert power.power_mode(other) is None
    assert power.clocks_held(other) is None
    assert not power.has_gpu(other)


def test_a_card_is_a_gpu_too(tmp_path: Path) -> None:
    put(tmp_path / "proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64\n")
    assert power.has_gpu(tmp_path)
    assert not power.is_jetson(tmp_path)
