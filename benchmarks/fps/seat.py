"""A worker as its starter sees it: a process that is given turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job, Turn

_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 1.0
_TOLD = 400  # characters of what a worker printed


class Seat:
    """One worker; enter it to start, leave it to end. Raises BenchError when it fails."""

    def __init__(self, job: Job, name: str, python: str = sys.executable) -> None:
        self.job, self.name = job, name
        self.cold_start_s = 0.0  # from the start of the process to its first frame, all the way
        self._python = python
        self._errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - see __exit__
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Seat:
        command = [self._python, "-m", "benchmarks.fps.worker", json.dumps(self.job.table())]
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        began = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl-C is ours: we end it in order
        )
        try:
            self.cold_start_s = float(self._answer()["ready"]) - began
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def turn(self, seconds: float) -> Turn:
        """Let it work for so long."""
        self.begin(seconds)
        return self.result()

    def begin(self, seconds: float) -> None:
        """Let it work, and do not wait."""
        if self._process is None or self._process.stdin is None:
            raise BenchError(self.name, "is not running")
        print(seconds, file=self._process.stdin, flush=True)

    def result(self) -> Turn:
        """Wait for what the turn amounted to."""
        return Turn(**self._answer()["turn"])

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process and self._process.stdout else ""
        answer: dict[str, Any] = json.loads(line) if line else {"error": self._last_words()}
        if "error" in answer:
            problem, _, hint = str(answer["error"]).partition("\n  hint: ")
            raise BenchError(self.name, problem, hint)
        return answer

    def _last_words(self) -> str:
        self._errors.seek(0)
        said = self._errors.read().strip()[-_TOLD:]
        return f"ended by itself: {said or 'without a word'}"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        for stop in (process.terminate, process.kill):  # amid a turn it hears signals only
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                stop()
        process.wait()
        self._errors.close()
