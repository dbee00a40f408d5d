"""What several tests need: laws that do not time themselves, and material kept elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from edge.sources._opencv import quiet
from tests.brokers import Broker, running

# A law holds or not; how fast this machine is today says nothing. CI draws the same lives each run.
settings.register_profile("edgepose", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("edgepose")

# FFmpeg reads its log level at its first use, and tests use OpenCV's videos directly, too.
quiet()


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the proxies of the machine: a server of the test's own is on this one."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Give a real broker, or skip with the reason."""
    folder = tmp_path / "broker"
    folder.mkdir()
    with running(folder) as one:
        yield one


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of clips, images and weights that the repository does not hold."""
    folder = Path(os.environ.get("EDGEPOSE_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no test material at {folder} (set EDGEPOSE_SHARED)")
    return folder
