"""What a manifest says must fit together: checked on zeros, so that no weights are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from edge.config_table import Place

if TYPE_CHECKING:
    from edge.manifest import Decoder, InputSpec, OutputSpec, WeightsFile


class Facts(Protocol):
    """What is needed of a manifest's plain keys."""

    @property
    def input(self) -> InputSpec:
        """What the model takes."""
        ...

    @property
    def skeleton(self) -> str:
        """What its poses are made of."""
        ...


def fits_together(
    facts: Facts,
    weights: tuple[WeightsFile, ...],
    outputs: Mapping[str, OutputSpec],
    decoder: Decoder,
    place: Place,
) -> None:
    """What a backend can run has fixed sizes, and the decoder takes exactly those."""
    if not any(file.backends for file in weights):
        return
    image = facts.input
    if image.vector and image.vector.skeleton != facts.skeleton:
        hint = f"{image.features} is for {image.vector.skeleton}"
        place.at("input.features").wrong(f"is not for {facts.skeleton}", hint)
    if not image.vector and not (image.height and image.width):
        place.at("input").wrong("needs height and width", "a backend can run this model")
        return
    loose = [name for name, spec in outputs.items() if not all(spec.shape)]
    for name in loose:
        place.at(f"outputs.{name}.shape").wrong("needs every size", "a backend can run this model")
    if loose:
        return
    try:
        heads = {name: np.zeros(spec.shape, np.float32) for name, spec in outputs.items()}
        decoder(heads, (image.height, image.width))
    except KeyError as error:
        place.at("outputs").wrong(f"the decoder needs an output named {error}")
    except (ValueError, IndexError) as error:
        place.at("outputs").wrong(f"the decoder does not take these shapes: {error}")
