"""A small model that really finds people (made of dots), and a film of them."""

from __future__ import annotations

from pathlib import Path

import pytest

_VARIANTS = ("tflite:float32", "tflite:int8")  # the float one first: a device would run it


@pytest.fixture(scope="session")
def dots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder: `model` of two variants, `film.avi`, `pictures` and `truth.json`."""
    for package in ("ai_edge_quantizer", "onnx", "nncf", "pycocotools", "tomli_w"):
        pytest.importorskip(package)
    from converters.__main__ import main as convert  # noqa: PLC0415 - needs what was just checked
    from tests.converters import dot_people  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("dots")
    dot_people.original(folder / "net")
    dot_people.pictures(folder / "pictures", range(12))
    dot_people.truth(folder / "truth.json", range(12))
    dot_people.film(folder / "film.avi", [0, 1, 2, 3] * 5)
    words = ["posenet", "--from", folder / "net", "--input", dot_people.INPUT, "--least", "4"]
    words += ["--calibrate", folder / "pictures", "--out", folder / "model"]
    words += [word for target in _VARIANTS for word in ("--to", target)]
    assert convert([str(word) for word in words]) == 0
    return folder
