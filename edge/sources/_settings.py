"""The checks of settings that several cameras have."""

from __future__ import annotations

from edge.errors import ConfigError


def size_is_whole(size: tuple[int, int]) -> None:
    """Raise ConfigError for a width without a height, or a height without a width."""
    if bool(size[0]) != bool(size[1]):
        raise ConfigError("size", "must have a width and a height, or be 0, 0")


def exposure_fits(exposure_ms: float, fps: float) -> None:
    """Raise ConfigError for an exposure that is longer than a frame."""
    if exposure_ms > 1000.0 / fps:
        most = f"{1000.0 / fps:.1f} ms at {fps:g} frames a second"
        raise ConfigError("exposure_ms", f"is longer than a frame, {most}", "lower fps, too")
