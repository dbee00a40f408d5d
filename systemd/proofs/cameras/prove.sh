#!/usr/bin/env bash
# Everything about cameras that can be proved without one, as root:
#   prove.sh FOLDER PYTHON     FOLDER keeps what is slow to make; PYTHON has edgepose and pytest
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
root=$1/trixie python=$2
if ! test -e "$root/opt/complete"; then
  rm -rf "$root"
  mkdir -p "$1"
  "$here/root.sh" "$root" "$python"
fi
PYTHONPATH=. "$python" "$here/prove.py" "$root"
# Real GStreamer, a real RTSP server; picamera2's stand-in, which can hang.
"$python" -m pytest --quiet tests/test_source_*.py tests/test_rtsp_restarts.py tests/contracts/test_sources.py
