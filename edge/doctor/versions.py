"""What runs here, and whether its parts go together: each is really imported."""

from __future__ import annotations

import importlib
import platform
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING

from edge import __version__
from edge.doctor.finding import REINSTALL, Finding, bad, good, look, spoken
from edge.doctor.machine import Machine

if TYPE_CHECKING:  # see finding.py
    from edge.core.types import Json

_NEEDED = {"numpy": "numpy", "cv2": "opencv-python-headless", "paho.mqtt.client": "paho-mqtt"}
_RUNTIMES = {  # modules that open models, by kind; the first that is here is used
    "tflite": {"ai_edge_litert.interpreter": "ai-edge-litert", "tflite_runtime": "tflite-runtime"},
    "onnxruntime": {"onnxruntime": "onnxruntime"},
    "openvino": {"openvino": "openvino"},
}
_OLDEST, _NEWEST = (3, 10), (3, 13)
_32_BIT = 2**31
_PICAMERA = "import picamera2, libcamera; print(getattr(picamera2, '__version__', 'here'))"
_CAMERA_PACKAGE = "sudo apt install --no-install-recommends python3-picamera2"


@dataclass(frozen=True, slots=True)
class Versions:
    """Names and versions; what could not be imported, with the reason."""

    board: str
    os: str
    kernel: str
    arch: str
    python: tuple[int, int]
    bits_64: bool
    packages: Mapping[str, str]
    broken: Mapping[str, str] = field(default_factory=dict)
    picamera: str | None = None  # why it does not work; None: it does, or nobody needs it
    edgepose: str = __version__
    metadata: str = __version__  # as the installed package says


def read(machine: Machine, backends: Collection[str], pythons: Collection[str] = ()) -> Versions:
    """Import what these backends need; `pythons` are those that must have picamera2."""
    packages: dict[str, str] = {}
    broken: dict[str, str] = {}
    for modules in ({name: package} for name, package in _NEEDED.items()):
        _import(modules, packages, broken)
    for kind in backends:
        _import(_RUNTIMES.get(kind, {}), packages, broken)
    release = machine.text("/etc/os-release") or machine.text("/usr/lib/os-release")
    pretty = re.search(r"""^PRETTY_NAME=["']?(.*?)["']?\s*$""", release, re.MULTILINE)
    tegra = re.search(r"R(\d+).*?REVISION: ([\d.]+)", machine.text("/etc/nv_tegra_release"))
    os = pretty[1] if pretty else platform.system()
    return Versions(
        board=machine.board or platform.machine(),
        os=f"{os}, Jetson Linux {tegra[1]}.{tegra[2]}" if tegra else os,
        kernel=machine.text("/proc/sys/kernel/osrelease") or platform.release(),
        arch=platform.machine(),
        python=sys.version_info[:2],
        bits_64=sys.maxsize >= _32_BIT,
        packages=packages,
        broken=broken,
        picamera=next((why for python in pythons if (why := _picamera(machine, python))), None),
        metadata=_installed("edgepose") or __version__,
    )


def judge(versions: Versions) -> tuple[Finding, ...]:
    """Parts that cannot be imported, or do not go together, are bad."""
    return spoken(_wrong(versions), good(_summary(versions), **_facts(versions)))


def _wrong(versions: Versions) -> Iterator[Finding]:
    facts = _facts(versions)
    if not versions.bits_64:
        says = f"this is a 32-bit system on {versions.board}: no inference runtime is made for it"
        yield bad(says, "write a 64-bit system to the card: Raspberry Pi OS (64-bit)", **facts)
    if not _OLDEST <= versions.python <= _NEWEST:
        says = f"Python {_dotted(versions.python)} is not among 3.10 to 3.13"
        yield bad(says, "install the package made for this system's Python", **facts)
    for name, why in versions.broken.items():
        yield bad(f"{name} cannot be used: {why}", REINSTALL, **facts)
    if versions.picamera is not None:
        says = f"the camera needs picamera2, which cannot be used: {versions.picamera}"
        yield bad(says, _CAMERA_PACKAGE, **facts)
    if versions.metadata != versions.edgepose:
        says = (
            f"two editions are mixed: edgepose {versions.edgepose}, installed {versions.metadata}"
        )
        yield look(says, REINSTALL, **facts)


def _summary(versions: Versions) -> str:
    parts = ", ".join(f"{name} {version}" for name, version in versions.packages.items())
    return (
        f"{versions.board}, {versions.os}, kernel {versions.kernel}\n"
        f"edgepose {versions.edgepose}, Python {_dotted(versions.python)}, {parts}"
    )


def _facts(versions: Versions) -> dict[str, Json]:
    return {
        "board": versions.board,
        "os": versions.os,
        "kernel": versions.kernel,
        "arch": versions.arch,
        "edgepose": versions.edgepose,
        "python": _dotted(versions.python),
        "packages": dict(versions.packages),
        "broken": dict(versions.broken),
    }


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _import(modules: Mapping[str, str], packages: dict[str, str], broken: dict[str, str]) -> None:
    """The first of some modules that is here; why not, where none is."""
    reasons = []
    for module, package in modules.items():
        try:
            importlib.import_module(module)
        except Exception as error:  # noqa: BLE001 - a broken package raises whatever it likes
            reasons.append(f"{error}".splitlines()[0] if str(error) else repr(error))
        else:
            packages[package] = _installed(package) or "of the system"
            return
    if reasons:
        broken[next(iter(modules.values()))] = reasons[0]


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _picamera(machine: Machine, python: str) -> str:
    """Why a Python of the system cannot use its picamera2; empty when it can."""
    if machine.run((python, "-c", _PICAMERA)) is None:
        return f"'{python} -c \"import picamera2\"' fails"
    return ""
