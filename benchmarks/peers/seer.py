"""A peer in a Python of its own, proven to be there before anything long begins."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.errors import BenchError, last_words
from benchmarks.peers.find import NotInstalled, Peer, find
from benchmarks.peers.find import names as all_peers

_ROOT = Path(__file__).parents[2]
_MODULE = "benchmarks.peers.record"
_LOADED = 120.0  # s within which a peer is loaded


@dataclass(frozen=True, slots=True)
class Seer:
    """A peer, and the Python it lives in."""

    peer: Peer
    python: str = sys.executable
    weights: str = ""

    def run(self, *words: str, limit: float | None = None) -> None:
        """Run the recorder; raises BenchError with what it complained of."""
        command = [self.python, "-m", _MODULE, self.peer.name, *words]
        command += ["--weights", self.weights] if self.weights else []
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        try:
            done = subprocess.run(  # noqa: S603 - our own command line
                command,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                env=environment,
                timeout=limit,
            )
        except OSError as error:
            raise BenchError(self.python, f"cannot be run ({error.strerror})") from error
        except subprocess.TimeoutExpired as error:
            raise BenchError(self.peer.name, f"is not loaded after {limit:g} s") from error
        if done.returncode:
            raise self._complaint(done.returncode, done.stderr)

    def _complaint(self, code: int, said: str) -> BenchError:
        line, hint = last_words(code, said)
        missing = re.fullmatch(r"ModuleNotFoundError: No module named '([\w.]+)'", line)
        if missing:  # of the recorder itself, such as OpenCV
            problem = f"{self.python} does not have {missing[1]}, which every peer needs"
            return BenchError("--peer-python", problem, "it needs NumPy and OpenCV")
        where, _, problem = line.partition(": ")
        kind = NotInstalled if code == NotInstalled.exit_code else BenchError
        return kind(where, problem, hint) if problem else kind(self.peer.name, line, hint)


def seers(names: Sequence[str], python: str, weights: str) -> list[Seer]:
    """Find peers by name, each once, none loaded; raises BenchError for what cannot be right."""
    if python and not shutil.which(python):
        raise BenchError("--peer-python", f"{python} is no program", "such as venv/bin/python")
    found = [find(name) for name in dict.fromkeys(names)]
    if weights and not any(peer.weights for peer in found):
        hint = f"weights are for {', '.join(name for name in all_peers() if find(name).weights)}"
        raise BenchError("--peer-model", "is for none of the peers named", hint)
    home = python or sys.executable
    return [Seer(peer, home, weights if peer.weights else "") for peer in found]


def loaded(seer: Seer) -> Seer:
    """Prove that a peer can be loaded, in its Python or else in this one; raises BenchError."""
    try:
        seer.run(limit=_LOADED)
    except NotInstalled as error:
        here = replace(seer, python=sys.executable)
        if here == seer or not _loads(here):
            raise BenchError(error.where, error.problem, error.hint) from error
        return here
    return seer


def _loads(seer: Seer) -> bool:
    try:
        seer.run(limit=_LOADED)
    except NotInstalled:
        return False
    return True
