#!/usr/bin/env bash
# root.sh OUT.tar [ARCH] [PACKAGE ...]: a Debian Bookworm with systemd as its init, a broker and a
# network camera, for the proofs beside this file. As root; needs mmdebstrap (a foreign ARCH: arch-test
# and a registered emulator). About three minutes; the result is meant to be kept.
set -euo pipefail
out=$1 arch=${2:-$(dpkg --print-architecture)}
shift $(($# < 2 ? $# : 2))
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY:-http://deb.debian.org/debian-security}
packages=(
  systemd systemd-sysv kmod udev procps
  python3
  mosquitto mosquitto-clients
  # The network camera: a real RTSP server that streams a clip as it is.
  python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-tools
  "$@"
)
part=$out.part.tar
trap 'rm -f "$part"' EXIT
# A kernel among the packages: its first stage needs no more than a virtual disk.
# shellcheck disable=SC2016 # $1 is for the hook's own shell
initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d"
  printf "MODULES=list\nCOMPRESS=zstd\n" >"$1/etc/initramfs-tools/conf.d/proof"
  printf "virtio_pci\nvirtio_blk\next4\n" >"$1/etc/initramfs-tools/modules"'
# shellcheck disable=SC2016
policy='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"'
# shellcheck disable=SC2016
tidy='rm -f "$1/usr/sbin/policy-rc.d"; echo proof >"$1/etc/hostname"; : >"$1/etc/machine-id"
  chroot "$1" systemctl --quiet disable mosquitto'
mmdebstrap --mode=root --quiet --architectures="$arch" --variant=minbase \
  --include="$(IFS=,; echo "${packages[*]}")" \
  --aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --essential-hook="$initramfs" --essential-hook="$policy" --customize-hook="$tidy" \
  bookworm "$part" \
  "deb $mirror bookworm main" "deb $mirror bookworm-updates main" \
  "deb $security bookworm-security main"
mv "$part" "$out"
