"""A file arrives whole under its final name, or not at all, whatever the network does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge import download
from edge.errors import ModelError
from edge.manifest import WeightsFile
from tests.weights_server import WeightsServer, serving

CONTENT = bytes(range(256)) * 2000  # several chunks
NAME = "weights.tflite"


@pytest.fixture
def server(no_proxy: None) -> Iterator[WeightsServer]:  # noqa: ARG001 - for what it does
    with serving(CONTENT) as state:
        yield state


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "model" / NAME


def the_file(url: str = "") -> WeightsFile:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return WeightsFile(NAME, "tflite", sha256, len(CONTENT), url)


def silent(*_step: object) -> None:
    pass


def fetch(server: WeightsServer, target: Path) -> None:
    download.fetch(the_file(server.url), target, silent)


def begin(target: Path, content: bytes) -> Path:
    """Leave what an interrupted download leaves."""
    target.parent.mkdir(parents=True)
    part = target.with_name(f"{NAME}.part")
    part.write_bytes(content)
    return part


def test_a_download_arrives_whole_and_reports_progress(server: WeightsServer, target: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    download.fetch(the_file(server.url), target, lambda *step: seen.append(step))
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert seen[-1] == (NAME, len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert len(seen) > 1


def test_after_a_server_died_midway_the_next_download_resumes(
    server: WeightsServer, target: Path
) -> None:
    server.dies_after = 300_000
    with pytest.raises(ModelError, match=r"300000 of 512000 bytes"):
        fetch(server, target)
    assert not target.exists()
    server.dies_after = None
    fetch(server, target)
    assert server.asked[-1] == (f"/{NAME}", "bytes=300000-")
    assert target.read_bytes() == CONTENT


def test_a_server_without_ranges_is_read_from_the_start(
    server: WeightsServer, target: Path
) -> None:
    server.ranges = False
    begin(target, CONTENT[:1000])
    fetch(server, target)
    assert server.asked == [(f"/{NAME}", "bytes=1000-")]
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("kept", [1000, len(CONTENT), len(CONTENT) + 1])
def test_the_beginning_of_another_file_is_thrown_away(
    server: WeightsServer, target: Path, kept: int
) -> None:
    begin(target, b"?" * kept)
    fetch(server, target)
    assert server.asked[-1] == (f"/{NAME}", "")
    assert target.read_bytes() == CONTENT


def test_a_finished_part_needs_no_download(server: WeightsServer, target: Path) -> None:
    begin(target, CONTENT)
    fetch(server, target)
    assert server.asked == []
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("other", [CONTENT[:-1] + b"?", CONTENT + b"?" * 10_000_000])
def test_another_file_is_refused_and_not_kept(
    server: WeightsServer, target: Path, other: bytes
) -> None:
    server.content = other
    done: list[int] = []
    with pytest.raises(ModelError) as caught:
        download.fetch(the_file(server.url), target, lambda _name, have, _all: done.append(have))
    assert max(done) <= len(CONTENT) + 100_000  # an endless one does not fill the disk
    assert caught.value.where == server.url
    assert "--from DIR" in caught.value.hint
    assert list(target.parent.iterdir()) == []


def test_a_shorter_file_is_never_taken_for_the_whole(server: WeightsServer, target: Path) -> None:
    server.content = CONTENT[:1000]
    with pytest.raises(ModelError, match="1000 of 512000"):
        fetch(server, target)
    assert not target.exists()


def test_a_refusal_of_the_server_is_passed_on(server: WeightsServer, target: Path) -> None:
    server.status = 404
    with pytest.raises(ModelError, match="answers 404") as caught:
        fetch(server, target)
    assert caught.value.where == server.url


def test_no_server_at_all_says_what_to_check(server: WeightsServer, target: Path) -> None:
    with serving(b"") as gone:
        server.port = gone.port
    with pytest.raises(ModelError, match="refused") as caught:
        fetch(server, target)
    assert "https_proxy" in caught.value.hint


def test_the_proxy_of_the_environment_is_asked(
    server: WeightsServer, target: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    url = f"http://weights.invalid/{NAME}"
    download.fetch(the_file(url), target, silent)
    assert server.asked == [(url, "")]
    assert target.read_bytes() == CONTENT


def test_a_full_disk_is_said_clearly(server: WeightsServer, target: Path) -> None:
    begin(target, b"").unlink()
    target.with_name(f"{NAME}.part").symlink_to("/dev/full")
    with pytest.raises(ModelError, match="No space left on device") as caught:
        fetch(server, target)
    assert "EDGEPOSE_MODELS" in caught.value.hint
    assert not target.exists()


def test_a_cache_nobody_can_write_to_is_said_clearly(
    server: WeightsServer, target: Path, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(ModelError, match="Not a directory") as caught:
        fetch(server, target)
    assert "EDGEPOSE_MODELS" in caught.value.hint


def test_from_a_folder_the_one_with_the_right_hash_is_taken(target: Path, tmp_path: Path) -> None:
    for folder, content in (("a", b"?" * len(CONTENT)), ("b/c", CONTENT), ("d", b"")):
        (tmp_path / "usb" / folder).mkdir(parents=True)
        (tmp_path / "usb" / folder / NAME).write_bytes(content)
    seen: list[tuple[str, int, int]] = []
    download.copy(the_file(), tmp_path / "usb", target, lambda *step: seen.append(step))
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert seen == [(NAME, len(CONTENT), len(CONTENT))]


def test_from_a_folder_with_only_wrong_ones_says_which_and_why(
    target: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "usb" / NAME
    wrong.parent.mkdir()
    wrong.write_bytes(b"?" * len(CONTENT))
    with pytest.raises(ModelError, match="sha256") as caught:
        download.copy(the_file(), tmp_path / "usb", target, silent)
    assert str(wrong) in caught.value.problem
    assert wrong.exists()
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_from_a_folder_without_it_says_so(target: Path, tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=folder):
        download.copy(the_file(), tmp_path / folder, target, silent)
