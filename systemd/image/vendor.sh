#!/bin/bash
# vendor.sh VENDOR.img PACKAGE.deb OUT.img: Raspberry Pi's own image with edgepose on board, for what only their system
# has: cameras on the ribbon cable, the Raspberry Pi 5. Only the FAT partition is touched; needs mtools and fdisk, not
# root. The package must be for the Python of that image (Trixie: 3.13).
set -euo pipefail
vendor=$1
package=$2
out=$3
here=$(cd "$(dirname "$0")" && pwd)

first=$(sfdisk --dump "$vendor" | sed -nE 's/.*start= *([0-9]+),.*type=c.*/\1/p' | head -n 1)
if [ -z "$first" ]; then
    echo "$vendor has no FAT partition: is it unpacked (.img, not .img.xz)?" >&2
    exit 1
fi
cp --sparse=always "$vendor" "$out"
card=$out@@$((first * 512))
if ! mdir -i "$card" ::/user-data >/dev/null 2>&1; then
    echo "$vendor has no cloud-init (no user-data on its FAT partition): it is older than October 2025" >&2
    rm "$out"
    exit 1
fi
mcopy -o -i "$card" "$package" ::/edgepose.deb
mcopy -o -i "$card" "$here/user-data" ::/user-data
mcopy -o -i "$card" "$here/edgepose.txt" ::/edgepose.txt
ls -l "$out"
