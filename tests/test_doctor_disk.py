"""The doctor on disks and outboxes: made-up mounts, real folders and files."""

from __future__ import annotations

import shutil
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from edge.doctor import disk, outbox
from edge.doctor.machine import Machine
from edge.runtime.outbox import Outbox
from tests.doctored import bad_one, grades, machine, only

CARD = "/dev/mmcblk0p2"
STATE = Path("/var/lib/edgepose/cam1")
BOX = disk.Disk(
    folder="/var/lib/edgepose",
    mount="/",
    kind="ext4",
    device=CARD,
    free_mb=20_000,
    total_mb=30_000,
    inodes=100_000,
    read_only=False,
    errors=0,
    worn=None,
)


def mounts(options: str = "rw,noatime", kind: str = "ext4") -> dict[str, str]:
    return {"/proc/mounts": f"proc /proc proc rw 0 0\n{CARD} / {kind} {options} 0 0\n"}


def test_a_sound_card(tmp_path: Path) -> None:
    seen = disk.read(machine(tmp_path, mounts()), STATE)
    assert (seen.device, seen.kind, seen.folder, seen.errors) == (CARD, "ext4", "/", 0)
    found = only(disk.judge(replace(seen, free_mb=9000.0), kept=True))
    assert found.grade == "good"
    assert CARD in found.says


def test_the_nearest_mount_counts(tmp_path: Path) -> None:
    lines = (
        f"overlay / overlay rw 0 0\n/dev/mmcblk0p3 /var/lib/edgepose ext4 rw 0 0\n{CARD} /x e r\n"
    )
    pi = machine(tmp_path, {"/proc/mounts": lines})
    pi.at("/var/lib/edgepose").mkdir(parents=True)
    assert disk.read(pi, STATE).device == "/dev/mmcblk0p3"
    assert disk.read(pi, Path("/etc")).kind == "overlay"


def test_errors_that_the_kernel_noted_are_bad(tmp_path: Path) -> None:
    pi = machine(tmp_path, {**mounts(), "/sys/fs/ext4/mmcblk0p2/errors_count": "3\n"})
    found = bad_one(disk.judge(disk.read(pi, STATE), kept=True))
    assert "3 errors" in found.says


def test_a_complaint_of_the_kernel_is_looked_at(tmp_path: Path) -> None:
    said = {"journalctl": "mmc0: error -110 whilst initialising SD card\n"}
    found = disk.judge(
        replace(disk.read(machine(tmp_path, mounts(), said), STATE), free_mb=9e3), kept=True
    )
    assert "error -110" in only(found).says
    assert grades(found) == ["look"]


def test_a_card_that_became_read_only_is_bad(tmp_path: Path) -> None:
    seen = disk.read(machine(tmp_path, mounts("ro,noatime")), STATE)
    assert "remount,rw" in bad_one(disk.judge(seen, kept=True)).mend
    assert grades(disk.judge(seen, kept=False)) == ["good"]  # a root that is sealed on purpose


def test_memory_keeps_nothing_without_power() -> None:
    memory = Path("/dev/shm")  # noqa: S108 - a file system in memory, on every Linux
    if not memory.is_dir():
        pytest.skip("no /dev/shm here")
    seen = disk.read(Machine(), memory / "edgepose" / "cam1")
    assert seen.kind == "tmpfs"
    assert "lost with the power" in bad_one(disk.judge(seen, kept=True)).says


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({"free_mb": 30.0}, "bad"),
        ({"inodes": 20}, "bad"),
        ({"inodes": None}, "good"),
        ({"free_mb": 300.0}, "look"),
        ({"worn": 10}, "look"),
    ],
)
def test_room_and_wear(change: dict[str, float | None], grade: str) -> None:
    assert grades(disk.judge(replace(BOX, **change), kept=True)) == [grade]  # type: ignore[arg-type]


def test_an_emmc_tells_how_worn_it_is(tmp_path: Path) -> None:
    pi = machine(tmp_path, {**mounts(), "/sys/block/mmcblk0/device/life_time": "0x02 0x0a\n"})
    assert disk.read(pi, STATE).worn == 10


