#!/bin/bash
# image.sh ROOT.tar PACKAGE.deb OUT.img: one image for any number of devices: boot partition, root, data. As root, with
# mtools, dosfstools, e2fsprogs and fdisk; no loop device is needed.
#   ROOT_MIB=2048  DATA_MIB=512
set -euo pipefail
tar=$1
package=$2
out=$3
here=$(cd "$(dirname "$0")" && pwd)
boot_mib=256
root_mib=${ROOT_MIB:-2048}
data_mib=${DATA_MIB:-512}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/root"
tar --numeric-owner --xattrs --xattrs-include='*' -C "$work/root" -xf "$tar"
"$here/configure.sh" "$work/root" "$package"

# Everything a Raspberry Pi reads before Linux runs lies on the FAT partition, beside the owner's file.
boot=$work/root/boot/firmware
printf '%s\n' "$(tr '\n' ' ' <"$here/cmdline.txt")" >"$boot/cmdline.txt"
cp "$here/edgepose.txt" "$boot/"
truncate -s "${boot_mib}M" "$work/boot.vfat"
mkfs.vfat -F 32 -n bootfs "$work/boot.vfat" >/dev/null
mcopy -s -i "$work/boot.vfat" "$boot"/* ::/
rm -rf "${boot:?}"/*

mkfs.ext4 -q -F -L root -m 0 -d "$work/root" "$work/root.ext4" "${root_mib}M"
# What is written by the service and must outlive a pulled plug.
mkdir -p "$work/data/models"
install -d -m 700 "$work"/data/{private,device}
install -d -m 755 -o "$(stat -c %u "$work/root/var/lib/systemd/timesync")" "$work/data/timesync"
mkfs.ext4 -q -F -L edgepose-data -d "$work/data" "$work/data.ext4" "${data_mib}M"

first=8192 # sectors: 4 MiB, where cards like a partition to begin
boot_sectors=$((boot_mib * 2048))
root_sectors=$((root_mib * 2048))
data_sectors=$((data_mib * 2048))
rm -f "$out"
truncate -s $(((first + boot_sectors + root_sectors + data_sectors) * 512)) "$out"
# MBR: a Raspberry Pi 3 reads nothing else.
sfdisk --quiet "$out" <<TABLE
label: dos
start=$first, size=$boot_sectors, type=c, bootable
start=$((first + boot_sectors)), size=$root_sectors, type=83
start=$((first + boot_sectors + root_sectors)), size=$data_sectors, type=83
TABLE
put() { dd if="$1" of="$out" bs=1M seek="$2" conv=notrunc,sparse status=none; }
put "$work/boot.vfat" 4
put "$work/root.ext4" $((4 + boot_mib))
put "$work/data.ext4" $((4 + boot_mib + root_mib))
ls -l "$out"
