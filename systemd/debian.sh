#!/usr/bin/env bash
# debian.sh OUT SUITE ARCH PACKAGES [OPTION ...]: a Debian of these packages (with commas between) and what they
# need, without documents: as a tar (OUT.tar) or a folder, whole or not there. As root; needs mmdebstrap, whose
# options may follow, and for a foreign ARCH arch-test and a registered emulator. mmdebstrap knows where Debian's
# archive is, and adds its updates and security. From the environment:
#   DEBIAN_MIRROR, DEBIAN_SECURITY   the addresses of other archives, both or none
#   COMPONENTS                       default: main
set -euo pipefail
out=$1 suite=$2 arch=$3 packages=$4
shift 4
components=${COMPONENTS:-main}
sources=()
if [ -n "${DEBIAN_MIRROR:-}${DEBIAN_SECURITY:-}" ]; then
  mirror=${DEBIAN_MIRROR:?the address of a Debian archive, as DEBIAN_SECURITY is set}
  security=${DEBIAN_SECURITY:?the address of an archive with security updates, as DEBIAN_MIRROR is set}
  sources=(
    "deb $mirror $suite $components" "deb $mirror $suite-updates $components"
    "deb $security $suite-security $components"
  )
fi
part=${out%.tar}.part
case $out in *.tar) part+=.tar ;; esac
trap 'rm -rf --one-file-system "$part"' EXIT
mmdebstrap --mode=root --architectures="$arch" --variant=minbase --components="$components" \
  --include="$packages" --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$@" "$suite" "$part" "${sources[@]}"
mv --no-target-directory "$part" "$out"