def filled(folder: Path, *, alarms: int = 0, others: int = 0, age_s: float = 0.0) -> Outbox:
    folder.mkdir(exist_ok=True)
    kept = Outbox(folder / "outbox.sqlite")
    for number in range(alarms + others):
        wall = time.time() - age_s
        ident = str(number)
        kept.put(ident, "t", "{}", alarm=number < alarms, wall=wall, mono=0.0)
    return kept


def test_an_empty_outbox_is_good(tmp_path: Path) -> None:
    filled(tmp_path / "cam1").close()
    seen = outbox.read(tmp_path / "cam1", 100)
    assert seen.waiting == outbox.Waiting(0, 0, None)
    assert grades(outbox.judge(seen, running=True)) == ["good"]
    assert sorted(path.name for path in (tmp_path / "cam1").iterdir()) == ["outbox.sqlite"]


def test_one_that_is_yet_to_be_made_is_good_and_not_made(tmp_path: Path) -> None:
    found = only(outbox.judge(outbox.read(tmp_path / "a" / "cam1", 100), running=False))
    assert found.grade == "good"
    assert "first start" in found.says
    assert not (tmp_path / "a").exists()


def test_events_that_wait_are_counted_beside_a_running_service(tmp_path: Path) -> None:
    running = filled(tmp_path / "cam1", alarms=2, others=3, age_s=20.0)
    seen = outbox.read(tmp_path / "cam1", 100)  # the file is locked by us
    assert seen.waiting is not None
    assert (seen.waiting.events, seen.waiting.alarms) == (5, 2)
    assert grades(outbox.judge(seen, running=True)) == ["look"]
    assert len(running) == 5
    running.close()


def test_alarms_that_wait_for_long_are_bad(tmp_path: Path) -> None:
    filled(tmp_path / "cam1", alarms=1, age_s=3 * 3600).close()
    seen = outbox.read(tmp_path / "cam1", 100)
    stopped = bad_one(outbox.judge(seen, running=False))
    assert "not delivered for 3 hours" in stopped.says
    assert "start the service" in stopped.mend
    assert "broker" in bad_one(outbox.judge(seen, running=True)).mend


def test_an_outbox_that_is_nearly_full_is_bad(tmp_path: Path) -> None:
    filled(tmp_path / "cam1", others=10).close()
    assert (
        "10 of 10" in bad_one(outbox.judge(outbox.read(tmp_path / "cam1", 10), running=True)).says
    )


def test_a_damaged_outbox_is_bad(tmp_path: Path) -> None:
    filled(tmp_path / "cam1", others=200).close()
    path = tmp_path / "cam1" / "outbox.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes(len(content) - 100))
    assert (
        "cannot be read" in bad_one(outbox.judge(outbox.read(path.parent, 99), running=False)).says
    )
    path.write_bytes(b"no database at all, but long enough to be one" * 100)
    assert bad_one(outbox.judge(outbox.read(path.parent, 99), running=False))


def test_one_that_was_put_aside_is_looked_at(tmp_path: Path) -> None:
    filled(tmp_path / "cam1").close()
    shutil.copy(tmp_path / "cam1/outbox.sqlite", tmp_path / "cam1/outbox.sqlite.damaged")
    assert grades(outbox.judge(outbox.read(tmp_path / "cam1", 9), running=True)) == ["look"]


def test_a_folder_that_is_a_file_is_bad(tmp_path: Path) -> None:
    (tmp_path / "edgepose").write_text("")
    assert bad_one(outbox.judge(outbox.read(tmp_path / "edgepose" / "cam1", 9), running=False))


def test_a_folder_that_cannot_be_written_is_bad() -> None:
    sealed = Path("/proc")  # nobody makes files here, not even root
    if not sealed.is_dir():
        pytest.skip("no /proc here")
    assert bad_one(outbox.judge(outbox.read(sealed, 9), running=False))


def test_a_file_that_is_no_outbox_yet_is_none(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "outbox.sqlite").execute("CREATE TABLE other (n)").connection.close()
    assert outbox.read(tmp_path, 9).waiting is None
