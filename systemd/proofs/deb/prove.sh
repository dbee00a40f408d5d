#!/usr/bin/env bash
# prove.sh [ARCH] [SUITE]: build the package twice, then install, use, upgrade, remove and purge it in a
# bare Debian without a network. A line for each claim; fails at the first that does not hold. As root;
# for a foreign ARCH with a registered emulator (qemu-user 10).
#   PROOF_ROOT   the Debian, from root.sh (default: made, and kept in ~/.cache/edgepose-proofs)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
arch=${1:-$(dpkg --print-architecture)} suite=${2:-bookworm}
declare -A pythons=([jammy]=3.10 [bookworm]=3.11 [noble]=3.12 [trixie]=3.13)
python=${pythons[$suite]}
root=${PROOF_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/edgepose-proofs/$suite-least-$arch.tar}
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-deb.XXXXXX")
debian=$work/debian
trap 'umount --recursive --quiet "$debian/sys" "$debian/dev" || true; rm -rf --one-file-system "$work"' EXIT

# Fast compression: what is inside does not depend on it.
build() { "$top/.venv/bin/python" "$top/systemd/deb/build.py" --arch "$arch" --python "$python" --compression zstd:1 "$@" | tail -1; }
echo "$suite, $arch, Python $python, $(date --utc +%F), commit $(git -C "$top" rev-parse --short HEAD)"
first=$(build --out "$work/1")
again=$(umask 077 && cd / && TMPDIR=$work TZ=Asia/Tokyo LC_ALL=C build --out "$work/2")
cmp "$first" "$again"
echo "yes  built twice, elsewhere, with another umask and time zone: the same $(stat -c %s "$first") bytes"
second=$(build --revision 2 --out "$work/3")

[ -e "$root" ] || { mkdir -p "$(dirname "$root")" && "$here/root.sh" "$root" "$arch" "$suite"; }
mkdir "$debian"
tar -C "$debian" --numeric-owner -xf "$root"
mkdir -p "$debian/proof"
cp "$first" "$second" "$here/inside.sh" "$debian/proof/"
touch "$debian/proof/mark"
# From here on dpkg takes manual pages and documents, too.
echo force-unsafe-io >"$debian/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
pace=live
[ "$arch" = "$(dpkg --print-architecture)" ] || pace=slow
# The fall, and three seconds in which the camera learns how tall the person is.
ffmpeg -loglevel error -y -ss 22 -t 10 -i "$top/models/demo/bench.mp4" "$debian/proof/fall.mp4"
mount --bind /dev "$debian/dev"
mount --bind --make-private /sys "$debian/sys"
mount -o remount,ro,bind "$debian/sys"
# Processes of their own, which end with it; a loopback of its own, and no way out.
# An emulated processor is a Raspberry Pi 4's: what newer ones could do is slow to emulate.
QEMU_CPU=cortex-a72 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  unshare --net --pid --fork --mount-proc="$debian/proc" --kill-child chroot "$debian" \
  bash /proof/inside.sh "/proof/$(basename "$first")" "/proof/$(basename "$second")" "$pace"
[ "$pace" = live ] || exit 0

umount --recursive "$debian/sys" "$debian/dev"
cp "$here/booted.sh" "$debian/proof/"
"$here/../boot.sh" "$debian" booted.sh "/proof/$(basename "$first")" "/proof/$(basename "$second")"
grep -e '^yes' -e '^NO' "$debian/proof/result"
grep -q '^all shown$' "$debian/proof/result"
