"""What a Jetson is given: the example, the installer; and the audit of its package.

What they do in a real Ubuntu 22.04 is shown by `make prove-jetson`; that systemd accepts its units,
by `test_systemd.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from edge import config
from systemd.proofs.jetson import audit

FOLDER = Path(__file__).parent.parent / "systemd" / "jetson"


def test_the_example_is_a_good_configuration() -> None:
    got = config.load(FOLDER / "cam1.toml.example", {})
    assert got.models[0].backend == "onnxruntime"
    assert got.models[0].provider == "auto"
    assert type(got.source).__module__ == "edge.sources.argus"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which package?"),
        (["gone.deb"], "gone.deb is not there"),
        (["here.deb"], "no Jetson with JetPack 6"),
        (["--turbo"], "what is '--turbo'?"),
        (["--mode"], "--mode needs a name"),
    ],
)
def test_the_installer_refuses_before_it_changes_anything(
    tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "here.deb").touch()
    done = subprocess.run(
        ["bash", str(FOLDER / "install.sh"), *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr or "run it as root" in done.stderr


def library(**changes: object) -> audit.Library:
    facts = {
        "path": "opt/a.cpython-310-aarch64-linux-gnu.so",
        "processor": "AArch64",
        "asked": {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30), "GCC": (4, 2)},
        "needed": frozenset({"libc.so.6", "libours.so.1", "ld-linux-aarch64.so.1"}),
    }
    return audit.Library(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, None),
        ({"asked": {"GLIBC": (2, 36)}}, "asks for GLIBC_2.36"),
        ({"asked": {"GLIBCXX": (3, 4, 31)}}, "asks for GLIBCXX_3.4.31"),
        ({"path": "opt/a.cpython-311-aarch64-linux-gnu.so"}, "for another Python"),
        ({"path": "opt/a.abi3.so"}, None),
        ({"processor": "X86-64"}, "is for X86-64"),
        ({"needed": frozenset({"libcuda.so.1"})}, "needs libcuda.so.1, which nothing brings"),
    ],
)
def test_the_audit_finds_what_would_not_load(changes: dict[str, object], wrong: str | None) -> None:
    found = audit.judge(library(**changes), {"libours.so.1"})
    assert len(found) == bool(wrong), found
    assert all((wrong or "") in one for one in found)


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf (binutils) is not installed")
def test_the_audit_reads_real_libraries() -> None:
    root = Path(str(np.__file__)).parent
    paths = [path for path in root.rglob("*.so") if audit.is_library(path)]
    assert paths
    real = audit.read(paths[0], root)
    assert real.asked["GLIBC"] >= (2, 2)
    assert "libc.so.6" in real.needed
    ours = f"cpython-{sys.version_info[0]}{sys.version_info[1]}"
    found = audit.judge(real, set())
    assert any("another Python" in one for one in found) == (ours != "cpython-310")
