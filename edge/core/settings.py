"""How a dataclass field becomes a documented, bounded setting.

The dataclass that uses a value is the only place that declares it: configuration reading,
range checks, `--help` and the tables in the docs are all made from these fields.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any


def setting(  # noqa: PLR0913 - each says one thing about the setting
    default: Any,
    doc: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a field of a settings dataclass: what it means, its unit, its allowed range."""
    metadata = {"doc": doc, "unit": unit, "low": low, "high": high, "choices": choices}
    if isinstance(default, (list, dict, set)):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)
