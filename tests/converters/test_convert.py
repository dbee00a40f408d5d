"""What a conversion leaves behind: a folder that the runtime opens, and that says the truth."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from converters.__main__ import main
from converters.target import DEFAULTS, variants
from edge import registry
from edge.__main__ import main as edgepose
from edge.decode.posenet import PoseNet
from edge.manifest import FILE_NAME, Manifest, load
from edge.recording import Reader
from edge.runtime.predictor import Predictor
from tests.converters import dot_people

TEXTS = {FILE_NAME, "CARD.md", "report.html"}
SEEDS = range(24)  # of the pictures to convert with
OTHERS = range(100, 112)  # of pictures that no conversion has seen


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an original, pictures and their truth."""
    folder = tmp_path_factory.mktemp("workshop")
    dot_people.original(folder / "net")
    dot_people.pictures(folder / "pictures", SEEDS)
    dot_people.pictures(folder / "others", OTHERS)
    dot_people.truth(folder / "truth.json", SEEDS)
    return folder


def convert(workshop: Path, out: Path, *flags: str | Path, to: tuple[str, ...] = DEFAULTS) -> Path:
    """Convert; give the new folder."""
    words = ["posenet", "--from", workshop / "net", "--input", dot_people.INPUT, "--out", out]
    words += ["--calibrate", workshop / "pictures", *flags]
    words += [word for target in to for word in ("--to", target)]
    assert main([str(word) for word in words]) == 0
    return out


@pytest.fixture(scope="module")
def everything(workshop: Path) -> Path:
    """Give a model of every format and variant there is."""
    facts = ("--licence", "MIT", "--title", "Dots", "--homepage", "https://example.org/dots")
    truth = ("--truth", workshop / "truth.json")
    return convert(workshop, workshop / "everything", *facts, *truth, to=tuple(variants()))


@pytest.fixture
def manifest(everything: Path) -> Manifest:
    return load(everything / FILE_NAME)


def test_a_folder_has_the_files_its_manifest_names_and_what_people_read(
    everything: Path, manifest: Manifest
) -> None:
    hashes = {file.path: file.sha256 for file in manifest.weights}
    assert {file.name for file in everything.iterdir()} == hashes.keys() | TEXTS
    for name, sha256 in hashes.items():
        assert hashlib.sha256((everything / name).read_bytes()).hexdigest() == sha256
    assert "<html" in (everything / "report.html").read_text()


def test_every_file_finds_the_painted_people_in_every_runtime_it_is_for(
    everything: Path, manifest: Manifest
) -> None:
    opened = 0
    for file in manifest.weights:
        for kind in file.backends:
            opened += 1
            with registry.load("backends", kind)(manifest, everything / file.path, 1) as backend:
                predictor = Predictor(manifest, backend)
                for seed in OTHERS:
                    people = dot_people.places(seed)
                    seen = predictor.whole(dot_people.picture(people, seed)).poses
                    assert dot_people.corners(seen) == sorted(people), (file.path, kind, seed)
                    assert len(seen) == len(people), (file.path, kind, seed)
    assert opened >= len(variants())


def test_the_manifest_says_what_was_made_of_what_and_with_what(
    workshop: Path, manifest: Manifest
) -> None:
    assert (manifest.licence, manifest.title) == ("MIT", "Dots")
    assert manifest.homepage == "https://example.org/dots"
    assert manifest.converted_by.startswith("edgepose-convert ")
    assert manifest.origin == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (workshop / "net").iterdir()
    }
    assert {"ai-edge-litert", "ai-edge-quantizer", "nncf", "onnx", "openvino"} == set(
        manifest.converted_with
    )
    assert (manifest.input.height, manifest.input.width) == dot_people.SIZE
    counted = [manifest.calibration[key] for key in ("pictures", "parity_pictures", "seed")]
    assert counted == [12, 12, 0]


def test_the_manifest_and_the_card_say_what_was_measured(
    everything: Path, manifest: Manifest
) -> None:
    assert manifest.parity == "passed"
    assert set(manifest.measured) == set(variants())
    card = (everything / "CARD.md").read_text()
    for target, figures in manifest.measured.items():
        assert figures["passed"] is True
        assert figures["found_by_both"] == 1.0
        assert figures["ap_float"] == figures["ap_quantized"] == pytest.approx(1.0)
        assert target in card


def test_twice_gives_the_same_bytes_but_for_the_report_s_latencies(
    workshop: Path, tmp_path: Path
) -> None:
    one, other = (convert(workshop, tmp_path / each / "dots") for each in ("one", "other"))
    assert {file.name for file in one.iterdir()} == {file.name for file in other.iterdir()}
    for file in one.iterdir():
        if file.name != "report.html":
            assert file.read_bytes() == (other / file.name).read_bytes(), file.name


def quick(workshop: Path, out: Path, *flags: str | Path) -> Manifest:
    """Convert to one small file."""
    return load(convert(workshop, out, *flags, to=("tflite:int8",)) / FILE_NAME)


