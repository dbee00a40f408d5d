"""A procedure as a picture: nothing lies over anything else, and all of it is there."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.__main__ import main
from edge.core.types import Image
from edge.pictures.ink import ascii_of, width, wrapped
from edge.pictures.procedure import picture
from edge.pictures.steps import chart
from edge.sop.drawing.layout import Layout, Spot, layout
from edge.sop.procedure import Procedure
from tests.procedures import FUSE_BOX, procedures, read

SIZES = st.lists(st.tuples(st.floats(10, 300), st.floats(10, 200)), min_size=1, max_size=9)


def apart(a: Spot, b: Spot) -> bool:
    wide, high = (a.width + b.width) / 2, (a.height + b.height) / 2
    return abs(a.x - b.x) >= wide - 1e-6 or abs(a.y - b.y) >= high - 1e-6


def passes(plan: Layout, a: int, b: int) -> list[int]:
    """The boxes that an arrow goes through, other than its own."""
    found = []
    for (x0, y0), (x1, y1) in pairwise(plan.arrows[a, b]):
        for step in range(11):
            x, y = x0 + step / 10 * (x1 - x0), y0 + step / 10 * (y1 - y0)
            found += [
                number
                for number, box in enumerate(plan.boxes)
                if number not in (a, b)
                and abs(x - box.x) < box.width / 2 - 1e-6
                and abs(y - box.y) < box.height / 2 - 1e-6
            ]
    return found


@settings(max_examples=40)
@given(SIZES, st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14))
def test_boxes_lie_apart_and_arrows_go_down_around_them(
    sizes: list[tuple[float, float]], arrows: set[tuple[int, int]]
) -> None:
    ways = {(a, b) for a, b in arrows if a < b < len(sizes)}
    plan = layout(sizes, ways)
    assert [(box.width, box.height) for box in plan.boxes] == sizes
    assert all(apart(a, b) for a, b in combinations(plan.boxes, 2))
    assert set(plan.arrows) == ways
    for a, b in ways:
        heights = [y for _, y in plan.arrows[a, b]]
        assert all(upper <= lower + 1e-6 for upper, lower in pairwise(heights))
        assert passes(plan, a, b) == []
    wide, high = plan.size
    for box in plan.boxes:
        assert -1e-6 <= box.x - box.width / 2 <= box.x + box.width / 2 <= wide + 1e-6
        assert -1e-6 <= box.y - box.height / 2 <= box.y + box.height / 2 <= high + 1e-6


def test_a_circle_is_drawn_too() -> None:
    plan = layout([(10, 10)] * 3, [(0, 1), (1, 2), (2, 0)])
    assert all(apart(a, b) for a, b in combinations(plan.boxes, 2))
    tops = [box.y for box in plan.boxes]
    assert tops == sorted(set(tops))
    back = plan.arrows[2, 0]
    assert back[0][1] > back[-1][1]
    assert max(x for x, _ in back) > max(box.x + box.width / 2 for box in plan.boxes)


def test_no_arrow_crosses_where_none_must() -> None:
    plan = layout([(50, 20)] * 6, [(0, 5), (1, 4), (2, 3)])
    tops = [plan.boxes[number].x for number in (0, 1, 2)]
    ends = [plan.boxes[number].x for number in (5, 4, 3)]
    assert np.argsort(tops).tolist() == np.argsort(ends).tolist()


def test_any_order_and_choices_are_one_stack_each(tmp_path: Path) -> None:
    got = chart(read(tmp_path), {})
    assert len(got.drawn) == 5  # housing, any order, choice, screw, look
    assert len(got.plan.arrows) == 4


@settings(max_examples=15)
@given(procedures())
def test_anything_can_be_drawn(procedure: Procedure) -> None:
    got = picture(procedure)
    assert got.dtype == np.uint8
    assert got.min() < 100 < got.max()


def test_zones_are_drawn_over_the_frame_where_they_are(tmp_path: Path) -> None:
    frame: Image = np.zeros((480, 640, 3), np.uint8)
    procedure = read(tmp_path)
    plain, drawn = picture(Procedure("p", procedure.steps), frame), picture(procedure, frame)
    rows, columns = np.nonzero((plain[:720] != drawn[:720]).any(axis=2))
    inside = (columns > 28) & (columns < 928) & (rows > 72)  # the frame is 900 px wide
    assert (rows[inside].max() - 72) / 675 == pytest.approx(0.85, abs=0.02)  # its lowest zone
    assert (columns[inside].min() - 28) / 900 == pytest.approx(0.05, abs=0.02)


def test_words_fit_and_are_what_can_be_written() -> None:
    assert ascii_of("Größe prüfen, é") == "Groesse pruefen, e"
    assert ascii_of("组装", "step-1") == "step-1"
    lines = wrapped("one two three four five six seven", 8, 60, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("..")
    assert all(width(line, 8) <= 60 for line in lines)


def test_the_command_draws_over_a_frame_and_says_the_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, frame, out = (tmp_path / name for name in ("p.toml", "frame.png", "out.png"))
    file.write_text(FUSE_BOX, encoding="utf-8")
    cv2.imwrite(str(frame), np.full((90, 160, 3), 200, np.uint8))
    words = ["sop", "draw", str(file), "--out", str(out), "--frame", str(frame)]
    assert main(words) == 0
    assert "  o 1 housing  set a housing into the fixture" in capsys.readouterr().out
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape[0] > 500
    assert main([*words[:4], str(frame), *words[5:]]) == 78
    assert "would be lost" in capsys.readouterr().err
    assert main([*words, "--at", "9"]) == 1
    assert "has no frame after 9 s" in capsys.readouterr().err
    assert main([*words[:4], str(tmp_path / "out.gif")]) == 78
    assert main([*words[:4], str(tmp_path / "no/out.png")]) == 78
