"""A trained network as a float32 .tflite of some kilobytes: heads `scores`, `place` and `known`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from converters import flat
from converters.graph import Graph, options
from edge.core.types import Floats
from models.recipes.gestures.classes import Classes
from models.recipes.gestures.network import Network, membership

HEADS = ("scores", "place", "known")
_RIDGE = 0.05  # of the mean variance, so that no direction is stretched without end


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The network as matrices (out, in) and what is added: plain arithmetic, as it is shipped."""

    first: tuple[Floats, Floats]
    place: tuple[Floats, Floats]  # measured so that kinds are balls
    kinds: tuple[Floats, Floats]
    known: tuple[Floats, Floats]
    classes: Floats  # (C, K)

    def __call__(self, vector: Floats) -> dict[str, Floats]:
        """Heads of vectors (N, D), as the .tflite gives them."""
        place = _times(np.maximum(_times(vector, self.first), 0.0), self.place)
        logits = _times(place, self.kinds)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return {
            "scores": shares @ self.classes.T,
            "place": place,
            "known": _times(place, self.known),
        }


def layers(network: Network, classes: Classes, place: Floats, kinds: Floats) -> Layers:
    """Measure `place` by examples, (N, P) of the network's own, and their kinds (N,), numbered."""
    weights = {name: value.detach().numpy().astype(np.float64)
               for name, value in network.state_dict().items()}  # fmt: skip
    first = weights["first.weight"] / weights["std"]
    shift = weights["first.bias"] - first @ weights["mean"]
    known = sorted(set(kinds.tolist()))
    middles = np.array([place[kinds == kind].mean(axis=0) for kind in known])
    apart = np.concatenate([place[kinds == kind] - middles[at] for at, kind in enumerate(known)])
    spread = apart.T @ apart / len(apart)
    spread += _RIDGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    values, ways = np.linalg.eigh(spread)
    measure, back = (ways * values**power @ ways.T for power in (-0.5, 0.5))
    every = np.full((len(classes.kinds), place.shape[1]), 1e3)  # far off: never seen
    every[known] = middles @ measure
    return Layers(
        _plain(first, shift),
        _plain(measure @ weights["second.weight"], measure @ weights["second.bias"]),
        _plain(weights["last.weight"] @ back, weights["last.bias"]),
        _plain(-2.0 * every, np.square(every).sum(axis=1)),
        membership(classes).T.copy(),
    )


def tflite(made: Layers) -> bytes:
    """The bytes of the file."""
    graph = Graph((1, made.first[0].shape[1]), "vector")
    hidden = graph.add("RELU", (_dense(graph, graph.image, *made.first),), (1, len(made.first[1])))
    place = _dense(graph, hidden, *made.place)
    logits = _dense(graph, place, *made.kinds)
    shares = graph.add("SOFTMAX", (logits,), graph.shape(logits), options("Softmax", beta=1.0))
    nothing = np.zeros(len(made.classes), np.float32)
    outputs = {
        "scores": _dense(graph, shares, made.classes, nothing),
        "place": place,
        "known": _dense(graph, place, *made.known),
    }
    return flat.pack(graph.finish(outputs))


def _dense(graph: Graph, x: int, weights: Floats, added: Floats) -> int:
    inputs = (x, graph.constant(weights), graph.constant(added))
    return graph.add("FULLY_CONNECTED", inputs, (1, len(weights)), options("FullyConnected"))


def _times(x: Floats, layer: tuple[Floats, Floats]) -> Floats:
    made: Floats = x @ layer[0].T + layer[1]
    return made


def _plain(weights: np.ndarray, added: np.ndarray) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(weights, np.float32), np.ascontiguousarray(added, np.float32)
