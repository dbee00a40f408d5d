"""Trained models of hands to folders that the runtime reads, through the gate of any model."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from converters import __main__ as converter
from models.recipes import decoding
from models.recipes.training.hands.calibration import store_crops, store_pictures
from models.recipes.training.hands.export import flags, write_landmarks, write_locator
from models.recipes.training.hands.tasks import LANDMARKS, LOCATOR

DECODERS = {LANDMARKS: "hand", LOCATOR: "palm"}
_TITLES = {
    LANDMARKS: "edgepose hand landmarks, learned from synthetic people, INT8",
    LOCATOR: "edgepose locator of palms, learned from synthetic people, INT8",
}
_PICTURES = 160  # rendered ones to quantize and to compare with
_COMPARED = 48


def convert(  # noqa: PLR0913 - what, from what, to what
    task: str,
    checkpoint: Path,
    folders: Sequence[Path],
    out: Path,
    *,
    targets: Sequence[str] = ("tflite:int8", "tflite:float16"),
    seed: int = 0,
    force: bool = False,
) -> int:
    """Convert LANDMARKS or LOCATOR with ranges from folders of rendered hands; an exit code."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="edgepose-ship-") as scratch:
        weights, shown = Path(scratch) / f"{out.name}.onnx", Path(scratch) / "pictures"
        if task == LANDMARKS:
            size = write_landmarks(checkpoint, weights)
            store_crops(rng, folders, shown, _PICTURES, size)
        else:
            write_locator(checkpoint, weights)
            store_pictures(rng, folders, shown, _PICTURES)
        words = [
            *("any", str(weights), *flags(DECODERS[task])),
            *(word for target in targets for word in ("--to", target)),
            *("--calibrate", str(shown), "--parity-count", str(_COMPARED), "--out", str(out)),
            *("--count", str(_PICTURES - _COMPARED), "--licence", "Apache-2.0"),
            *decoding.flags(decoding.HAND if task == LANDMARKS else {}),
            *("--title", _TITLES[task], "--homepage", "models/recipes/README.md in edgepose"),
            *(["--force"] if force else []),
        ]
        return converter.main(words)
