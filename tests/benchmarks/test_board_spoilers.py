"""What is said against measuring on a board: one sentence each, only where it is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.boards.laid import (
    CPUFREQ,
    MODE,
    THROTTLED,
    ZONE,
    at_rest,
    only_warning,
    read,
    sections,
)

GROUP = "proc/self/cgroup"


@pytest.mark.parametrize(
    ("name", "governor"), [("raspberry-pi-4", "ondemand"), ("thinkpad-t14", "powersave")]
)
def test_a_governor_that_saves_power(name: str, governor: str, tmp_path: Path) -> None:
    parts = {**at_rest(name), f"{CPUFREQ}/policy0/scaling_governor": governor}
    warning = only_warning(tmp_path, parts)
    assert governor in warning
    assert "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/" in warning


def test_a_clock_that_is_held_needs_no_governor(tmp_path: Path) -> None:
    fixed = {f"{CPUFREQ}/policy0/scaling_min_freq": "1800000"}
    assert read(tmp_path, {**sections("raspberry-pi-4"), **fixed}).warnings == ()


def test_a_capped_clock(tmp_path: Path) -> None:
    parts = {**at_rest("thinkpad-t14"), f"{CPUFREQ}/policy10/scaling_max_freq": "400000"}
    warning = only_warning(tmp_path, parts)
    assert "400 of its 4507 MHz" in warning
    assert "echo 4507000 | sudo tee" in warning


@pytest.mark.parametrize(
    ("bits", "said", "unsaid"),
    [
        ("0x50000", "voltage was too low since boot", "cool"),
        ("0x50005", "voltage is too low now", "cool"),
        ("0x80000", "lowered since boot (temperature limit)", "voltage"),
        ("0xe0006", "lowered now (frequency capped, throttled)", "voltage"),
    ],
)
def test_a_throttled_raspberry_pi(bits: str, said: str, unsaid: str, tmp_path: Path) -> None:
    warning = only_warning(tmp_path, {**at_rest("raspberry-pi-4"), THROTTLED: f"throttled={bits}"})
    assert said in warning
    assert unsaid not in warning


def test_a_hot_board(tmp_path: Path) -> None:
    assert "81 C" in only_warning(tmp_path, {**at_rest("raspberry-pi-4"), ZONE: "81000"})


def test_heat_counts_from_where_the_kernel_slows_down(tmp_path: Path) -> None:
    parts = {**at_rest("raspberry-pi-5"), ZONE: "76000"}  # only fans begin at 75 C
    assert read(tmp_path / "fan", parts).warnings == ()
    trip = {ZONE.replace("temp", "trip_point_3_type"): "passive"}
    assert "acts at 75 C" in only_warning(tmp_path / "slow", {**parts, **trip})


def test_a_jetson_says_how_to_get_to_its_fastest_mode(tmp_path: Path) -> None:
    mode, clocks = read(tmp_path, sections("jetson-orin-nano")).warnings
    assert mode == "power mode 25W is not the fastest; for MAXN_SUPER run: sudo nvpmodel -m 2"
    assert clocks.endswith("run: sudo jetson_clocks")


def test_a_jetson_in_its_5w_mode_with_half_its_cores_off(tmp_path: Path) -> None:
    parts = at_rest("jetson-nano")
    two = "\n\n".join(parts["proc/cpuinfo"].split("\n\n")[:2])
    held = {f"{CPUFREQ}/policy0/scaling_{end}_freq": "921600" for end in ("min", "max")}
    parts |= {"proc/cpuinfo": two, MODE: "NV Power Mode: 5W\n1", **held}
    assert "for MAXN run: sudo nvpmodel -m 0" in only_warning(tmp_path, parts)
    facts = read(tmp_path, parts).facts()
    assert (facts["slug"], facts["cores"], facts["power_mode"]) == ("jetson-nano", 2, "5W")


def test_a_jetson_whose_modes_cannot_be_read(tmp_path: Path) -> None:
    parts = at_rest("jetson-nano") | {"etc/nvpmodel.conf": ""}
    assert read(tmp_path, parts).warnings == ()
    assert "nvpmodel.conf" in only_warning(tmp_path, parts | {MODE: "NV Power Mode: 5W\n1"})


def test_a_jetson_that_drew_too_much_current(tmp_path: Path) -> None:
    parts = at_rest("jetson-orin-nano") | {"sys/class/hwmon/hwmon3/oc3_event_cnt": "37"}
    assert "too much current since boot" in only_warning(tmp_path, parts)
    assert read(tmp_path, parts).facts()["throttled"] == {
        "now": None,
        "since_boot": ["over_current"],
    }


@pytest.mark.parametrize(
    ("group", "files", "usable"),
    [
        ("0::/", {"cpu.max": "150000 100000"}, 1.5),
        ("0::/a.slice/b.scope", {"a.slice/cpu.max": "200000 100000"}, 2),
        ("0::/a/b", {"a/cpu.max": "50000 100000", "a/b/cpu.max": "200000 100000"}, 0.5),
        (
            "4:memory:/docker/f00\n3:cpu,cpuacct:/docker/f00",
            {"cpu,cpuacct/cpu.cfs_quota_us": "300000", "cpu,cpuacct/cpu.cfs_period_us": "100000"},
            3,
        ),
    ],
)
def test_a_container_with_fewer_cores(
    group: str, files: dict[str, str], usable: float, tmp_path: Path
) -> None:
    limits = {f"sys/fs/cgroup/{path}": text for path, text in files.items()}
    parts = at_rest("raspberry-pi-4") | {GROUP: group} | limits
    assert f"to {usable:g} of 4 cores" in only_warning(tmp_path, parts)
    seen = read(tmp_path, parts)
    assert (seen.facts()["cores"], seen.facts()["cores_usable"]) == (4, usable)
    assert f"4 cores ({usable:g} usable)" in seen.summary()


def test_a_group_without_a_limit_limits_nothing(tmp_path: Path) -> None:
    files = {"cpu.max": "max 100000", "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "1000"}
    parts = at_rest("raspberry-pi-4") | {GROUP: "2:cpu:/\n0::/"}
    parts |= {f"sys/fs/cgroup/{path}": text for path, text in files.items()}
    assert read(tmp_path, parts).warnings == ()


def test_a_process_that_is_bound_to_some_cores(tmp_path: Path) -> None:
    parts = at_rest("raspberry-pi-4") | {"proc/self/status": "Cpus_allowed_list:\t0,2-3"}
    assert "3 of 4 cores" in only_warning(tmp_path, parts)


def test_a_core_that_is_switched_off(tmp_path: Path) -> None:
    parts = at_rest("raspberry-pi-4") | {"sys/devices/system/cpu/present": "0-5"}
    assert "2 of 6 cores are switched off" in only_warning(tmp_path, parts)


@pytest.mark.parametrize("by", ["flag", "maker"])
def test_a_virtual_machine(by: str, tmp_path: Path) -> None:
    parts = at_rest("thinkpad-t14")
    if by == "flag":
        parts["proc/cpuinfo"] = parts["proc/cpuinfo"].replace("fma", "fma hypervisor")
    else:
        parts["sys/class/dmi/id/sys_vendor"] = "QEMU"
    assert "virtual machine" in only_warning(tmp_path, parts)


def test_a_machine_that_is_busy_already(tmp_path: Path) -> None:
    busy = {"proc/loadavg": "2.31 1.10 0.40 4/161 1204"}
    assert "load is 2.31 on 4 cores" in only_warning(tmp_path, at_rest("raspberry-pi-4") | busy)


def test_memory_that_is_swapped_out(tmp_path: Path) -> None:
    memory = "MemTotal: 1000000 kB\nSwapTotal: 500000 kB\nSwapFree: 100000 kB"
    parts = at_rest("raspberry-pi-4") | {"proc/meminfo": memory}
    assert "410 MB are swapped out" in only_warning(tmp_path, parts)


def test_a_person_reads_the_warnings_below_the_board(tmp_path: Path) -> None:
    seen = read(
        tmp_path, at_rest("raspberry-pi-4") | {THROTTLED: "throttled=0x50005", ZONE: "85000"}
    )
    shown = [line for line in seen.summary().splitlines() if line.startswith("warning: ")]
    assert shown == [f"warning: {warning}" for warning in seen.warnings]
    assert len(shown) == 2
