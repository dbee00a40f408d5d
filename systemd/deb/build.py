"""Build the Debian package, for this or another machine: `make deb ARCH=arm64 PYTHON_VERSION=3.11`.

The package is a virtual environment, complete: wheels for the target are unpacked into it, so that
neither building for another processor nor installing runs anything of it. The same commit gives the
same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from email.utils import formatdate
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = "opt/edgepose"
PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}
# The C library of the system that has this Python: Ubuntu 22.04 (JetPack 6), Debian 12,
# Ubuntu 24.04, Debian 13. What the libraries really ask for becomes a dependency.
GLIBC = {"3.10": 35, "3.11": 36, "3.12": 39, "3.13": 40}
# libstdc++'s symbols, GLIBCXX_3.4.N, by the GCC they came with.
GCC = {22: 6, 24: 7, 25: 8, 26: 9, 28: 10, 29: 11, 30: 12, 32: 13, 33: 14}
UNITS = {".service", ".socket", ".target", ".timer"}
# What installers note about themselves: paths of this machine, files that are not packed.
NOTES = {"RECORD", "REQUESTED", "INSTALLER", "direct_url.json", "uv_cache.json"}


def main() -> int:
    """Build one package; its path is the last line printed."""
    args = _arguments()
    when = int(os.environ.get("SOURCE_DATE_EPOCH") or _committed())
    os.environ["SOURCE_DATE_EPOCH"] = str(when)
    with tempfile.TemporaryDirectory(prefix="edgepose-deb-") as folder:
        tree = Path(folder) / "tree"
        site = tree / HOME / "lib" / f"python{args.python}" / "site-packages"
        _unpack_wheels(site, args.arch, args.python)
        wheels = sorted(site.glob("*.dist-info"), key=lambda path: path.name.lower())
        ours = next(path for path in wheels if path.name.startswith("edgepose-"))
        upstream = ours.name.removeprefix("edgepose-").removesuffix(".dist-info")
        version = f"{_debian(upstream)}-{args.revision}+py{args.python}"
        _environment(tree, args.python)
        _system_files(tree, version, when)
        _copyright(tree, [message_from_string((path / "METADATA").read_text()) for path in wheels])
        _control(tree, args, version, site)
        package = args.out / f"edgepose_{version}_{args.arch}.deb"
        _pack(tree, package, when, args.compression)
    size = package.stat().st_size / 1e6
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    print(f"{len(wheels)} wheels, {size:.1f} MB, sha256 {digest}\n{package}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arch", choices=PROCESSORS, default="arm64")
    parser.add_argument("--python", choices=GLIBC, default="3.11", help="of the target system")
    parser.add_argument("--revision", default="1", help="counts packages of one version")
    parser.add_argument("--compression", default="zstd:19", help="dpkg-deb's: KIND:LEVEL")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    return parser.parse_args()


def _committed() -> str:
    """When the last commit was made, in seconds since 1970."""
    try:
        return _output("git", "-C", str(ROOT), "log", "-1", "--format=%ct")
    except (OSError, subprocess.CalledProcessError):
        sys.exit("build.py: this is no git checkout; set SOURCE_DATE_EPOCH to say how old it is")


def _output(*command: str) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def _debian(version: str) -> str:
    """Python's 0.2.0rc1 comes before 0.2.0: Debian's 0.2.0~rc1."""
    return re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", version)


def _unpack_wheels(site: Path, arch: str, python: str) -> None:
    """Unpack what the lock names, each proven by its hash, and our own wheel."""
    install = (
        *(sys.executable, "-m", "uv", "--no-config", "pip", "install", "--quiet"),
        *("--target", str(site), "--python-version", python, "--only-binary", ":all:"),
        *("--link-mode", "copy"),
        *("--python-platform", f"{PROCESSORS[arch]}-manylinux_2_{GLIBC[python]}"),
    )
    _output(*install, "--require-hashes", "--requirement", str(HERE / "requirements.lock"))
    with tempfile.TemporaryDirectory(prefix="edgepose-wheel-") as folder:
        pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
        _output(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(ROOT))
        shutil.unpack_archive(next(Path(folder).glob("edgepose-*.whl")), site, "zip")
    shutil.rmtree(site / "bin", ignore_errors=True)
    (site / ".lock").unlink(missing_ok=True)
    for note in site.glob("*.dist-info/*"):
        if note.name in NOTES:
            note.unlink()
    # NumPy's tests are a tenth of all files; what was compiled for elsewhere is compiled anew.
    for spare in (*site.glob("numpy/**/tests"), *site.glob("**/__pycache__")):
        if spare.is_dir():
            shutil.rmtree(spare)


def _environment(tree: Path, python: str) -> None:
    """Make of the folder what `python3 -m venv --system-site-packages` makes, without running it.

    The system's packages come after ours: picamera2, libcamera and GStreamer are only there.
    """
    home = tree / HOME
    settings = f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {python}\n"
    _write(home / "pyvenv.cfg", settings)
    (home / "bin").mkdir()
    (home / "bin/python").symlink_to(f"/usr/bin/python{python}")
    (home / "bin/python3").symlink_to("python")
    (tree / "usr/bin").mkdir(parents=True)
    launcher = (HERE / "launcher").read_text()
    for command, module in (("edgepose", "edge"), ("edgepose-bench", "benchmarks")):
        _write(home / "bin" / command, launcher.format(home=HOME, module=module), mode=0o755)
        (tree / "usr/bin" / command).symlink_to(f"/{HOME}/bin/{command}")


def _system_files(tree: Path, version: str, when: int) -> None:
    """Units, the example, what a person reads; two empty folders an administrator fills."""
    (tree / "etc/edgepose").mkdir(parents=True)
    (tree / "var/lib/edgepose-models").mkdir(parents=True)
    systemd = ROOT / "systemd"
    for unit in (path for path in systemd.iterdir() if path.suffix in UNITS):
        _write(tree / "usr/lib/systemd/system" / unit.name, unit.read_text())
    for template in (systemd / "cam1.toml.example", systemd / "image/edgepose.txt"):
        _write(tree / "usr/share/edgepose" / template.name, template.read_text())
    doc = tree / "usr/share/doc/edgepose"
    _write(doc / "README.md", (systemd / "README.md").read_text())
    _compress(doc / "changelog.gz", (ROOT / "CHANGELOG.md").read_text())
    entry = f"edgepose ({version}) stable; urgency=medium\n\n  * See changelog.gz.\n\n"
    signed = f" -- {_maintainer()}  {formatdate(when)}\n"
    _compress(doc / "changelog.Debian.gz", entry + signed)
    pages = tree / "usr/share/man/man1"
    _compress(pages / "edgepose.1.gz", (HERE / "edgepose.1").read_text())
    (pages / "edgepose-bench.1.gz").symlink_to("edgepose.1.gz")
    overrides = (HERE / "lintian-overrides").read_text()
    _write(tree / "usr/share/lintian/overrides/edgepose", overrides)


def _maintainer() -> str:
    return next(
        line.partition(": ")[2]
        for line in (HERE / "control").read_text().splitlines()
        if line.startswith("Maintainer: ")
    )


def _copyright(tree: Path, wheels: list[Message]) -> None:
    """Name the licence of everything inside; the texts came with the wheels."""
    parts, part = [(HERE / "copyright").read_text()], (HERE / "copyright.wheel").read_text()
    for about in (about for about in wheels if about["Name"] != "edgepose"):
        name = re.sub(r"[-.]+", "_", about["Name"])
        words = {"home": HOME, "name": name, "version": about["Version"]}
        parts.append(part.format(**words, licence=_licence(about)))
    _write(tree / "usr/share/doc/edgepose/copyright", "".join(parts))


def _licence(about: Message) -> str:
    """Give a short name, as the metadata has it: new field, classifier, or old field."""
    classified = [
        str(line).rpartition(" :: ")[2]
        for line in about.get_all("Classifier", [])
        if str(line).startswith("License :: OSI")
    ]
    told = about["License-Expression"] or " or ".join(classified) or about["License"] or "unknown"
    return str(told).strip().splitlines()[0]


def _newest(site: Path, symbols: bytes) -> int:
    """The newest version N of `symbols`N that a library inside asks for; wheels' tags say less."""
    pattern = re.compile(re.escape(symbols) + rb"(\d+)\0")
    libraries = (path.read_bytes() for path in site.rglob("*.so*"))
    return max((int(n) for library in libraries for n in pattern.findall(library)), default=0)


