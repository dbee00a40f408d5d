"""Cooking through the real engine: what people tagged is told, and what is right stays quiet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.errors import BenchError
from benchmarks.sop import lessons, recordings
from benchmarks.sop.judge import Judged, judge
from benchmarks.sop.play import play, signals
from tests.benchmarks.timelines import EARLY, RIGHT, cooking, recording

LEFT_OUT = "left out"
ORDER, MISSING, TIMING = "Order Error", "Missing Step", "Timing Error"


def judged(folder: Path, *some: dict[str, Any]) -> list[Judged]:
    read = recordings.read(cooking(folder, some))
    return [judge(one, play(one.recipe.procedure(), signals(one), 2.0)) for one in read]


def figures(folder: Path, *some: dict[str, Any], words: tuple[str, ...] = ()) -> dict[str, Any]:
    out = folder / "sop.json"
    source = cooking(folder / "cooking", some)
    assert main(["sop", "--captaincook", str(source), "--json", str(out), *words]) == 0
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def test_a_right_recording_is_quiet_and_followed(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, recording("1", RIGHT))
    assert not one.order.told
    assert not one.missing.told
    assert one.completed.told == one.completed.done
    assert all(0 <= delay <= 0.5 for delay in one.completed.delays)


def test_both_steps_of_a_swapped_pair_are_told(tmp_path: Path) -> None:
    tags = {"3": ORDER, "1": ORDER}
    (one,) = judged(tmp_path, recording("1", EARLY, tags))
    assert one.order.told == one.order.true == {"step-1", "step-3"}
    assert one.order_delays == pytest.approx((0.0,), abs=0.5)


def test_order_goes_through_steps_that_were_left_out(tmp_path: Path) -> None:
    doings = (("1", 0, 180), ("4", 190, 195), ("2", 200, 260), ("5", 270, 275))
    tags = {"3": MISSING, "4": ORDER, "2": ORDER}
    (one,) = judged(tmp_path, recording("1", doings, tags))
    assert one.order.told == one.order.true
    assert one.missing.told == one.missing.true == {"step-3"}


def test_steps_done_together_are_in_no_order(tmp_path: Path) -> None:
    doings = (("2", 0, 60), ("3", 70, 250), ("1", 80, 255), ("4", 260, 265), ("5", 270, 275))
    (one,) = judged(tmp_path, recording("1", doings))
    assert not one.order.told


def test_what_the_recipe_leaves_to_the_cook_is_not_missing(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, recording("1", RIGHT))
    assert "step-6" not in one.missing.told


def test_a_step_of_the_same_words_is_the_next_one(tmp_path: Path) -> None:
    (folder,) = recordings.read(cooking(tmp_path, [recording("1", RIGHT[:4])]))
    assert [doing.step for doing in folder.doings] == ["step-1", "step-2", "step-3", "step-4"]


def test_a_step_in_other_words_is_known_by_its_number_or_its_likeness(tmp_path: Path) -> None:
    other = recording("other", RIGHT)
    other["step_annotations"][0]["description"] = "Heat a pot"  # numbered as others' boiling
    other["step_annotations"][1] |= {"description": "Grind-the beans, finely", "step_id": 999}
    _, read = recordings.read(cooking(tmp_path, [recording("usual", RIGHT), other]))
    assert [doing.step for doing in read.doings][:2] == ["step-1", "step-2"]


def test_figures_by_step_and_by_recording(tmp_path: Path) -> None:
    found = figures(
        tmp_path,
        recording("right", RIGHT),
        recording("swapped", EARLY, {"3": ORDER, "1": ORDER}),
        recording("untagged", EARLY, {"2": "Technique Error"}),
        recording("missing", RIGHT[:3], {"4": MISSING, "5": MISSING}),
    )
    order, missing = found["order"], found["missing"]
    assert order["steps"] == {"right": 2, "wrong": 2, "missed": 0}
    assert (order["step_precision"], order["step_recall"]) == (0.5, 1.0)
    assert (order["recording_precision"], order["recording_recall"]) == (0.5, 1.0)
    assert (missing["step_f1"], missing["recording_f1"]) == (1.0, 1.0)
    assert found["procedures"]["coffee"]["order"]["step_f1"] == order["step_f1"]
    assert (found["pos"], found["edit_score"], found["completed"]["f1"]) == (1.0, 1.0, 1.0)
    assert found["false_alerts"]["recordings_quiet"] == 1
    low, high = order["step_f1_interval"]
    assert low <= order["step_f1"] <= high
    assert found["recordings"][1]["order"] == {
        "told": ["step-1", "step-3"],
        "tagged": ["step-1", "step-3"],
    }


def test_the_simple_reading_takes_what_is_done_together_for_swapped(tmp_path: Path) -> None:
    together = (("2", 0, 60), ("3", 70, 250), ("1", 80, 255), ("4", 260, 265), ("5", 270, 275))
    lacking = recording("missing", RIGHT[:4], {"5": MISSING})
    found = figures(tmp_path, recording("together", together), lacking)
    assert found["order"]["steps"]["wrong"] == 0
    assert found["order_pairwise"]["steps"]["wrong"] == 2
    assert found["missing"]["steps"]["missed"] == 0
    assert found["missing_pairwise"]["steps"]["missed"] == 1


def test_times_are_learned_where_the_recipe_states_one(tmp_path: Path) -> None:
    slow = (("1", 0, 400), *((n, a + 300, b + 300) for n, a, b in RIGHT[1:]))
    found = figures(
        tmp_path,
        *(recording(f"right-{number}", RIGHT) for number in range(3)),
        recording("slow", slow, {"1": TIMING}),
    )
    assert found["timing"]["steps"] == {"right": 1, "wrong": 0, "missed": 0}
    assert found["timing"]["limits"] == 4


def test_no_tag_of_the_folder_is_used_to_tell(tmp_path: Path) -> None:
    swaps = [recording(name, EARLY) for name in ("a", "b")]
    found = figures(tmp_path, *swaps)
    assert found["order"]["steps"]["wrong"] == found["order_graph"]["steps"]["wrong"] == 4


def test_a_recording_does_not_learn_from_itself(tmp_path: Path) -> None:
    read = recordings.read(cooking(tmp_path, [recording(name, EARLY) for name in ("a", "b")]))
    assert lessons.tolerated(read[0], lessons.learned(read[:1])) == set()
    assert ("step-1", "step-3") in lessons.tolerated(read[0], lessons.learned(read))


def test_lessons_are_outvoted_by_recordings_that_people_call_wrong(tmp_path: Path) -> None:
    wrong = [recording(name, EARLY, {"1": ORDER}) for name in ("x", "y")]
    read = recordings.read(cooking(tmp_path, [recording("a", EARLY), *wrong]))
    known = lessons.learned(read[:2])
    assert lessons.tolerated(read[0], known) == set()  # one of each is no majority
    assert lessons.tolerated(read[1], known) != set()
    path = tmp_path / "lessons.json"
    path.write_text(lessons.text(known))
    assert lessons.read(path) == known
    assert lessons.learned(read) == {}  # two say it was wrong, whoever is left out


def test_teaching_writes_what_can_be_read(tmp_path: Path) -> None:
    source, out = cooking(tmp_path / "c", [recording("a", EARLY)]), tmp_path / "lessons.json"
    assert main(["sop", "--captaincook", str(source), "--teach", str(out)]) == 0
    assert lessons.read(out)["coffee"]["step-1", "step-3"].correct == {"a"}


def test_a_picture_of_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    source = cooking(tmp_path / "c", [recording("a", EARLY, {"1": ORDER})])
    words = ["sop", "--captaincook", str(source), "--recording", "a"]
    assert main([*words, "--picture", str(tmp_path / "a.png")]) == 0
    assert (tmp_path / "a.png").stat().st_size > 10_000
    assert "was done before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--captaincook: is missing"),
        (["--captaincook", "none"], "recordings.json: cannot be read"),
        (["--openpack", "none"], "has no sessions"),
        (["--openpack", "none", "--fps", "0"], "is no frame rate"),
        (["--captaincook", "none", "--picture", "a.png"], "goes with --recording"),
    ],
)
def test_flags_that_make_no_sense(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sop", *words]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("where", "key", "value", "said"),
    [
        ("step", "start_time", LEFT_OUT, "start_time"),
        ("step", "end_time", None, "NoneType"),
        ("step", "step_id", LEFT_OUT, "step_id"),
        ("recording", "is_error", LEFT_OUT, "is_error"),
        ("recording", "step_annotations", None, "NoneType"),
    ],
)
def test_a_broken_recording_is_named(
    where: str, key: str, value: object, said: str, tmp_path: Path
) -> None:
    tables = [recording("a", RIGHT), recording("7_b", RIGHT)]
    table = tables[1] if where == "recording" else tables[1]["step_annotations"][0]
    table[key] = value
    if value == LEFT_OUT:
        del table[key]
    folder = cooking(tmp_path, tables)
    with pytest.raises(BenchError, match=rf"recordings\.json.*'7_b'.*{said}"):
        recordings.read(folder)


def test_no_errors_may_be_written_as_null(tmp_path: Path) -> None:
    table = recording("a", RIGHT)
    table["step_annotations"][0]["errors"] = None
    (read,) = recordings.read(cooking(tmp_path, [table]))
    assert read.tagged == {}


def test_steps_that_are_guessed_are_counted_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = recording("a", RIGHT)
    figures(tmp_path / "known", table)
    assert "unknown words" not in capsys.readouterr().err
    table["step_annotations"][1] |= {"description": "Fly-Fly to the moon", "step_id": 999}
    figures(tmp_path / "guessed", table)
    said = capsys.readouterr().err
    assert "1 of unknown words and number" in said
    assert "recording a: Fly-Fly to the moon" in said


@pytest.fixture
def real(shared: Path) -> Path:
    """Give the recordings of CaptainCook4D, or skip with the reason."""
    folder = shared / "timelines" / "captaincook4d"
    if not folder.is_dir():
        pytest.skip(f"no timelines at {folder}")
    return folder


def test_the_lessons_that_come_along_are_those_of_the_recordings(real: Path) -> None:
    assert lessons.read() == lessons.learned(recordings.read(real))


def test_real_recordings(real: Path) -> None:
    """Of three procedures; figures of all are in RESULTS.md."""
    chosen = {"mugcake", "scrambledeggs", "sautedmushrooms"}
    some = [one for one in recordings.read(real) if one.recipe.name in chosen]
    told = [judge(one, play(one.recipe.procedure(), signals(one), 0.2)) for one in some]
    tagged = sum(len(one.order.true) for one in told)
    right = sum(len(one.order.true & one.order.told) for one in told)
    wrong = sum(len(one.order.told - one.order.true) for one in told)
    assert tagged > 100
    assert right / tagged > 0.95
    assert wrong / tagged < 0.05
    assert all(one.missing.told == one.missing.true for one in told)