def test_a_licence_nobody_stated_is_called_unknown(
    workshop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quick(workshop, tmp_path / "dots").licence == "LicenseRef-unknown"
    assert "licence is not known" in capsys.readouterr().out


def test_a_model_that_was_there_is_replaced_whole(workshop: Path, tmp_path: Path) -> None:
    out = tmp_path / "dots"
    convert(workshop, out, to=("tflite:float16",))
    quick(workshop, out)
    assert {file.name for file in out.iterdir()} == {"dots-int8.tflite"} | TEXTS
    assert [file.name for file in tmp_path.iterdir()] == ["dots"]


def test_a_model_with_somebody_s_notes_beside_it_is_not_replaced(
    workshop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dots"
    quick(workshop, out)
    (out / "notes.txt").write_text("years of work")
    words = ["posenet", "--from", workshop / "net", "--calibrate", workshop / "pictures"]
    assert main([str(word) for word in (*words, "--out", out)]) == 1
    assert "has what no conversion made: notes.txt" in capsys.readouterr().err
    assert (out / "notes.txt").read_text() == "years of work"


@pytest.mark.parametrize(("to", "rounded"), [("tflite:float16", False), ("tflite:int8", True)])
def test_how_pixels_are_taken_is_what_was_said_in_the_files_and_the_manifest(
    workshop: Path, tmp_path: Path, to: str, *, rounded: bool
) -> None:
    words = ["any", workshop / "net", "--decoder", "posenet", "--mean", "127", "--std", "128"]
    words += ["--input", dot_people.INPUT, "--calibrate", workshop / "pictures", "--to", to]
    assert main([str(word) for word in (*words, "--out", tmp_path / "dots", "--force")]) == 0
    manifest = load(tmp_path / "dots" / FILE_NAME)
    assert (manifest.input.mean, manifest.input.std) == ((127.0,) * 3, (128.0,) * 3)
    assert manifest.title.endswith("quantized") == rounded


@pytest.mark.parametrize("wrong", ["--mean=nan", "--mean=300", "--std=inf", "--std=0"])
def test_pixels_that_no_model_takes_are_refused(
    workshop: Path, tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["any", workshop / "net", "--decoder", "posenet", wrong, "--out", tmp_path / "dots"]
    assert main([str(word) for word in (*words, "--calibrate", workshop / "pictures")]) == 1
    assert f"{wrong.partition('=')[0]}: " in capsys.readouterr().err


def test_other_pictures_can_be_compared_on(workshop: Path, tmp_path: Path) -> None:
    facts = quick(workshop, tmp_path / "dots", "--parity", workshop / "others").calibration
    assert facts["pictures"] == len(SEEDS)
    assert facts["parity_pictures"] == len(OTHERS)
    assert facts["showing"] == sum(bool(dot_people.places(seed)) for seed in SEEDS)


def test_the_same_folder_is_calibrated_and_compared_on_without_sharing_a_picture(
    workshop: Path, tmp_path: Path
) -> None:
    few = ("--count", "8", "--parity-count", "8", "--parity", workshop / "pictures")
    facts = quick(workshop, tmp_path / "dots", *few).calibration
    assert (facts["pictures"], facts["parity_pictures"]) == (8, 8)
    assert facts["sha256"] != facts["parity_sha256"]


def test_what_is_said_of_decoding_is_kept_and_taken_over_from_the_original(
    workshop: Path, tmp_path: Path
) -> None:
    searching = ("--decode", "search=1", "--licence", "MIT")
    first = convert(workshop, tmp_path / "first", *searching, to=("tflite:float32",))
    file = load(first / FILE_NAME).weights[0].path
    second = convert(workshop, tmp_path / "second", "--from", first / file, to=("tflite:float16",))
    third = quick(workshop, tmp_path / "third", "--from", first / file, "--decode", "search=0")
    again = load(second / FILE_NAME)
    assert again.decoder == PoseNet(search=1)
    assert again.licence == "MIT"
    assert "**Decoder**: `posenet`, search 1\n" in (second / "CARD.md").read_text()
    assert third.decoder == PoseNet()


def test_a_video_calibrates(workshop: Path, tmp_path: Path) -> None:
    film = dot_people.film(tmp_path / "film.avi", range(40))
    facts = quick(workshop, tmp_path / "dots", "--calibrate", film).calibration
    # Neighbours of those that are compared on are left out, as they show the same moment.
    assert 8 < int(facts["pictures"]) < 40 - int(facts["parity_pictures"])


def test_the_runtime_runs_the_new_folder_on_a_clip(everything: Path, tmp_path: Path) -> None:
    film = dot_people.film(tmp_path / "film.avi", OTHERS)
    poses = tmp_path / "poses.jsonl"
    assert edgepose(["record", str(film), "--model", str(everything), "--out", str(poses)]) == 0
    seen = [dot_people.corners(each.poses) for each in Reader(poses, pytest.fail)]
    assert seen == [sorted(dot_people.places(seed)) for seed in OTHERS]


def test_a_device_needs_nothing_but_the_folder(everything: Path, tmp_path: Path) -> None:
    moved = tmp_path / "everything"
    shutil.copytree(everything, moved)
    assert edgepose(["models", "verify", str(moved)]) == 0
