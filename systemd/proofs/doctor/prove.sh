#!/usr/bin/env bash
# prove.sh DEB: install the package into a Debian with systemd as its first process, boot that in a
# container, let a camera's service run, break one thing after the other, and hear what `edgepose doctor`
# says of each. A line for each claim; fails unless all are shown. As root. From the environment:
#   PROOF_ROOT   the Debian, from ../systemd/root.sh (default: kept in ~/.cache/edgepose-proofs, for
#                ../systemd/prove.sh, too)
#   PROOF_KEEP   a file that keeps everything the doctor said
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
deb=$(realpath "$1")
root=${PROOF_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/edgepose-proofs/container-amd64.tar}
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-proof.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

[ -e "$root" ] || { mkdir -p "$(dirname "$root")" && "$here/../systemd/root.sh" "$root"; }
mkdir "$work/root"
tar -C "$work/root" --numeric-owner -xf "$root"
install -D -m 755 "$here/inside.sh" "$work/root/proof/inside.sh"
install -D -m 644 "$top/tests/rtsp_server.py" "$work/root/proof/tests/rtsp_server.py"
install -m 644 "$here/camera.py" "$top/models/demo/bench.mp4" "$work/root/proof/"
install -m 644 "$deb" "$work/root/proof/edgepose.deb"
chroot "$work/root" dpkg --install /proof/edgepose.deb >/dev/null

cat >"$work/root/etc/systemd/system/lens.service" <<'UNIT'
[Service]
Environment=PYTHONPATH=/proof
ExecStart=/opt/edgepose/bin/python /proof/camera.py /proof/bench.mp4 8554
UNIT
"$here/../boot.sh" "$work/root" inside.sh
[ -z "${PROOF_KEEP:-}" ] || cp "$work/root/proof/said" "$PROOF_KEEP"
cat "$work/root/proof/result"
grep -q '^all shown' "$work/root/proof/result"
