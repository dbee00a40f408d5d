#!/usr/bin/env bash
# booted.sh FIRST.deb SECOND.deb: what the package does to instances, where systemd is the first
# process; prove.sh boots it in a container. Instances sleep instead of watching a camera: here it is
# about the package's scripts (`make prove-systemd` is about the service).
set -euo pipefail
yes() { echo "yes  $1"; }
no() { echo "NO   $1"; exit 1; }
pid() { systemctl show --property MainPID --value edgepose@"$1"; }

dpkg --install "$1"
[ -z "$(systemctl list-units --all --plain --no-legend 'edgepose*')" ] || no "something of it is loaded"
yes "installed under systemd: nothing is started"
mkdir /etc/systemd/system/edgepose@.service.d
printf '[Service]\nType=exec\nWatchdogSec=0\nExecStart=\nExecStart=/bin/sleep 1000\n' >/etc/systemd/system/edgepose@.service.d/sleeps.conf
systemctl daemon-reload
systemctl enable --quiet edgepose@{runs,stopped}
systemctl start edgepose@runs
was=$(pid runs)
[ "$was" != 0 ] || no "the instance does not start"

dpkg --install "$2"
systemctl is-active --quiet edgepose@runs || no "the upgrade left it stopped"
[ "$(pid runs)" != "$was" ] || no "the old version still runs"
[ "$(pid stopped)" = 0 ] || no "the upgrade started what was stopped"
yes "upgraded: what ran is restarted, what was stopped stays so"

dpkg --remove edgepose
[ ! -e "/proc/$(pid runs)/exe" ] || no "it still runs"
systemctl is-active --quiet edgepose@runs && no "it still runs"
dpkg --purge edgepose
[ -z "$(find /etc/systemd -name 'edgepose@*.service')" ] || no "instances are still enabled"
yes "removed: what ran is stopped; purged: nothing is enabled"
echo "all shown"
