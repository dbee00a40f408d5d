"""The doctor on boards: power, heat, memory, clock, network; each `bad` is made to happen."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from edge.doctor import clock, heat, memory, network, power
from tests.doctored import PI_4, bad_one, facts, grades, machine, only

FIRMWARE = "/sys/devices/platform/soc/soc:firmware/get_throttled"
ZONE = "/sys/class/thermal/thermal_zone0"
NOON = 1_795_000_000.0  # in November 2026


def test_a_machine_that_says_nothing_is_not_ill(tmp_path: Path) -> None:
    bare = machine(tmp_path)
    assert grades(power.judge(power.read(bare))) == ["not here"]
    assert grades(heat.judge(heat.read(bare))) == ["not here"]
    assert grades(memory.judge(memory.read(bare))) == ["not here"]


@pytest.mark.parametrize(
    ("bits", "grade"), [("0", "good"), ("50000", "look"), ("50005", "bad"), ("1", "bad")]
)
def test_low_voltage_of_a_raspberry_pi(bits: str, grade: str, tmp_path: Path) -> None:
    (found,) = power.judge(power.read(machine(tmp_path, {**PI_4, FIRMWARE: bits})))
    assert found.grade == grade
    assert bool(found.mend) == (grade != "good")


def test_an_older_kernel_of_a_raspberry_pi_is_asked_by_a_command(tmp_path: Path) -> None:
    pi = machine(tmp_path, PI_4, {"vcgencmd": "throttled=0x50005\n"})
    assert "too low now" in bad_one(power.judge(power.read(pi))).says


def test_a_voltage_sensor_with_an_alarm(tmp_path: Path) -> None:
    sensor = "/sys/class/hwmon/hwmon2"
    files = {f"{sensor}/name": "rpi_volt", f"{sensor}/in0_lcrit_alarm": "1"}
    assert bad_one(power.judge(power.read(machine(tmp_path, files))))


def test_a_weak_supply_of_a_raspberry_pi_5(tmp_path: Path) -> None:
    pi = machine(tmp_path, PI_4)
    supply = pi.at("/proc/device-tree/chosen/power/max_current")
    supply.parent.mkdir(parents=True)
    for milliamperes, grade in ((3000, "look"), (5000, "good")):
        supply.write_bytes(struct.pack(">I", milliamperes))
        assert grades(power.judge(power.read(pi))) == [grade]


def test_a_jetson_in_a_slow_power_mode(tmp_path: Path) -> None:
    conf = "< POWER_MODEL ID=0 NAME=15W >\n< POWER_MODEL ID=2 NAME=MAXN_SUPER >\n"
    files = {
        "/etc/nv_tegra_release": "# R36 (release), REVISION: 4.3, GCID: 1",
        "/etc/nvpmodel.conf": conf,
        "/var/lib/nvpmodel/status": "pmode:0000",
    }
    slow = only(power.judge(power.read(machine(tmp_path, files))))
    assert (slow.grade, slow.mend) == ("look", "sudo nvpmodel -m 2")


@pytest.mark.parametrize(
    ("milli", "bits", "grade"),
    [
        ("48000", "0", "good"),
        ("78000", "0", "look"),
        ("86000", "0", "bad"),
        ("70000", "40000", "look"),
        ("70000", "c", "bad"),
        ("50000", "5", "good"),  # slowed down for want of voltage: that is power's to tell
    ],
)
def test_heat(milli: str, bits: str, grade: str, tmp_path: Path) -> None:
    pi = machine(tmp_path, {**PI_4, FIRMWARE: bits, f"{ZONE}/temp": milli, f"{ZONE}/type": "cpu"})
    found = heat.judge(heat.read(pi))
    assert grades(found) == [grade]
    assert bool(found[0].mend) == (grade != "good")


def test_a_board_has_its_own_limit(tmp_path: Path) -> None:
    files = {
        f"{ZONE}/temp": "92000",
        f"{ZONE}/type": "cpu-thermal",
        f"{ZONE}/trip_point_0_temp": "99000",
        f"{ZONE}/trip_point_0_type": "passive",
    }
    jetson = machine(tmp_path, files)
    assert grades(heat.judge(heat.read(jetson))) == ["good"]
    machine(tmp_path, {f"{ZONE}/temp": "99500"})
    assert bad_one(heat.judge(heat.read(jetson)))


def meminfo(total: int, available: int, swap: tuple[int, int] = (0, 0)) -> dict[str, str]:
    lines = {
        "MemTotal": total,
        "MemAvailable": available,
        "SwapTotal": swap[0],
        "SwapFree": swap[1],
    }
    return {"/proc/meminfo": "".join(f"{key}: {1000 * mb:8} kB\n" for key, mb in lines.items())}


@pytest.mark.parametrize(
    ("available", "swap", "grade"),
    [
        (300, (100, 100), "good"),
        (120, (0, 0), "look"),
        (30, (0, 0), "bad"),
        (300, (200, 1), "look"),
    ],
)
def test_memory(available: int, swap: tuple[int, int], grade: str, tmp_path: Path) -> None:
    zero_2 = machine(tmp_path, meminfo(430, available, swap))
    assert grades(memory.judge(memory.read(zero_2))) == [grade]


def test_a_clock_that_is_set(tmp_path: Path) -> None:
    pi = machine(tmp_path, answers={"timedatectl": "yes\n"})
    seen = clock.read(pi)
    assert seen.synchronised is True
    assert not seen.battery
    found = only(clock.judge(clock.Clock(NOON, synchronised=True, battery=False)))
    assert found.grade == "good"
    assert "no battery clock" in found.says
    assert facts([found])["utc"].startswith("2026-11-")


def test_a_clock_that_nobody_sets_is_looked_at(tmp_path: Path) -> None:
    assert clock.read(machine(tmp_path, answers={"timedatectl": "no\n"})).synchronised is False
    found = only(clock.judge(clock.Clock(NOON, synchronised=False, battery=True)))
    assert found.grade == "look"
    assert "timedatectl" in found.mend


@pytest.mark.parametrize("wall", [0.0, 1_600_000_000.0, 4_000_000_000.0])
def test_a_clock_that_is_wrong_by_years_is_bad(wall: float) -> None:
    for synchronised in (True, False, None):
        found = bad_one(clock.judge(clock.Clock(wall, synchronised, battery=False)))
        assert "by years" in found.says


ROUTE = "Iface Destination Gateway\neth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0\n"


def online(root: Path, **more: str) -> network.Network:
    files = {"/proc/net/route": ROUTE, "/etc/resolv.conf": "nameserver 192.168.1.1\n"}
    files |= {"/proc/net/wireless": more.pop("wireless", "")}
    return network.read(machine(root, files, {"hostname": "192.168.1.17 fd00::2 \n"} | more))


def test_a_network_as_it_should_be(tmp_path: Path) -> None:
    found = only(network.judge(online(tmp_path), ["broker.example", "127.0.0.1"]))
    assert found.grade == "good"
    assert found.says == "192.168.1.17, fd00::2, names from 192.168.1.1"


def test_no_network_is_bad_where_somebody_is_to_be_reached(tmp_path: Path) -> None:
    nowhere = network.read(machine(tmp_path, answers={"hostname": "\n"}))
    assert "broker.local" in bad_one(network.judge(nowhere, ["broker.local"])).says
    assert grades(network.judge(nowhere, ["localhost"])) == ["look"]


def test_nobody_to_ask_for_a_name_is_bad(tmp_path: Path) -> None:
    files = {"/proc/net/route": ROUTE}
    mute = network.read(machine(tmp_path, files, {"hostname": "192.168.1.17"}))
    assert "broker.example" in bad_one(network.judge(mute, ["broker.example"])).says
    # An address needs nobody, and .local names are asked for on the network itself.
    assert grades(network.judge(mute, ["192.168.1.2", "broker.local"])) == ["good"]


def test_addresses_by_another_command(tmp_path: Path) -> None:
    shown = "2: eth0    inet 192.168.1.17/24 brd 192.168.1.255 scope global eth0\\  valid\n"
    assert network.read(machine(tmp_path, answers={"ip": shown})).addresses == ("192.168.1.17",)
    unknown = network.read(machine(tmp_path))
    assert grades(network.judge(unknown, ["192.168.1.2"])) == ["good"]


def test_no_way_out_is_looked_at(tmp_path: Path) -> None:
    island = network.read(machine(tmp_path, answers={"hostname": "192.168.1.17"}))
    assert grades(network.judge(island, ["192.168.1.2"])) == ["look"]
    six = {"/proc/net/ipv6_route": f"{'0' * 32} 00 {'0' * 32} 00 fe80 0 0 0 0 eth0\n"}
    assert network.read(machine(tmp_path, six)).routed


def test_weak_wifi_is_looked_at(tmp_path: Path) -> None:
    heads = "Inter-| sta-|   Quality\n face | tus | link level noise\n"
    for level, grade in (("-56.", "good"), ("-81.", "look")):
        seen = online(tmp_path, wireless=f"{heads} wlan0: 0000   54.  {level}  -256        0\n")
        assert grades(network.judge(seen, [])) == [grade]
