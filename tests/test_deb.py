"""The Debian package, built for this machine and installed into a copy of it that nobody keeps.

What it does elsewhere, and under emulation for a board: `make prove-deb`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "systemd" / "deb"
BUILD = FOLDER / "build.py"
# In namespaces that end with it: this machine's files under a layer in memory, no network.
COPY = """\
set -e
mount -t tmpfs tmpfs "$0"
mkdir "$0/up" "$0/work" "$0/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$0/up,workdir=$0/work" "$0/root" || exit 77
mkdir -p "$0/root/given"
mount --bind "$1" "$0/root/given"
mount --rbind /dev "$0/root/dev"
mount -t proc proc "$0/root/proc"
exec chroot "$0/root" bash /given/story.sh
"""
STORY = """\
set -e
cd /given
exec </dev/null 2>trace
PS4='$(date +%T) '
set -x
ip link set lo up 2>/dev/null || true
dpkg --no-triggers --force-depends --force-unsafe-io --install ./*.deb >installed 2>&1
find /etc/systemd /etc/edgepose -name '*edgepose?*' >enabled
dpkg --verify edgepose >changed || true
edgepose --version >version
/opt/edgepose/bin/python -c 'import cv2, numpy; print(cv2.__file__, numpy.__file__)' >libraries
edgepose replay "$(find /opt/edgepose -name fall.poses.jsonl)" --rule fall --events - >events
/opt/edgepose/bin/python publish.py >heard
echo mine >/etc/edgepose/cam1.toml
mkdir -p /var/lib/edgepose/cam1 /var/lib/edgepose-models/mine
dpkg --no-triggers --remove edgepose >removed 2>&1
find /opt/edgepose /usr/bin/edgepose 2>/dev/null >program || true
find /etc/edgepose/cam1.toml /var/lib/edgepose/cam1 /var/lib/edgepose-models/mine >kept
dpkg --no-triggers --purge edgepose >purged 2>&1
find /etc /opt /usr/bin /usr/lib/systemd /usr/share /var/lib /var/cache -maxdepth 3 \
    -name '*edgepose*' -newer /given/story.sh >left
"""
# The demo's broker, the daemon's own sink, another client: all from the package.
PUBLISH = """\
import subprocess, sys, time
from pathlib import Path
from paho.mqtt import client as mqtt
from edge.commands._broker import broker
from edge.modelstore import model_store

poses = model_store().bundled / "demo" / "fall.poses.jsonl"
heard = []
with broker() as (host, port, _ours):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: heard.append(message.topic)
    client.connect(host, port)
    client.subscribe("edgepose/+/+/+/event/fall", 1)
    client.loop_start()
    command = [sys.executable, "-m", "edge", "replay", str(poses), "--rule", "fall"]
    command += ["--mqtt", f"mqtt://{host}:{port}", "--state-dir", "/tmp/state"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while len(heard) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    client.loop_stop()
print(*heard, sep="\\n")
"""

spec = importlib.util.spec_from_file_location("edgepose_deb_build", BUILD)
assert spec is not None
assert spec.loader is not None
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)


def system_python() -> str:
    """Give the version of the Python that a package must use, or skip with the reason."""
    tell = "import sys; print(*sys.version_info[:2], sep='.')"
    if not Path("/usr/bin/python3").exists():
        pytest.skip("the system has no Python of its own")
    version = subprocess.check_output(["/usr/bin/python3", "-c", tell], text=True).strip()
    if version not in build.GLIBC:
        pytest.skip(f"there is no package for Python {version}")
    return version


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package for this machine."""
    if shutil.which("dpkg-deb") is None or importlib.util.find_spec("uv") is None:
        pytest.skip("needs dpkg and uv")
    arch = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    out = tmp_path_factory.mktemp("deb")
    which = ["--arch", arch, "--python", system_python()]
    command = [sys.executable, str(BUILD), *which, "--compression", "zstd:1", "--out", str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def story(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install, use, remove and purge it; the folder has what each step said."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs root, and unshare")
    given, scratch = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("scratch")
    shutil.copy(package, given)
    (given / "publish.py").write_text(PUBLISH)
    (given / "story.sh").write_text(STORY)
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
    command += ["bash", "-c", COPY, str(scratch), str(given)]
    path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=path)
    if done.returncode == 77 or "Operation not permitted" in done.stderr:
        pytest.skip(f"no file system can be laid over another here: {done.stderr.strip()}")
    told = "".join(f"\n{file.name}: {file.read_text()[-2000:]}" for file in given.iterdir()
                   if file.name in {"installed", "removed", "purged", "heard"})  # fmt: skip
    assert done.returncode == 0, done.stderr + told
    return given


def test_the_control_file_names_its_python_and_its_system(package: Path) -> None:
    fields = subprocess.check_output(["dpkg-deb", "--field", str(package)], text=True)
    python = system_python()
    following = f"{python[:2]}{int(python[2:]) + 1}"
    assert f"python3 (>= {python}~), python3 (<< {following}~), libc6 (>= 2." in fields
    assert f"Version: 0.1.0-1+py{python}\n" in fields


def test_it_brings_no_file_that_dpkg_would_ask_about(package: Path) -> None:
    info = subprocess.check_output(["dpkg-deb", "--info", str(package)], text=True)
    listed = subprocess.check_output(["dpkg-deb", "--contents", str(package)], text=True)
    assert "conffiles" not in info
    assert [line for line in listed.splitlines() if " ./etc/" in line and line[0] != "d"] == []


def test_it_installs_without_a_network_and_starts_nothing(story: Path) -> None:
    assert "Setting up edgepose" in (story / "installed").read_text()
    assert (story / "enabled").read_text() == ""
    assert (story / "changed").read_text() == ""


def test_its_libraries_are_its_own(story: Path) -> None:
    for place in (story / "libraries").read_text().split():
        assert place.startswith("/opt/edgepose/lib/python3.")
    assert (story / "version").read_text().startswith("edgepose ")


def test_it_sees_the_fall_of_the_demo(story: Path) -> None:
    events = [json.loads(line) for line in (story / "events").read_text().splitlines()]
    kinds = [event["type"] for event in events]
    assert kinds == ["edgepose.fall.begin", "edgepose.fall.confirmed", "edgepose.fall.end"]


def test_it_publishes_the_fall(story: Path) -> None:
    assert len((story / "heard").read_text().split()) == 3


def test_removed_it_keeps_what_is_the_administrators(story: Path) -> None:
    assert (story / "program").read_text() == ""
    assert len((story / "kept").read_text().split()) == 3


def test_purged_it_leaves_nothing(story: Path) -> None:
    assert (story / "left").read_text() == ""


@pytest.mark.parametrize(("python", "debian"), [
    ("0.2.0", "0.2.0"), ("0.2.0rc1", "0.2.0~rc1"), ("0.2.0.dev3", "0.2.0~dev3"), ("1b2", "1~b2"),
])  # fmt: skip
def test_a_version_before_another_stays_before_it(python: str, debian: str) -> None:
    assert build._debian(python) == debian


def test_the_c_library_is_as_new_as_a_library_asks_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.so").write_bytes(b"\x7fELF\0GLIBC_2.4\0GLIBC_2.34\0GLIBCXX_3.4.30\0")
    (tmp_path / "b.so.1").write_bytes(b"\x7fELF\0GLIBC_2.17\0GLIBC_2.99 in a text\0")
    assert build._newest(tmp_path, b"GLIBC_2.") == 34
    assert build._newest(tmp_path, b"GLIBCXX_3.4.") == 30
