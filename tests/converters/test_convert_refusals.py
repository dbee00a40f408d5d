"""What is not converted: each time two lines that say where and why, and nothing is written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from converters.__main__ import COMMANDS, main
from edge.__main__ import main as edgepose
from edge.manifest import FILE_NAME, load
from tests.converters import dot_people
from tests.converters.tiny_originals import node, tfjs

ROOT = Path(__file__).parents[2]
PER_TENSOR = ("--to", "tflite:int8-per-tensor")


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with good and bad originals and pictures; no test writes into it."""
    folder = tmp_path_factory.mktemp("originals")
    dot_people.original(folder / "net")
    dot_people.original(folder / "loud", loud=True)
    dot_people.original(folder / "quant1", loud=True, levels="uint8")
    dot_people.pictures(folder / "pictures", range(24))
    dot_people.pictures(folder / "few", range(7))
    dot_people.pictures(folder / "nobody", range(16), empty=True)
    (folder / "nothing").mkdir()
    (folder / "notes.txt").write_text("shopping: bread")
    (folder / "notes.json").write_text("shopping: bread")
    shutil.copytree(folder / "net", folder / "cut")
    shard = folder / "cut/group1-shard2of2.bin"
    shard.write_bytes(shard.read_bytes()[:-100])
    _altered(
        folder / "headless", lambda nodes: [n for n in nodes if "heatmap" not in str(n["name"])]
    )
    _altered(folder / "sine", _with_sine)
    (folder / "taken").mkdir()
    (folder / "taken/thesis.txt").write_text("years of work")
    (folder / "mine").mkdir()
    (folder / "mine/manifest.toml").write_text("name = 'mine'")
    (folder / "mine/work.py").write_text("years of work")
    return folder


def _altered(folder: Path, change: Callable[[list[dict[str, object]]], object]) -> None:
    folder.mkdir()
    net = dot_people.network()
    tfjs(folder, net, change(net.nodes()))  # type: ignore[arg-type]


def _with_sine(nodes: list[dict[str, object]]) -> list[dict[str, object]]:
    """Put an operator that PoseNet does not have behind the first layer."""
    sine = node("sine", "Sin", "layer0/relu")
    for each in nodes:
        if each["name"] == "heatmap_2/conv":
            each["input"] = ["sine", "heatmap_2/weights"]
    return [*nodes, sine]


def convert(originals: Path, out: Path, net: str, *flags: str | Path) -> int:
    """Convert to one small file unless told otherwise."""
    words = ["posenet", "--from", originals / net, "--input", dot_people.INPUT, "--out", out]
    words += ["--calibrate", originals / "pictures", "--to", "tflite:int8", *flags]
    return main([str(word) for word in words])


@pytest.mark.parametrize(
    ("net_and_flags", "problem"),
    [
        ("notes.txt", "read notes.txt: .*notes.txt: '.txt' is no format"),
        ("notes.json", "read notes.json: .*: is not JSON"),
        ("nothing", "read nothing: .*: has no model in it"),
        ("cut", "read cut: .*group1-shard2of2.bin: ends 100 bytes before"),
        ("headless", "read headless: .*: no output is 'heatmaps'"),
        ("sine", "read sine: .*: operator Sin .* is not supported"),
        ("nowhere", ".*nowhere: there is no such file or model"),
        ("quant1", "look with float32: .*: the float model sees no person"),
        ("net --calibrate {}/nothing", "load pictures: .*: no pictures found"),
        ("net --calibrate {}/few", "load pictures: .*: gives 7 different .* 16 are"),
        ("net --calibrate {}/nobody", "look with float32: .*: the float model sees no"),
        ("net --parity {}/nobody", "look with float32: .*aside.*: the float model sees no"),
        ("net --parity {}/pictures", "load pictures: .*: gives 0 different .* 8 are"),
        ("net --to tflite:int9", "--to: unknown target 'tflite:int9'"),
        ("net --input 129", "--input 129: is not HEIGHTxWIDTH"),
        ("net --input 0x0", "--input 0x0: is not HEIGHTxWIDTH"),
        ("net --input 128x256", "read net: .*: cannot take 128x256 at a stride of 16"),
        ("net --head heatmap=a", "read net: .*: posenet has no such head"),
        ("net --head heatmaps=a", "read net: .*: the model has no output 'a'"),
        ("net --head heatmaps=MobilenetV1/offset_2", "read net: .* are both 'Mobile"),
        ("net --head heatmaps", "--head heatmaps: has no name or no value"),
        ("net --tolerance far=1", "--tolerance: far: unknown setting"),
        ("net --tolerance distance=x", "--tolerance distance: 'x' is no number"),
        ("net --tolerance found_by_both=7", "--tolerance: found_by_both: 7 is out of"),
        ("net --decode far=1", "--decode: far: unknown setting"),
        ("net --decode search=9", "--decode: search: 9 is out of"),
        ("net --count 0", "command line: count: 0 is out of range"),
        ("net --truth {}/notes.json", "read notes.json: .*: is no COCO file"),
        ("net --out {}/taken", "--out .*: has what no conversion made: thesis.txt"),
        ("net --out {}/mine", "--out .*: has what no conversion made: manifest.toml, work.py"),
        ("net --out {}/net", "--out .*: is where the original is"),
        ("net --out /proc", "--out /proc: is a mount point"),
        ("net --count 4", "--count: 4 is fewer than the 8 of --least"),
        ("net --stride 8", "read net: .*: has a stride of 16, not 8"),
        ("net --input 9999x33", "--input 9999x33: is more than 2049 px"),
        ("net --head heatmaps=a --head heatmaps=b", "--head heatmaps: is given more than once"),
        (f"net --out {'m' * 300}", "m+: File name too long"),
        ("net --out {}/notes.txt", "--out .*: is a file"),
        ("net --out {}/notes.txt/m", "--out .*: nothing can be written in"),
        ("net --out {}/.hidden", "--out .*: '.hidden' is no plain name"),
    ],
)
def test_what_cannot_be_converted_is_told_in_two_lines_and_leaves_nothing(
    originals: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    net_and_flags: str,
    problem: str,
) -> None:
    before = sorted(originals.rglob("*"))
    words = net_and_flags.format(originals).split()
    assert convert(originals, tmp_path / "models/dots", *words) != 0
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 2, lines
    assert re.match(problem, lines[0]), lines[0]
    assert lines[1].startswith("  hint: ")
    assert not list(tmp_path.iterdir())
    assert sorted(originals.rglob("*")) == before


