"""A procedure file is read whole: right, or with every error, its file, its key and a hint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.config_table import Place
from edge.errors import ConfigError, EdgeposeError, Problems
from edge.procedure_conditions import KINDS
from edge.procedure_file import procedure_of, read_procedure
from edge.sop.checking.check import check
from edge.sop.drawing.sketch import sketch
from edge.sop.explain import explain
from edge.sop.procedure import (
    AllOf,
    CycleRules,
    Forbidden,
    Gesture,
    InZone,
    SignalIs,
    Stage,
    Step,
)
from tests.procedures import read

START = "name = 'p'\n[zones]\nbin = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3]]\n"


def errors(folder: Path, text: str, zones: tuple[str, ...] = ()) -> list[str]:
    path = folder / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EdgeposeError) as caught:
        read_procedure(path, zones)
    assert caught.value.exit_code == 78
    found = caught.value.errors if isinstance(caught.value, Problems) else [caught.value]
    return [str(error).replace(f"{folder}/", "") for error in found]


def step(when: str) -> str:
    return f"{START}[[step]]\nname = 'a'\nwhen = {when}\n"


def test_a_good_one_is_read_whole(tmp_path: Path) -> None:
    got = read(tmp_path)
    assert (got.name, got.said, got.surprise) == ("fuse-box", "assemble a fuse box", 3.0)
    assert got.cycle == CycleRules(Stage(SignalIs("scanner")), serial="scanner", takt_s=20.0)
    by_name = {step.name: step for step in got.steps}
    assert by_name["housing"].stages == (
        Stage(InZone("bin", "right"), 0.3),
        Stage(InZone("fixture", "right"), 1.0),
    )
    assert by_name["right"].stages == (Stage(InZone("fuses", "right", "enters"), 0.2),)
    assert by_name["lid-a"].stages == (Stage(InZone("fixture", "both", within=0.05), 1.0),)
    assert by_name["lid-b"].stages == (Stage(Gesture("pinch"), 0.5),)
    assert by_name["screw"] == Step(
        "screw", (Stage(SignalIs("torque", least=1.8)),), "", ("lid-a", "lid-b"), times=4, most_s=12
    )
    assert got.forbidden == (
        Forbidden(
            "reach-in",
            AllOf((InZone("press"), SignalIs("closing", equals=True))),
            severity="critical",
            during=("screw",),
        ),
    )


def test_a_step_is_after_those_listed_before_it_unless_it_says_otherwise(tmp_path: Path) -> None:
    after = {step.name: step.after for step in read(tmp_path).steps}
    assert after == {
        "housing": (),
        "left": ("housing",),
        "right": ("housing",),
        "lid-a": ("left", "right"),
        "lid-b": ("left", "right"),
        "screw": ("lid-a", "lid-b"),
        "look": ("housing",),
    }


def test_every_error_is_told_at_once_with_its_place_and_a_hint(tmp_path: Path) -> None:
    text = """
        name = "a box"
        titel = "x"
        surprise = 0
        [zones]
        bin_housing = [[0.1, 0.5], [0.2, 0.5], [0.2, 0.6]]
        out = [[0.1, 0.1], [1.3, 0.3], [0.3, 0.1]]
        [cycle]
        takt = 5
        start = { signal = "scanner", is = 2024-01-01 }
        [[step]]
        name = "a"
        when = { hand = "rigth", in = "bin_hosing", hold_s = -1 }
        group = "g"
        [[step]]
        name = "a"
        when = [ { in = "out" }, { hand = "left", in = "out", gesture = "x" }, {} ]
        after = ["b"]
        times = 0
        [[step]]
        when = { all = [ { near = "out" }, { nt = {} }, 3 ] }
        group = "g"
        done = "reach"
        [[forbidden]]
        name = "f"
        when = { in = "out", hold_s = 2, within = 1 }
        during = "a"
        severity = "bad"
    """
    found = errors(tmp_path, text)
    for start, hint in (
        ("p.toml: name: must be letters", ""),
        ("p.toml: titel: unknown key", "did you mean 'title'?"),
        ("p.toml: surprise: 0 is out of range", ""),
        ("p.toml: zones.out: is not an area", "three corners"),
        ("p.toml: cycle.takt: unknown key", "did you mean 'takt_s'?"),
        ("p.toml: cycle.start.is: must be true, false", ""),
        ("p.toml: step[1].when.hand: 'rigth' is not one of", "did you mean 'right'?"),
        ("p.toml: step[1].when.in: unknown zone 'bin_hosing'", "did you mean 'bin_housing'?"),
        ("p.toml: step[1].when.hold_s: -1 is out of range", ""),
        ("p.toml: step[2].name: 'a' is also the name of step[1]", "a name of its own"),
        ("p.toml: step[2].when[2]: is 2 conditions in one: in, gesture", "all = ["),
        ("p.toml: step[2].when[3]: says no condition", "hands_apart"),
        ("p.toml: step[2].after: unknown step 'b'", "known: a"),
        ("p.toml: step[2].times: 0 is out of range", ""),
        ("p.toml: step[3].name: is missing", "letters"),
        ("p.toml: step[3].when.all[1].within: is missing", "0.05"),
        ("p.toml: step[3].when.all[2].nt: unknown condition", "did you mean 'not'?"),
        ("p.toml: step[3].when.all[3]: must be a table", ""),
        ("p.toml: step[3].group: 'g' began before another step", "together"),
        ("p.toml: step[3].done: 'reach' is not one of", "did you mean 'reached'?"),
        ("p.toml: forbidden[1].when.hold_s: is not known here", "beside when"),
        ("p.toml: forbidden[1].when.within: is not known here", "beside in: hand"),
        ("p.toml: forbidden[1].during: must be a list", 'during = ["a"]'),
        ("p.toml: forbidden[1].severity: 'bad' is not one of", ""),
    ):
        assert any(e.startswith(start) and hint in e for e in found), (start, found)
    assert len(found) == 24


def test_zones_may_be_the_cameras(tmp_path: Path) -> None:
    text = step('{ in = "bench" }')
    (error,) = errors(tmp_path, text, ("other",))
    assert "step[1].when.in: unknown zone 'bench'" in error
    assert read_procedure(tmp_path / "p.toml", ("bench",)).steps[0].stages


@pytest.mark.parametrize(
    ("when", "key"),
    [
        ("{ signal = 's', is = nan }", "when.is"),
        ("{ signal = 's', is = 1, at_least = 2 }", "when.is"),
        ("{ signal = 3 }", "when.signal"),
        ("{ hand = 'left', pose = 'sit' }", "when.hand"),
        ("{ hands_apart = { leest = 1 } }", "when.hands_apart.leest"),
        ("{ hands_apart = 0.2 }", "when.hands_apart"),
        ("{ in = 'bin', within = 0.1 }", "when.within"),
        ("{ near = 'bin', within = 0 }", "when.within"),
        ("{ all = [] }", "when.all"),
        ("{ not = [{ in = 'bin' }] }", "when.not"),
        ("{ not = { in = 'bin', hold_s = 1 } }", "when.not.hold_s"),
        ("[]", "when"),
        ("{ in = 'bin', hold_s = 1e400 }", ""),
        (f"{{ signal = 's', at_least = 1{'0' * 400} }}", "when.at_least"),
        (f"{'{ not = ' * 9}{{ in = 'bin' }}{' }' * 9}", "when" + ".not" * 8),
    ],
)
def test_a_wrong_condition_has_its_key(tmp_path: Path, when: str, key: str) -> None:
    if not key:  # as large as can be is still a number
        read(tmp_path, step(when))
        return
    assert [e.split(": ")[1] for e in errors(tmp_path, step(when))] == [f"step[1].{key}"]


@pytest.mark.parametrize(
    "text",
    ["", "step = 1", "step = [1]", "[[step]]", "zones = 1", "[zones]\nbin = [[1e999, 2]]", "x = [",
     "cycle = 3", "[[forbidden]]\nname = 1", "name = ''", "a = " + "[" * 3000, "a = 1" + "0" * 9999,
     "[[step]]\nname = 'a'\nwhen = {in = 'b'}\nafter = [1]", "surprise = nan"],
)  # fmt: skip
def test_no_shape_of_nonsense_is_more_than_an_error(tmp_path: Path, text: str) -> None:
    assert errors(tmp_path, text)


WORDS = st.sampled_from(
    [*KINDS, "hand", "within", "is", "at_least", "hold_s", "name", "step", "zones", "cycle", "when",
     "forbidden", "after", "group", "choice", "times", "during", "start", "surprise", "a", "left"]
)  # fmt: skip
JUNK = st.recursive(
    WORDS | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(WORDS, JUNK), JUNK)
@example({"name": "p", "step": [{"name": "a", "when": {"not": {}}}]}, {})
def test_junk_is_an_error_and_what_can_be_read_can_be_checked(
    tables: dict[str, Any], inner: object
) -> None:
    place = Place("p.toml", "", [])
    got = procedure_of({"step": [inner], **tables}, place)
    assert all(isinstance(error, ConfigError) for error in place.errors)
    check(got)
    explain(got)
    sketch(got)
