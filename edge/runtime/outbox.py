"""Events on disk until the broker has them: they outlive a kill, a reboot and a power cut.

One SQLite file of this process alone. An alarm's `put` returns when it is on the disk; other
events may be lost by a power cut, never by a kill. Beyond `bound` events the oldest that is
no alarm goes first. A damaged file is moved aside; a disk that fails later, or is full, leaves
the outbox in memory: in both cases `trouble` says so, because an alarm now is worth more than
a process that refuses to start.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from edge.errors import SinkError

T = TypeVar("T")

_TABLE = """
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    alarm INTEGER NOT NULL,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,
    wall REAL NOT NULL,
    mono REAL NOT NULL
)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS urgency ON outbox (alarm DESC, seq)"


@dataclass(frozen=True, slots=True)
class Kept:
    """One stored event."""

    seq: int  # in order of arrival, never used twice
    topic: str
    body: str  # JSON
    wall: float  # Unix s when stored
    mono: float | None  # s on this process's monotonic clock; None: an earlier process stored it


class Outbox:
    """Opened by its constructor, for any thread; raises SinkError where no file can be kept."""

    def __init__(self, path: Path, bound: int = 10_000) -> None:
        self._path = path
        self._bound = bound
        self._lock = threading.Lock()
        self.trouble: str | None = None  # why what is kept here is less safe than it should be
        self.shed = 0  # events given up because the bound was reached
        try:
            self._db = self._open()
        except sqlite3.OperationalError as error:
            self._db = _memory()
            self._unsafe(error)
        self._inherited = _one(self._db, "SELECT coalesce(max(seq), 0) FROM outbox")

    def put(  # noqa: PLR0913 - one column each
        self, ident: str, topic: str, body: str, *, alarm: bool, wall: float, mono: float
    ) -> None:
        """Keep one event; the same id again, while it is still here, is the same event."""

        def store(db: sqlite3.Connection) -> None:
            db.execute(f"PRAGMA synchronous = {'FULL' if alarm else 'NORMAL'}")
            with db:
                db.execute("BEGIN IMMEDIATE")
                db.execute(
                    "INSERT OR IGNORE INTO outbox (id, alarm, topic, body, wall, mono)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (ident, alarm, topic, body, wall, mono),
                )
                over = _one(db, "SELECT count(*) FROM outbox") - self._bound
                if over > 0:
                    db.execute(
                        "DELETE FROM outbox WHERE seq IN"
                        " (SELECT seq FROM outbox ORDER BY alarm, seq LIMIT ?)",
                        (over,),
                    )
            self.shed += max(over, 0)

        self._do(store)

    def waiting(self, skip: Collection[int], limit: int) -> list[Kept]:
        """Give what is to be sent next, alarms first, each in order, without those in `skip`."""

        def read(db: sqlite3.Connection) -> list[Kept]:
            marks = ",".join("?" * len(skip))
            rows = db.execute(
                "SELECT seq, topic, body, wall, mono FROM outbox"  # noqa: S608 - only '?'
                f" WHERE seq NOT IN ({marks}) ORDER BY alarm DESC, seq LIMIT ?",
                (*skip, limit),
            )
            return [
                Kept(seq, topic, body, wall, mono if seq > self._inherited else None)
                for seq, topic, body, wall, mono in rows
            ]

        return self._do(read)

    def delete(self, seq: int) -> None:
        """Forget one event: the broker has it."""

        def remove(db: sqlite3.Connection) -> None:
            db.execute("PRAGMA synchronous = NORMAL")  # lost by a power cut, it is sent once more
            db.execute("DELETE FROM outbox WHERE seq = ?", (seq,))

        self._do(remove)

    def __len__(self) -> int:
        """How many events are kept."""
        return self._do(lambda db: _one(db, "SELECT count(*) FROM outbox"))

    def close(self) -> None:
        """Let go of the file; what is in it stays."""
        with self._lock:
            self._db.close()

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                return work(self._db)
            except sqlite3.ProgrammingError:
                raise  # closed, or our own mistake: no fault of the disk
            except sqlite3.DatabaseError as error:
                self._db = _rescued(self._db)
                self._unsafe(error)
                return work(self._db)

    def _unsafe(self, error: sqlite3.Error) -> None:
        self.trouble = f"{self._path}: {error}: events are kept in memory only"

    def _open(self) -> sqlite3.Connection:
        try:
            self._touch()
        except OSError as error:
            raise SinkError(
                str(self._path),
                f"no event can be kept here ({error.strerror})",
                "give the service a directory it may write to",
            ) from error
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise SinkError(
                    str(self._path),
                    "another process is using it",
                    "is the same camera running twice?",
                ) from error
            raise
        except sqlite3.DatabaseError as error:
            aside = self._move_aside()
            self.trouble = f"{self._path}: {error}: moved to {aside.name} and begun anew"
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        """Open and prove the file; it is ours alone until closed, so nothing is sent twice."""
        db = sqlite3.connect(self._path, timeout=2.0, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            db.execute(_TABLE)
            db.execute(_INDEX)
            db.execute("COMMIT")
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
        except sqlite3.Error:
            db.close()
            raise
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the file's name must survive a power cut as well
        finally:
            os.close(folder)
        return db

    def _move_aside(self) -> Path:
        """Keep one damaged file for whoever wants to look; never more, the disk is small."""
        aside = self._path.with_name(self._path.name + ".damaged")
        self._path.replace(aside)
        for tail in ("-wal", "-shm"):
            self._path.with_name(self._path.name + tail).unlink(missing_ok=True)
        self._touch()
        return aside

    def _touch(self) -> None:
        """Make the file ours before SQLite opens it, which gives its side files the same mode."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(file, 0o600)
        os.close(file)


def _memory() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.execute(_TABLE)
    db.execute(_INDEX)
    return db


def _rescued(broken: sqlite3.Connection) -> sqlite3.Connection:
    """Copy into memory whatever can still be read."""
    memory = _memory()
    try:
        broken.rollback()
        broken.backup(memory)
    except sqlite3.Error:
        memory = _memory()
    broken.close()
    return memory


def _one(db: sqlite3.Connection, query: str) -> int:
    number: int = db.execute(query).fetchone()[0]
    return number
