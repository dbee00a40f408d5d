"""One file from a URL or from a folder to its final name, or not at all.

Bytes go to a `.part` file, are proved against the manifest, and only then renamed. An
interrupted download resumes from what is there; the proxy variables of the environment hold.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from edge.errors import ModelError
from edge.manifest import WeightsFile

Progress = Callable[[str, int, int], None]  # file name, bytes done, bytes in all

_CHUNK = 1 << 16  # bytes
_TIMEOUT_S = 30.0
_TRY_ELSEWHERE = "or get the file elsewhere and use: edgepose models pull NAME --from DIR"


def fetch(file: WeightsFile, target: Path, progress: Progress) -> None:
    """Download a weights file to `target`; raises ModelError and leaves nothing half done."""
    part = target.with_name(target.name + ".part")
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = part.exists()
    _download(file, part, progress)
    problem = _finish(file, part, target)
    if problem and resumed:  # what was there before may have been the beginning of another file
        _download(file, part, progress)
        problem = _finish(file, part, target)
    if problem:
        hint = f"the source or something on the way changed it; {_TRY_ELSEWHERE}"
        raise ModelError(file.url, f"the download {problem}", hint)


def copy(file: WeightsFile, folder: Path, target: Path, progress: Progress) -> None:
    """Copy a weights file, found anywhere under `folder` by name, proved by its hash."""
    if not folder.is_dir():
        raise ModelError(str(folder), "is not a folder")
    problems = []
    for found in sorted(folder.rglob(file.path)):
        part = target.with_name(target.name + ".part")
        with _disk(found, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, part)
        problem = _finish(file, part, target)
        if not problem:
            progress(file.path, file.size, file.size)
            return
        problems.append(f"{found} {problem}")
    if problems:
        raise ModelError(str(folder), f"no right '{file.path}': {'; '.join(problems)}")
    raise ModelError(str(folder), f"no '{file.path}' in it or below", f"it is at {file.url}")


def _download(file: WeightsFile, part: Path, progress: Progress) -> None:
    with _disk(part):
        have = part.stat().st_size if part.exists() else 0
    if have > file.size:
        have = 0
    if have == file.size:
        return
    request = urllib.request.Request(file.url)  # noqa: S310 - the manifest admits http(s) only
    if have:
        request.add_header("Range", f"bytes={have}-")
    opener = urllib.request.build_opener()  # a new one reads the proxy variables of now
    with _network(file), opener.open(request, timeout=_TIMEOUT_S) as response:
        if response.status != HTTPStatus.PARTIAL_CONTENT:
            have = 0  # the server knows no ranges and sends everything
        with _disk(part), part.open("ab" if have else "wb") as output:
            for chunk in _chunks(response, file):
                output.write(chunk)
                have += len(chunk)
                progress(file.path, have, file.size)
                if have > file.size:
                    return  # another file, and perhaps an endless one
    if have < file.size:
        problem = f"the connection ended after {have} of {file.size} bytes"
        raise ModelError(file.url, problem, f"run it again to resume; {_TRY_ELSEWHERE}")


def _chunks(response: http.client.HTTPResponse, file: WeightsFile) -> Iterator[bytes]:
    with _network(file):
        while chunk := response.read(_CHUNK):
            yield chunk


def _finish(file: WeightsFile, part: Path, target: Path) -> str:
    """Rename a proved file into place; else remove it and say what is wrong."""
    with _disk(target):
        try:
            file.prove(part, "")
        except ModelError as error:
            part.unlink()
            return error.problem
        with part.open("rb") as written:
            os.fsync(written.fileno())  # a name that survives a power cut has its bytes too
        part.replace(target)
    return ""


@contextlib.contextmanager
def _network(file: WeightsFile) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        problem = f"the server answers {error.code} {error.reason}"
        raise ModelError(file.url, problem, _TRY_ELSEWHERE) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        hint = f"check the network and https_proxy, then run it again to resume; {_TRY_ELSEWHERE}"
        raise ModelError(file.url, f"cannot be downloaded: {reason}", hint) from error


@contextlib.contextmanager
def _disk(*paths: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or paths[-1]
        hint = "free some space, or set EDGEPOSE_MODELS to a folder you can write to"
        raise ModelError(str(where), error.strerror or str(error), hint) from error
