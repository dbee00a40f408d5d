"""Pictures side by side: as the float model sees them, and as a variant does."""

from __future__ import annotations

from collections.abc import Sequence

from converters.report import figures
from converters.report.choice import Comparison
from converters.report.drawing import data_uri, panel
from converters.report.markup import Markup, element, lines
from edge.core.types import Image, Pose


def gallery(comparisons: Sequence[Comparison]) -> Markup:
    """Two panels for each picture, in the order given."""
    return lines(*(_pair(one) for one in comparisons))


def _pair(one: Comparison) -> Markup:
    target, backend = one.trial
    variant = f"{target} in {figures.runtime(backend)}"
    caption = f"{one.sight.name}: {100 * one.difference:.1f} % apart"
    image = one.sight.image
    panels = element(
        "div",
        _panel(image, one.sight.reference, "float32"),
        _panel(image, one.seen, variant),
        class_="pair",
    )
    return element("figure", panels, element("figcaption", caption))


def _panel(image: Image, poses: Sequence[Pose], who: str) -> Markup:
    drawn = panel(image, poses)
    height, width = drawn.shape[:2]
    picture = element(
        "img",
        src=data_uri(drawn),
        alt=f"{len(poses)} found by {who}",
        width=str(width),
        height=str(height),
    )
    return element("div", picture, element("p", element("b", who), f", {len(poses)} found"))
