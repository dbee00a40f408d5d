"""How large the pictures of a camera are that scales them itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge import config as configuration
from edge.runtime import assemble
from edge.sources.picamera import PicameraSettings

FUSE_BOX = Path(__file__).parent.parent / "models/demo/fuse-box.toml"


def asked(
    *, drawn: bool = False, sees_lying: bool = True, **tables: Any
) -> assemble.SourceSettings:
    """The source's settings as the daemon would open it."""
    base: dict[str, Any] = {
        "source": {"uri": "picamera:0"},
        "model": [{"name": "edgepose-body-257"}],
        "rule": [{"kind": "fall"}],
    }
    config = configuration.load(None, {**base, **tables})
    models = assemble.cast(config)
    assert models.body is not None
    models.body.manifest = replace(models.body.manifest, sees_lying=sees_lying)
    return assemble.source(config, models, drawn=drawn)


def size(source: assemble.SourceSettings) -> tuple[int, int]:
    assert isinstance(source, PicameraSettings)
    return source.size


def test_pictures_are_as_large_as_the_model_where_nobody_looks_closer() -> None:
    assert size(asked()) == (257, 257)


@pytest.mark.parametrize(
    "closer",
    [
        {"drawn": True},
        {"sees_lying": False},  # who is lost is looked for in an enlarged part
        {"rule": [{"kind": "sop", "procedure": str(FUSE_BOX)}]},  # arms are looked at closely
    ],
)
def test_pictures_stay_large_where_parts_are_looked_at(closer: dict[str, Any]) -> None:
    assert size(asked(**closer)) == (0, 0)


def test_looking_again_may_be_turned_off() -> None:
    assert size(asked(sees_lying=False, look_again={"enabled": False})) == (257, 257)


def test_a_size_that_was_given_is_kept() -> None:
    assert size(asked(source={"uri": "picamera:0", "size": [800, 600]})) == (800, 600)


def test_other_sources_are_left_alone(tmp_path: Path) -> None:
    clip = {"uri": str(tmp_path / "clip.mp4")}
    assert "257" not in repr(asked(source=clip))
