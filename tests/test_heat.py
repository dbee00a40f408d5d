"""How hot and how slowed down a board is, read from made-up kernel files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from edge.runtime import heat


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_temperature_is_the_hottest_zone(tmp_path: Path) -> None:
    assert heat.temperature_c(tmp_path) is None
    put(tmp_path / "class/thermal/thermal_zone0/temp", "48250\n")
    put(tmp_path / "class/thermal/thermal_zone1/temp", "61000\n")
    put(tmp_path / "class/thermal/thermal_zone2/temp", "")
    put(tmp_path / "class/thermal/thermal_zone3/temp", "100000\n")
    put(tmp_path / "class/thermal/thermal_zone3/type", "PMIC-Die\n")  # a Jetson Nano's never moves
    assert heat.temperature_c(tmp_path) == 61.0


def test_a_sensor_that_sleeps_is_passed_over(tmp_path: Path, monkeypatch: Any) -> None:
    class Asleep(io.RawIOBase):
        def readinto(self, _: Any) -> None:
            return None  # as a read that would block (EAGAIN)

    put(tmp_path / "class/thermal/thermal_zone0/temp", "48250\n")
    monkeypatch.setattr(Path, "open", lambda *_, **__: Asleep())
    assert heat.temperature_c(tmp_path) is None


def test_throttled_on_a_raspberry_pi(tmp_path: Path) -> None:
    firmware = tmp_path / "devices/platform/soc/soc:firmware/get_throttled"
    put(firmware, "50005\n")  # under voltage and throttled now; both also happened before
    assert heat.throttled(tmp_path) == ("under_voltage", "throttled")
    put(firmware, "50000\n")  # only in the past
    assert heat.throttled(tmp_path) == ()
    firmware.unlink()
    put(tmp_path / "devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "4\n")
    assert heat.throttled(tmp_path) == ("throttled",)


def test_throttled_by_a_cpu_cooling_device(tmp_path: Path) -> None:
    assert heat.throttled(tmp_path) is None
    cooler = tmp_path / "class/thermal/cooling_device0"
    put(cooler / "type", "cpufreq-cpu0\n")
    put(cooler / "cur_state", "0\n")
    assert heat.throttled(tmp_path) == ()
    put(cooler / "cur_state", "3\n")
    assert heat.throttled(tmp_path) == ("frequency_capped",)


def test_a_fan_is_no_throttling(tmp_path: Path) -> None:
    put(tmp_path / "class/thermal/cooling_device0/type", "pwm-fan\n")
    put(tmp_path / "class/thermal/cooling_device0/cur_state", "3\n")
    assert heat.throttled(tmp_path) is None


def test_a_sensor_that_is_off_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "class/thermal/thermal_zone0/temp", "-256000\n")
    put(tmp_path / "class/thermal/thermal_zone1/temp", "38500\n")
    put(tmp_path / "class/thermal/thermal_zone1/type", "tj-thermal\n")
    put(tmp_path / "class/thermal/thermal_zone1/trip_point_0_type", "active\n")  # the fan's
    put(tmp_path / "class/thermal/thermal_zone1/trip_point_0_temp", "70000\n")
    put(tmp_path / "class/thermal/thermal_zone1/trip_point_1_type", "passive\n")
    put(tmp_path / "class/thermal/thermal_zone1/trip_point_1_temp", "99000\n")
    assert heat.zones(tmp_path) == (heat.Zone("tj-thermal", 38.5, 99.0),)


def test_throttled_on_a_jetson_orin(tmp_path: Path) -> None:
    for number, kind in enumerate(("cpu-throttle-alert", "gpu-throttle-alert", "pwm-fan")):
        put(tmp_path / f"class/thermal/cooling_device{number}/type", f"{kind}\n")
        put(tmp_path / f"class/thermal/cooling_device{number}/cur_state", "0\n")
    put(tmp_path / "class/thermal/cooling_device2/cur_state", "3\n")  # a fan that turns
    assert heat.throttled(tmp_path) == ()
    put(tmp_path / "class/thermal/cooling_device1/cur_state", "1\n")
    assert heat.throttled(tmp_path) == ("throttled",)
    put(tmp_path / "class/thermal/cooling_device3/type", "devfreq-17000000.gpu\n")
    put(tmp_path / "class/thermal/cooling_device3/cur_state", "2\n")
    assert heat.throttled(tmp_path) == ("frequency_capped", "throttled")


def test_what_slowed_a_board_down_since_it_started(tmp_path: Path) -> None:
    assert heat.throttled_since_boot(tmp_path) is None
    put(tmp_path / "class/hwmon/hwmon1/name", "ina3221\n")
    put(tmp_path / "class/hwmon/hwmon3/name", "soctherm_oc\n")
    for file, count in (("oc1", "0"), ("oc2", "0"), ("oc3", "0")):
        put(tmp_path / f"class/hwmon/hwmon3/{file}_event_cnt", count)
    assert heat.throttled_since_boot(tmp_path) == ()
    put(tmp_path / "class/hwmon/hwmon3/oc3_event_cnt", "12")
    assert heat.throttled_since_boot(tmp_path) == ("over_current",)
    put(tmp_path / "devices/platform/soc/soc:firmware/get_throttled", "50000\n")
    assert heat.throttled_since_boot(tmp_path) == ("under_voltage", "throttled")
