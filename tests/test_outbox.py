from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.errors import SinkError
from edge.runtime.outbox import Outbox


@contextmanager
def opened(path: Path, bound: int = 100) -> Iterator[Outbox]:
    outbox = Outbox(path, bound)
    try:
        yield outbox
    finally:
        outbox.close()


def put(outbox: Outbox, name: str, *, alarm: bool = True) -> None:
    outbox.put(name, "topic", f'"{name}"', alarm=alarm, wall=1000.0, mono=5.0)


def names(outbox: Outbox, skip: tuple[int, ...] = ()) -> list[str]:
    return [kept.body.strip('"') for kept in outbox.waiting(skip, 1000)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def test_alarms_come_first_and_each_kind_in_order(path: Path) -> None:
    with opened(path) as outbox:
        for name in ("t1", "a1", "t2", "a2"):
            put(outbox, name, alarm=name.startswith("a"))
        assert names(outbox) == ["a1", "a2", "t1", "t2"]
        first = outbox.waiting((), 1)[0]
        assert names(outbox, skip=(first.seq,)) == ["a2", "t1", "t2"]
        outbox.delete(first.seq)
        outbox.delete(first.seq)
        assert len(outbox) == 3


def test_what_is_kept_outlives_the_process_and_says_so(path: Path) -> None:
    with opened(path) as outbox:
        put(outbox, "old")
        assert outbox.waiting((), 9)[0].mono == 5.0
    with opened(path) as outbox:
        put(outbox, "new")
        old, new = outbox.waiting((), 9)
        assert (old.body, old.mono, old.wall) == ('"old"', None, 1000.0)
        assert (new.body, new.mono) == ('"new"', 5.0)


def test_a_number_is_never_used_again(path: Path) -> None:
    with opened(path) as outbox:
        put(outbox, "a")
        used = outbox.waiting((), 1)[0].seq
        outbox.delete(used)
    with opened(path) as outbox:
        put(outbox, "b")
        again = outbox.waiting((), 1)[0]
    assert again.seq > used
    assert again.mono is not None


def test_the_same_id_is_the_same_event(path: Path) -> None:
    with opened(path) as outbox:
        put(outbox, "a")
        put(outbox, "a")
        assert names(outbox) == ["a"]
        assert outbox.shed == 0


def test_the_oldest_telemetry_is_shed_before_any_alarm(path: Path) -> None:
    with opened(path, bound=3) as outbox:
        for name in ("a1", "t1", "t2", "a2", "a3"):
            put(outbox, name, alarm=name.startswith("a"))
        assert names(outbox) == ["a1", "a2", "a3"]
        put(outbox, "t3", alarm=False)
        assert names(outbox) == ["a1", "a2", "a3"]
        put(outbox, "a4")
        assert names(outbox) == ["a2", "a3", "a4"]
        assert outbox.shed == 4


def test_only_the_owner_may_read_it(path: Path) -> None:
    path.touch(0o644)
    with opened(path) as outbox:
        put(outbox, "a")
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_an_alarm_is_on_disk_before_put_returns(path: Path) -> None:
    with opened(path) as outbox:
        put(outbox, "t", alarm=False)
        assert outbox._db.execute("PRAGMA synchronous").fetchone()[0] == 1  # NORMAL
        put(outbox, "a")
        assert outbox._db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL: fsync at commit
        assert outbox._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_file_that_is_no_database_is_moved_aside_and_said_aloud(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    with opened(path) as outbox:
        put(outbox, "a")
        assert outbox.trouble is not None
        assert "outbox.sqlite.damaged" in outbox.trouble
    assert path.with_name("outbox.sqlite.damaged").read_bytes().startswith(b"not a database")
    with opened(path) as outbox:
        assert outbox.trouble is None
        assert names(outbox) == ["a"]


def test_a_database_damaged_in_the_middle_is_moved_aside(path: Path) -> None:
    with opened(path, bound=1000) as outbox:
        for number in range(300):
            put(outbox, f"{number:0200d}")
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    path.write_bytes(content)
    with opened(path) as outbox:
        put(outbox, "a")
        assert outbox.trouble is not None
        assert names(outbox) == ["a"]


def test_a_disk_that_fails_later_leaves_it_in_memory_with_all_it_had(path: Path) -> None:
    with opened(path) as outbox:
        put(outbox, "a")
        outbox._db.execute(f"PRAGMA max_page_count = {1}")  # as full as it is: SQLITE_FULL
        put(outbox, "b" * 100_000)
        put(outbox, "c")
        assert [name[:1] for name in names(outbox)] == ["a", "b", "c"]
        assert outbox.trouble is not None
        assert "in memory only" in outbox.trouble


def test_no_directory_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SinkError) as caught:
        Outbox(tmp_path / "absent" / "outbox.sqlite")
    assert "outbox.sqlite" in caught.value.where
    assert caught.value.hint


def test_two_processes_cannot_send_the_same_events(path: Path) -> None:
    with opened(path), pytest.raises(SinkError, match="another process"):
        Outbox(path)


def test_one_thread_puts_while_another_takes(path: Path) -> None:
    taken: list[str] = []
    with opened(path, bound=1000) as outbox:

        def take() -> None:
            while len(taken) < 200:
                for kept in outbox.waiting((), 7):
                    taken.append(kept.body)
                    outbox.delete(kept.seq)

        taker = threading.Thread(target=take)
        taker.start()
        for number in range(200):
            put(outbox, str(number), alarm=False)
        taker.join()
        assert len(outbox) == 0
    assert taken == [f'"{number}"' for number in range(200)]


_ENDLESS = """
import itertools, sys
from pathlib import Path
from edge.runtime.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), 100_000)
for number in itertools.count():
    outbox.put(str(number), "topic", str(number), alarm=number % 2 == 0, wall=0.0, mono=0.0)
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing_that_was_put(path: Path) -> None:
    for lines in (1, 2, 7, 30):
        path.unlink(missing_ok=True)
        writer = subprocess.Popen(
            [sys.executable, "-c", _ENDLESS, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(lines):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        claimed = lines + len(writer.stdout.read().splitlines())
        writer.wait()
        writer.stdout.close()
        with opened(path, bound=100_000) as outbox:
            kept = {int(one.body) for one in outbox.waiting((), 100_000)}
            assert outbox.trouble is None
        assert kept >= set(range(claimed))
        assert kept <= set(range(claimed + 1))  # at most the one that was being put


def test_a_closed_outbox_refuses_instead_of_pretending(path: Path) -> None:
    outbox = Outbox(path)
    outbox.close()
    with pytest.raises(sqlite3.ProgrammingError):
        put(outbox, "a")
