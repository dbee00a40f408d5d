"""Can alarms wait here, and do some wait already.

The service keeps its outbox to itself, so a copy is looked at, and only counted.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken

_NAME = "outbox.sqlite"
_LATE_S = 300.0  # an alarm that waits longer waits for a person
_FULL = 0.9
_COPIED = (_NAME, f"{_NAME}-wal")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the broker has not acknowledged yet."""

    events: int
    alarms: int
    oldest_s: float | None  # since the oldest alarm, or else event, was stored


@dataclass(frozen=True, slots=True)
class Box:
    """A camera's folder for alarms."""

    folder: str
    exists: bool
    refused: str  # why nothing can be written here; empty when something can
    waiting: Waiting | None  # None: no outbox yet, or it cannot be read
    damaged: str  # why it cannot be read
    aside: bool  # a damaged one was moved aside earlier
    bound: int  # events it takes


def read(folder: Path, bound: int) -> Box:
    """Look at the folder, by really writing to it, and at a copy of the outbox."""
    waiting, damaged = _counted(folder)
    return Box(
        folder=str(folder),
        exists=folder.is_dir(),
        refused=_refused(folder),
        waiting=waiting,
        damaged=damaged,
        aside=(folder / f"{_NAME}.damaged").exists(),
        bound=bound,
    )


def judge(box: Box, *, running: bool) -> tuple[Finding, ...]:
    """`running`: a service has it in use."""
    return spoken(_wrong(box, running=running), good(_summary(box), **_facts(box)))


def _wrong(box: Box, *, running: bool) -> Iterator[Finding]:
    facts, waiting = _facts(box), box.waiting
    if box.refused:
        says = f"alarms cannot be kept in {box.folder}: {box.refused}"
        yield bad(
            says, f"who owns it, and where is it: ls -ld {box.folder}; df {box.folder}", **facts
        )
    if box.damaged:
        says = f"the outbox in {box.folder} cannot be read ({box.damaged})"
        again = "it is moved aside and begun anew at the next start; is the card failing?"
        yield bad(says, again, **facts)
    if box.aside:
        says = f"a damaged outbox was put aside in {box.folder}: alarms may have been lost"
        yield look(says, f"sudo rm {box.folder}/{_NAME}.damaged when you have seen it", **facts)
    if waiting is None:
        return
    if waiting.events > _FULL * box.bound:
        says = f"the outbox is nearly full: {waiting.events} of {box.bound} events"
        yield bad(says, "mend the broker's finding; the oldest events go first", **facts)
    elif waiting.alarms and (waiting.oldest_s or 0.0) > _LATE_S:
        mend = "mend the broker's finding" if running else "start the service: it sends them"
        yield bad(f"{_count(waiting)} not delivered for {_ago(waiting.oldest_s)}", mend, **facts)
    elif waiting.events:
        mend = "mend the broker's finding, if it has one" if running else "start the service"
        yield look(f"{_count(waiting)} not delivered yet", mend, **facts)


def _summary(box: Box) -> str:
    if not box.exists:
        return f"{box.folder} is made at the first start"
    return f"{box.folder} can be written, and nothing waits in it"


def _count(waiting: Waiting) -> str:
    alarms = f", {waiting.alarms} of them alarms," if waiting.alarms else ""
    return f"{waiting.events} {'event is' if waiting.events == 1 else 'events are'}{alarms}"


def _ago(seconds: float | None) -> str:
    minutes = (seconds or 0.0) / 60
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.0f} hours"  # noqa: PLR2004 - two hours


def _facts(box: Box) -> dict[str, Json]:
    waiting = box.waiting
    return {
        "folder": box.folder,
        "events": waiting.events if waiting else None,
        "alarms": waiting.alarms if waiting else None,
        "oldest_s": round(waiting.oldest_s, 1) if waiting and waiting.oldest_s else None,
        "bound": box.bound,
    }


def _refused(folder: Path) -> str:
    """Write a nameless file into it, or ask whether it could be made."""
    if folder.is_dir():
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"edgepose doctor")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            return error.strerror or str(error)
        return ""
    above = folder
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        return f"{above} is no folder"
    return "" if os.access(above, os.W_OK | os.X_OK) else f"{above} may not be written to"


def _counted(folder: Path) -> tuple[Waiting | None, str]:
    """Count in a copy, which the lock of a running service does not hold up."""
    try:
        if not (folder / _NAME).is_file() or not (folder / _NAME).stat().st_size:
            return None, ""
        with tempfile.TemporaryDirectory(prefix="edgepose-doctor-") as scratch:
            for name in _COPIED:
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, Path(scratch) / name)
            return _count_in(Path(scratch) / _NAME), ""
    except sqlite3.DatabaseError as error:
        return None, str(error)
    except OSError as error:
        return None, error.strerror or str(error)


def _count_in(path: Path) -> Waiting | None:
    db = sqlite3.connect(path)
    try:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
            return None
        events, alarms, first, first_alarm = db.execute(
            "SELECT count(*), coalesce(sum(alarm), 0), min(wall),"
            " min(CASE WHEN alarm THEN wall END) FROM outbox"
        ).fetchone()
    finally:
        db.close()
    since = first if first_alarm is None else first_alarm
    return Waiting(events, alarms, None if since is None else max(0.0, time.time() - since))
