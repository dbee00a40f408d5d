#!/usr/bin/env bash
# prove.sh [PATTERN]: install edgepose into a Debian with systemd as its first process, boot that, and
# show each claim there; only those whose words match PATTERN. A line for each; fails unless all that
# this kind of machine can show are shown. As root. From the environment:
#   PROOF_MACHINE    container (default), or vm: slower, but with a kernel of its own
#   EDGEPOSE_DEB     the package (default: the newest in dist/)
#   PROOF_ROOT       the Debian, from root.sh (default: made once, in ~/.cache/edgepose-proofs)
#   PROOF_SPOIL      lines that spoil the unit, such as '[Service]\nRestart=no': the proof must fail
#   PROOF_LIMIT_S    when a machine counts as hung
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=${PROOF_MACHINE:-container}
arch=${PROOF_ARCH:-$(dpkg --print-architecture)}
root=${PROOF_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/edgepose-proofs/$machine-$arch.tar}
limit=${PROOF_LIMIT_S:-1800}
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-proof.XXXXXX")
# Whatever ends us ends the machine, too.
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf --one-file-system "$work"' EXIT

if [ ! -e "$root" ]; then
  mkdir -p "$(dirname "$root")"
  kernel=()
  [ "$machine" = vm ] && kernel=("linux-image-$arch" initramfs-tools zstd)
  "$here/root.sh" "$root" "$arch" "${kernel[@]}"
fi
mkdir "$work/root"
tar -C "$work/root" --numeric-owner -xf "$root"
"$here/furnish.sh" "$work/root"
echo "${1:-}" >"$work/root/proof/pattern"
if [ -n "${PROOF_SPOIL:-}" ]; then
  mkdir -p "$work/root/etc/systemd/system/edgepose@.service.d"
  printf '%b\n' "$PROOF_SPOIL" >"$work/root/etc/systemd/system/edgepose@.service.d/spoilt.conf"
fi

# No network but the machine's own loopback.
container() {
  exec systemd-nspawn --quiet --register=no --keep-unit --private-network --console=pipe \
    --machine=edgepose-proof --directory="$work/root" --boot
}
vm() {
  exec qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 3072 -no-reboot -nic none -nodefaults \
    -display none -kernel "$work/vmlinuz" -initrd "$work/initrd" \
    -append "root=/dev/vda rw console=ttyS0 panic=-1 quiet" \
    -drive "if=virtio,file=$work/disk,format=raw,cache=unsafe" \
    -serial "file:$work/console" -serial "file:$result"
}
if [ "$machine" = vm ]; then
  result=$work/result
  echo /dev/ttyS1 >"$work/root/proof/out"
  cp "$work"/root/boot/vmlinuz-* "$work/vmlinuz"
  cp "$work"/root/boot/initrd.img-* "$work/initrd"
  mkfs.ext4 -q -F -d "$work/root" "$work/disk" "$(($(du -sm "$work/root" | cut -f1) + 600))M"
  rm -rf --one-file-system "$work/root"
else
  result=$work/root/proof/result
  echo /proof/result >"$work/root/proof/out"
fi
touch "$result" "$work/console"
tail --quiet -n +1 -f "$result" &

# Two boots: the second shows what one leaves for the next.
for boot in first second; do
  cp "$result" "$work/$boot" # a virtual machine begins its file anew
  "$machine" </dev/null >>"$work/console" 2>&1 &
  pid=$!
  (sleep "$limit" && kill -9 "$pid") &
  wait "$pid" || true
done
sleep 1 # for the last lines
if [ "$machine" = vm ]; then cat "$work/second" "$result" >"$work/all"; else cp "$result" "$work/all"; fi
grep -q . "$work/all" || tail -50 "$work/console"
"$here/verdict.sh" "$work/all"
