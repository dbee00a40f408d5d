"""Stopping: under 5 s whatever hangs, and no alarm is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from systemd.proofs.systemd.inside.claims import CAM1, Claim, claim
from systemd.proofs.systemd.inside.ear import Ear
from systemd.proofs.systemd.inside.machine import systemctl, until

CLAIMS: list[Claim] = []
MOST_STOP_S = 5.0
_FALL_S = 60.0  # the clip has a fall 7 s after its beginning; emulation is slow


def _stopped() -> str:
    took = CAM1.stop()
    assert took < MOST_STOP_S, f"it took {took:.1f} s"
    result = CAM1.show("Result")
    assert result == "success", f"{result}: {CAM1.journal()}"
    return f"{took:.1f} s"


def _fallen() -> None:
    """Wait until an alarm is there."""
    until(lambda: "fall begin" in CAM1.journal(), _FALL_S, "a fall is seen")


@contextmanager
def _broker_hanging() -> Iterator[None]:
    """Whoever speaks with it waits, and is not refused."""
    systemctl("kill", "--kill-who=main", "--signal=STOP", "mosquitto")
    try:
        yield
    finally:
        systemctl("kill", "--kill-who=main", "--signal=CONT", "mosquitto")


@claim("stopped, it says so and all is delivered", CLAIMS)
def _delivers() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    with Ear() as ear:
        CAM1.start()
        _fallen()
        took = _stopped()
        until(lambda: ear.last(CAM1, "status").get("reason") == "stopped", 2, "offline is told")
        assert ear.events(CAM1, "fall.begin"), "the alarm"
        waiting = CAM1.waiting()
        assert not waiting, waiting
    return f"{took}; fall.begin heard, the disk is empty, status offline: stopped"


@claim(
    "an alarm that the broker could not get stays on disk and is sent, late, by the next start",
    CLAIMS,
)
def _keeps() -> str:
    CAM1.configure()
    systemctl("stop", "mosquitto")
    CAM1.start()
    _fallen()
    took = _stopped()
    kept = CAM1.waiting()
    (alarm,) = (ident for ident, kind in kept.items() if kind == "edgepose.fall.begin")
    systemctl("start", "mosquitto")
    with Ear() as ear:
        CAM1.start()
        until(lambda: len(ear.events(CAM1)) >= len(kept), 20, "all that was kept is sent")
        sent = {one.body["id"]: one.body for one in ear.events(CAM1)}
        assert kept.keys() <= sent.keys(), (kept.keys(), sent.keys())
        CAM1.stop()
    data = sent[alarm]["data"]
    assert data.get("replayed"), data
    return (
        f"{took}; {len(kept)} events kept, then delivered under the same ids, fall.begin as"
        f" replayed, {data['age_s']} s old"
    )


@claim(
    "a broker that comes back in the last moment gets what waits before the process ends", CLAIMS
)
def _flushes() -> str:
    CAM1.configure()
    systemctl("stop", "mosquitto")
    CAM1.start()
    _fallen()
    systemctl("start", "mosquitto")
    with Ear() as ear:
        took = _stopped()
        until(lambda: ear.events(CAM1, "fall.begin"), 2, "the alarm")
        waiting = CAM1.waiting()
        assert not waiting, waiting
    return f"{took}; fall.begin heard, the disk is empty"


@claim("a broker that hangs does not hold it up, and the alarm stays on disk", CLAIMS)
def _broker_hangs() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    with _broker_hanging():
        _fallen()
        took = _stopped()
    kept = CAM1.waiting()
    assert "edgepose.fall.begin" in kept.values(), kept
    return f"{took}; {len(kept)} events kept"


@claim("a camera that hangs does not hold it up", CLAIMS)
def _camera_hangs() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    systemctl("kill", "--signal=STOP", CAM1.lens)
    time.sleep(0.5)
    return _stopped()


@claim("a camera that hangs and a broker that hangs do not hold it up together", CLAIMS)
def _both_hang() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    with _broker_hanging():
        _fallen()
        systemctl("kill", "--signal=STOP", CAM1.lens)
        time.sleep(0.5)
        return _stopped()


@claim("it can be stopped while it still waits for its first picture", CLAIMS)
def _not_ready() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.show_something()
    systemctl("kill", "--signal=STOP", CAM1.lens)
    with Ear() as ear:
        systemctl("start", "--no-block", CAM1.unit)
        until(lambda: ear.online(CAM1), 30, "it runs")
        time.sleep(0.5)
        assert CAM1.state == ("activating", "start"), CAM1.state
        return _stopped()
