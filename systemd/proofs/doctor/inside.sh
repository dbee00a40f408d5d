#!/usr/bin/env bash
# inside.sh: runs in the booted container; prove.sh starts it. Each claim: break, ask the doctor, mend.
set -uo pipefail
unit=edgepose@cam1
fails=0

# claim WORDS CODE PATTERN: the doctor must end with CODE and say PATTERN (a dot stands for anything).
claim() {
  local began=$SECONDS code
  edgepose doctor >/proof/now 2>&1; code=$?
  { echo "## $1 (exit $code)"; cat /proof/now; echo; } >>/proof/said
  if [ "$code" = "$2" ] && grep -q "$3" /proof/now; then
    printf 'yes  %-76s %4d s\n' "$1" $((SECONDS - began))
  else
    printf 'NO   %-76s exit %d\n' "$1" "$code"; grep '^BAD' /proof/now; fails=$((fails + 1))
  fi
}
runs() { for _ in $(seq 100); do systemctl is-active --quiet $unit && return; sleep 0.3; done; systemctl status $unit; }

claim "nothing is configured: it says what to do first" 0 "^look   configuration .*no camera is configured"

cat >/etc/edgepose/cam1.toml <<'TOML'
[identity]
site = "home"
[source]
uri = "rtsp://127.0.0.1:8554/"
[[model]]
name = "edgepose-body-257"
[[rule]]
kind = "fall"
[[rule]]
kind = "presence"
[[sink]]
kind = "mqtt"
host = "127.0.0.1"
TOML
claim "no camera yet: BAD camera" 1 "^BAD    camera cam1 .*cannot be opened"
systemctl start lens mosquitto
until (: </dev/tcp/127.0.0.1/8554) 2>/dev/null; do sleep 0.3; done
claim "the service does not run yet: how to start it" 0 "^look   service cam1 .*does not run"
systemctl enable --quiet --now $unit
runs
claim "all is well beside the running service" 0 "^good   service cam1 .*has run for"
[ "$(systemctl show $unit --property=NRestarts --value)" = 0 ] || { echo "NO   it was restarted"; fails=$((fails + 1)); }

systemctl stop mosquitto
claim "the broker is away: BAD broker" 1 "^BAD    broker cam1 .*cannot be reached (Connection refused)"
systemctl start mosquitto

touch /proof/dark; sleep 3
claim "the lens is covered: BAD camera" 1 "^BAD    camera cam1 .*is black"
rm /proof/dark

systemctl kill --signal=STOP lens; sleep 12
claim "the camera hangs: BAD service, no frame" 1 "^BAD    service cam1 .*no frame"
systemctl kill --signal=CONT lens; systemctl restart lens; sleep 8
runs

chmod 600 /etc/edgepose/cam1.toml
claim "the service may not read its file: BAD permissions" 1 "^BAD    permissions cam1 .*may not read"
chmod 644 /etc/edgepose/cam1.toml

sed -i 's/kind = "fall"/kind = "fal"/' /etc/edgepose/cam1.toml; systemctl restart $unit 2>/dev/null || true
claim "a mistyped word: BAD configuration, exit 1 since the service stopped, too" 1 "did you mean 'fall'"
systemctl stop $unit; systemctl reset-failed $unit
claim "without the service's failure: exit 78" 78 "^BAD    configuration cam1"
sed -i 's/kind = "fal"/kind = "fall"/' /etc/edgepose/cam1.toml; systemctl start $unit; runs

mount -o remount,ro,bind /var/lib/edgepose 2>/dev/null || { mount --bind /var/lib/edgepose /var/lib/edgepose && mount -o remount,ro,bind /var/lib/edgepose; }
mount --bind /var/lib/private/edgepose /var/lib/private/edgepose && mount -o remount,ro,bind /var/lib/private/edgepose
claim "nothing can be written: BAD outbox" 1 "^BAD    outbox cam1 "
umount /var/lib/private/edgepose /var/lib/edgepose

claim "all is well again" 0 "^good   broker cam1 .*there and back"
{ echo "## retained"; mosquitto_sub -h 127.0.0.1 -W 2 -v -t 'edgepose/+/+/cam1/#' 2>/dev/null; } >>/proof/said
# docs/first-alert: a clip through the service, and the alert at a subscriber.
clip=$(echo /opt/edgepose/lib/python3*/site-packages/edge/bundled_models/demo/bench.mp4)
sed "s|^uri = .*|uri = \"$clip\"|; s|^site.*|&\ncamera = \"test\"|" /etc/edgepose/cam1.toml >/etc/edgepose/test.toml
timeout 60 mosquitto_sub -h 127.0.0.1 -v -t 'edgepose/+/+/test/#' >/proof/heard & ear=$!
systemctl start edgepose@test
for _ in $(seq 200); do grep -q edgepose.fall.begin /proof/heard && break; sleep 0.3; done
sleep 3; kill $ear; { echo "## heard"; cat /proof/heard; } >>/proof/said
if grep -q '^edgepose/home/.*/test/event/fall .*"type":"edgepose.fall.begin"' /proof/heard; then
  echo "yes  a clip through the service: its fall arrives at mosquitto_sub"
else
  echo "NO   no fall was heard"; fails=$((fails + 1))
fi
[ $fails = 0 ] && echo "all shown"
