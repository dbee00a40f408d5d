"""What the daemon takes: time to its first inferred frame, and memory while it works.

    python -m benchmarks.footprint CLIP [--model NAME] [--backend KIND] [--mqtt URL] [--runs 5]

Runs the real command with the environment systemd gives it, and listens on the notification
socket as systemd does: READY comes after the first frame that went all the way through.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PATIENCE_S = 30.0


def measure(options: argparse.Namespace) -> tuple[float, float]:
    """One run: seconds from start to READY, and the most memory ever resident, MB."""
    with tempfile.TemporaryDirectory() as folder:
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        told.bind(f"{folder}/notify")
        told.settimeout(_PATIENCE_S)
        command = [sys.executable, "-m", "edge", "run", options.clip, "--model", options.model]
        command += ["--events", "/dev/null", "--state-dir", folder, "--realtime"]
        command += ["--backend", options.backend] if options.backend else []
        command += ["--mqtt", options.mqtt] if options.mqtt else []
        begin = time.monotonic()
        daemon = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            env=dict(os.environ, NOTIFY_SOCKET=f"{folder}/notify"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with told:
            while b"READY=1" not in told.recv(4096):
                pass
        ready = time.monotonic() - begin
        most = 0.0
        while daemon.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{daemon.pid}/status").read_text())
            most = max(most, int(found[1]) / 1e3 if found else 0.0)
            time.sleep(0.05)
    return ready, most


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clip")
    parser.add_argument("--model", default="posenet-mobilenet-v1-075-353x481-coral")
    parser.add_argument("--backend", default="", help="tflite, onnxruntime or openvino")
    parser.add_argument("--mqtt", default="", help="publish there too: mqtt://localhost")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    ready, memory = zip(*(measure(options) for _ in range(options.runs)), strict=True)
    sys.stdout.write(
        f"start to first inference: median {statistics.median(ready):.2f} s, "
        f"worst {max(ready):.2f} s\nresident memory at its peak: {max(memory):.0f} MB\n"
    )


if __name__ == "__main__":
    main()
