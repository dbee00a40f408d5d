"""The palm decoder: where its anchors are, what the codes mean, and one palm for one hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.types import Floats
from edge.decode.palm import Palm, _blend, anchors

SIZE = (192, 192)
STRIDES = Palm().strides
CODE = [1.0, -2.0, 20.0, 30.0, *range(14)]  # middle, size, seven points


def heads(*palms: tuple[int, float, list[float]]) -> dict[str, Floats]:
    """Heads in which these anchors (number, logit, code) say something."""
    boxes = np.zeros((1, 2016, 18), np.float32)
    scores = np.full((1, 2016, 1), -100.0, np.float32)
    for number, logit, code in palms:
        boxes[0, number], scores[0, number, 0] = code, logit
    return {"boxes": boxes, "scores": scores}


def test_anchors_are_two_in_every_fine_cell_and_six_in_every_coarse_one() -> None:
    points = anchors(SIZE, STRIDES)
    assert points.shape == (2 * 24 * 24 + 6 * 12 * 12, 2) == (2016, 2)
    assert points[[0, 1, 2, 47, 48]].tolist() == [[4, 4], [4, 4], [12, 4], [188, 4], [4, 12]]
    assert points[[1152, 1157, 1158, -1]].tolist() == [[8, 8], [8, 8], [24, 8], [184, 184]]


def test_anchors_follow_the_input() -> None:
    assert len(anchors((256, 256), (8, 16, 32, 32, 32))) == 2944  # an older palm detector's
    wide = anchors((96, 160), (16,))
    assert len(wide) == 2 * 6 * 10
    assert wide[-1].tolist() == [152, 88]


def test_a_code_is_pixels_from_its_anchor() -> None:
    (palm,) = Palm()(heads((47, 2.0, CODE)), SIZE)
    x, y = 188.0, 4.0
    assert palm.skeleton == "palm9"
    assert palm.xy[:2].tolist() == [[x, y + 1], [x + 2, y + 3]]
    assert palm.xy[6:].tolist() == [[x + 12, y + 13], [x - 9, y - 17], [x + 11, y + 13]]
    assert palm.score == pytest.approx(np.full(9, 1 / (1 + np.exp(-2.0))))
    assert palm.xy.dtype == palm.score.dtype == np.float32


def test_palms_of_one_place_are_blended_by_their_scores() -> None:
    moved = [code + 4.0 if i < 2 or i >= 4 else code for i, code in enumerate(CODE)]
    (palm,) = Palm()(heads((300, 1.0, moved), (301, 3.0, CODE)), SIZE)
    one, three = 1 / (1 + np.exp(-1.0)), 1 / (1 + np.exp(-3.0))
    (alone,) = Palm()(heads((301, 3.0, CODE)), SIZE)
    assert palm.score[0] == pytest.approx(three)
    assert palm.xy == pytest.approx(alone.xy + 4 * one / (one + three), abs=1e-3)


def test_the_best_comes_first_and_the_faint_not_at_all() -> None:
    found = Palm()(heads((0, 0.5, CODE), (1151, 2.0, CODE), (600, -0.5, CODE)), SIZE)
    assert [round(float(palm.score[0]), 2) for palm in found] == [0.88, 0.62]
    assert len(Palm(min_score=0.3)(heads((600, -0.5, CODE)), SIZE)) == 1
    assert Palm()(heads(), SIZE) == ()


def test_coarse_and_extreme_scores_of_8_bit_heads_are_taken() -> None:
    many = [(number, 1000.0, CODE) for number in (0, 1, 2, 3, 2014, 2015)]
    found = Palm()(heads(*many), SIZE)
    assert [float(palm.score[0]) for palm in found] == [1.0, 1.0]


@pytest.mark.parametrize("code", [[1.0, np.nan, *CODE[2:]], [*CODE[:2], 0.0, *CODE[3:]]])
def test_a_box_of_no_size_or_no_numbers_is_no_palm(code: list[float]) -> None:
    (palm,) = Palm()(heads((0, 5.0, code), (1151, 2.0, CODE)), SIZE)
    assert palm.score[0] == pytest.approx(1 / (1 + np.exp(-2.0)))


@pytest.mark.parametrize("shape", [(1, 2015, 18), (1, 2016, 17)])
def test_heads_of_another_input_are_refused(shape: tuple[int, ...]) -> None:
    wrong = {"boxes": np.zeros(shape, np.float32), "scores": heads()["scores"]}
    with pytest.raises(ValueError, match=r"reshape|broadcast"):
        Palm()(wrong, SIZE)


def iou(a: list[float], b: list[float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    common = max(width, 0.0) * max(height, 0.0)
    total = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / total if total else 0.0


def slow(palms: Floats, score: Floats, same: float) -> list[tuple[list[float], float]]:
    """The same in plain Python: the best takes in what overlaps it, then the next best."""
    rows = [palm.reshape(-1).tolist() for palm in palms]
    waiting, found = list(range(len(rows))), []
    while waiting:
        best = waiting[0]
        alike = [i for i in waiting if i == best or iou(rows[best][14:], rows[i][14:]) > same]
        total = sum(float(score[i]) for i in alike)
        mean = [sum(float(score[i]) * rows[i][k] for i in alike) / total for k in range(18)]
        found.append((mean, float(score[best])))
        waiting = [i for i in waiting if i not in alike]
    return found


@given(
    st.lists(
        st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(0, 30)] * 2, st.integers(1, 99)),
        max_size=12,
    ),
    st.sampled_from((0.0, 0.3141, 0.9017)),
)
def test_blending_is_as_slow_plain_python_has_it(
    drawn: list[tuple[int, int, int, int, int]], same: float
) -> None:
    drawn = sorted(drawn, key=lambda palm: -palm[4])
    palms = np.zeros((len(drawn), 9, 2), np.float32)
    for palm, (x, y, width, height, _) in zip(palms, drawn, strict=True):
        palm[:7] = np.arange(14).reshape(7, 2) + np.array((x, y))
        palm[7:] = (x, y), (x + width, y + height)
    score = np.array([palm[4] / 100 for palm in drawn], np.float32)
    fast, plain = _blend(palms, score, same), slow(palms, score, same)
    assert len(fast) == len(plain)
    for (xy, best), (row, expected) in zip(fast, plain, strict=True):
        assert xy.reshape(-1) == pytest.approx(np.array(row), abs=1e-3)
        assert best == expected
