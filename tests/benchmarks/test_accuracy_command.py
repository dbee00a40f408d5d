"""`edgepose-bench accuracy` on people made of dots: all found in float, none once rounded badly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import cv2
import pytest

pytest.importorskip("ai_edge_quantizer")
pytest.importorskip("matplotlib")
pytest.importorskip("onnx")
pytest.importorskip("pycocotools")
pytest.importorskip("tomli_w")

from benchmarks.__main__ import main
from benchmarks.accuracy import measure
from benchmarks.variants import variants
from converters.__main__ import main as convert
from edge.modelstore import ModelStore, model_store
from tests.converters import dot_people

SEEDS = range(12)  # of pictures to convert with
OTHERS = range(100, 110)  # of pictures to measure on
PEOPLE = sum(len(dot_people.places(seed)) for seed in OTHERS)
VARIANTS = ("tflite:int8-per-tensor", "tflite:float32")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a model of two variants, pictures and their marks."""
    folder = tmp_path_factory.mktemp("workshop")
    dot_people.original(folder / "net", loud=True)
    dot_people.pictures(folder / "calibration", SEEDS)
    dot_people.pictures(folder / "pictures", OTHERS)
    dot_people.truth(folder / "truth.json", OTHERS)
    words = ["posenet", "--from", folder / "net", "--input", dot_people.INPUT, "--force"]
    words += ["--calibrate", folder / "calibration", "--least", "4", "--out", folder / "dots"]
    words += [word for target in VARIANTS for word in ("--to", target)]
    assert convert([str(word) for word in words]) == 0
    return folder


def bench(workshop: Path, *flags: str | Path, model: str = "dots") -> int:
    words = ["accuracy", "--coco", workshop / "truth.json", "--images", workshop / "pictures"]
    return main([str(word) for word in (*words, "--model", workshop / model, *flags)])


def told(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def test_both_variants_are_measured_beside_each_other(
    workshop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(workshop, "--json", tmp_path / "a.json", "--plot", tmp_path / "a.svg") == 0
    content = told(tmp_path / "a.json")
    assert (content["coco"], content["skeleton"]) == ("truth.json", "body17")
    assert (content["pictures"], content["people"]) == (len(OTHERS), PEOPLE)
    assert content["board"]
    whole, rounded = (content["models"]["dots"][name] for name in sorted(VARIANTS))
    assert whole["weights"] == "dots-float32.tflite"
    assert whole["sha256"] != rounded["sha256"]
    assert (whole["found"], whole["invented"]) == (PEOPLE, 0)
    assert whole["oks_ap"] == whole["pck_0.2"] == pytest.approx(1.0)
    assert whole["oks_ap_interval"] == pytest.approx([1.0, 1.0])
    assert whole["oks_ap_large"] is None  # nobody is so large
    assert "reference" not in whole
    assert (rounded["found"], rounded["oks_ap"], rounded["pck_0.2"]) == (0, 0.0, 0.0)
    assert rounded["reference"] == "tflite:float32"
    assert rounded["oks_ap_loss"] == pytest.approx(1.0)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    table = [row for row in rows if row and row[0] in VARIANTS and "of" in row]
    assert [row[0] for row in table] == ["tflite:float32", "tflite:int8-per-tensor"]
    assert table[1][-4:] == ["100.0", "(100.0", "to", "100.0)"]
    assert "left ankle 1.000" in " ".join(" ".join(row) for row in rows)
    texts = ET.parse(tmp_path / "a.svg").getroot()  # noqa: S314 - we wrote it
    assert texts.tag.endswith("svg")


def test_another_caller_gets_the_same_figures(workshop: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    model = model_store().find(str(workshop / "dots"))
    (one,) = [v for v in variants(model) if v.precision == "float32"]
    found = measure.accuracy(
        [one],
        workshop / "truth.json",
        workshop / "pictures",
        lambda *done: seen.append(done),
        most=5,
    )
    assert list(found) == [("dots", "tflite:float32")]
    assert found["dots", "tflite:float32"].values["oks_ap"] == pytest.approx(1.0)
    assert seen[-1] == ("dots tflite:float32", 5, 5)


def test_pictures_larger_than_the_file_says_give_the_same_figures(
    workshop: Path, tmp_path: Path
) -> None:
    content = json.loads((workshop / "truth.json").read_text())
    for image in content["images"]:
        image |= {"width": dot_people.SIZE[1], "height": dot_people.SIZE[0]}
        picture = cv2.imread(str(workshop / "pictures" / image["file_name"]))
        assert picture is not None
        cv2.imwrite(str(tmp_path / image["file_name"]), picture.repeat(2, axis=0).repeat(2, axis=1))
    (tmp_path / "truth.json").write_text(json.dumps(content))
    words = ["--coco", tmp_path / "truth.json", "--images", tmp_path, "--model", workshop / "dots"]
    words += ["--precision", "float32", "--json", tmp_path / "a.json"]
    assert main(["accuracy", *map(str, words)]) == 0
    figures = told(tmp_path / "a.json")["models"]["dots"]["tflite:float32"]
    assert (figures["found"], figures["pck_0.1"]) == (PEOPLE, 1.0)


def test_a_variant_that_does_not_open_takes_nothing_from_the_others(
    workshop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "dots"
    broken.mkdir()
    for file in (workshop / "dots").iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    (broken / "dots-int8-per-tensor.tflite").write_bytes(b"damaged")
    assert bench(workshop, "--json", tmp_path / "a.json", model=str(broken)) == 1
    assert list(told(tmp_path / "a.json")["models"]["dots"]) == ["tflite:float32"]
    assert "dots-int8-per-tensor.tflite" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--precision", "int9"], "--precision: no weights end in 'int9'"),
        (["--max", "0"], "--max: 0 is less than 1"),
        (["--palm", "palm-detection-lite"], "--palm: is about hands"),
        (["--tips-first"], "--tips-first: is about hands"),
        (["--plot", "a.txt"], "--plot: 'a.txt' is no picture's name"),
        (["--model", "hand-landmark-lite"], "hand-landmark-lite: finds hands"),
    ],
)
def test_flags_that_do_not_fit_are_told(
    workshop: Path, flags: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(workshop, *flags) != 0
    assert problem in capsys.readouterr().err


def test_hands_in_real_photos_are_measured(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path))
    for name in ("palm-detection-lite", "hand-landmark-lite"):
        ModelStore(tmp_path, model_store().bundled).find(name).pull(shared / "weights")
    folder = shared / "images/hands/onehand10k"
    words = ["--coco", folder / "test_onehand10k.json", "--images", folder, "--backend", "tflite"]
    words += ["--json", tmp_path / "a.json"]
    assert main(["accuracy", *map(str, words)]) == 0
    content = told(tmp_path / "a.json")
    figures = content["models"]["hand-landmark-lite"]["tflite"]
    assert content["skeleton"] == "hand21"
    assert figures["palm"] == "palm-detection-lite"
    assert figures["found"] == content["people"] == 2
    assert figures["auc"] > 0.7
    assert figures["mean_error"] < 0.2
