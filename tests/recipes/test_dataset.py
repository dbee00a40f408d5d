"""A data set on disk: the same whoever makes it, and what is there is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import pytest

from edge.errors import EdgeposeError
from models.recipes import __main__ as recipes
from models.recipes.rendering.dataset import make_dataset, read_truth
from tests.recipes.made_up import broken, disks


def made(folder: Path, count: int, workers: int = 1) -> list[int]:
    shown: list[int] = []
    make_dataset(disks, folder, count, 7, workers, shown.append)
    return shown


def sums(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.[jp]*g")
    }


def test_one_process_makes_what_two_make(tmp_path: Path) -> None:
    made(tmp_path / "one", 6)
    made(tmp_path / "two", 6, workers=2)
    assert sums(tmp_path / "one") == sums(tmp_path / "two")
    one, two = (
        sorted(map(str, read_truth(folder))) for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert len(sums(tmp_path / "one")) == 12


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    assert made(tmp_path, 3) == [1, 2, 3]
    before = sums(tmp_path)
    with (tmp_path / "truth.jsonl").open("a") as file:
        file.write('{"id": "00')  # killed in the middle of a line
    text = (tmp_path / "truth.jsonl").read_text()
    assert [line["id"] for line in read_truth(tmp_path)] == ["000000", "000001", "000002"]
    (tmp_path / "truth.jsonl").write_text(text.rpartition("\n")[0] + "\n")
    assert made(tmp_path, 5) == [4, 5]
    assert before.items() <= sums(tmp_path).items()


def test_a_line_cut_short_is_made_again(tmp_path: Path) -> None:
    made(tmp_path, 2)
    whole = (tmp_path / "truth.jsonl").read_text()
    (tmp_path / "truth.jsonl").write_text(whole[:-20])
    made(tmp_path, 2)
    assert sorted(line["id"] for line in read_truth(tmp_path)) == ["000000", "000001"]


def test_a_renderer_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(EdgeposeError, match="no EGL here"):
        make_dataset(broken, tmp_path, 2, 0, 1, lambda _: None)


def test_a_sheet_is_drawn_and_a_folder_without_pictures_refused(tmp_path: Path) -> None:
    made(tmp_path / "set", 4)
    words = ["sheet", str(tmp_path / "set"), "--out", str(tmp_path / "sheet.png"), "--across", "2"]
    assert recipes.main(words) == 0
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert sheet.shape == (128, 128, 3)
    assert recipes.main(["sheet", str(tmp_path), "--out", str(tmp_path / "x.png")]) != 0


def test_commands_teach(capsys: pytest.CaptureFixture[str]) -> None:
    assert recipes.main([]) == 0
    assert "python -m models.recipes render people" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        recipes.main(["rendr"])
    assert "render" in capsys.readouterr().err
