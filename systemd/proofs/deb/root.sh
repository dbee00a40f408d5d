#!/usr/bin/env bash
# root.sh OUT.tar [ARCH] [SUITE]: the least Debian in which the package must work: what it depends on,
# systemd, and a broker to hear it. As root; needs mmdebstrap (another ARCH: arch-test and a registered
# emulator). The result is meant to be kept.
set -euo pipefail
out=$1 arch=${2:-$(dpkg --print-architecture)} suite=${3:-bookworm}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY:-http://deb.debian.org/debian-security}
part=$out.part.tar
trap 'rm -f "$part"' EXIT
mmdebstrap --mode=root --quiet --architectures="$arch" --variant=minbase \
  --include=python3,systemd,systemd-sysv,dbus,mosquitto,mosquitto-clients,ca-certificates,procps,iproute2 \
  --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$suite" "$part" \
  "deb $mirror $suite main" "deb $mirror $suite-updates main" "deb $security $suite-security main"
mv "$part" "$out"
