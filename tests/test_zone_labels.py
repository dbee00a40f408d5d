"""Names of zones cover neither each other nor what happens above a bench."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.track import Scene
from edge.core.types import Box
from edge.pictures.labels import places
from edge.runtime.overlay import Overlay
from tests.test_overlay import GREY, blank

ROOM = (0.0, 0.0, 640.0, 480.0)
HIGH = 18.0
BINS = [(100.0 + 40 * i, 220.0, 136.0 + 40 * i, 260.0) for i in range(6)]


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("wide", [30.0, 60.0, 75.0])
def test_bins_side_by_side_have_their_names_near_and_apart(wide: float) -> None:
    found = places([(wide, HIGH)] * len(BINS), BINS, ROOM)
    assert not any(meet(one, other) for one, other in combinations(found, 2))
    assert not any(meet(one, area) for one in found for area in BINS)
    for (_, top, _, bottom), (_, above, _, below) in zip(found, BINS, strict=True):
        assert above - 2 * HIGH - 1 <= top
        assert bottom <= below + 2 * HIGH + 1


SHARES = st.floats(0.0, 600.0)


@given(
    st.lists(
        st.tuples(SHARES, SHARES, st.floats(0, 300), st.floats(0, 300), st.floats(1, 700)),
        max_size=8,
    )
)
def test_law_a_name_stays_in_the_picture(
    drawn: list[tuple[float, float, float, float, float]],
) -> None:
    zones = [(x, y, x + w, y + h) for x, y, w, h, _ in drawn]
    sizes = [(wide, HIGH) for *_, wide in drawn]
    for (left, top, right, bottom), (wide, _) in zip(
        places(sizes, zones, ROOM), sizes, strict=True
    ):
        assert (right - left, bottom - top) == pytest.approx((wide, HIGH))
        assert left >= 0
        assert 0 <= top <= bottom <= ROOM[3]
        assert right <= max(ROOM[2], wide) + 1e-6


def test_the_overlay_writes_none_of_them_over_a_face_above_the_bench() -> None:
    zones = {
        f"screwdriver-{i}": tuple(
            (x / 640, y / 480)
            for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
        )
        for i, (left, top, right, bottom) in enumerate(BINS)
    }
    image = Overlay(zones).draw(blank(), Scene(0.0, 0, (320, 240), ()), [])
    rows = np.flatnonzero((image != GREY).any(axis=(1, 2)))
    assert rows.min() >= 220 - 2 * HIGH - 4
