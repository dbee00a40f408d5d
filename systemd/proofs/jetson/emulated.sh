#!/usr/bin/env bash
# emulated.sh: the claims on an emulated arm64 processor, in a real CPython 3.10. See prove.sh.
set -euo pipefail
cd /proof
fail() { echo "NO   $*"; exit 1; }
yes() { echo "yes  $*"; }
ip link set lo up

echo "     $(uname -m), $(python3.10 --version), glibc $(ldd --version | sed -n '1s/.* //p')"
# dpkg knows nothing of this Python, which no Debian has: a package that stands for it.
mkdir -p python3/DEBIAN
printf 'Package: python3\nVersion: 3.10.12-1\nArchitecture: arm64\nMaintainer: proof\nDescription: stands for Ubuntu'"'"'s\n' >python3/DEBIAN/control
dpkg-deb --build python3 python3.deb >/dev/null
dpkg --force-downgrade --force-depends --install python3.deb >log 2>&1 || { cat log; fail 'a stand-in for python3'; }
dpkg --install edgepose.deb >log 2>&1 || { cat log; fail 'the package'; }
yes "installed: $(dpkg-query --show edgepose)"
edgepose --version >/dev/null
site=$(python3.10 -c 'import site; print(site.getsitepackages()[0])')
python3.10 -m zipfile -e onnxruntime-*.whl "$site"
cp -R models/. /var/lib/edgepose-models
for how in 'edgepose-body-257 tflite' 'edgepose-body-257-onnx onnxruntime'; do
    read -r model backend <<<"$how"
    edgepose run fall.avi --model "$model" --backend "$backend" --rule fall --events "$backend.jsonl" >log 2>&1 ||
        { cat log; fail "$backend"; }
    grep -q '"type":"edgepose.fall.begin"' "$backend.jsonl" || { cat log; fail "$backend saw no fall"; }
    yes "$model in $backend: $(grep -o '"type":"edgepose[^"]*"' "$backend.jsonl" | cut -d'"' -f4 | sort | uniq -c | tr -s ' \n' ' ')"
done
first() { grep '"type":"edgepose.fall.begin"' "$1.jsonl" | head -1 | grep -o '"t":[0-9.]*'; }
[[ $(first tflite) == "$(first onnxruntime)" ]] || echo "     they differ: $(first tflite), $(first onnxruntime)"
echo 'all shown'
