#!/usr/bin/env bash
# python310.sh OUT.tar: CPython 3.10 for arm64, as JetPack 6 has it, compiled here for there: no Debian
# has it, and Ubuntu's arm64 packages are not reachable from everywhere. From the source package of
# Ubuntu 22.04, whose archive is python.org's own. As root; needs UBUNTU_MIRROR, the address of Ubuntu's
# archive for amd64, clang, lld, mmdebstrap and a C compiler for this machine. About eight minutes; the
# result is meant to be kept.
set -euo pipefail
out=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
mirror=${UBUNTU_MIRROR:?set it to the address of the archive of Ubuntu for amd64}
source=python3.10_3.10.12.orig.tar.xz
sha256=afb74bf19130e7a47d10312c8f5e784f24e0527981eab68e20546cfb865830b8 # as python.org says it
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-python.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
cd "$work"

curl --fail --silent --show-error --output "$source" "$mirror/pool/main/p/python3.10/$source"
echo "$sha256  $source" | sha256sum --check --quiet
tar -xf "$source"
# Headers and libraries of the target, unpacked: nothing of it runs here.
"$here/../../debian.sh" "$work/target" bookworm arm64 \
  libc6-dev,libgcc-12-dev,libssl-dev,libffi-dev,zlib1g-dev,libbz2-dev,liblzma-dev,libsqlite3-dev,uuid-dev \
  --quiet --variant=extract
find target/usr/lib/aarch64-linux-gnu -lname '/lib/*' | while read -r link; do
  ln -snf "../../..$(readlink "$link")" "$link"
done

# Compiling for another processor takes a Python of the same version that runs here.
(mkdir here && cd here && ../Python-3.10.12/configure -q CFLAGS='-O1 -g0' && make -s -j"$(nproc)") >log 2>&1 ||
  { tail -20 log >&2; exit 1; }
mkdir bin there
ln -s ../here/python bin/python3.10
cat >config.site <<'SITE'
ac_cv_file__dev_ptmx=yes
ac_cv_file__dev_ptc=no
ac_cv_buggy_getaddrinfo=no
SITE
libraries=$work/target/usr/lib/aarch64-linux-gnu
headers=$work/target/usr/include
export PATH=$work/bin:$PATH CONFIG_SITE=$work/config.site AR=ar RANLIB=ranlib READELF=readelf
export CC="clang --target=aarch64-linux-gnu --sysroot=$work/target" CXX=clang++
export CPPFLAGS="-I$headers -I$headers/aarch64-linux-gnu"
export LDFLAGS="-fuse-ld=lld -L$libraries -L$work/target/lib/aarch64-linux-gnu"
{ # chained, as a failure in here would otherwise be passed over
  cd there &&
    ../Python-3.10.12/configure -q --host=aarch64-linux-gnu --build="$(uname -m)-linux-gnu" --prefix=/usr \
      --without-ensurepip --with-openssl="$work/target/usr" CFLAGS='-O2 -g0' &&
    make -s -j"$(nproc)" &&
    make -s install DESTDIR="$work/made" &&
    cd ..
} >>log 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
rm -rf made/usr/lib/python3.10/test made/usr/share
tar -C made -cf "$out" usr
