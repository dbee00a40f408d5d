"""Comparing two models of palms or of hands: who is found, how far apart, and which hand it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from converters.parity import hands, palms
from converters.parity.lengths import palm_length
from converters.parity.match import Seen
from converters.parity.tolerances import HandTolerances, PalmTolerances
from tests.converters.parities import figures, moved
from tests.hand_figure import hand, palm_of


def test_palms_are_compared_in_palm_lengths() -> None:
    one, other = palm_of(hand((100, 200))), palm_of(hand((300, 200), deg=30))
    assert palm_length(one) == pytest.approx(40)
    shifted = [moved(pose, by=(1.0, 0.0)) for pose in (other, one)]
    parity = palms.compare([[one, other]], [shifted], PalmTolerances())
    assert parity.passed
    assert figures(parity.measures)["found_by_both"] == 1.0
    assert figures(parity.measures)["distance"] == pytest.approx(2.5, rel=1e-3)
    missed = palms.compare([[one, other]], [shifted[:1]], PalmTolerances())
    assert figures(missed.measures)["found_by_both"] == 0.5
    assert not missed.passed


def test_a_palm_elsewhere_is_another_palm() -> None:
    one = palm_of(hand((100, 200)))
    elsewhere = moved(one, by=(30.0, 0.0))
    assert palms.iou(one, one) == pytest.approx(1.0)
    assert palms.iou(one, elsewhere) < 0.3
    parity = palms.compare([[one]], [[elsewhere]], PalmTolerances())
    assert figures(parity.measures)["found_by_both"] == 0.0


def test_a_palm_that_one_detector_nearly_misses_is_found_by_both() -> None:
    clear = palm_of(hand())
    faint = replace(clear, score=np.full(9, 0.55, np.float32))
    parity = palms.compare([[clear], [faint]], [[clear], []], PalmTolerances())
    assert parity.passed


def test_hands_must_agree_on_being_there_on_their_side_and_on_their_joints() -> None:
    world = np.zeros((21, 3), np.float32)
    one = replace(hand(), world=world)
    right = moved(one, by=(0.0, 1.0))
    right = replace(right, world=world + np.array((0.0, 0.003, 0.004), np.float32))
    parity = hands.compare([[one], [one], []], [[right], [right], []], HandTolerances())
    assert parity.passed
    expected = [2, 2, 1.0, 1.0, 2.5, 2.5, 5.0]  # % of 40 px, mm
    assert list(figures(parity.measures).values()) == pytest.approx(expected, rel=1e-3)
    left = replace(right, side="left")
    parity = hands.compare([[one], [one], []], [[left], [], [one]], HandTolerances())
    assert {m.key for m in parity.measures if not m.passed} == {"presence", "handedness"}
    assert figures(parity.measures)["presence"] == pytest.approx(1 / 3)
    assert figures(parity.measures)["handedness"] == 0.0


def test_models_that_tell_no_side_are_not_said_to_agree_on_it() -> None:
    nobody = replace(hand(), side="", world=np.zeros((21, 3), np.float32))
    parity = hands.compare([[nobody]], [[nobody]], HandTolerances())
    assert parity.passed
    assert "handedness" not in figures(parity.measures)
    one_says = replace(nobody, side="left")
    assert not hands.compare([[nobody]], [[one_says]], HandTolerances()).passed


@pytest.mark.parametrize("reference", [[[], []], [[hand()], []]], ids=["both", "one"])
def test_a_model_blind_for_hands_is_refused(reference: Seen) -> None:
    assert not hands.compare(reference, [[], []], HandTolerances()).passed
    assert not palms.compare([[]], [[]], PalmTolerances()).passed
