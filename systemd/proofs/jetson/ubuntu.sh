#!/usr/bin/env bash
# ubuntu.sh OUT.tar: an Ubuntu 22.04 as JetPack 6 is one: its Python 3.10, its systemd 249, its C library
# 2.35, and a broker. As root; needs mmdebstrap, and UBUNTU_MIRROR: the address of Ubuntu's archive for
# amd64, which is reachable everywhere, or with ARCH=arm64, which makes it a Jetson's, of that for other
# processors. About two minutes; the result is meant to be kept.
set -euo pipefail
out=$1
mirror=${UBUNTU_MIRROR:?set it to the address of the archive of Ubuntu for amd64}
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
tidy='echo jetson >"$1/etc/hostname"; : >"$1/etc/machine-id"'
mmdebstrap --mode=root --quiet --architectures="${ARCH:-amd64}" --variant=minbase \
  --keyring="$work/keys/usr/share/keyrings/ubuntu-archive-keyring.gpg" \
  --include=python3,systemd,systemd-sysv,udev,dbus,procps,ca-certificates,mosquitto,mosquitto-clients \
  --aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --customize-hook="$tidy" \
  jammy "$out.part.tar" \
  "deb $mirror jammy main universe" "deb $mirror jammy-updates main universe"
mv "$out.part.tar" "$out"
