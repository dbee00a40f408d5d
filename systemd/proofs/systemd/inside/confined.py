"""What one who has taken the process over cannot do.

Tried from within the unit's own confinement, and by root outside it: what root cannot do here
either proves nothing, and is left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from systemd.proofs.systemd.inside.claims import CAM1, CAM2, Claim, claim
from systemd.proofs.systemd.inside.machine import NotShownError, mark, run, systemctl, until

CLAIMS: list[Claim] = []
_PROBE = Path(__file__).with_name("probe.py")
_DROP_IN = """\
[Service]
Type=oneshot
Restart=no
WatchdogSec=0
ExecStart=
ExecStart=/usr/bin/python3 {} {}
{}
"""


def _within(group: str, more: str = "") -> dict[str, str | None]:
    """What the unit lets through."""
    mark()
    CAM1.drop_in(_DROP_IN.format(_PROBE, group, more))
    systemctl("start", CAM1.unit)
    said = until(
        lambda: [one for one in CAM1.journal().splitlines() if one.startswith("probe ")],
        10,
        "the probe speaks",
    )
    answer: dict[str, str | None] = json.loads(said[-1].removeprefix("probe "))
    return answer


def _outside(group: str) -> dict[str, str | None]:
    """What root may do here."""
    words = run(sys.executable, str(_PROBE), group).splitlines()[-1]
    answer: dict[str, str | None] = json.loads(words.removeprefix("probe "))
    return answer


def _contained() -> bool:
    """Whether this is a container: the host's kernel gives it no filters of its own."""
    return (
        subprocess.run(["systemd-detect-virt", "--quiet", "--container"], check=False).returncode
        == 0
    )


def _refused(group: str, more: str = "") -> str:
    able = [words for words, error in _outside(group).items() if error is None]
    if not able:
        raise NotShownError("root cannot do it here either")
    within = _within(group, more)
    through = [words for words in able if within[words] is None]
    assert not through, f"got through: {', '.join(through)}"
    return ", ".join(f"{words} ({within[words]})" for words in able)


@claim("it can do what it needs", CLAIMS)
def _needed() -> str:
    within = _within("needed")
    refused = {words: error for words, error in within.items() if error}
    assert not refused, refused
    return ", ".join(within)


@claim("it cannot write anywhere but in its own folder", CLAIMS)
def _writing() -> str:
    Path("/dev/shm/of-others").write_text("x")
    CAM2.configure()
    systemctl("start", "mosquitto")
    CAM2.start()  # so that its folder is there
    return _refused("writing")


@claim("it cannot read other people's files, or see other processes", CLAIMS)
def _reading() -> str:
    for place in ("/home/person", "/root"):
        Path(place).mkdir(exist_ok=True)
        Path(place, "letter").write_text("private")
        Path(place, "letter").chmod(0o644)
    Path("/tmp/of-others").write_text("x")
    Path("/etc/credstore").mkdir(mode=0o700, exist_ok=True)
    Path("/etc/credstore/edgepose.other.mqtt-password").write_text("x")
    CAM2.configure()
    systemctl("start", "mosquitto")
    CAM2.start()
    return _refused("reading")


@claim("it cannot change the kernel, mount, or leave for namespaces of its own", CLAIMS)
def _kernel() -> str:
    return _refused("kernel")


@claim("it cannot get more rights", CLAIMS)
def _rights() -> str:
    return _refused("rights")


@claim("it can open no socket but IP's and systemd's", CLAIMS)
def _sockets() -> str:
    return _refused("sockets")


@claim("it can open cameras, and no other device", CLAIMS)
def _devices() -> str:
    run(
        "sh",
        "-c",
        "chmod 666 /dev/vda /dev/ttyS0 /dev/kmsg /dev/rtc0 /dev/input/event0",
        check=False,
    )
    refused = _refused("devices")
    if not Path("/dev/video0").exists():
        run("modprobe", "vivid", check=False)
    if Path("/dev/video0").exists():
        seen = _within("cameras")
        assert seen == {"/dev/video0": None}, seen
        refused += "; /dev/video0 opens"
    return refused


@claim("with the drop-in of the README it reaches the broker's address, and no other", CLAIMS)
def _network() -> str:
    systemctl("start", "mosquitto")
    denied = "IPAddressDeny=any"
    if _contained() and _within("broker", denied) == {"the broker": None}:
        raise NotShownError("a container may not filter packets by service")
    refused = _refused("broker", denied)
    assert _within("broker", f"{denied}\nIPAddressAllow=127.0.0.1") == {"the broker": None}
    return f"{refused} with another address allowed; it connects with its own"


@claim("a leak ends with this camera, not with the device", CLAIMS)
def _memory() -> str:
    CAM1.drop_in(_DROP_IN.format(_PROBE, "memory", ""))
    run("systemctl", "start", CAM1.unit, check=False)
    result = until(lambda: CAM1.show("Result"), 30, "a result")
    if result == "success":
        controllers = Path("/sys/fs/cgroup/cgroup.controllers")
        if not controllers.exists() or "memory" not in controllers.read_text().split():
            raise NotShownError("this container is given no memory controller")
    assert result == "oom-kill", result
    return f"1 GB asked for: {result}, under MemoryMax={int(CAM1.show('MemoryMax')) >> 20} MB"


@claim("the running daemon has no right, no way to one, and leaves no core dump", CLAIMS)
def _daemon() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    process = Path("/proc") / str(CAM1.pid)
    facts = dict(
        line.split(":\t", 1)
        for line in (process / "status").read_text().splitlines()
        if ":\t" in line
    )
    user = facts["Uid"].split("\t")
    assert "0" not in user, user
    assert len(set(user)) == 1, user
    for key in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
        assert int(facts[key], 16) == 0, (key, facts[key])
    assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2"), facts
    root = next(
        line for line in (process / "mountinfo").read_text().splitlines() if line.split()[4] == "/"
    )
    assert "ro" in root.split()[5].split(","), root
    (core,) = (
        line for line in (process / "limits").read_text().splitlines() if "core file" in line
    )
    assert core.split()[4:6] == ["0", "0"], core
    return f"user {user[0]}, no capability, NoNewPrivs, seccomp, / read-only, core size 0"
