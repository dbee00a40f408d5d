"""What is promised of the image, in the order in which a device lives."""

from __future__ import annotations

import random
import time

import machine
from proof import KEPT, Proof

CLIP = "/opt/edgepose/lib/python3.11/site-packages/edge/bundled_models/demo/bench.mp4"
# The ids of all alarms on the disk; the table is proven first.
_IDS = """
import glob, sqlite3
for file in glob.glob("/var/lib/private/edgepose/cam1/**/outbox.sqlite", recursive=True):
    base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert base.execute("pragma integrity_check").fetchone() == ("ok",)
    print(*(row[0] for row in base.execute("select id from outbox")), sep="\\n")
"""
# Writes that are under way when the plug is pulled, beside the service's own.
_HAMMER = (
    "i=0; while :; do i=$(((i + 1) % 40)); head -c 90000 /dev/urandom > /data/hammer.$i; "
    "[ $((i % 7)) = 0 ] && sync /data/hammer.$i; done"
)


def factory(proof: Proof) -> None:
    """An image, one file, power: the service is up, and no door is open."""
    proof.write(password=proof.broker.password)
    since = proof.start()
    proof.hear("status", since, "the service is connected, with the password of the file")
    proof.hear("setup", since, "the broker is told what became of the file")
    proof.need(not proof.computer.greets(), "SSH is off")
    proof.until(lambda: "camera cam1: " in _status(proof), "the card has the report")
    proof.computer.pull_the_plug()
    proof.say("the plug is pulled; the card in a laptop:")
    for line in _status(proof).splitlines():
        proof.say(f"    {line}")
    text = proof.card.read("edgepose.txt")
    blanked = KEPT in text and proof.broker.password not in text
    proof.need(blanked, "the password is no longer on the card", text)


def _status(proof: Proof) -> str:
    try:
        return proof.card.read("edgepose-status.txt")
    except RuntimeError:
        return ""


def camera(proof: Proof) -> None:
    """A camera is plugged in, out and in again while the service runs."""
    proof.write(ssh=proof.key)
    proof.start()
    proof.enter()
    sh = proof.computer.sh
    proof.need(sh("hostname").strip() == "bench-17", "the device has its name")
    proof.need(sh("date +%Z").strip() in {"CET", "CEST"}, "and its time zone")
    failed = sh("systemctl --failed --plain --no-legend").strip()
    proof.need(not failed.replace("edgepose@cam1.service", "").strip(), "no unit failed", failed)
    mounts = sh("findmnt -rn -o TARGET,FSTYPE,OPTIONS / /boot/firmware /data /media/root-ro; true")
    mounts += sh("for at in / /boot/firmware /var/lib/private; do findmnt -rn -T $at; done")
    proof.need("/ overlayroot overlay" in mounts, "the root is an overlay in memory", mounts)
    _plug(proof)
    proof.until(lambda: proof.unit("ActiveState") == "active", "the service sees the camera")
    proof.hear("health", time.monotonic(), "it tells its health")
    _unplug(proof)


def _plug(proof: Proof) -> float:
    proof.computer.sh("modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0")
    proof.say("a camera is there: modprobe vivid")
    return time.monotonic()


def _unplug(proof: Proof) -> None:
    sh, restarts = proof.computer.sh, proof.unit("NRestarts")
    sh("echo vivid.0 > /sys/bus/platform/drivers/vivid/unbind")
    away = time.monotonic()
    proof.say("the camera is gone: vivid unbound while it is read")
    proof.until(lambda: proof.unit("ActiveState") != "active", "systemd knows that it is lost")
    proof.say(f"    {time.monotonic() - away:.0f} s after it went")
    sh("until modprobe -r vivid; do sleep 1; done")
    proof.say("the driver is unloaded: modprobe -r vivid")
    time.sleep(20.0)
    back = _plug(proof)
    proof.until(lambda: proof.unit("ActiveState") == "active", "the service sees it again")
    proof.say(f"    {time.monotonic() - back:.0f} s after it came, nobody did anything")
    proof.need(proof.unit("NRestarts") != restarts, "systemd has restarted the service")
    proof.hear("health", time.monotonic(), "it tells its health again")
    for line in sh("journalctl -u edgepose@cam1 -o cat -n 12 --no-pager").splitlines():
        proof.say(f"    {line[:150]}")
    proof.computer.pull_the_plug()


def power(proof: Proof, kills: int) -> None:
    """The plug is pulled during writes, again and again, while alarms wait for a broker."""
    proof.broker.stop()
    proof.say("the broker is switched off")
    proof.write(ssh=proof.key, uri=CLIP)
    known: set[str] = set()
    for number in range(kills):
        if number == 1:
            proof.card.write("edgepose.txt", "site = 'plant\n[broker]\nhost = '\n")
            proof.say("the owner's file is spoilt: the settings of before must hold")
        proof.start()
        proof.enter()
        known = _survived(proof, known)
        proof.computer.sh(f"nohup sh -c '{_HAMMER}' >/dev/null 2>&1 &")
        known = _more(proof, known)
        time.sleep(random.uniform(1.0, 10.0))  # noqa: S311 - any moment will do
        proof.computer.pull_the_plug()
        proof.say(f"the plug is pulled, {len(known)} alarms on the disk")
    proof.broker.start()
    proof.say("the broker is back")
    since = proof.start()
    proof.enter()
    proof.until(lambda: known <= _arrived(proof, since), f"all {len(known)} alarms have arrived")
    proof.computer.pull_the_plug()
    _root_unchanged(proof)


def _ids(proof: Proof) -> set[str]:
    return set(proof.computer.sh("python3 -", words=_IDS).split())


def _more(proof: Proof, known: set[str]) -> set[str]:
    proof.until(lambda: len(_ids(proof)) > len(known), "new alarms wait on the disk")
    return _ids(proof)


def _arrived(proof: Proof, since: float) -> set[str]:
    events = (one for one in proof.broker.since(since) if "/event/" in one.topic)
    return {one.body["id"] for one in events}


def _survived(proof: Proof, known: set[str]) -> set[str]:
    """What was on the disk still is; the file system says that it is clean."""
    found = _ids(proof)
    proof.need(known <= found, f"all {len(known)} alarms of before are there", known - found)
    said = proof.computer.sh("journalctl -b -o cat --no-pager -u 'systemd-fsck@*' | tail -n 4")
    for line in said.splitlines():
        proof.say(f"    fsck: {line}")
    state = proof.computer.sh("dumpe2fs -h $(findmnt -no SOURCE /data) 2>&1 | grep -i 'state:'")
    proof.need("clean" in state and "error" not in state, f"/data: {' '.join(state.split())}")
    return found


def _root_unchanged(proof: Proof) -> None:
    """The root's partition is, bit for bit, that of the image."""
    parts = machine.run("sfdisk", "--dump", proof.image).splitlines()
    root = next(line for line in parts if ".img2" in line or "2 :" in line)
    start, size = (int(root.split(f"{key}=")[1].split(",")[0]) for key in ("start", "size"))
    hashes = {
        machine.run(
            "sh", "-c", f"dd if={file} bs=512 skip={start} count={size} status=none | sha256sum"
        )
        for file in (proof.image, proof.computer.image)
    }
    proof.need(len(hashes) == 1, "the root's partition is, bit for bit, that of the image", hashes)
