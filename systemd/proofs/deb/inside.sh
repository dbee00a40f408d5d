#!/usr/bin/env bash
# inside.sh FIRST.deb SECOND.deb PACE: runs in an unpacked Debian, in namespaces of its own, without a
# network; prove.sh starts it. Every line "yes ..." was tested; the first that is not ends it all.
# PACE: "live" runs the demo as it is; "slow", for an emulated processor, that of the same clip's ten
# seconds around the fall, without the hands.
set -euo pipefail
first=$1 second=$2 pace=$3
heard=/tmp/heard

poses() { find /opt/edgepose -name fall.poses.jsonl; }
told=$SECONDS
yes() { printf 'yes  %-86s %4d s\n' "$1" $((SECONDS - told)); told=$SECONDS; }
no() { echo "NO   $1" >&2; exit 1; }
# All that is of edgepose, but what dpkg and systemd keep in their own records.
left() {
  find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /proof -o -path /var/lib/dpkg -o -path /var/log \) \
    -prune -o -iname '*edgepose*' -print
}
wait_for() { for _ in $(seq 300); do grep -q "$1" "$heard" && return; sleep 0.2; done; no "$1 was not heard"; }

ip link set lo up
[ -z "$(ip route)" ] || no "there is a network here"
getent hosts example.org && no "there is a name server here"
yes "no network: no route, no name server"

before=$(dpkg-query -f '${Package}\n' -W | wc -l)
dpkg --install "$first" </dev/null
[ "$(dpkg-query -f '${Package}\n' -W | wc -l)" = $((before + 1)) ] || no "more than one package came"
[ "$(dpkg-query -f '${Status}' -W edgepose)" = "install ok installed" ] || no "not installed"
dpkg --verify edgepose | grep . && no "files differ from the package"
yes "installed, nothing asked, no other package needed; $(edgepose --version)"

find /etc/systemd -name '*edgepose*' | grep . && no "something is enabled"
pgrep -f /opt/edgepose && no "something runs"
find /etc -type f -newer /proof/mark -name '*edgepose*' | grep . && no "a configuration came along"
yes "nothing is enabled, nothing runs, /etc/edgepose is empty"

systemd-analyze verify --recursive-errors=no edgepose@cam1.service
yes "systemd accepts the unit where it was installed"

/opt/edgepose/bin/python - <<'P'
import cv2, numpy, sqlite3, ssl, sys  # what comes from the package, and what from the system
assert cv2.__file__.startswith("/opt/edgepose/"), cv2.__file__
assert numpy.__file__.startswith("/opt/edgepose/"), numpy.__file__
assert sys.prefix == "/opt/edgepose" and "/usr/lib/python3/dist-packages" in sys.path, sys.path
P
edgepose models verify edgepose-body-257
yes "its libraries are its own, the system's Python packages are seen after them"

/opt/edgepose/bin/python - <<'P'
import subprocess
from edge.commands._broker import broker
with broker() as (host, port, ours):
    assert ours
    subprocess.run(["mosquitto_pub", "-h", host, "-p", str(port), "-q", "1", "-t", "t", "-m", "m"], check=True)
P
yes "the demo's own broker answers mosquitto's client"

mosquitto --daemon --port 1883 2>/dev/null
until mosquitto_pub -h 127.0.0.1 -t ready -n 2>/dev/null; do sleep 0.2; done
mosquitto_sub -h 127.0.0.1 -t 'edgepose/#' -F '%t %p' >"$heard" &
if [ "$pace" = live ]; then
  edgepose demo
else
  edgepose demo --clip /proof/fall.mp4
fi
yes "the demo runs and sees a fall"
wait_for edgepose.fall.begin
wait_for edgepose.fall.confirmed
yes "a fall, seen in a video, arrived at mosquitto's own subscriber"

# What an administrator adds: a configuration, a secret, a model, an enabled instance; and an alarm
# that waits, since its broker is away.
printf '[identity]\ncamera = "cam1"\n[source]\nuri = "/dev/video0"\n[[model]]\nname = "edgepose-body-257"\n' >/etc/edgepose/cam1.toml
install -D -m 600 /proof/mark /etc/credstore/edgepose.cam1.mqtt-password
mkdir /var/lib/edgepose-models/mine
systemctl --quiet enable edgepose@cam1
edgepose replay "$(poses)" --rule fall --mqtt mqtt://127.0.0.1:1999 --state-dir /var/lib/edgepose >/dev/null
mine=(/etc/edgepose/cam1.toml /etc/credstore/edgepose.cam1.mqtt-password "$(find /var/lib/edgepose -name outbox.sqlite)")
sums=$(sha256sum "${mine[@]}")
kept() {
  [ "$(sha256sum "${mine[@]}")" = "$sums" ] || no "changed: ${mine[*]}"
  [ -d /var/lib/edgepose-models/mine ] || no "the model is gone"
  [ -L /etc/systemd/system/multi-user.target.wants/edgepose@cam1.service ] || no "no longer enabled"
}

touch "$(find /opt/edgepose -path '*/edge/__pycache__')/old.cpython-30.pyc"
dpkg --install "$second" </dev/null
[ "$(dpkg-query -f '${Version}' -W edgepose)" = "$(dpkg-deb --field "$second" Version)" ] || no "not upgraded"
find /opt/edgepose -name 'old.*' | grep . && no "what the old version compiled is still there"
kept
yes "upgraded, nothing asked; configuration, secret, waiting alarms, models, enablement are kept"

: >"$heard"
mosquitto --daemon --port 1999 2>/dev/null
until mosquitto_pub -h 127.0.0.1 -p 1999 -t ready -n 2>/dev/null; do sleep 0.2; done
mosquitto_sub -h 127.0.0.1 -p 1999 -t 'edgepose/#' -F '%t %p' >"$heard" &
head -1 "$(poses)" >/tmp/nothing.poses.jsonl
edgepose replay /tmp/nothing.poses.jsonl --rule fall --mqtt mqtt://127.0.0.1:1999 --state-dir /var/lib/edgepose >/dev/null
wait_for edgepose.fall.end
yes "the new version delivers the alarms that the old one stored"

sums=$(sha256sum "${mine[@]}")
dpkg --remove edgepose </dev/null
[ ! -e /opt/edgepose ] || no "/opt/edgepose is still there"
[ ! -L /usr/bin/edgepose ] || no "/usr/bin/edgepose is still there"
kept
yes "removed: the program is gone, the same things are kept"

dpkg --install "$first" </dev/null
kept
yes "installed again: it goes on with them"

dpkg --purge edgepose </dev/null
left | grep . && no "purged, and this is left"
yes "purged: no file of that name is left anywhere"
