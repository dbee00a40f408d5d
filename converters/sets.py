"""The two sets of pictures of a conversion: one sets ranges, the other shows what that cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from converters.calibration import CalibrationSettings, enough, fingerprint, split, unseen
from converters.errors import ConvertError
from converters.pictures import Picture, load, spread
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
    _check(settings)
    wanted = settings.count if parity else enough(settings)
    with progress.stage("load pictures") as bar:
        loaded = load(calibrate, wanted, settings.seed, bar)
        if parity is None:
            sets = Sets(calibrate, *split(loaded, settings), settings.seed)
        else:
            loaded.need(settings.least)
            # Of the same folder, as many as are calibrated on will drop out.
            wanted = settings.parity_count + len(loaded.pictures)
            others = unseen(load(parity, wanted, settings.seed, bar), loaded.pictures)
            replace(others, source=f"{parity} (without those of --calibrate)").need(settings.least)
            compared = spread(others.pictures, settings.parity_count, settings.seed)
            sets = Sets(calibrate, loaded.pictures, compared, settings.seed)
    if loaded.unreadable:
        progress.say(f"left out, not readable: {', '.join(loaded.unreadable)}")
    return sets


def _check(settings: CalibrationSettings) -> None:
    """Raise ConvertError where fewer pictures are asked for than are accepted."""
    for name in ("count", "parity_count"):
        if (value := getattr(settings, name)) < settings.least:
            problem = f"{value} is fewer than the {settings.least} of --least"
            hint = "ask for more, or say --least, too: few pictures prove little"
            raise ConvertError(f"--{name.replace('_', '-')}", problem, hint)
