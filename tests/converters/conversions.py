"""Conversions as the report is told of them, without any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from converters.parity.measure import Measure, Parity
from converters.result import Result, Sight, Trial
from edge.core.types import Image, Pose
from tests.fakes import standing

TIMES = (10.0, 12.0, 11.0)  # ms


def parity(found: float = 0.981, distance: float = 0.72) -> Parity:
    return Parity(
        24,
        (
            Measure("people", "people the original finds", 50, at_least=1),
            Measure("found_by_both", "people found by both", found, at_least=0.95),
            Measure("distance", "median distance", distance, "% of person size", at_most=1.5),
            Measure("oks", "mean OKS", 0.97),
        ),
    )


def trials() -> tuple[Trial, ...]:
    """Two runtimes, each with the original and one variant."""
    return (
        Trial("float32", "tflite", 2_000_000, None, latency_ms=TIMES),
        Trial("float32", "openvino", 2_000_000, None, latency_ms=TIMES),
        Trial("tflite:int8", "tflite", 560_000, parity(), latency_ms=(5.0, 5.5, 6.0)),
        Trial("openvino:int8", "openvino", 600_000, parity(0.99), latency_ms=(4.4, 4.4, 4.4)),
    )


def picture(width: int = 320, height: int = 240) -> Image:
    return np.full((height, width, 3), 90, np.uint8)


def sight(name: str, reference: Sequence[Pose], seen: Sequence[Pose]) -> Sight:
    return Sight(name, picture(), tuple(reference), {("tflite:int8", "tflite"): tuple(seen)})


def result() -> Result:
    """A conversion that went well."""
    return Result(
        name="posenet-050",
        title="PoseNet 0.50, quantized",
        licence="Apache-2.0",
        homepage="https://example.org/posenet",
        decoder="posenet",
        decoding={},
        input=(353, 481),
        mean=(127.5, 127.5, 127.5),
        std=(127.5, 127.5, 127.5),
        origin={"model.json": "0a" * 32},
        versions={"ai-edge-quantizer": "0.10.0"},
        calibration={"pictures": 128, "parity_pictures": 24, "seed": 0},
        trials=trials(),
        sights=(sight("hall.jpg", [standing()], [standing(2.0)]),),
    )


def failed() -> Result:
    """One variant sees too few people, another does not open."""
    float_lite, float_vino, lite, vino = trials()
    worse = replace(lite, parity=parity(0.41, float("nan")))
    shut = replace(vino, parity=None, refused="OpenVINO cannot open it", latency_ms=())
    return replace(result(), trials=(float_lite, float_vino, worse, shut))
