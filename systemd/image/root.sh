#!/bin/bash
# root.sh OUT.tar: the operating system of the image, without edgepose: Debian for arm64 with kernel, Raspberry Pi
# firmware, NetworkManager. As root; on another architecture with binfmt_misc and qemu-user-static. 10 to 30 minutes when
# emulated, so the result is kept and edgepose is put into a copy of it.
#   SUITE=bookworm, and what ../debian.sh reads
set -euo pipefail
out=$1
suite=${SUITE:-bookworm}
here=$(cd "$(dirname "$0")" && pwd)

packages=(
    systemd systemd-sysv systemd-timesyncd udev dbus kmod procps e2fsprogs dosfstools ca-certificates tzdata
    linux-image-arm64 initramfs-tools zstd
    overlayroot busybox cryptsetup-bin                               # overlayroot needs the other two, and does not say so
    raspi-firmware firmware-brcm80211 wireless-regdb iw rfkill       # to start a Raspberry Pi, and its Wi-Fi
    network-manager wpasupplicant iproute2 openssh-server
    python3 v4l-utils
)

COMPONENTS="main non-free-firmware" "$here/../debian.sh" "$out" "$suite" arm64 "$(IFS=,; echo "${packages[*]}")" \
    --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --essential-hook="$here/root-early.sh \"\$1\""
