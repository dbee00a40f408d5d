"""Pictures for a conversion: the same ones each time, none in both sets, and never too few."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from converters.calibration import (
    CalibrationSettings,
    doubt,
    enough,
    fingerprint,
    shows,
    split,
    unseen,
)
from converters.errors import ConvertError
from converters.pictures import Loaded, Picture, load, spread
from edge.core.types import Image
from edge.errors import EdgeposeError, SourceError
from tests.fakes import standing

SETTINGS = CalibrationSettings(count=12, parity_count=8, least=4, seed=3)


def noise(seed: int, height: int = 12, width: int = 16) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def loaded(count: int, film: str = "") -> Loaded:
    return Loaded("pictures", tuple(Picture(str(i), noise(i), film) for i in range(count)))


def names(pictures: tuple[Picture, ...]) -> list[str]:
    return [picture.name for picture in pictures]


def take(uri: object, wanted: int = 100, seed: int = 0) -> Loaded:
    return load(str(uri), wanted, seed, lambda _done, _total: None)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with pictures in it and below."""
    folder = tmp_path / "photos"
    (folder / "more").mkdir(parents=True)
    for number in (1, 2, 10):
        cv2.imwrite(str(folder / f"img{number}.png"), noise(number))
    cv2.imwrite(str(folder / "more" / "a.PNG"), noise(4))
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A video whose n-th frame is 2 n bright."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
    for number in range(100):
        writer.write(np.full((48, 64, 3), 2 * number, np.uint8))
    writer.release()
    return path


def test_a_folder_is_read_with_those_in_it_in_the_order_of_their_numbers(photos: Path) -> None:
    assert names(take(photos).pictures) == ["img1.png", "img2.png", "img10.png", "more/a.PNG"]


def test_pictures_are_red_green_blue(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "red.png"), np.full((4, 4, 3), (0, 0, 255), np.uint8))
    (picture,) = take(tmp_path).pictures
    assert picture.image[0, 0].tolist() == [255, 0, 0]


def test_one_picture_or_a_pattern_will_do(photos: Path) -> None:
    assert names(take(photos / "img2.png").pictures) == ["img2.png"]
    assert names(take(photos / "img1*.png").pictures) == ["img1.png", "img10.png"]


def test_damaged_files_are_left_out_and_told(photos: Path) -> None:
    (photos / "img3.jpg").write_bytes(b"no picture")
    found = take(photos)
    assert found.unreadable == ("img3.jpg",)
    assert len(found.pictures) == 4
    with pytest.raises(ConvertError, match=r"4 different pictures \(unreadable files: 1\); 5"):
        found.need(5)


def test_what_is_damaged_or_a_copy_is_made_good_by_others(photos: Path) -> None:
    for number in range(20, 40):
        cv2.imwrite(str(photos / f"img{number}.png"), noise(number))
        (photos / f"copy{number}.png").write_bytes((photos / f"img{number}.png").read_bytes())
        (photos / f"broken{number}.png").write_bytes(b"no picture")
    assert [len(take(photos, wanted, seed=5).pictures) for wanted in (10, 20, 24)] == [10, 20, 24]
    found = names(take(photos, 24).pictures)
    assert sorted(found) == sorted(set(found))


def test_a_name_that_is_no_text_is_read_and_told(photos: Path) -> None:
    odd = photos / os.fsdecode(b"p\xff.png")
    odd.write_bytes((photos / "img1.png").read_bytes())
    (photos / "img1.png").unlink()
    assert "p\N{REPLACEMENT CHARACTER}.png" in names(take(photos).pictures)


def test_a_film_gives_enough_for_both_sets(film: Path) -> None:
    settings = CalibrationSettings(count=8, parity_count=8, least=8)
    calibration, parity = split(take(film, enough(settings)), settings)
    assert (len(calibration), len(parity)) == (8, 8)


def test_a_copy_under_another_name_is_the_same_picture(photos: Path) -> None:
    (photos / "copy.png").write_bytes((photos / "img1.png").read_bytes())
    assert len(take(photos).pictures) == 4


def test_the_bar_goes_to_its_end(photos: Path) -> None:
    steps: list[tuple[int, int]] = []
    load(str(photos), 3, 0, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_large_pictures_are_made_smaller_and_keep_their_shape(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "large.png"), noise(0, 1500, 2000))
    (picture,) = take(tmp_path).pictures
    assert picture.image.shape == (960, 1280, 3)


def test_frames_of_a_film_are_spread_over_all_of_it(film: Path) -> None:
    pictures = take(film, wanted=10).pictures
    numbers = [int(picture.name.rpartition("#")[2]) for picture in pictures]
    levels = [float(picture.image.mean()) / 2 for picture in pictures]
    assert (len(numbers), numbers[0] < 16, numbers[-1] >= 84) == (10, True, True)
    assert np.diff(numbers) == pytest.approx(12, abs=4)
    assert levels == pytest.approx(numbers, abs=2)
    assert {picture.film for picture in pictures} == {"film.avi"}


