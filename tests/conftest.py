"""What several tests need: laws that do not time themselves, and material kept elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from edge.sources._opencv import quiet

# A law holds or not; how fast this machine is today says nothing. CI draws the same lives each run.
settings.register_profile("edgepose", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("edgepose")

# FFmpeg reads its log level at its first use, and tests use OpenCV's videos directly, too.
quiet()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of clips, images and weights that the repository does not hold."""
    folder = Path(os.environ.get("EDGEPOSE_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no test material at {folder} (set EDGEPOSE_SHARED)")
    return folder
