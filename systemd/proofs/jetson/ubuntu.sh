#!/usr/bin/env bash
# ubuntu.sh OUT.tar: an Ubuntu 22.04 as JetPack 6 is one: its Python 3.10, its systemd 249, its C library
# 2.35, and a broker. For amd64, as the archive that is reachable everywhere has no other processor than
# a PC's; with UBUNTU_MIRROR=http://ports.ubuntu.com/ubuntu-ports and ARCH=arm64 it is a Jetson's.
# As root; needs mmdebstrap. About two minutes; the result is meant to be kept.
set -euo pipefail
out=$1
mirror=${UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}
# Debian has no keys of Ubuntu: they come from Ubuntu's own package, known by its hash.
keys=ubuntu-keyring_2021.03.26_all.deb
sha256=0d0e7ed6b112f5d03eabf3c7eb01ebdacf9c57714b279e90495cfc58c8c4520f
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-ubuntu.XXXXXX")
trap 'rm -rf "$work" "$out.part.tar"' EXIT
chmod 755 "$work" # apt reads the keys as a user of its own

curl --fail --silent --show-error --output "$work/$keys" "$mirror/pool/main/u/ubuntu-keyring/$keys"
echo "$sha256  $work/$keys" | sha256sum --check --quiet
dpkg-deb --extract "$work/$keys" "$work/keys"
# shellcheck disable=SC2016 # $1 is for the hook's own shell
policy='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"'
# shellcheck disable=SC2016
tidy='rm -f "$1/usr/sbin/policy-rc.d"; echo jetson >"$1/etc/hostname"; : >"$1/etc/machine-id"'
mmdebstrap --mode=root --quiet --architectures="${ARCH:-amd64}" --variant=minbase \
  --keyring="$work/keys/usr/share/keyrings/ubuntu-archive-keyring.gpg" \
  --include=python3,systemd,systemd-sysv,udev,dbus,procps,ca-certificates,mosquitto,mosquitto-clients \
  --aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --essential-hook="$policy" --customize-hook="$tidy" \
  jammy "$out.part.tar" \
  "deb $mirror jammy main universe" "deb $mirror jammy-updates main universe"
mv "$out.part.tar" "$out"