def _control(tree: Path, args: argparse.Namespace, version: str, site: Path) -> None:
    """Write DEBIAN/: the control file, the maintainer scripts, the sums."""
    major, minor = args.python.split(".")
    files, newest = list(_files(tree)), _newest(site, b"GLIBCXX_3.4.")
    text = (
        (HERE / "control")
        .read_text()
        .format(
            version=version,
            arch=args.arch,
            python=args.python,
            next_python=f"{major}.{int(minor) + 1}",
            glibc=f"2.{_newest(site, b'GLIBC_2.')}",
            libstdcxx=next(gcc for symbol, gcc in GCC.items() if symbol >= newest),
            size=sum(-(-path.stat().st_size // 1024) for path in files),
        )
    )
    _write(tree / "DEBIAN/control", text)
    for script in ("postinst", "prerm", "postrm"):
        _write(tree / "DEBIAN" / script, (HERE / script).read_text(), mode=0o755)
    sums = (
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(tree)}\n"
        for path in files
    )
    _write(tree / "DEBIAN/md5sums", "".join(sums))


def _files(tree: Path) -> Iterator[Path]:
    """Every file but links, sorted by its path."""
    yield from sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())


def _pack(tree: Path, package: Path, when: int, compression: str) -> None:
    """Make owners, modes and times the same everywhere, then the archive."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            runs = path.parent in (tree / "DEBIAN", tree / HOME / "bin") and path.stat().st_mode & 1
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)
    package.parent.mkdir(parents=True, exist_ok=True)
    kind, _, level = compression.partition(":")
    pack = ("dpkg-deb", "--root-owner-group", f"-Z{kind}", f"-z{level or 1}", "--threads-max=1")
    _output(*pack, "--build", str(tree), str(package))


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _compress(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
