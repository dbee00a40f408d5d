"""Starting: ready when it sees, not before; two cameras are two services."""

from __future__ import annotations

import time
from functools import partial

from systemd.proofs.systemd.inside.claims import CAM1, CAM2, Claim, claim
from systemd.proofs.systemd.inside.ear import Ear
from systemd.proofs.systemd.inside.machine import MOST_START_S, STATE, run, systemctl, until

CLAIMS: list[Claim] = []
_LATE_S = 5.0  # the first picture comes so much later than a camera's usual one


@claim("the service starts, and says that it is online", CLAIMS)
def _starts() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    with Ear() as ear:
        took = CAM1.start()
        assert CAM1.state == ("active", "running"), CAM1.state
        until(lambda: ear.online(CAM1), 5, "online is told")
    return f"active after {took:.1f} s"


@claim("it is not ready before a picture was inferred", CLAIMS)
def _ready() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.show_something()
    systemctl("kill", "--signal=STOP", CAM1.lens)  # ... and now it accepts, and says nothing
    with Ear() as ear:
        systemctl("start", "--no-block", CAM1.unit)
        until(lambda: ear.online(CAM1), 30, "it runs")
        silent = time.monotonic()
        while time.monotonic() - silent < _LATE_S:
            assert CAM1.state == ("activating", "start"), f"{CAM1.state} without a picture"
            assert "frames" not in ear.last(CAM1, "health"), "a picture before there was one"
            time.sleep(0.1)
        pid = CAM1.pid
        systemctl("kill", "--signal=CONT", CAM1.lens)
        opened = time.monotonic()
        until(CAM1.ready, 10, "ready")
        ready = time.monotonic() - opened
        seen = until(lambda: ear.last(CAM1, "health").get("frames", 0), 5, "pictures are counted")
    assert CAM1.pid == pid, "another process became ready"
    return (
        f"activating for {_LATE_S:.0f} s without a picture; active {ready:.1f} s after the camera"
        f" woke, then health says frames {seen}"
    )


@claim(
    "two cameras are two processes, users' folders and topics, and one's death is its own", CLAIMS
)
def _two() -> str:
    CAM1.configure()
    CAM2.configure()
    systemctl("start", "mosquitto")
    with Ear() as ear:
        CAM1.start()
        CAM2.start()
        first, second = CAM1.pid, CAM2.pid
        assert 0 not in (first, second)
        assert first != second
        for camera in (CAM1, CAM2):
            until(partial(ear.online, camera), 5, "online")
            assert list((STATE / camera.name).rglob("outbox.sqlite")), camera.name
        systemctl("kill", "--signal=KILL", CAM1.unit)
        until(lambda: ear.last(CAM1, "status").get("reason") == "lost", 10, "the last will speaks")
        until(lambda: CAM1.restarts == 1 and CAM1.state[0] == "active", MOST_START_S, "restarted")
        assert (CAM2.pid, CAM2.restarts) == (second, 0), "the other was touched"
        assert ear.last(CAM2, "status")["state"] == "online"
    return f"processes {first} and {second}; {CAM1.name} killed and back, {CAM2.name} went on"


@claim("the journal says which camera speaks", CLAIMS)
def _journal() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    with_name = "edgepose@cam1"
    until(lambda: "begin" in CAM1.journal(), 30, "something is said")
    line = run("journalctl", "--no-pager", "--identifier", with_name, "--lines=1", "--output=short")
    assert f"{with_name}[" in line, line
    return line.strip()


@claim("systemctl status says how it goes", CLAIMS)
def _status() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    text = until(lambda: CAM1.show("StatusText"), 10, "a status")
    assert "a second" in text, text
    systemctl("kill", "--signal=STOP", CAM1.lens)
    began = time.monotonic()
    lost = until(lambda: (t := CAM1.show("StatusText")) != text and "lost" in t and t, 10, "lost")
    return f"{text!r}; {time.monotonic() - began:.1f} s after the camera fell silent {lost!r}"


@claim(
    "a GStreamer camera works in the same confinement, and one that hangs is started again", CLAIMS
)
def _gstreamer() -> str:
    CAM1.configure(
        "gstreamer: videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=15/1"
    )
    systemctl("start", "mosquitto")
    with Ear() as ear:
        systemctl("start", CAM1.unit)
        pid = CAM1.pid
        assert list((STATE / CAM1.name).rglob("gstreamer.bin")), "its registry is kept"
        stopped = time.monotonic()
        run("pkill", "--signal=STOP", "gst-launch")
        until(lambda: ear.last(CAM1, "health").get("camera") == "lost", 10, "the loss is told")
        told = time.monotonic() - stopped
        until(lambda: ear.last(CAM1, "health").get("camera") == "ok", 25, "it is back")
        back = time.monotonic() - stopped
    assert CAM1.pid == pid, "the whole process was restarted"
    return f"stopped with SIGSTOP, told after {told:.1f} s, pictures again after {back:.1f} s"
