"""How training went: lines while it runs, a log, and a plot of it."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

from converters.progress import Progress

_LOG = "log.jsonl"


class Log:
    """Means of the losses since the last line."""

    def __init__(self, out: Path, pictures: int, progress: Progress) -> None:
        self._file, self._pictures, self._progress = out / _LOG, pictures, progress
        self.told = time.monotonic()
        self._sums: dict[str, float] = {}
        self._count = self._since = 0
        self._now: dict[str, float] = {}

    def add(self, parts: dict[str, float], seen: int, size: int, rate: float) -> None:
        """Take one step's losses in."""
        for name, value in parts.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
        if not self._count and not self._since:
            self._since = seen
        self._count += 1
        self._now = {"seen": seen, "size": size, "rate": rate}

    def tell(self) -> None:
        """Write a line, and one for people: losses, pictures a second, the time that is left."""
        if not self._count:
            return
        passed = time.monotonic() - self.told
        seen = int(self._now["seen"])
        speed = max(seen - self._since, 1) / max(passed, 1e-9)
        losses = {name: value / self._count for name, value in self._sums.items()}
        with self._file.open("a", encoding="utf-8") as file:
            line = {"time": round(time.time(), 1), **self._now, "speed": round(speed, 1), **losses}
            file.write(json.dumps(line) + "\n")
        left = max(self._pictures - seen, 0) / speed / 60
        parts = "  ".join(f"{name} {value:.4f}" for name, value in losses.items())
        self._progress.say(
            f"{seen:>8} of {self._pictures}  {int(self._now['size'])} px  {speed:5.0f} pictures/s  "
            f"{parts}  {left:.0f} min left at this size"
        )
        self.told, self._since = time.monotonic(), seen
        self._sums, self._count = {}, 0


def plot(out: Path) -> bool:
    """Draw OUT/curve.png of OUT/log.jsonl; False where matplotlib is absent or nothing is there."""
    try:
        import matplotlib as mpl  # noqa: PLC0415
    except ImportError:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    file = out / _LOG
    if not file.exists():
        return False
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    known = {"time", "seen", "size", "rate", "speed"}
    names = [name for name in lines[-1] if name not in known] if lines else []
    if not names:
        return False
    figure, axes = plt.subplots(figsize=(9, 5))
    for name in names:
        here = [line for line in lines if name in line]
        axes.plot([line["seen"] for line in here], [line[name] for line in here], label=name)
    for before, after in itertools.pairwise(lines):
        if before["size"] != after["size"]:
            axes.axvline(after["seen"], color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="pictures seen", ylabel="loss", yscale="log")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(out / "curve.png", dpi=110)
    plt.close(figure)
    return True
