"""The image's recipes: scripts, the owner's file, and the vendor's image with edgepose on board."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from edge.__main__ import main

FOLDER = Path(__file__).parent.parent / "systemd"
IMAGE = FOLDER / "image"
SCRIPTS = [FOLDER / "debian.sh", *sorted(IMAGE.glob("*.sh"))]
OFFSET = 2048 * 512  # bytes: where the made-up vendor's FAT partition begins


def run(*command: str | Path, good: bool = True) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    return done.stdout + done.stderr


def needs(*names: str) -> None:
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_sound(script: Path) -> None:
    needs("shellcheck")
    run("shellcheck", script)


def test_the_owners_file_needs_nothing_but_a_broker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (IMAGE / "edgepose.txt").read_text("utf-8")
    file = tmp_path / "edgepose.txt"
    file.write_text(text)
    assert main(["firstboot", "--check", str(file)]) == 78
    (problem,) = [line for line in capsys.readouterr().err.splitlines() if "hint" not in line]
    assert problem.startswith("edgepose.txt: broker.host: ")
    file.write_text(text.replace("host = ''", "host = '192.168.1.10'"))
    assert main(["firstboot", "--check", str(file)]) == 0


def test_every_setting_that_the_owners_file_shows_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all of them switched on, errors are about values, never about names."""
    text = (IMAGE / "edgepose.txt").read_text("utf-8")
    file = tmp_path / "edgepose.txt"
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    assert main(["firstboot", "--check", str(file)]) == 78
    told = capsys.readouterr().err
    assert "edgepose.txt: broker.host: " in told
    assert "unknown setting" not in told


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """Give an image of one FAT partition, as a vendor's begins."""
    needs("sfdisk", "mkfs.vfat", "mcopy", "mdir", "mtype")
    image = tmp_path / "vendor.img"
    with image.open("wb") as file:
        file.truncate(40 << 20)
    subprocess.run(
        ["sfdisk", "--quiet", str(image)],
        input="label: dos\nstart=2048, size=65536, type=c\n",
        text=True,
        check=True,
    )
    run("mkfs.vfat", "-F", "16", "--offset", "2048", image, "32768")
    return image


def test_the_vendors_image_gets_three_files(tmp_path: Path, vendor: Path) -> None:
    card = f"{tmp_path}/out.img@@{OFFSET}"
    (tmp_path / "user-data").write_text("#cloud-config\n# the vendor's\n")
    run("mcopy", "-i", f"{vendor}@@{OFFSET}", tmp_path / "user-data", "::/user-data")
    package = tmp_path / "edgepose_1_arm64.deb"
    package.write_bytes(b"a package")
    run(IMAGE / "vendor.sh", vendor, package, tmp_path / "out.img")
    assert run("mtype", "-i", card, "::/edgepose.deb") == "a package"
    for name in ("user-data", "edgepose.txt"):
        assert run("mtype", "-i", card, f"::/{name}") == (IMAGE / name).read_text("utf-8")


def test_an_image_without_cloud_init_is_refused(tmp_path: Path, vendor: Path) -> None:
    (tmp_path / "x.deb").touch()
    told = run(IMAGE / "vendor.sh", vendor, tmp_path / "x.deb", tmp_path / "out.img", good=False)
    assert "has no cloud-init" in told
    assert not (tmp_path / "out.img").exists()


def test_cloud_init_accepts_what_it_is_told() -> None:
    needs("cloud-init")
    run("cloud-init", "schema", "-c", IMAGE / "user-data")


def test_cloud_init_would_refuse_a_mistake(tmp_path: Path) -> None:
    needs("cloud-init")
    wrong = tmp_path / "user-data"
    wrong.write_text((IMAGE / "user-data").read_text().replace("runcmd:", "runcmd: 1\nx:"))
    run("cloud-init", "schema", "-c", wrong, good=False)
