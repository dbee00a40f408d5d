"""A wheel works where there is no checkout; the locks and the Makefile keep their word."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import edge

ROOT = Path(__file__).parent.parent
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program to its end and give what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once, without the network, of a checkout in which a model was converted."""
    if importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("pip") is None:
        pytest.skip("hatchling or pip is not installed (make test installs them)")
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    for part in ("edge", "converters", "benchmarks", "models"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, checkout / part)
    (checkout / "models/mine").mkdir()
    (checkout / "models/mine/CARD.md").write_text("")
    (checkout / "models/mine/report.html").write_text("pictures of people")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, checkout, cwd=folder)
    (built,) = folder.glob("edgepose-*.whl")
    return built


def test_the_wheel_has_the_three_packages_and_the_models(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wheel.name == f"edgepose-{edge.__version__}-py3-none-any.whl"
    assert {"edge/__init__.py", "converters/__init__.py", "benchmarks/__init__.py"} <= names
    models = [path.relative_to(ROOT / "models") for path in ROOT.glob("models/*/manifest.toml")]
    assert models
    assert {f"edge/bundled_models/{path.as_posix()}" for path in models} <= names
    data = [path for path in (ROOT / "edge").rglob("*") if path.suffix in {".json", ".toml"}]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= names
    assert not [name for name in names if name.startswith(("tests/", "models/", "systemd/"))]


def test_a_model_goes_into_the_wheel_and_the_pictures_it_was_made_with_do_not(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if "/mine/" in name]
    assert names == ["edge/bundled_models/mine/CARD.md"]


def test_an_installed_wheel_finds_its_models_without_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    environment = {"PYTHONPATH": str(tmp_path / "site"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    # -P would be enough from 3.11 on; an empty working directory does the same on 3.10.
    where = run(
        sys.executable, "-c", "import edge; print(edge.__file__)", cwd=tmp_path, **environment
    )
    assert Path(where.strip()).is_relative_to(tmp_path)
    listed = run(sys.executable, "-m", "edge", "models", "list", cwd=tmp_path, **environment)
    for manifest in ROOT.glob("models/*/manifest.toml"):
        assert manifest.parent.name in listed


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    packages = re.split(r"\n(?=[a-z])", text.split("make lock\n", 1)[1])
    assert len(packages) > 10
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text


def test_the_two_locks_agree() -> None:
    # Markers may differ: what only Python 3.10 needs to run, a tool may need everywhere.
    pins = [
        set(re.findall(r"^[a-z][\w.-]*==[\w.]+", lock.read_text(), re.MULTILINE)) for lock in LOCKS
    ]
    assert pins[0] <= pins[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_says_what_a_bare_machine_lacks(tmp_path: Path) -> None:
    old = tmp_path / "python-too-old"
    old.write_text('#!/bin/sh\ntest "$1" = --version && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for python, words in (("no-such-python", "There is no no-such-python"), (old, "Python 3.9.2")):
        done = subprocess.run(
            ["make", "-f", ROOT / "Makefile", ".venv/bin/python", f"PYTHON={python}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert words in done.stderr
    assert not (tmp_path / ".venv").exists()
