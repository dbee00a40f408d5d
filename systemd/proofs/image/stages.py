"""What is promised of the image, in the order in which a device lives."""

from __future__ import annotations

import random
import time
from pathlib import Path

import machine
from proof import KEPT, Proof

CLIP = "/opt/edgepose/lib/python3.11/site-packages/edge/bundled_models/demo/bench.mp4"
# The ids of all events on the disk, from a copy with its log: the service locks the table itself.
_IDS = """
import glob, shutil, sqlite3, tempfile
for file in glob.glob("/var/lib/private/edgepose/cam1/**/outbox.sqlite", recursive=True):
    with tempfile.TemporaryDirectory() as folder:
        for part in sorted(glob.glob(file + "*"), reverse=True):
            shutil.copy(part, folder)
        base = sqlite3.connect(folder + "/outbox.sqlite")
        assert base.execute("pragma integrity_check").fetchone() == ("ok",)
        print(*(row[0] for row in base.execute("select id from outbox")), sep="\\n")
"""
# Writes that are under way when the plug is pulled, beside the service's own.
_HAMMER = (
    "i=0; while :; do i=$(((i + 1) % 40)); head -c 90000 /dev/zero > /data/hammer.$i; "
    "[ $((i % 7)) = 0 ] && sync /data/hammer.$i; sleep 0.1; done"
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
    """The plug is pulled during writes, again and again, while events wait for a broker."""
    proof.broker.stop()
    proof.say("the broker is switched off")
    password = KEPT if proof.computer.starts else proof.broker.password
    proof.write(ssh=proof.key, uri=CLIP, password=password)
    known: set[str] = set()
    for number in range(kills):
        if number == 1:
            proof.card.write("edgepose.txt", "site = 'plant\n[broker]\nhost = '\n")
            proof.say("the owner's file is spoilt: the settings of before must hold")
        proof.start()
        proof.enter()
        known = _survived(proof, known)
        proof.computer.sh(f"nohup sh -c '{_HAMMER}' >/dev/null 2>&1 &")
        if not known:
            proof.until(lambda: bool(_ids(proof)), "an event waits on the disk")
            # The clip's first is a presence, which the kernel may write half a minute later; falls,
            # which are written at once, come too late in it for an emulated machine.
            time.sleep(45.0)
        time.sleep(random.uniform(1.0, 60.0))  # noqa: S311 - any moment will do
        known |= _ids(proof)
        proof.computer.pull_the_plug()
        proof.say(f"the plug is pulled, {len(known)} events on the disk")
        _mendable(proof)
    proof.broker.start()
    proof.say("the broker is back")
    since = proof.start()
    proof.enter()
    proof.until(lambda: known <= _arrived(proof, since), f"all {len(known)} events have arrived")
    proof.computer.pull_the_plug()
    _root_unchanged(proof)


def _ids(proof: Proof) -> set[str]:
    for _ in range(4):  # a copy that was made during a write may be torn
        try:
            return set(proof.computer.sh("python3 -", words=_IDS).split())
        except RuntimeError:
            time.sleep(5.0)
    return set(proof.computer.sh("python3 -", words=_IDS).split())


def _arrived(proof: Proof, since: float) -> set[str]:
    events = (one for one in proof.broker.since(since) if "/event/" in one.topic)
    return {one.body["id"] for one in events}


def _survived(proof: Proof, known: set[str]) -> set[str]:
    """What was on the disk still is; what the start's own fsck said."""
    found = _ids(proof)
    proof.need(known <= found, f"all {len(known)} events of before are there", known - found)
    said = proof.computer.sh("journalctl -b -o cat --no-pager -t systemd-fsck")
    for line in said.splitlines():
        proof.say(f"    fsck: {line}")
    return found


def _mendable(proof: Proof) -> None:
    """What the next start's fsck does, done here first on copies, and then all of it checked."""
    folder = proof.computer.folder
    data, card = (_partition(proof.computer.image, number, folder) for number in (3, 1))
    said = machine.run("e2fsck", "-p", data)
    machine.run("e2fsck", "-f", "-n", data)
    mended = " and ".join(line.partition(": ")[2] for line in said.splitlines())
    proof.say(f"    /data: {mended}; then no fault is found in all of it")
    machine.run("fsck.vfat", "-n", card)
    proof.say("    /boot/firmware: no fault is found")
    data.unlink()
    card.unlink()


def _partition(image: Path, number: int, folder: Path) -> Path:
    """A copy of one partition of an image."""
    lines = machine.run("sfdisk", "--dump", image).splitlines()
    line = next(line for line in lines if line.startswith(f"{image}{number} "))
    start, size = (int(line.split(f"{key}=")[1].split(",")[0]) for key in ("start", "size"))
    copy = folder / f"{image.name}.{number}"
    block = ("bs=1M", f"skip={start // 2048}", f"count={size // 2048}", "conv=sparse")
    machine.run("dd", f"if={image}", f"of={copy}", "status=none", *block)
    return copy


def _root_unchanged(proof: Proof) -> None:
    """The root's partition is, bit for bit, that of the image."""
    folder = proof.computer.folder
    same = _partition(proof.image, 2, folder), _partition(proof.computer.image, 2, folder)
    hashes = {machine.run("sha256sum", path).split()[0] for path in same}
    proof.need(len(hashes) == 1, "the root's partition is, bit for bit, that of the image", hashes)
