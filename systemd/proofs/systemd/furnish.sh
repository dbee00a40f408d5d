#!/usr/bin/env bash
# furnish.sh ROOT: put edgepose, the clip, the network camera and the claims into an unpacked root.
set -euo pipefail
root=$1
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)

deb=${EDGEPOSE_DEB:-$(find "$top/dist" -name "edgepose_*_$(dpkg --root="$root" --print-architecture).deb" 2>/dev/null | sort | tail -1)}
[ -e "$deb" ] || { echo "no package: make deb, or say where one is with EDGEPOSE_DEB" >&2; exit 1; }
cp "$deb" "$root/edgepose.deb"
chroot "$root" dpkg --install /edgepose.deb >"$root/proof.log" 2>&1 || { cat "$root/proof.log" >&2; exit 1; }
rm "$root/edgepose.deb"

install -d "$root/proof/systemd/proofs/systemd/inside"
cp "$here"/inside/*.py "$root/proof/systemd/proofs/systemd/inside/"
# The last 19 s of the clip hold a fall; sixty of them, uncoded anew, are a camera for 19 minutes.
ffmpeg -loglevel error -y -ss 20 -i "$top/models/demo/bench.mp4" -c copy "$root/proof/end.mp4"
for _ in {1..60}; do echo "file end.mp4"; done >"$root/proof/list"
ffmpeg -loglevel error -y -f concat -i "$root/proof/list" -c copy "$root/proof/clip.mp4"

cat >"$root/etc/mosquitto/conf.d/10-proof.conf" <<'CONF'
per_listener_settings true
listener 1883 127.0.0.1
allow_anonymous true
CONF
cat >"$root/etc/systemd/system/lens@.service" <<'UNIT'
[Unit]
Description=a network camera at port %i
[Service]
Environment=PYTHONPATH=/proof
ExecStart=/usr/bin/python3 -m systemd.proofs.systemd.inside.camera /proof/clip.mp4 %i
[Install]
WantedBy=multi-user.target
UNIT
cat >"$root/etc/systemd/system/proof.service" <<'UNIT'
[Unit]
Description=the claims
After=multi-user.target
[Service]
Type=oneshot
Environment=PYTHONPATH=/proof PYTHONUNBUFFERED=1
ExecStart=/bin/sh -c 'exec python3 -m systemd.proofs.systemd.inside "$$(cat /proof/out)" "$$(cat /proof/pattern)"'
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=journal+console
UNIT
ln -s ../proof.service "$root/etc/systemd/system/multi-user.target.wants/proof.service"
