#!/usr/bin/env bash
# root.sh OUT.tar [ARCH] [PACKAGE ...]: a Debian Bookworm with systemd as its init, a broker and a
# network camera, for the proofs beside this file. As root; needs what ../../debian.sh does. About three
# minutes; the result is meant to be kept.
set -euo pipefail
out=$1 arch=${2:-$(dpkg --print-architecture)}
shift $(($# < 2 ? $# : 2))
packages=(
  systemd systemd-sysv kmod udev procps
  python3
  mosquitto mosquitto-clients
  # The network camera: a real RTSP server that streams a clip as it is.
  python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-tools
  "$@"
)
# A kernel among the packages: its first stage needs no more than a virtual disk.
# shellcheck disable=SC2016 # $1 is for the hook's own shell
initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d"
  printf "MODULES=list\nCOMPRESS=zstd\n" >"$1/etc/initramfs-tools/conf.d/proof"
  printf "virtio_pci\nvirtio_blk\next4\n" >"$1/etc/initramfs-tools/modules"'
# shellcheck disable=SC2016
tidy='echo proof >"$1/etc/hostname"; : >"$1/etc/machine-id"
  chroot "$1" systemctl --quiet disable mosquitto'
exec "$(dirname "$0")/../../debian.sh" "$out" bookworm "$arch" "$(IFS=,; echo "${packages[*]}")" \
  --quiet --essential-hook="$initramfs" --customize-hook="$tidy"
