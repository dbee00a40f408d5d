"""Restarting: what is stuck or dies, for ever, 5 s apart; but not what only a person can mend."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import re
import time
from pathlib import Path

from systemd.proofs.systemd.inside.claims import CAM1, CAM2, CAM3, CAMERAS, Claim, claim
from systemd.proofs.systemd.inside.ear import Ear
from systemd.proofs.systemd.inside.machine import (
    CONFIGURATIONS,
    MOST_START_S,
    Camera,
    NotShownError,
    run,
    systemctl,
    until,
)

CLAIMS: list[Claim] = []
_WATCHDOG_S = 30.0
_PAUSE_S = 5.0
_SLACK_S = 25.0  # to notice, abort and start on a busy machine
_ERROR = re.compile(r"(/|edgepose-body).*: .*")  # where: what
_PTRACE_SEIZE, _PTRACE_INTERRUPT = 0x4206, 0x4207
_WALL = 0x40000000  # also threads that are no children


@claim("a process, a model and a camera that hang are each started anew by the watchdog", CLAIMS)
def _stuck() -> str:
    systemctl("start", "mosquitto")
    for camera in CAMERAS:
        camera.configure()
        camera.start()
    with Ear() as ear:
        began = time.monotonic()
        systemctl("kill", "--signal=STOP", CAM1.unit)
        thread = _freeze_model(CAM2)
        systemctl("kill", "--signal=STOP", CAM3.lens)
        until(lambda: ear.last(CAM3, "health").get("camera") == "lost", 25, "the loss is told")
        told = time.monotonic() - began
        took: dict[Camera, float] = {}
        while len(took) < len(CAMERAS):
            for camera in CAMERAS:
                if camera.restarts and camera not in took:
                    took[camera] = time.monotonic() - began
            assert time.monotonic() - began < _WATCHDOG_S + _PAUSE_S + _SLACK_S, took
            _let_die(thread)
            time.sleep(0.1)
        assert min(took.values()) > _WATCHDOG_S - 2.0, f"too early: {took}"
        systemctl("kill", "--signal=CONT", CAM3.lens)
        for camera in CAMERAS:
            until(camera.ready, MOST_START_S, f"{camera.name} is back")
    for camera in CAMERAS:
        assert "Watchdog timeout" in camera.journal(), camera.journal()
    where = re.findall(r'File ".*/(?:site-packages/)?(edge/[\w/]+\.py)", line \d+', CAM2.journal())
    assert "edge/runtime/ahead.py" in where, f"the journal does not say where: {where}"
    words = ", ".join(f"{took[camera]:.0f} s" for camera in CAMERAS)
    return (
        f"restarted after {words} (process stopped; thread {thread} of the model frozen; camera"
        f" silent, which health told after {told:.1f} s); the journal shows every thread"
    )


def _freeze_model(camera: Camera) -> int:
    """Stop one thread of it, the one that infers: it has used the most processor time."""
    tasks = Path(f"/proc/{camera.pid}/task")
    time.sleep(5.0)

    def used(task: Path) -> int:
        return sum(map(int, (task / "stat").read_text().rpartition(")")[2].split()[11:13]))

    busiest = max((task for task in tasks.iterdir() if task.name != str(camera.pid)), key=used)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    for request in (_PTRACE_SEIZE, _PTRACE_INTERRUPT):
        if libc.ptrace(request, int(busiest.name), None, None):
            raise NotShownError(
                f"no thread can be stopped here ({os.strerror(ctypes.get_errno())})"
            )
    return int(busiest.name)


def _let_die(thread: int) -> None:
    """Who stops a thread is its second parent: the process is gone when both have noticed."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(thread, os.WNOHANG | _WALL)


@claim("what dies is started again after 5 s", CLAIMS)
def _dies() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    CAM1.start()
    began = time.monotonic()
    systemctl("kill", "--signal=KILL", CAM1.unit)
    until(lambda: CAM1.restarts == 1, _PAUSE_S + _SLACK_S, "restarted")
    took = time.monotonic() - began
    assert took > _PAUSE_S - 0.5, f"after {took:.1f} s"
    until(CAM1.ready, MOST_START_S, "active again")
    return f"after {took:.1f} s, active after {time.monotonic() - began:.1f} s"


@claim("a camera that is not there is tried again, 5 s after each attempt, and never ready", CLAIMS)
def _away() -> str:
    CAM1.configure()
    systemctl("start", "mosquitto")
    systemctl("start", "--no-block", CAM1.unit)
    times: list[float] = []
    began = time.monotonic()
    while CAM1.restarts < 4:
        assert CAM1.state[0] == "activating", CAM1.state
        assert time.monotonic() - began < 4 * (_PAUSE_S + _SLACK_S), "it gave up"
        if CAM1.restarts > len(times):
            times.append(time.monotonic())
        time.sleep(0.05)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(gap > _PAUSE_S for gap in gaps), gaps
    CAM1.show_something()
    until(CAM1.ready, MOST_START_S, "the camera is back")
    return (
        f"4 restarts, {', '.join(f'{gap:.1f}' for gap in gaps)} s apart; active when it came back"
    )


@claim("it is never given up, however often it dies", CLAIMS)
def _for_ever() -> str:
    CAM1.configure()
    CAM1.drop_in("[Service]\nRestartSec=100ms\n")  # as often in 20 s as else in minutes
    systemctl("start", "mosquitto")
    systemctl("start", "--no-block", CAM1.unit)
    began = time.monotonic()
    while CAM1.restarts < 12 and time.monotonic() - began < 12 * _SLACK_S:
        if CAM1.pid:
            systemctl("kill", "--signal=KILL", CAM1.unit, check=False)
        assert CAM1.state[0] != "failed", f"given up after {CAM1.restarts}"
        time.sleep(0.1)
    took = time.monotonic() - began
    assert CAM1.restarts >= 12, CAM1.restarts
    assert took / 12 < 2.0, "too slow to say anything: systemd's own limit is 5 in 10 s"
    count = CAM1.restarts
    CAM1.show_something()
    until(CAM1.ready, MOST_START_S, "active when nobody kills it")
    return f"{count} restarts in {took:.0f} s, then active (systemd's own limit would be 5 in 10 s)"


@claim("what only a person can mend is not tried again", CLAIMS)
def _configuration() -> str:
    systemctl("start", "mosquitto")
    CAM2.show_something()
    CAM1.configure()
    (CONFIGURATIONS / "cam1.toml").write_text("[identity]\nsiet = 'a typing error'\n")
    CAM2.configure()
    written = (CONFIGURATIONS / "cam2.toml").read_text()
    (CONFIGURATIONS / "cam2.toml").write_text(written.replace("body-257", "body-258"))
    said = []
    for camera in CAMERAS:  # cam3 has no configuration at all
        run("systemctl", "start", camera.unit, check=False)
    time.sleep(2 * _PAUSE_S)
    for camera in CAMERAS:
        facts = (*camera.state, camera.show("ExecMainStatus"), camera.restarts)
        assert facts == ("failed", "failed", "78", 0), (camera.name, facts)
        said += [line for line in camera.journal().splitlines() if _ERROR.match(line)][:1]
    CAM2.configure()
    systemctl("restart", CAM2.unit)
    assert CAM2.state[0] == "active", "mended"
    return (
        f"exit 78 and no restart in {2 * _PAUSE_S:.0f} s for {said}; mended and restarted: active"
    )
