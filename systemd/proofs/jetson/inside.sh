#!/usr/bin/env bash
# inside.sh: the claims, in an Ubuntu 22.04 with systemd as its first process. See prove.sh.
set -euo pipefail
cd /proof
unit=edgepose@cam1
model=edgepose-body-257-onnx
fail() {
    echo "NO   $*"
    journalctl --no-pager --unit "$unit" --lines 30
    exit 1
}
yes() { echo "yes  $*"; }
# One health message after now, as compact JSON.
health() { timeout 60 mosquitto_sub -h 127.0.0.1 -t 'edgepose/+/+/cam1/health' -C 1; }
has() { [[ $1 == *"$2"* ]] || fail "$3: $1"; }
state() { systemctl is-active "$unit" || true; }
settled() { # until it is no longer starting
    for _ in {1..240}; do
        [[ $(state) == activating ]] || return 0
        sleep 0.5
    done
}

echo "     $(sed -n "s/^PRETTY_NAME=//p" /etc/os-release), $(systemctl --version | sed -n 's/^systemd \([0-9]*\).*/systemd \1/p'), $(python3 --version), $(ldd --version | sed -n '1s/.* //p')"

# A word for word use of install.sh.
./install.sh edgepose.deb onnxruntime_gpu-*.whl --models models --mode MAXN_SUPER --clocks --camera cam1.toml >installed 2>&1 ||
    { cat installed; fail 'install.sh'; }
has "$(cat installed)" 'TensorrtExecutionProvider CUDAExecutionProvider CPUExecutionProvider' "NVIDIA's runtime is seen"
yes 'installed from files, without a network: package, runtime for GPUs, model, camera'
[[ $(cat /var/lib/nvpmodel/status) == pmode:0002 ]] || fail 'power mode'
[[ -f /run/jetson_clocks ]] || fail 'clocks'
yes 'power mode set, and clocks held'

settled
[[ $(state) == active ]] || fail "the service is $(state)"
yes 'the service is up: systemd has heard of the first frame that was inferred'
said=$(journalctl --no-pager --unit "$unit")
has "$said" "warning: $model: computed by the CPU: TensorRT failed: Please install TensorRT libraries" 'the journal tells the fallback'
yes "no GPU here, which this runtime keeps quiet about; the journal: $(grep -o 'warning: .*' <<<"$said" | head -1)"
told=$(health)
has "$told" "\"providers\":{\"$model\":\"cpu\"}" 'health names what computes'
has "$told" '"fallbacks":{"'"$model"'":"computed by the CPU' 'health tells why'
has "$told" '"power_mode":"MAXN_SUPER"' 'health tells the power mode'
yes "health: $(grep -oE '"(providers|fallbacks)":\{[^}]*\}|"(power_mode|clocks_held|temperature_c)":[^,]*' <<<"$told" | tr '\n' ' ')"
ls -d /var/lib/private/edgepose/cam1/cam1/engines/"$model"/*-1.23.2-fp16 >/dev/null || fail 'a folder for engines'
yes 'engines would be kept in the state directory, which is writable'
[[ $(systemctl show -P DevicePolicy "$unit") == auto ]] || fail 'devices'
yes 'the drop-in lets the group decide about devices'

# A runtime that takes 20 s to load, as TensorRT takes minutes, and a service that may take 8.
cd /usr/local/lib/python3.10/dist-packages/onnxruntime
{ sed -n '1,/^__version__/p' __init__.py >/dev/null; printf 'import time\ntime.sleep(20)\n'; cat __init__.py; } >slow
mv slow __init__.py
mkdir -p "/etc/systemd/system/$unit.service.d"
printf '[Service]\nTimeoutStartSec=8\nRestart=no\n' >"/etc/systemd/system/$unit.service.d/hurry.conf"
systemctl daemon-reload
systemctl restart "$unit" 2>/dev/null || true
[[ $(state) == active ]] || fail 'a slow start was not waited for'
yes 'a model that takes 20 s to open is waited for, though TimeoutStartSec=8'
sed -i 's/^provider = .*/provider = "cpu"/' /etc/edgepose/cam1.toml
systemctl restart "$unit" 2>/dev/null || true
[[ $(systemctl show -P Result "$unit") == timeout ]] || fail 'the time was not what counted'
yes 'and is not where nobody asks for that time (provider = "cpu"), so it is the asking that counts'
sed -i 's/^provider = .*/provider = "tensorrt"/' /etc/edgepose/cam1.toml
systemctl restart "$unit" 2>/dev/null || true
has "$(journalctl --no-pager --unit "$unit" --lines 20)" 'provider = "auto" would go on with the CPU' 'a provider by name'
[[ $(state) == failed ]] || fail "with a provider that is not there it is $(state)"
yes 'provider = "tensorrt" refuses to go on without, and says what would'
echo 'all shown'
