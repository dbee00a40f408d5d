#!/usr/bin/env bash
# boot.sh ROOT SCRIPT [ARGUMENT ...]: boot an unpacked system in a container, with its systemd as first
# process and no network but its own loopback. The last thing it starts is SCRIPT, from ROOT/proof, and
# it goes down with that. What SCRIPT said is in ROOT/proof/result; fails where it said nothing. As root.
#   PROOF_LIMIT_S    when a machine counts as hung (default: 600)
set -euo pipefail
root=$1
shift
cat >"$root/etc/systemd/system/proof.service" <<UNIT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'cd /proof && exec bash $* >result 2>&1'
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
ln -s ../proof.service "$root/etc/systemd/system/multi-user.target.wants/proof.service"
timeout -k 5 "${PROOF_LIMIT_S:-600}" systemd-nspawn --quiet --register=no --keep-unit --private-network \
  --console=pipe --machine="edgepose-$$" --directory="$root" --boot </dev/null >"$root/proof/console" 2>&1 || true
[ -s "$root/proof/result" ] || { tail -50 "$root/proof/console" >&2; exit 1; }
