#!/usr/bin/env bash
# prove.sh [audit|ubuntu|arm64 ...]: what can be shown of JetPack 6 without a Jetson. A line for each
# claim; fails at the first that does not hold. As root. All three unless some are named:
#   audit   every library of the arm64 package for Python 3.10 would load on Ubuntu 22.04
#   ubuntu  install.sh and the service in a real Ubuntu 22.04 (amd64) with systemd, with NVIDIA's build
#           of ONNX Runtime and no GPU
#   arm64   the package on an emulated arm64 processor, in a real CPython 3.10
# What they are made of is kept in ~/.cache/edgepose-proofs, and comes from there (making it takes
# UBUNTU_MIRROR, the address of Ubuntu's archive for amd64):
#   PROOF_UBUNTU, PROOF_PYTHON, PROOF_ROOT   from ubuntu.sh, python310.sh, ../deb/root.sh OUT arm64
#   PROOF_WHEELS   a folder with the two wheels of ONNX Runtime
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/edgepose-proofs
python=$top/.venv/bin/python
release=1.23.2 # the last ONNX Runtime for Python 3.10
work=$(mktemp -d "${TMPDIR:-/tmp}/edgepose-jetson.XXXXXX")
trap 'umount --recursive --quiet "$work/root/sys" "$work/root/dev" || true; rm -rf --one-file-system "$work"' EXIT
mkdir -p "$cache"

package() { # ARCH: the package for Python 3.10
    "$python" "$top/systemd/deb/build.py" --arch "$1" --python 3.10 --compression gzip:1 --out "$work/deb" | tail -1
}
wheel() { # NAME PROCESSOR: of ONNX Runtime, downloaded once
    local folder=${PROOF_WHEELS:-$cache/wheels}
    compgen -G "$folder/${1/-/_}-$release-cp310-*$2.whl" ||
        "$python" -m pip download --quiet --no-deps --only-binary :all: --python-version 3.10 \
            --platform "manylinux_2_28_$2" --platform "manylinux_2_27_$2" --dest "$folder" "$1==$release" >&2
    compgen -G "$folder/${1/-/_}-$release-cp310-*$2.whl" | head -1
}
model() { # a bundled model as ONNX, exactly: what a person with a GPU makes
    "$top/.venv/bin/edgepose-convert" any "$top/models/edgepose-body-257/edgepose-body-257-float16.tflite" \
        --decoder posenet --to onnx:float32 --calibrate "$top/models/demo/bench.mp4" --count 8 --parity-count 8 \
        --title 'edgepose body, for a GPU' --licence Apache-2.0 --out "$work/models/edgepose-body-257-onnx" >"$work/log" 2>&1 ||
        { cat "$work/log"; exit 1; }
    grep 'in ONNX Runtime' "$work/log" | sed 's/^/     /'
}
unpack() { # TAR: as $work/root
    rm -rf --one-file-system "$work/root"
    mkdir "$work/root"
    tar -C "$work/root" --numeric-owner -xf "$1"
    mkdir "$work/root/proof"
}

audit() {
    "$python" "$here/audit.py" "$(package arm64)"
    echo 'yes  every library would load on Ubuntu 22.04, arm64, Python 3.10'
}

ubuntu() {
    local root=${PROOF_UBUNTU:-$cache/jammy-amd64.tar} inside=$work/root/proof
    [[ -e $root ]] || "$here/ubuntu.sh" "$root"
    unpack "$root"
    model
    cp -R "$work/models" "$top/systemd/jetson/"* "$here/inside.sh" "$inside/"
    cp "$(package amd64)" "$inside/edgepose.deb"
    cp "$(wheel onnxruntime-gpu x86_64 | tail -1)" "$inside/"
    # No board is here: its tools and files are stand-ins, made after its documentation.
    install -D -t "$work/root/usr/sbin" "$here/stand-ins/nvpmodel"
    install -D -t "$work/root/usr/bin" "$here/stand-ins/jetson_clocks"
    install -D -m 644 -t "$work/root/etc" "$here/stand-ins/nvpmodel.conf" "$here/stand-ins/nv_tegra_release"
    for _ in {1..60}; do echo "file $top/models/demo/bench.mp4"; done >"$work/list"
    ffmpeg -loglevel error -y -f concat -safe 0 -i "$work/list" -c copy "$inside/clip.mp4"
    sed -e 's|^uri = .*|uri = "/proof/clip.mp4"|' -e 's|^host = .*|host = "127.0.0.1"|' \
        "$top/systemd/jetson/cam1.toml.example" >"$inside/cam1.toml"
    printf '\n[publish]\nhealth_s = 2\n' >>"$inside/cam1.toml"
    printf 'listener 1883 127.0.0.1\nallow_anonymous true\n' >"$work/root/etc/mosquitto/conf.d/proof.conf"
    PROOF_LIMIT_S=${PROOF_LIMIT_S:-900} "$here/../boot.sh" "$work/root" inside.sh
    cat "$inside/result"
    [[ $(tail -1 "$inside/result") == 'all shown' ]]
}

arm64() {
    local root=${PROOF_ROOT:-$cache/bookworm-least-arm64.tar} python310=${PROOF_PYTHON:-$cache/python3.10-arm64.tar}
    [[ -e $root ]] || "$here/../deb/root.sh" "$root" arm64
    [[ -e $python310 ]] || "$here/python310.sh" "$python310"
    unpack "$root"
    [[ -d $work/models ]] || model
    tar -C "$work/root" --keep-directory-symlink --numeric-owner -xf "$python310"
    cp -R "$work/models" "$here/emulated.sh" "$work/root/proof/"
    cp "$(package arm64)" "$work/root/proof/edgepose.deb"
    cp "$(wheel onnxruntime aarch64 | tail -1)" "$work/root/proof/"
    # The fall, in the fewest pictures that show it: an emulated processor takes seconds for each.
    ffmpeg -loglevel error -y -ss 22 -t 6 -i "$top/models/demo/bench.mp4" -vf fps=6 -c:v mjpeg -q:v 3 "$work/root/proof/fall.avi"
    mount --bind /dev "$work/root/dev"
    mount --bind --make-private /sys "$work/root/sys"
    mount -o remount,ro,bind "$work/root/sys"
    # An emulated processor is an Orin's kind (Cortex-A78 is not emulated; its predecessor is).
    QEMU_CPU=cortex-a76 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        unshare --net --pid --fork --mount-proc="$work/root/proc" --kill-child chroot "$work/root" bash /proof/emulated.sh
}

echo "JetPack 6 without a Jetson, $(date --utc +%F), commit $(git -C "$top" rev-parse --short HEAD)"
for part in "${@:-audit ubuntu arm64}"; do
    for one in $part; do
        echo "$one:"
        "$one"
    done
done
