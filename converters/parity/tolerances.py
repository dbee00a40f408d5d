"""How far a quantized model may be from its float original, for each kind of model."""

from __future__ import annotations

from dataclasses import dataclass

from edge.core.settings import setting


@dataclass(frozen=True, slots=True)
class BodyTolerances:
    """Of models that find people."""

    found_by_both: float = setting(
        0.95, "least share of people that both models find", low=0.0, high=1.0
    )
    distance: float = setting(
        1.5, "most median keypoint distance", unit="% of person size", low=0.0, high=100.0
    )
    ap_loss: float = setting(0.01, "most loss of OKS-AP, with --truth", low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class PalmTolerances:
    """Of models that find palms."""

    found_by_both: float = setting(
        0.95, "least share of palms that both models find", low=0.0, high=1.0
    )
    # A palm only says where landmarks are looked for, in a square of 2.6 times its box.
    distance: float = setting(
        10.0,
        "most median distance of a palm's points",
        unit="% of palm length",
        low=0.0,
        high=100.0,
    )
    pck_loss: float = setting(0.02, "most loss of PCK, with --truth", low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class HandTolerances:
    """Of models that find the joints of one hand."""

    presence: float = setting(0.95, "least agreement on whether there is a hand", low=0.0, high=1.0)
    handedness: float = setting(0.95, "least agreement on which hand it is", low=0.0, high=1.0)
    distance: float = setting(
        5.0, "most median distance of joints", unit="% of palm length", low=0.0, high=100.0
    )
    pck_loss: float = setting(0.02, "most loss of PCK, with --truth", low=0.0, high=1.0)
