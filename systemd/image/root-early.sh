#!/bin/bash
# root-early.sh ROOT: files that must be there before the kernel is configured. Called by root.sh.
set -euo pipefail
root=$1
mkdir -p "$root/etc/initramfs-tools/conf.d" "$root/boot/firmware" "$root/etc/default"
# Only what finds the root file system on a Raspberry Pi's card, a USB stick and QEMU's machines: a start loads all of it
# into memory, and making it takes minutes when emulated.
cat >"$root/etc/initramfs-tools/conf.d/edgepose" <<'CONF'
MODULES=list
COMPRESS=zstd
CONF
cat >"$root/etc/initramfs-tools/modules" <<'MODULES'
ext4
overlay
virtio_pci
virtio_mmio
virtio_blk
mmc_block
sdhci_iproc
bcm2835
gpio_raspberrypi_exp
clk_raspberrypi
reset_raspberrypi
i2c_bcm2835
pcie_brcmstb
xhci_pci
dwc2
usb_storage
uas
MODULES
