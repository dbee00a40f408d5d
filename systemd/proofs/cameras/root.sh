#!/usr/bin/env bash
# Make a folder with Debian 13, its libcamera with Python bindings, and picamera2 from the package
# index, which Debian does not have.
#   root.sh FOLDER PYTHON [amd64 | arm64]      as root; PYTHON has pip
# For arm64 on another machine: qemu-user with binfmt_misc, and gcc-aarch64-linux-gnu.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$1 python=$2 arch=${3:-$(dpkg --print-architecture)}
case $arch in
  amd64) machine=x86_64 ;;
  arm64) machine=aarch64 ;;
  *) echo "no such machine here: $arch" >&2 && exit 1 ;;
esac
packages=python3-libcamera,libcamera-tools,libcamera-ipa
# What picamera2 imports, a part of it only to refuse it later.
packages+=,python3-numpy,python3-pil,python3-av,python3-jsonschema,python3-prctl,python3-tqdm

"$here/../../debian.sh" "$root" trixie "$arch" "$packages"
"$python" -m pip install --quiet --target "$root/opt/picamera2" --python-version 3.13 \
  --platform "manylinux_2_28_$machine" --platform "manylinux2014_$machine" --platform any \
  --only-binary :all: --no-deps \
  picamera2==0.3.38 piexif==1.1.3 simplejpeg==1.9.0 videodev2==0.0.4 libarchive-c==5.3 OpenEXR==3.5.3
cp -r "$here/patches/." "$root/opt/picamera2/"
install -D -m 644 "$here/virtual.yaml" "$root/usr/share/libcamera/pipeline/virtual/virtual.yaml"
"$machine-linux-gnu-gcc" -O2 -Wall -Wextra -Werror -shared -fPIC -o "$root/opt/buffers.so" "$here/buffers.c" -ldl
touch "$root/opt/complete"
