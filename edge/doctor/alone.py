"""A check in a process of its own: a driver that hangs is ended, a library that crashes is told.

`python -m edge.doctor.alone CHECK ARGUMENT ...` prints findings as one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from edge.doctor.finding import REINSTALL, RESTART, Finding, bad, failed
from edge.errors import EdgeposeError

_CRASHES = {
    signal.SIGILL: "a library uses instructions that this processor does not have",
    signal.SIGSEGV: "a library crashed",
    signal.SIGBUS: "a library crashed, or the card it is read from fails",
    signal.SIGKILL: "it was killed, mostly for want of memory",
}


def examine(
    check: str, arguments: Sequence[str], environment: Mapping[str, str], limit_s: float
) -> list[Finding]:
    """Run a check elsewhere, and wait for it no longer than the limit."""
    words = [sys.executable, "-m", "edge.doctor.alone", check, *arguments]
    return findings_of(words, environment, check, limit_s)


def findings_of(
    words: Sequence[str], environment: Mapping[str, str], check: str, limit_s: float
) -> list[Finding]:
    """Findings that a command prints; what is wrong with it when it prints none."""
    paths = os.pathsep.join(path or "." for path in sys.path)
    try:
        done = subprocess.run(  # noqa: S603 - our own command line
            list(words),
            env={**os.environ, **environment, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=limit_s,
        )
    except subprocess.TimeoutExpired:
        says = f"the {check} did not answer in {limit_s:.0f} s: its driver or a library hangs"
        return [bad(says, RESTART)]
    if done.returncode < 0:
        number = -done.returncode
        why = _CRASHES.get(signal.Signals(number), f"signal {number}")
        return [bad(f"trying the {check} crashed: {why}", REINSTALL)]
    try:
        return [Finding.of(table) for table in json.loads(done.stdout.decode().splitlines()[-1])]
    except (ValueError, IndexError, TypeError):
        last = " ".join(done.stderr.decode(errors="replace").strip().splitlines()[-1:])
        return [bad(f"trying the {check} ended without an answer: {last}", REINSTALL)]


# Imports are inside: each check needs its own, and a broken one is for that check to tell.
def _camera(path: str) -> Sequence[Finding]:
    from edge import config  # noqa: PLC0415
    from edge.doctor import camera, camera_reading  # noqa: PLC0415

    return camera.judge(camera_reading.watch(config.load(Path(path), {}).source))


def _model(path: str, busy: str) -> Sequence[Finding]:
    from edge import config  # noqa: PLC0415
    from edge.doctor import model  # noqa: PLC0415

    return model.judge(model.read(config.load(Path(path), {})), busy=busy == "busy")


def _versions(kinds: str, pythons: str) -> Sequence[Finding]:
    from edge.doctor import versions  # noqa: PLC0415
    from edge.doctor.machine import Machine  # noqa: PLC0415

    return versions.judge(versions.read(Machine(), _listed(kinds), _listed(pythons)))


def _listed(words: str) -> list[str]:
    return [word for word in words.split(",") if word]


CHECKS: Mapping[str, Callable[..., Sequence[Finding]]] = {
    "camera": _camera,
    "model": _model,
    "versions": _versions,
}


def main(check: str, *arguments: str) -> None:
    """Write the findings where nothing that a library prints can get among them."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        found = CHECKS[check](*arguments)
    except EdgeposeError as error:
        found = failed(error)
    out.write(json.dumps([one.plain() for one in found]) + "\n")
    out.flush()
    os._exit(0)  # a reader that blocks, or a runtime's own end, must not change the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
