"""Each thing that can be wrong with a procedure is found, at its key; a good one is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from edge.sop.checking.check import check
from edge.sop.checking.finding import Finding, Known
from edge.sop.procedure import Forbidden, InZone, Procedure, Stage, Step
from tests.procedures import procedures, read

ZONES = """
name = "p"
[zones]
a = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3]]
b = [[0.5, 0.1], [0.7, 0.1], [0.7, 0.3], [0.5, 0.3]]
near-a = [[0.12, 0.12], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3]]
"""
WHERE = {"a": "{ in = 'a', hold_s = 1 }", "b": "{ in = 'b', hold_s = 1 }"}


def step(name: str, when: str = WHERE["a"], more: str = "") -> str:
    return f"[[step]]\nname = '{name}'\nwhen = {when}\n{more}\n"


def found(folder: Path, text: str, known: Known | None = None) -> list[Finding]:
    unused = "no condition speaks of it"
    got = check(read(folder, ZONES + text), known)
    return [one for one in got if one.problem != unused]


START = "[cycle]\nstart = { signal = 'begin' }\n"
A, B = step("a"), step("b", WHERE["b"])


def test_a_good_one_is_left_alone(tmp_path: Path) -> None:
    known = Known(gestures=("pinch",), poses=("stand",), signals=("scanner", "torque", "closing"))
    assert check(read(tmp_path), known) == ()
    assert found(tmp_path, START + A + B) == []


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        # order
        (step("a", more="after = ['b']") + B, "step[1].after", "a -> b -> a"),
        (step("a", more="after = ['a2']") + step("a2", WHERE["b"]) + step("c", "{ signal = 's' }"),
         "step[3].after", "'c' can never be done: it waits for 'a' and 'a2'"),
        (step("a", more="choice = 'x'") + step("b", WHERE["b"], "choice = 'x'\nafter = ['a']"),
         "step[2].after", "waits for a, of which only one"),
        (step("a", more="choice = 'x'\noptional = true") + step("b", WHERE["b"], "choice = 'x'"),
         "step[1].optional", "the whole choice 'x'"),
        (A + step("b", WHERE["b"], "choice = 'x'"), "step[2].choice", "a choice of one"),
        (A + step("b", WHERE["b"], "optional = true"), "step[2].optional", "ended already"),
        (A + step("b", WHERE["b"], "more = true"), "step[2].more", "never more"),
        (step("a", more="optional = true"), "step", "ends as it begins"),
        # zones
        (A + step("b", "{ in = 'near-a', hold_s = 1 }"), "zones.near-a", "% of 'near-a' lies"),
        (A + "[[forbidden]]\nname = 'f'\nwhen = { in = 'near-a' }", "forbidden[1].when",
         "the step 'a' asks for just that"),
        # what is seen
        (A + step("b", more="after = []"), "step[2].when", "cannot be told apart from 'a'"),
        (step("a", more="group = 'g'") + step("b", "{ in = 'near-a', hold_s = 1 }", "group = 'g'"),
         "step[2].when", "cannot be told apart from 'a'"),
        (A + step("b"), "step[2].when", "the same as 'a' right before it"),
        (A + step("b", f"[{WHERE['b']}, {WHERE['a']}]", "after = []"), "step[2].when",
         "seems to do 'a' as well"),
        (step("a", "{ in = 'a' }"), "step[1].when", "a single look is enough"),
        (step("a", "{ enters = 'a' }"), "step[1].when", "a single look is enough"),
        (step("a", "{ all = [{ hand = 'left', in = 'a' }, { hand = 'left', in = 'b' }] }"),
         "step[1].when", "they lie apart"),
        (step("a", "{ all = [{ in = 'a' }, { not = { in = 'a' } }], hold_s = 1 }"), "step[1].when",
         "its opposite"),
        (step("a", "{ signal = 's', at_least = 2, at_most = 1 }"), "step[1].when", "is more than"),
        (step("a", "{ all = [{ signal = 's', is = 1 }, { signal = 's', at_least = 2 }] }"),
         "step[1].when", "cannot say both"),
        (step("a", "{ hands_apart = { least = 0.5, most = 0.2 }, hold_s = 1 }"), "step[1].when",
         "least 0.5 is more"),
        ("[cycle]\nstart = { signal = 's', is = 1 }\nabort = { signal = 's' }\n" + A,
         "cycle.abort", "would break it off"),
        ("[cycle]\nend = { signal = 's', at_least = 2, at_most = 1 }\n" + A, "cycle.end",
         "no cycle can ever end so"),
        (step("a", "{ all = [{ hands_apart = { least = 0.5 } }, { hands_apart = { most = 0.2 } }],"
              " hold_s = 1 }"), "step[1].when", "0.5 or more and 0.2 or less apart at once"),
        (step("a", "{ signal = 's', hold_s = 1 }"), "step[1].when", "it never lasts 1 s"),
        (step("a", "{ all = [{ in = 'a' }, { signal = 's' }], hold_s = 1 }"), "step[1].when",
         "it never lasts 1 s"),
        (step("a", "{ all = [{ signal = 's' }, { signal = 't' }] }"), "step[1].when",
         "never say something in the same moment"),
        # where cycles end
        ("[cycle]\nabort = { in = 'b', hold_s = 0.5 }\n" + A + B, "cycle.abort",
         "every right run is broken off"),
        (START + "abort = { in = 'b' }\n" + A + step("b", WHERE["b"], "optional = true"),
         "cycle.abort", "and breaks the cycle off"),
        ("[cycle]\nend = { in = 'a', hold_s = 1 }\n" + A + B, "cycle.end", "not the last one"),
        (step("a", more="group = 'g'") + step("b", WHERE["b"], "group = 'g'\noptional = true"),
         "step[2].optional", "would begin the next cycle"),
        ("[cycle]\nserial = 's'\n" + A + B, "cycle.serial", "its first step does"),
        (A + B, "cycle", "there are two steps only"),
        ("".join(step(name, f"{{ signal = '{name}' }}", "after = []") for name in "xyz"), "cycle",
         "every step may be the first"),
        (step("a", more="times = 2") + B + step("c", "{ signal = 'c' }"), "cycle",
         "'a' is the first step and done 2 times"),
        # times
        (step("a", more="least_s = 3"), "step[1].least_s", "held 1 s: always too short"),
        (step("a", more="wait_least_s = 3") + B, "step[1].wait_least_s", "always come too early"),
        (step("a", more="wait_most_s = 3") + B, "step[1].wait_most_s", "it is never late"),
        ("[cycle]\nskipped_s = 300\n" + A, "cycle.skipped_s", "not less than give_up_s"),
        (step("a", more="least_s = 3\nmost_s = 2"), "step[1].least_s", "more than most_s"),
        (step("a", more="most_s = 0.5"), "step[1].most_s", "must hold 1 s"),
        (step("a", more="wait_least_s = 3\nwait_most_s = 2"), "step[1].wait_least_s", "more than"),
        (step("a", more="wait_most_s = 400"), "step[1].wait_most_s", "give_up_s"),
        ("[cycle]\nleast_s = 3\nmost_s = 2\n" + A, "cycle.least_s", "more than most_s"),
        ("[cycle]\nleast_s = 3\ntakt_s = 2\n" + A, "cycle.takt_s", "less than least_s"),
        ("[cycle]\nabsent_s = 300\n" + A, "cycle.absent_s", "give_up_s"),
        ("[cycle]\nmost_s = 5\n" + step("a", more="times = 4") + step("b", WHERE["b"], "least_s=2"),
         "cycle.most_s", "can never be kept: its steps take 6 s"),
        ("[cycle]\ntakt_s = 3\n" + step("a", more="least_s = 2")
         + step("b", WHERE["b"], "least_s = 2\nafter = []"), "cycle.takt_s", "at the same time"),
    ],
)  # fmt: skip
def test_each_mistake_is_found_at_its_key(tmp_path: Path, text: str, key: str, words: str) -> None:
    got = found(tmp_path, text)
    assert any(one.key == key and words in one.problem for one in got), got


def test_what_only_looks_like_a_mistake_is_left_alone(tmp_path: Path) -> None:
    """A step that is over after a while, a start, a longer hold, a moment beside what lasts."""
    over = step("a", more="least_s = 3\ndone = 'over'") + B
    waits = START + step("a", more="wait_least_s = 3\nwait_most_s = 9") + B
    longer = START + "abort = { in = 'b', hold_s = 9 }\nend = { in = 'a', hold_s = 9 }\n" + A + B
    either = "{ any = [{ in = 'a' }, { signal = 's' }], hold_s = 1 }"
    for text in (START + over, waits, longer, START + step("a", either) + B):
        assert found(tmp_path, text) == []
    assert found(tmp_path, A + B + step("c", "{ signal = 'c' }")) == []


def test_a_camera_and_its_models_decide_what_is_known(tmp_path: Path) -> None:
    text = step("a", "{ all = [{ gesture = 'pnch' }, { pose = 'sit' }, { signal = 's' }] }")
    assert not [one for one in found(tmp_path, text) if one.severity == "error"]
    got = found(tmp_path, text, Known(gestures=("pinch",), poses=("stand",), signals=()))
    assert [(one.key, one.problem) for one in got] == [
        ("step[1].when.all[1].gesture", "unknown gesture 'pnch'"),
        ("step[1].when.all[2].pose", "unknown pose 'sit'"),
        ("step[1].when.all[3].signal", "no signal 's' is configured"),
    ]


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        (((0.1, 0.1), (0.3, 0.3), (0.3, 0.1), (0.1, 0.3)), "crosses itself"),
        (((0.1, 0.1), (0.2, 0.2), (0.3, 0.3)), "no area"),
        (((0.1, 0.1), (0.2, 0.1), (1.2, 0.3)), "outside the picture"),
        (((0.1, 0.1), (float("nan"), 0.1), (0.2, 0.3)), "outside the picture"),
        (((0.1, 0.1), (0.2, 0.1)), "not an area"),
        (((0.1, 0.1), (0.2, 0.1), (0.2, 0.11), (0.1, 0.11)), "narrower"),
    ],
)
def test_a_zone_must_be_an_area_in_the_picture(
    corners: tuple[tuple[float, float], ...], words: str
) -> None:
    steps = (Step("a", (Stage(InZone("z"), 1.0),)),)
    (one,) = check(Procedure("p", steps, zones={"z": corners}))
    assert one.key == "zones.z"
    assert words in one.problem


def test_what_is_made_in_code_is_checked_as_what_is_read() -> None:
    steps = (Step("a", (Stage(InZone("z"), 1.0),), after=("b",)), Step("a"))
    got = check(Procedure("p", steps, forbidden=(Forbidden("a", during=("c",)),)))
    assert {one.key for one in got if one.severity == "error"} == {
        "step[1].after",
        "step[2].name",
        "forbidden[1].name",
        "forbidden[1].during",
        "forbidden[1].when",
        "step[1].when.in",
    }
    assert check(Procedure("p", ()))[0].key == "step"


@settings(max_examples=40)
@given(procedures())
def test_any_procedure_can_be_checked_and_keys_are_those_of_its_file(procedure: Procedure) -> None:
    tables = {"zones", "cycle", "step", "forbidden"}
    for one in check(procedure, Known(gestures=(), poses=(), signals=())):
        assert one.problem
        assert one.key.partition(".")[0].partition("[")[0] in tables


def test_errors_come_first_and_nothing_twice(tmp_path: Path) -> None:
    got = found(tmp_path, step("a", "{ in = 'a' }", "least_s = 3\nmost_s = 2") + B)
    severities = [one.severity for one in got]
    assert severities == sorted(severities)
    assert len(set(got)) == len(got)
    assert set(severities) == {"error", "warning"}


def test_a_forbidden_zone_that_reaches_into_a_needed_one(tmp_path: Path) -> None:
    zone = "[[0.25, 0.1], [0.45, 0.1], [0.45, 0.3], [0.25, 0.3]]"
    start = f"press = {zone}\n" + A + "[[forbidden]]\nname = 'f'\nwhen = "
    (one,) = found(tmp_path, start + "{ in = 'press' }")
    assert one.key == "forbidden[1].when"
    assert "'press' and 'a' overlap by 25%" in one.problem
    with_signal = "{ all = [{ in = 'press' }, { signal = 's' }] }"
    assert found(tmp_path, start + with_signal) == []
