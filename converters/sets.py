"""The two sets of pictures of a conversion: one sets ranges, the other shows what that cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from converters.calibration import (
    CalibrationSettings,
    Picture,
    fingerprint,
    load,
    split,
    unseen,
)
from converters.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Pictures to calibrate on and to compare on; no picture is in both."""

    source: str  # of the calibration pictures, as the user named it
    calibration: tuple[Picture, ...]
    parity: tuple[Picture, ...]
    seed: int

    def facts(self, showing: int) -> dict[str, str | int]:
        """What the manifest says of them; no path of this machine."""
        return {
            "pictures": len(self.calibration),
            "showing": showing,
            "seed": self.seed,
            "sha256": fingerprint(self.calibration),
            "parity_pictures": len(self.parity),
            "parity_sha256": fingerprint(self.parity),
        }


def gather(
    calibrate: str, parity: str | None, settings: CalibrationSettings, progress: Progress
) -> Sets:
    """Load the pictures; raises ConvertError where they are too few, the same, or none."""
    wanted = settings.count if parity else settings.count + settings.parity_count
    with progress.stage("load pictures") as bar:
        loaded = load(calibrate, wanted, settings.seed, bar)
        if parity is None:
            sets = Sets(calibrate, *split(loaded, settings), settings.seed)
        else:
            loaded.need(settings.least)
            others = load(parity, settings.parity_count, settings.seed, bar)
            others = unseen(others, loaded.pictures)
            replace(others, source=f"{parity} (without those of --calibrate)").need(settings.least)
            sets = Sets(calibrate, loaded.pictures, others.pictures, settings.seed)
    if loaded.unreadable:
        progress.say(f"left out, not readable: {', '.join(loaded.unreadable)}")
    return sets
