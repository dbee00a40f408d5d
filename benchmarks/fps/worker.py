"""One contender in a process of its own: told its turns on standard input, answers on output.

    python -m benchmarks.fps.worker '{"role": "bare", ...}'

Says {"ready": ...} after its first frame, then answers each line "SECONDS" with a turn's figures;
ends with its input. What native code prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TextIO

from benchmarks.fps.turn import Job, Turn, repeated

Serve = Callable[[float], Turn]


class Line:
    """The way back to who started us, out of reach of anybody who prints."""

    def __init__(self) -> None:
        self._out: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def say(self, **answer: Any) -> None:
        """Send one answer."""
        print(json.dumps(answer), file=self._out, flush=True)

    def serve(self, turn: Serve) -> None:
        """Take turns until there are no more."""
        for line in sys.stdin:
            try:
                self.say(turn=asdict(turn(float(line))))
            except BrokenPipeError:  # who started us is gone
                return
            except Exception as error:  # noqa: BLE001 - told to who can show it
                self.say(error=f"{type(error).__name__}: {error}")
                return


def main(job: Job) -> None:
    """Become what the job says."""
    line = Line()
    try:
        if job.role == "runtime":
            _runtime(job, line)
        elif job.role == "bare":
            _bare(job, line)
        else:
            _peer(job, line)
    except Exception as error:  # noqa: BLE001 - told to who can show it
        line.say(error=str(error) or type(error).__name__)
        sys.exit(1)


def _runtime(job: Job, line: Line) -> None:
    from benchmarks.fps.runtime import Runtime  # noqa: PLC0415 - a bare worker needs none of it

    runtime = Runtime(job, lambda: line.say(ready=time.monotonic()))

    def turns() -> None:
        try:
            line.serve(runtime.turn)
        finally:  # also when nobody is there any more to be answered
            runtime.end()

    threading.Thread(target=turns, name="turns", daemon=True).start()
    runtime.run()


def _bare(job: Job, line: Line) -> None:
    from benchmarks.fps.bare import bare  # noqa: PLC0415
    from benchmarks.variants import precise  # noqa: PLC0415

    infer = bare(job.backend, precise(job.model, job.weights, job.backend).weights, job.threads)
    infer()
    line.say(ready=time.monotonic())
    line.serve(lambda seconds: repeated(infer, seconds))


def _peer(job: Job, line: Line) -> None:
    from benchmarks.peers.clip import Loop  # noqa: PLC0415
    from benchmarks.peers.find import find  # noqa: PLC0415

    peer = find(job.role).open(job)
    loop = Loop(job.source, peer)
    loop.step()
    line.say(ready=time.monotonic())
    line.serve(loop.turn)


if __name__ == "__main__":
    main(Job.of(json.loads(sys.argv[1])))
