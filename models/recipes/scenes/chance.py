"""Throwing a coin."""

from __future__ import annotations

import numpy as np


def chance(random: np.random.Generator, share: float) -> bool:
    """True in this share (0..1) of cases."""
    return bool(random.random() < share)
