"""What each family of models is for, as its card and page say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One family in plain words."""

    gives: str
    purpose: str
    limits: tuple[str, ...]
    colours: str  # what the colours in a drawing mean
    partner: str = ""  # a model without which it is of no use


WORDS: Mapping[str, Words] = {
    "posenet": Words(
        gives="17 keypoints of each person, in COCO's order, each with a score from 0 to 1",
        purpose="Finding people and how they stand, sit or lie, on the device that has the camera.",
        limits=(
            "It does not know who somebody is, and must not be used to find out.",
            "People who are small in the picture, partly hidden or in a dense group are missed.",
            "People who lie are found less often than those upright.",
            "Keypoints that are hidden are guessed; their score is low.",
            "It is no medical device, and no alarm should rest on it alone.",
        ),
        colours="Orange is a person's own left side, blue the right.",
    ),
    "palm": Words(
        gives="seven points of each palm and a box around it, with one score from 0 to 1",
        purpose="Finding where hands are, so that a hand landmarks model can look closely.",
        limits=(
            "Fists seen from the side, gloves, and tools in a hand can hide it.",
            "Hands that are small in the picture are missed.",
            "It does not know whose hand it is.",
        ),
        colours="One colour for each finger; two points are the corners of the box.",
        partner="hand-landmark-lite",
    ),
    "hand": Words(
        gives="21 keypoints of one hand, in pixels and in metres, whether there is a hand at all, "
        "and which one, where that is sure enough (`min_side`)",
        purpose="The fingers of a hand that something else has found and cut out upright.",
        limits=(
            "It takes a square around one hand, fingers up; it does not search.",
            "Fingers that are hidden are guessed.",
            "Lengths in metres suppose a hand of average size.",
            "It does not know whose hand it is.",
        ),
        colours="One colour for each finger.",
        partner="palm-detection-lite",
    ),
}
