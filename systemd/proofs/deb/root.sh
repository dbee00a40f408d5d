#!/usr/bin/env bash
# root.sh OUT.tar [ARCH] [SUITE]: the least Debian in which the package must work: what it depends on,
# systemd, and a broker to hear it. As root; needs what ../../debian.sh does. The result is meant to be
# kept.
set -euo pipefail
out=$1 arch=${2:-$(dpkg --print-architecture)} suite=${3:-bookworm}
exec "$(dirname "$0")/../../debian.sh" "$out" "$suite" "$arch" \
  python3,systemd,systemd-sysv,dbus,mosquitto,mosquitto-clients,ca-certificates,procps,iproute2 --quiet
