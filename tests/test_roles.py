"""Models that go together get their roles; others are told why not, and what to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from edge.errors import ConfigError
from edge.runtime.predictor import Predictor
from edge.runtime.roles import roles


def models(*skeletons: str) -> list[Predictor]:
    """Only what roles are given by."""
    facts = [SimpleNamespace(skeleton=name, finds=name) for name in skeletons]
    return cast("list[Predictor]", [SimpleNamespace(manifest=one) for one in facts])


@pytest.mark.parametrize(
    "skeletons",
    [("body17",), ("palm9", "hand21"), ("hand21", "palm9"), ("body17", "hand21")],
)
def test_what_goes_together(skeletons: tuple[str, ...]) -> None:
    given = models(*skeletons)
    found = roles(given, "cam1.toml")
    by_role = {"body17": found.body, "palm9": found.palm, "hand21": found.hand}
    assert {name: by_role[name] for name in skeletons} == dict(zip(skeletons, given, strict=True))
    assert sorted(map(id, found.predictors)) == sorted(map(id, given))


@pytest.mark.parametrize(
    ("skeletons", "place", "hint"),
    [
        (("palm9",), "model[1]", "hand-landmark-lite"),
        (("hand21",), "model[1]", "palm-detection-lite, or a body model"),
        (("body17", "palm9"), "model[2]", "leave it out"),
        (("hand21", "palm9", "body17"), "model[2]", "wrists"),
        (("body17", "hand21", "body17"), "model[3]", "leave one of them out"),
        (("palm9", "palm9", "hand21"), "model[2]", "leave one of them out"),
    ],
)
def test_what_does_not(skeletons: tuple[str, ...], place: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        roles(models(*skeletons), "cam1.toml")
    assert caught.value.where == f"cam1.toml: {place}"
    assert hint in caught.value.hint
