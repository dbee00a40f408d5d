"""Passwords: from /etc/credstore to the broker, and to nobody else."""

from __future__ import annotations

import os
from pathlib import Path

from systemd.proofs.systemd.inside.claims import CAM1, CAM2, Claim, claim
from systemd.proofs.systemd.inside.ear import Ear
from systemd.proofs.systemd.inside.machine import (
    CREDSTORE,
    Camera,
    run,
    systemctl,
    until,
)

CLAIMS: list[Claim] = []
_PORT = 1884  # where the broker asks for a password
_RIGHT, _WRONG = "right-one", "wrong-one"
_SINK = f'port = {_PORT}\nusername = "{{}}"'
_LISTENER = Path("/etc/mosquitto/conf.d/20-password.conf")


def _lock(camera: Camera) -> None:
    """Make a broker that asks for a password."""
    passwords = Path("/etc/mosquitto/passwords")
    passwords.unlink(missing_ok=True)
    run("mosquitto_passwd", "-b", "-c", str(passwords), camera.name, _RIGHT)
    run("mosquitto_passwd", "-b", str(passwords), "ear", _RIGHT)
    run("chown", "mosquitto", str(passwords))
    _LISTENER.write_text(
        f"listener {_PORT} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
    )
    systemctl("restart", "mosquitto")


def _keep(camera: Camera, password: str) -> None:
    CREDSTORE.mkdir(mode=0o700, exist_ok=True)
    file = CREDSTORE / f"edgepose.{camera.name}.mqtt-password"
    file.write_text(password + "\n")
    file.chmod(0o600)


@claim(
    "the password in /etc/credstore opens the broker, and a wrong one is named as the trouble",
    CLAIMS,
)
def _password() -> str:
    _lock(CAM1)
    for camera, password in ((CAM1, _RIGHT), (CAM2, _WRONG)):
        _keep(camera, password)
        camera.configure(sink=_SINK.format(camera.name))
    with Ear(_PORT, ("-u", "ear", "-P", _RIGHT)) as ear:
        CAM1.start()
        CAM2.start()
        until(lambda: ear.online(CAM1), 10, "the right one")
        said = until(
            lambda: [line for line in CAM2.journal().splitlines() if "refused" in line],
            10,
            "the journal names the refusal",
        )[-1]
        got_in = [one for one in ear.all() if one.topic.startswith(CAM2.root) and not one.retained]
        assert not got_in, f"a wrong password got in: {got_in}"
        assert CAM2.state == ("active", "running"), "it does not watch without the broker"
    return f"online with the right one; with a wrong one it runs, and says {said!r}"


@claim("nobody but the service can read the password", CLAIMS)
def _hidden() -> str:
    _lock(CAM1)
    _keep(CAM1, _RIGHT)
    CAM1.configure(sink=_SINK.format(CAM1.name))
    CAM1.start()
    process = Path("/proc") / str(CAM1.pid)
    for file in ("environ", "cmdline"):
        assert _RIGHT.encode() not in (process / file).read_bytes(), f"it is in {file}"
    assert _RIGHT not in CAM1.journal(), "it is in the journal"
    copy = Path("/run/credentials") / CAM1.unit / "mqtt-password"
    assert copy.read_text().strip() == _RIGHT
    for path in (CREDSTORE / f"edgepose.{CAM1.name}.mqtt-password", copy):
        told = run("setpriv", "--reuid=65534", "--clear-groups", "cat", str(path), check=False)
        assert "denied" in told, told
    mode = os.stat(copy).st_mode & 0o777  # noqa: PTH116 - follows no link either way
    return f"another user is refused both files ({mode:o}); not in environ, cmdline or journal"


@claim("a camera without a password starts where none is asked for", CLAIMS)
def _none() -> str:
    systemctl("start", "mosquitto")
    CAM1.configure(sink='username = "cam1"')
    with Ear() as ear:
        CAM1.start()
        until(lambda: ear.online(CAM1), 10, "online")
    return "online, with no file in /etc/credstore"
