#!/bin/bash
# configure.sh ROOT PACKAGE.deb: edgepose into an unpacked root, and a root that survives pulling the plug. Called by
# image.sh, as root.
set -euo pipefail
root=$1
package=$2

install -D -m 644 "$package" "$root/tmp/edgepose.deb"
chroot "$root" dpkg --install /tmp/edgepose.deb
rm "$root/tmp/edgepose.deb"

# The root is never written: overlayroot lays memory over it, and every start begins with the same. What must last is on
# a partition of its own. nofail: a device whose partitions are damaged still starts, and can be asked.
cat >"$root/etc/overlayroot.conf" <<'CONF'
overlayroot="tmpfs:swap=0,recurse=0"
CONF
cat >"$root/etc/fstab" <<'FSTAB'
LABEL=root           /                         ext4 noatime 0 0
LABEL=bootfs         /boot/firmware            vfat ro,umask=0077,nofail,x-systemd.device-timeout=300 0 2
LABEL=edgepose-data  /data                     ext4 noatime,nosuid,nodev,nofail,x-systemd.device-timeout=300 0 2
/data/private        /var/lib/private          none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
/data/device         /var/lib/edgepose-device  none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
/data/models         /var/lib/edgepose-models  none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
/data/timesync       /var/lib/systemd/timesync none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
FSTAB
mkdir -p "$root"/data/{private,device,models,timesync} "$root"/var/lib/{edgepose-device,edgepose-models,systemd/timesync}
install -d -m 700 "$root/var/lib/private" "$root/data/private" "$root/data/device"
# Neither may grow until the memory is full.
mkdir -p "$root"/etc/systemd/{journald,system}.conf.d
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=32M\n' >"$root/etc/systemd/journald.conf.d/edgepose.conf"
# A kernel or a systemd that hangs is started again, where the board has a watchdog.
printf '[Manager]\nRuntimeWatchdogSec=14\n' >"$root/etc/systemd/system.conf.d/edgepose.conf"

units=$root/etc/systemd/system
for timer in apt-daily apt-daily-upgrade dpkg-db-backup e2scrub_all fstrim; do
    ln -sfn /dev/null "$units/$timer.timer" # they would only fill memory
done
# What outlives a start only in part is worse than what does not: rfkill's memory turns Wi-Fi off.
ln -sfn /dev/null "$units/systemd-rfkill.service"
ln -sfn /dev/null "$units/systemd-rfkill.socket"
chroot "$root" systemctl --quiet enable edgepose-firstboot edgepose-firstboot-report NetworkManager systemd-timesyncd

# Closed until edgepose.txt has a key; each device makes its own, no password opens anything.
chroot "$root" systemctl --quiet disable ssh
rm -f "$root"/etc/ssh/ssh_host_*
chroot "$root" passwd --quiet --lock root
# Empty: made anew at each start, and no two devices share one.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/hostname" "$root/etc/resolv.conf"
# All units start in the way the image says; none is enabled by being there.
printf 'localhost\n' >"$root/etc/hostname"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
