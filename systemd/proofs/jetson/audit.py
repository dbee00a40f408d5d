"""Would the libraries of a package load on JetPack 6? `audit.py PACKAGE.deb` reads every one.

JetPack 6 is Ubuntu 22.04 on arm64 with Python 3.10. A library loads there when it is of that
processor, asks for no newer symbols than that system's C and C++ libraries have, and finds every
library it needs in the package or in that system.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# Newest symbol versions of Ubuntu 22.04: glibc 2.35; libstdc++ and libgcc of GCC 12.
NEWEST = {
    "GLIBC": (2, 35),
    "GLIBCXX": (3, 4, 30),
    "CXXABI": (1, 3, 13),
    "GCC": (12, 0, 0),
    "LIBC": (),  # of no GNU system
}
# What the package's dependencies bring (libc6, libstdc++6, libgcc-s1, zlib1g).
SYSTEM = re.compile(
    r"(ld-linux-aarch64|libc|libm|libdl|librt|libpthread|libutil|libresolv|libstdc\+\+|libgcc_s"
    r"|libz)\.so\.\d+"
)
PYTHON = re.compile(r"\.cpython-(\d+)|\.(abi3)\.")
MAGIC = b"\x7fELF"


@dataclass(frozen=True)
class Library:
    """What one file says of itself."""

    path: str  # in the package
    processor: str
    asked: dict[str, tuple[int, ...]]  # newest symbol version, by library
    needed: frozenset[str]


def main(package: str) -> int:
    """Print a line a wheel, then what would not load; 1 when there is any."""
    with tempfile.TemporaryDirectory(prefix="edgepose-audit-") as folder:
        subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
        root = Path(folder)
        libraries = [read(path, root) for path in sorted(root.rglob("*")) if is_library(path)]
        inside = {path.name for path in root.rglob("*.so*")}
    wrong = [words for library in libraries for words in judge(library, inside)]
    newest: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    for library in libraries:
        wheel = library.path.partition("site-packages/")[2].partition("/")[0] or library.path
        counts[wheel] += 1
        for name, version in library.asked.items():
            newest[wheel][name] = max(version, newest[wheel].get(name, ()))
    print(f"{Path(package).name}: {len(libraries)} libraries")
    for wheel, asked in sorted(newest.items()):
        words = ", ".join(f"{name} {dotted(asked[name])}" for name in NEWEST if asked.get(name))
        print(f"  {wheel:28} {counts[wheel]:3}  {words}")
    for words in wrong:
        print(f"WOULD NOT LOAD: {words}")
    if not libraries:
        print("WOULD NOT LOAD: there is no library in it, so this proves nothing")
    return 1 if wrong or not libraries else 0


def is_library(path: Path) -> bool:
    """Whether a file is a program or library of Linux."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def read(path: Path, root: Path) -> Library:
    """Ask readelf, which knows every processor's files."""
    command = ["readelf", "--wide", "--file-header", "--dynamic", "--version-info", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    needs = said.partition("Version needs section")[2]
    asked: dict[str, tuple[int, ...]] = {}
    for name, version in re.findall(r"Name: ([A-Z]+)_([\d.]+)\s", needs):
        numbers = tuple(map(int, version.split(".")))
        asked[name] = max(numbers, asked.get(name, ()))
    processor = re.search(r"Machine:\s+(\S+)", said)
    return Library(
        path=str(path.relative_to(root)),
        processor=processor[1] if processor else "unknown",
        asked=asked,
        needed=frozenset(re.findall(r"\(NEEDED\).*\[(.+?)\]", said)),
    )


def judge(library: Library, inside: set[str]) -> list[str]:
    """Each reason why a library would not load there."""
    wrong = []
    if library.processor != "AArch64":
        wrong.append(f"{library.path} is for {library.processor}")
    made_for = PYTHON.search(Path(library.path).name)
    if made_for and made_for[1] not in (None, "310"):
        wrong.append(f"{library.path} is for another Python")
    wrong += [
        f"{library.path} asks for {name}_{dotted(version)}"
        for name, version in library.asked.items()
        if name in NEWEST and version > NEWEST[name]
    ]
    wrong += [
        f"{library.path} needs {name}, which nothing brings"
        for name in sorted(library.needed - inside)
        if not SYSTEM.fullmatch(name)
    ]
    return wrong


def dotted(version: tuple[int, ...]) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
