"""A whole boot: what the last shutdown said, and a broker that comes later than the camera."""

from __future__ import annotations

from functools import partial

from systemd.proofs.systemd.inside.claims import CAM1, CAM2, Claim, claim
from systemd.proofs.systemd.inside.ear import Ear
from systemd.proofs.systemd.inside.machine import MOST_START_S, systemctl, until

CLAIMS: list[Claim] = []


def prepare() -> None:
    """Before the machine goes down: two enabled cameras, and a broker that keeps what it heard."""
    for camera in (CAM1, CAM2):
        camera.forget()
        camera.configure()
        systemctl("enable", camera.unit, camera.lens)
        camera.start()
    systemctl("restart", "mosquitto")
    with Ear() as ear:
        for camera in (CAM1, CAM2):
            until(partial(ear.online, camera), 40, "online")


@claim(
    "after a boot without a broker the cameras watch, and are told when it comes",
    CLAIMS,
    afresh=False,
)
def _broker_later() -> str:
    for camera in (CAM1, CAM2):
        until(camera.ready, MOST_START_S, f"{camera.name} is active")
    until(lambda: "fall begin" in CAM1.journal(), 60, "a fall is seen")
    systemctl("start", "mosquitto")
    with Ear() as ear:
        topic = f"{CAM1.root}/status"
        kept = until(lambda: [one.body for one in ear.all() if one.topic == topic], 5, "kept")[0]
        assert kept.get("reason") == "stopped", f"the shutdown did not say offline: {kept}"
        until(lambda: ear.events(CAM1, "fall.begin"), 40, "the alarm that waited")
        for camera in (CAM1, CAM2):
            until(partial(ear.online, camera), 40, "online")
    return (
        f"both active without it; once it is there: the old status ({kept['reason']}), the alarm,"
        " online"
    )
