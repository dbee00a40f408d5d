"""What a board is called: by itself, and in the name of a file that all of its kind share."""

from __future__ import annotations

import re
from pathlib import Path

from edge.runtime.sysfs import text

_MODELS = ("proc/device-tree/model", "sys/firmware/devicetree/base/model")
_DMI = "sys/class/dmi/id"
_UNSAID = re.compile(
    r"|none|default string|not (specified|available|applicable)|(system )?product name"
    r"|system (manufacturer|version)|to be filled by o\.?e\.?m\.?|o\.?e\.?m\.?|x+|0+|unknown",
    re.IGNORECASE,
)
_JETSON_PADDING = re.compile(r"\b(nvidia|engineering|reference|developer|kit|super)\b")
_CPU_PADDING = re.compile(  # what an x86 processor's name has besides its model
    r"\((r|tm)\)|@.*|\bwith .*|\b\d+th gen\b|\b\d+-core\b|\b(cpu|processor)\b"
)
_VIRTUAL = re.compile(
    r"\b(qemu|kvm|vmware|virtualbox|innotek|xen|bochs|parallels|openstack|virtual machine"
    r"|amazon ec2|google compute engine|dummy-virt)\b",
    re.IGNORECASE,
)


def name(root: Path) -> str | None:
    """The device tree's model, or maker and product as the firmware of a PC has them."""
    models = (text(root / model) for model in _MODELS)
    return next((model for model in models if model), None) or _product(root / _DMI)


def slug(board: str | None, cpu: str | None, cores: int, arch: str) -> str:
    """Short, without revision: "raspberry-pi-4-model-b", "x86-amd-epyc-2-cores"."""
    if board and is_jetson(board):
        kind = _plain(_JETSON_PADDING.sub(" ", board.lower()))
        return kind if kind.startswith("jetson") else f"jetson-{kind}"
    x86 = re.fullmatch(r"x86_64|amd64|i\d86", arch)
    if board and not x86:
        return _plain(re.sub(r"\s+rev\s+[\d.]+$", "", board.lower()))
    model = _CPU_PADDING.sub(" ", (cpu or "").lower())
    count = f"{cores} core{'s' * (cores > 1)}" if cores else ""
    return _plain(f"{'x86' if x86 else arch or 'unknown'} {model} {count}")


def is_jetson(board: str | None) -> bool:
    """Whether a board's name is a Jetson's, of any carrier or software release."""
    return bool(board) and bool(re.search(r"jetson|nvidia.*\borin\b", board or "", re.IGNORECASE))


def is_virtual(root: Path, board: str | None) -> bool:
    """Whether the board's name or its maker is a hypervisor's."""
    maker = text(root / _DMI / "sys_vendor")
    return bool(_VIRTUAL.search(f"{board or ''} {maker}")) or (
        text(root / "sys/hypervisor/type") == "xen"
    )


def _product(dmi: Path) -> str | None:
    vendor, product, version = (
        _said(text(dmi / entry)) for entry in ("sys_vendor", "product_name", "product_version")
    )
    if vendor.lower() == "lenovo" and version:  # its product name is an order number
        product = version
    if not product:
        vendor, product = (_said(text(dmi / entry)) for entry in ("board_vendor", "board_name"))
    if not product or product.lower().startswith(vendor.lower()):
        return product or None
    return f"{vendor} {product}".strip()


def _said(word: str) -> str:
    """Nothing, where a maker left the form empty."""
    return "" if _UNSAID.fullmatch(word) else " ".join(word.split())


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")
