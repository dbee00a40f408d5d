"""The directory is the registry."""

from __future__ import annotations

import subprocess
import sys

import pytest

from edge import registry
from edge.errors import ConfigError

FAMILIES = ("sources", "backends", "events", "sinks")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_is_a_plugin(family: str) -> None:
    kinds = registry.kinds(family)
    assert kinds
    for kind in kinds:
        source = __import__(f"edge.{family}", fromlist=["__path__"]).__path__[0]
        text = open(f"{source}/{kind}.py", encoding="utf-8").read()  # noqa: PTH123, SIM115
        assert "\nPLUGIN = " in text, f"{family}/{kind}.py has no PLUGIN"


def test_loads_by_name() -> None:
    assert registry.load("events", "fall")().start() is not None


def test_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        registry.load("events", "fal")
    assert "unknown kind 'fal'" in str(caught.value)
    assert "did you mean 'fall'?" in str(caught.value)


def test_a_hopeless_name_lists_what_there_is() -> None:
    with pytest.raises(ConfigError) as caught:
        registry.load("events", "zzzzzzzz")
    assert "presence" in caught.value.hint


def test_listing_imports_nothing_heavy() -> None:
    code = (
        "import sys; from edge import registry;"
        f"[registry.kinds(f) for f in {FAMILIES!r}];"
        "print([m for m in ('cv2', 'numpy', 'paho', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