def test_a_short_film_gives_what_it_has(film: Path) -> None:
    assert len(take(film, wanted=1000).pictures) > 90


@pytest.mark.parametrize("uri", ["rtsp://camera/stream", "/dev/video9", "0"])
def test_a_live_camera_is_refused_unopened(uri: str) -> None:
    with pytest.raises(ConvertError, match="live camera") as error:
        take(uri)
    assert "video" in error.value.hint


def test_what_holds_no_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match="no pictures found"):
        take(tmp_path)
    with pytest.raises(SourceError, match="no such file"):
        take(tmp_path / "missing")
    text = tmp_path / "film.mp4"
    text.write_text("no film")
    with pytest.raises(EdgeposeError, match="is a text"):
        take(text)


@given(count=st.integers(1, 300), wanted=st.integers(1, 300), seed=st.integers(0, 99))
def test_what_is_taken_is_spread_evenly(count: int, wanted: int, seed: int) -> None:
    taken = spread(range(count), wanted, seed)
    assert len(taken) == min(count, wanted)
    assert sorted(set(taken)) == list(taken)
    assert max(np.diff([-1, *taken, count])) <= 2 * max(1, count / wanted) + 1
    assert taken == spread(range(count), wanted, seed)


def test_another_seed_takes_other_pictures() -> None:
    assert len({spread(range(100), 10, seed) for seed in range(20)}) > 5
    sets = (split(loaded(40), CalibrationSettings(least=4, seed=seed)) for seed in range(20))
    assert len({tuple(names(parity)) for _, parity in sets}) > 5


@given(count=st.integers(8, 60), seed=st.integers(0, 99))
def test_no_picture_is_in_both_sets_and_both_are_large_enough(count: int, seed: int) -> None:
    settings = CalibrationSettings(count=12, parity_count=8, least=4, seed=seed)
    pictures = loaded(count)
    calibration, parity = split(pictures, settings)
    assert not set(names(calibration)) & set(names(parity))
    assert len(calibration) == min(12, count - len(parity))
    assert len(parity) == max(4, min(8, count // 2))
    again = split(pictures, settings)
    assert (names(again[0]), names(again[1])) == (names(calibration), names(parity))


@given(seed=st.integers(0, 99))
def test_neighbours_in_a_film_are_never_in_different_sets(seed: int) -> None:
    settings = CalibrationSettings(count=12, parity_count=8, least=4, seed=seed)
    calibration, parity = (
        {int(name) for name in names(one)} for one in split(loaded(60, "film.mp4"), settings)
    )
    assert all(abs(one - other) > 1 for one in calibration for other in parity)


@given(seed=st.integers(0, 99))
def test_pictures_are_set_aside_in_few_runs_all_over_the_folder(seed: int) -> None:
    settings = CalibrationSettings(count=60, parity_count=40, least=4, seed=seed)
    parity = [int(name) for name in names(split(loaded(100), settings)[1])]
    assert int((np.diff(parity) > 1).sum()) <= 3
    assert all(any(first <= one < first + 25 for one in parity) for first in range(0, 100, 25))


@pytest.mark.parametrize("pictures", [loaded(7), loaded(0), loaded(9, "film.mp4")])
def test_too_few_are_refused_with_how_many_are_needed(pictures: Loaded) -> None:
    with pytest.raises(ConvertError, match=r"gives \d different pictures; \d are needed") as error:
        split(pictures, SETTINGS)
    assert "add pictures" in error.value.hint


def test_what_the_calibration_saw_proves_nothing() -> None:
    album = loaded(10)
    renamed = Loaded("others", tuple(Picture(f"{p.name}b", p.image) for p in album.pictures))
    assert names(unseen(renamed, album.pictures[:6]).pictures) == ["6b", "7b", "8b", "9b"]


def test_a_fingerprint_tells_of_pixels_shape_and_order_but_not_of_names() -> None:
    first, second = Picture("a", noise(1)), Picture("b", noise(2))
    turned = Picture("a", noise(1).reshape(16, 12, 3))
    prints = [fingerprint(one) for one in ((first, second), (second, first), (turned, second))]
    assert len({*prints, fingerprint((first,))}) == 4
    assert fingerprint((Picture("c", noise(1)), second)) == prints[0]


def test_pictures_must_show_somebody() -> None:
    faint = standing()
    faint.score[:] = 0.2
    assert shows("photos", [(standing(), faint), (), (faint,)], "person") == 1
    with pytest.raises(ConvertError, match="sees no person in any of the 2 pictures"):
        shows("photos", [(), (faint,)], "person")


def test_few_pictures_with_somebody_are_worth_a_warning() -> None:
    assert "only 4 of 10 pictures show a hand" in doubt(4, 10, "hand")
    assert doubt(5, 10, "hand") == ""
