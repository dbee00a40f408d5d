#!/usr/bin/env bash
# Installs edgepose on a Jetson with JetPack 6, from files alone: no network is used.
#
#   sudo ./install.sh edgepose_*+py3.10_arm64.deb [onnxruntime_gpu-*.whl] [options]
#
#   --models DIR    also copy the models in DIR to where the service looks for them
#   --mode NAME     power mode, as /etc/nvpmodel.conf names it (MAXN, 25W ...), kept across restarts
#   --clocks        hold the clocks of processor and GPU at their highest from now on
#   --camera FILE   put FILE into /etc/edgepose, enable and start the service
#   --anyway        also on a machine that is no Jetson
#
# It may be run again, with a newer package or other options.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package='' wheel='' models='' mode='' clocks='' camera='' anyway=''
models_dir=/var/lib/edgepose-models

say() { printf '%s\n' "install.sh: $*"; }
stop() { say "$*" >&2; exit 1; }

while (($#)); do
    case $1 in
        *.deb) package=$1 ;;
        *.whl) wheel=$1 ;;
        --models) models=${2:?--models needs a folder}; shift ;;
        --mode) mode=${2:?--mode needs a name}; shift ;;
        --camera) camera=${2:?--camera needs a file}; shift ;;
        --clocks) clocks=yes ;;
        --anyway) anyway=yes ;;
        *) stop "what is '$1'? See the head of $0" ;;
    esac
    shift
done

[[ $EUID == 0 ]] || stop "run it as root: sudo $0 ..."
[[ -n $package ]] || stop 'which package? name edgepose_*+py3.10_arm64.deb'
for file in "$package" $wheel $camera; do
    [[ -f $file ]] || stop "$file is not there"
done
if [[ -z $anyway ]]; then
    # "# R36 (release), REVISION: 4.3, ..." is JetPack 6.2
    grep -q '^# R36 ' /etc/nv_tegra_release 2>/dev/null ||
        stop 'this is no Jetson with JetPack 6 (/etc/nv_tegra_release); --anyway goes on'
fi

dpkg --install "$package"
# What is asked of others is asked of the Python that the service runs.
python=/opt/edgepose/bin/python
tag=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')

if [[ -n $wheel ]]; then
    [[ $(basename "$wheel") == *"-$tag-"*"_$(uname -m).whl" ]] ||
        stop "$(basename "$wheel") is not for this Python ($tag) and processor ($(uname -m))"
    # Where the system's pip would put it; JetPack has no pip. The package has no such module of
    # its own, and sees the system's.
    site=/usr/local/lib/python3.${tag#cp3}/dist-packages
    mkdir -p "$site"
    rm -rf "$site"/onnxruntime "$site"/onnxruntime-*.dist-info "$site"/onnxruntime_gpu-*.dist-info
    "$python" -m zipfile -e "$wheel" "$site"
    chmod -R u=rwX,go=rX "$site"
fi
if "$python" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("onnxruntime"))'; then
    # Asked before it is imported, as it reports to its maker otherwise.
    ORT_DISABLE_TELEMETRY=1 "$python" -c '
import onnxruntime
print("install.sh: ONNX Runtime", onnxruntime.__version__, *onnxruntime.get_available_providers())'
else
    say 'there is no ONNX Runtime: models run on the CPU, in TensorFlow Lite'
fi

if [[ -n $models ]]; then
    mkdir -p "$models_dir"
    cp -R "$models"/. "$models_dir"
    chmod -R u=rwX,go=rX "$models_dir"
fi

drop_in=/etc/systemd/system/edgepose@.service.d
install -D -m 644 "$here/10-jetson.conf" "$drop_in/10-jetson.conf"

if [[ -n $mode ]]; then
    id=$(sed -nE "s/^ *< *POWER_MODEL +ID=([0-9]+) +NAME=$mode *>.*/\\1/p" /etc/nvpmodel.conf)
    [[ -n $id ]] || stop "no power mode $mode; there are: $(
        sed -nE 's/^ *< *POWER_MODEL +ID=[0-9]+ +NAME=([^ >]+).*/\1/p' /etc/nvpmodel.conf | xargs)"
    # Some changes need a restart, for which it asks; that is left to the person.
    nvpmodel -m "$id" <<<no || true
    if ! nvpmodel -q | grep -qx "NV Power Mode: $mode"; then
        say "power mode $mode takes a restart: sudo nvpmodel -m $id, and answer YES"
    fi
fi
if [[ -n $clocks ]]; then
    install -m 644 "$here/edgepose-clocks.service" /etc/systemd/system/
fi
systemctl daemon-reload
[[ -z $clocks ]] || systemctl enable --now edgepose-clocks.service

if [[ -n $camera ]]; then
    name=$(basename "$camera" .toml)
    install -D -m 644 "$camera" "/etc/edgepose/$name.toml"
    # systemd 249 finds a secret by its whole path alone.
    secrets=''
    for secret in mqtt-password mqtt-client-key; do
        kept=/etc/credstore/edgepose.$name.$secret
        [[ ! -f $kept ]] || secrets+="LoadCredential=$secret:$kept"$'\n'
    done
    if [[ -n $secrets ]]; then
        printf '[Service]\n%s' "$secrets" |
            install -D -m 644 /dev/stdin "/etc/systemd/system/edgepose@$name.service.d/secrets.conf"
        systemctl daemon-reload
    fi
    systemctl enable "edgepose@$name"
    # The first start on a GPU takes minutes, and is told in the journal: nobody need wait here. No
    # `edgepose check` either: it would build the engines, too, and keep them elsewhere.
    systemctl restart --no-block "edgepose@$name"
    say "journalctl --follow --unit edgepose@$name"
fi
