"""Accuracy that was measured elsewhere, from the JSON of `edgepose-bench accuracy`.

It may come from a laptop: the same weights see the same anywhere, but for the last digits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.errors import BenchError
from benchmarks.variants import Variant

_HINT = "make it with: edgepose-bench accuracy --coco ANN.json --images DIR --json FILE"
Scores = dict[tuple[str, str], float]  # sha256 of the weights and the runtime -> OKS-AP


def read(files: Sequence[Path]) -> Scores:
    """OKS-AP by weights and runtime; raises BenchError for a file that is something else."""
    scores: Scores = {}
    for file in files:
        try:
            models = json.loads(file.read_text(encoding="utf-8"))["models"]
            for targets in models.values():
                for one in targets.values():
                    if one.get("oks_ap") is not None:
                        scores[one["sha256"], one["backend"]] = float(one["oks_ap"])
        except OSError as error:
            raise BenchError(str(file), f"cannot be read ({error.strerror})", _HINT) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BenchError(str(file), "is no result of `accuracy`", _HINT) from error
    if files and not scores:
        raise BenchError(str(files[0]), "has no OKS-AP: bodies are chosen by it", _HINT)
    return scores


def score(scores: Scores, variant: Variant) -> float | None:
    """A variant's OKS-AP: its own, or that of the same file in another runtime."""
    sha256 = variant.file.sha256
    own = scores.get((sha256, variant.backend))
    return own if own is not None else next((v for k, v in scores.items() if k[0] == sha256), None)
