"""What makes a board's figures slower, or different each time: a sentence each, with a remedy."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.board.clocks import Policy
from benchmarks.board.facts import Board
from benchmarks.board.names import is_jetson

_GOVERNORS = "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"
_HOT = 80.0  # C
_NEAR = 5.0  # C below where the kernel begins to slow down
_BUSY = 0.5  # of every core, already before a benchmark begins
_SWAPPED = 0.1  # of the memory
_SLOWED = ("frequency_capped", "throttled", "temperature_limit")


def warnings(board: Board) -> Iterator[str]:
    """Every sentence that holds for a board, the gravest first."""
    yield from _power(board)
    yield from _slowed(board)
    yield from _heat(board)
    yield from _clock(board)
    yield from _cores(board)
    yield from _others(board)


def _power(board: Board) -> Iterator[str]:
    seen = board.throttled
    if seen and "under_voltage" in board.slowed_by:
        when = "is too low now" if "under_voltage" in (seen.now or ()) else "was too low since boot"
        yield (
            f"the supply voltage {when}, which lowers the clock; use the maker's power supply and "
            "a short cable, then restart"
        )
    if "over_current" in board.slowed_by:
        yield (
            "the board drew too much current since boot, which lowers the clock; use a stronger "
            "power supply or a lower power mode, then restart"
        )


def _slowed(board: Board) -> Iterator[str]:
    """Lowered clocks that heat explains; low voltage lowers them too, and has its own sentence."""
    seen = board.throttled
    if not seen:
        return
    for names, when, remedy in (
        (seen.now, "is lowered now", "cool the board and wait"),
        (seen.since_boot, "was lowered since boot", "cool the board, then restart it"),
    ):
        why = [name.replace("_", " ") for name in names or () if name in _SLOWED]
        low = "under_voltage" in (names or ()) and "temperature_limit" not in (names or ())
        if why and not low:
            yield f"the CPU clock {when} ({', '.join(why)}); {remedy}"
            return


def _heat(board: Board) -> Iterator[str]:
    hot = []
    for zone in board.zones:
        limit = _HOT if zone.trip is None else min(_HOT, zone.trip - _NEAR)
        if zone.measured and zone.celsius > limit:
            hot.append((zone.celsius - limit, zone))
    if hot:
        _, zone = max(hot, key=lambda one: one[0])
        slows = f", and the kernel acts at {zone.trip:.0f} C" if zone.trip is not None else ""
        yield (
            f"{zone.kind} is at {zone.celsius:.0f} C{slows}; let the board cool down, or give it "
            "a heat sink or a fan"
        )


def _clock(board: Board) -> Iterator[str]:
    jetson, mode = is_jetson(board.name), board.power_mode
    slow_mode = mode is not None and not mode.fastest
    if mode is not None and slow_mode:
        remedy = "its modes are in /etc/nvpmodel.conf: sudo nvpmodel -m ID"
        if mode.best is not None:
            remedy = f"for {mode.best} run: sudo nvpmodel -m {mode.best_id}"
        yield f"power mode {mode.name} is not the fastest; {remedy}"
    free = [policy for policy in board.policies if not policy.fixed]
    if jetson and free:
        yield (
            f"the clocks are not held at their highest (governor {board.governor}); "
            "run: sudo jetson_clocks"
        )
    loose = [policy.governor for policy in free if policy.governor != "performance"]
    if loose and not jetson:
        yield (
            f"the CPU governor is {', '.join(dict.fromkeys(loose))} and changes the clock as it "
            f"sees fit; run: echo performance | sudo tee {_GOVERNORS}"
        )
    capped = [policy for policy in board.policies if policy.capped]
    if capped and not slow_mode:
        yield _cap(capped)


def _cap(capped: list[Policy]) -> str:
    first = capped[0]
    most, may = first.mhz[1] or 0.0, first.held[1] or 0.0
    same = all(policy.mhz[1] == first.mhz[1] for policy in capped)
    folder = "/sys/devices/system/cpu/cpu*/cpufreq" if same else first.folder
    return (
        f"the CPU may run at {may:.0f} of its {most:.0f} MHz only; "
        f"run: echo {most * 1000:.0f} | sudo tee {folder}/scaling_max_freq"
    )


def _cores(board: Board) -> Iterator[str]:
    cores = board.cores
    if cores.online < cores.present and (board.power_mode is None or board.power_mode.fastest):
        yield (
            f"{cores.present - cores.online} of {cores.present} cores are switched off; "
            "run: echo 1 | sudo tee /sys/devices/system/cpu/cpu*/online"
        )
    if cores.allowed < cores.online:
        yield (
            f"this process may use {cores.allowed} of {cores.online} cores; start it without "
            "taskset, CPUAffinity or a cpuset"
        )
    if cores.limit is not None and cores.limit < cores.online:
        yield (
            f"a control group limits this process to {cores.limit:g} of {cores.online} cores; "
            "start it without --cpus or CPUQuota"
        )


def _others(board: Board) -> Iterator[str]:
    if board.virtual:
        yield (
            "this is a virtual machine, whose figures vary with its neighbours; measure on the "
            "board itself"
        )
    if board.load is not None and board.load > _BUSY * max(board.cores.online, 1):
        yield (
            f"something else was running: the load is {board.load:g} on {board.cores.online} "
            "cores; stop it (see top) and wait a minute"
        )
    if board.swap_mb and board.memory_mb and board.swap_mb > _SWAPPED * board.memory_mb:
        yield (
            f"{board.swap_mb:.0f} MB are swapped out; stop what fills the memory (see top), or "
            "restart"
        )
