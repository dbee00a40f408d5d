"""Made-up computers for the doctor: a tree of the kernel's files, and what commands answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from edge.doctor.finding import Finding
from edge.doctor.machine import Machine

PI_4 = {"/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0"}


def machine(
    root: Path, files: Mapping[str, str] | None = None, answers: Mapping[str, str] | None = None
) -> Machine:
    """A computer with these files; a command answers if its first word is here."""
    for name, content in (files or {}).items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    known = answers or {}

    def run(command: Sequence[str]) -> str | None:
        return known.get(command[0])

    return Machine(root, run)


@contextmanager
def held(device: Path) -> Iterator[int]:
    """Another process, of this number, has the file open meanwhile."""
    code = f"import time; f = open({str(device)!r}); print('open', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        try:
            yield other.pid
        finally:
            other.kill()


def grades(found: Sequence[Finding]) -> list[str]:
    return [one.grade for one in found]


def only(found: Sequence[Finding]) -> Finding:
    """The one finding there is."""
    (one,) = found
    return one


def bad_one(found: Sequence[Finding]) -> Finding:
    """The one that is bad, which must say what to do."""
    (one,) = (one for one in found if one.grade == "bad")
    assert one.mend
    return one


def facts(found: Sequence[Finding]) -> Mapping[str, Any]:
    return found[0].facts
