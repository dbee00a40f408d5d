"""How long something has been seen, in seconds, so that the frame rate does not count.

Evidence grows between two sights that follow each other, decays while the thing is seen not to be
so, and rests while it cannot be seen. Frames that are missing count for no more than `GAP_S`: a
gap neither makes nor spoils a step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

GAP_S = 0.25  # s, the longest time that two frames in a row stand for
AWAY_S = 0.3  # s, seen otherwise for so long: it is over
LOST_S = 2.0  # s, not seen for so long: over, too
_EPS = 1e-6  # s, what adding up times may lose


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one condition."""

    since: float  # s, first sight
    last: float  # s, last sight
    held: float  # s it was seen to be so, less what has decayed
    sure: float  # 0..1, the mean
    away: float = 0.0  # s seen otherwise since the last sight
    lost: float = 0.0  # s not seen since the last sight

    def full(self, need: float) -> bool:
        """Whether this is enough; only where it was just seen to be so."""
        return self.held >= need - _EPS and self.away == 0 and self.lost == 0

    @property
    def over(self) -> bool:
        """Whether it has ended for certain."""
        return self.away >= AWAY_S - _EPS or self.lost >= LOST_S - _EPS


def accumulate(before: Evidence | None, t: float, sure: float) -> Evidence:
    """It is seen to be so."""
    if before is None:
        return Evidence(t, t, 0.0, sure)
    more = min(max(t - before.last, 0.0), GAP_S) if before.away == 0 else 0.0
    held = before.held + more
    mean = before.sure + (sure - before.sure) * (more / held if held > 0 else 1.0)
    return Evidence(before.since, t, held, mean)


def decay(before: Evidence, dt: float) -> Evidence | None:
    """It is seen not to be so for `dt` s; None when nothing is left."""
    held = before.held - dt
    return replace(before, held=held, away=before.away + dt, lost=0.0) if held > 0 else None


def linger(before: Evidence, dt: float) -> Evidence:
    """It is seen not to be so for `dt` s, but has been enough before: nothing decays."""
    return replace(before, away=before.away + dt, lost=0.0)


def rest(before: Evidence, dt: float) -> Evidence:
    """Nobody can see whether it is so, for `dt` s."""
    return replace(before, lost=before.lost + dt)