def test_a_model_that_finds_nobody_is_refused_with_the_table(
    originals: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert convert(originals, tmp_path / "dots", "loud", *PER_TENSOR) == 1
    said = capfd.readouterr()
    good, bad = said.out.split("tflite:int8 in")[1].split("tflite:int8-per-tensor in")
    assert "FAILED" not in good
    assert re.search(r"people the quantized model is sure of +0\n", bad)
    assert re.search(r"people found by both +0.000 +at least 0.95 +FAILED", bad)
    assert re.match("compare dots: .*: tflite:int8-per-tensor; nothing was written", said.err)
    assert len(said.err.splitlines()) == 2
    assert not list(tmp_path.iterdir())


def test_a_refused_model_leaves_the_one_that_is_there(originals: Path, tmp_path: Path) -> None:
    out = tmp_path / "dots"
    assert convert(originals, out, "net") == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    assert convert(originals, out, "loud", *PER_TENSOR) == 1
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_model_written_by_force_says_so_to_everybody(
    originals: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dots"
    assert convert(originals, out, "loud", *PER_TENSOR, "--force") == 0
    assert "differs too much and was written all the same" in capfd.readouterr().out
    manifest = load(out / FILE_NAME)
    assert manifest.parity == "failed"
    assert manifest.measured["tflite:int8"]["passed"] is True
    assert manifest.measured["tflite:int8-per-tensor"]["passed"] is False
    assert "PARITY FAILED" in (out / "CARD.md").read_text()
    film = str(dot_people.film(tmp_path / "film.avi", range(3)))
    words = ["record", film, "--model", str(out), "--out", str(tmp_path / "poses.jsonl")]
    assert edgepose(words) == 0
    assert "warning: dots failed its parity" in capfd.readouterr().err


def test_a_wider_tolerance_is_kept(originals: Path, tmp_path: Path) -> None:
    out = tmp_path / "dots"
    nobody = ("--tolerance", "found_by_both=0")
    assert convert(originals, out, "loud", *PER_TENSOR, *nobody) == 1  # no distance to measure
    assert convert(originals, out, "net", *nobody) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    words = capsys.readouterr().out
    assert f"edgepose-convert {command} " in words.partition("options:")[0].split("\n\n", 1)[1]
    assert re.search("--out .*\n", words)
    assert re.search("tflite:int8 +int8", words)


def test_a_set_without_its_originals_is_told_in_two_lines(
    originals: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "cache"))
    flags = ["--from", originals / "nothing", "--calibrate", originals / "pictures"]
    assert main(["defaults", *map(str, flags), "--out", str(tmp_path / "models")]) != 0
    assert len(capfd.readouterr().err.splitlines()) == 2
    assert not (tmp_path / "models").exists()


def test_without_the_extra_it_says_what_to_install() -> None:
    """A core install has the command, and not its packages."""
    script = (
        "import sys; sys.modules['ai_edge_quantizer'] = None; "
        "from converters.__main__ import main; sys.exit(main(['posenet', '--help']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "edgepose-convert: ai_edge_quantizer is not installed",
        "  hint: run: make dev, or pip install 'edgepose[convert]'",
    ]
