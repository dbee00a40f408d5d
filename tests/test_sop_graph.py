"""What must come before what: through optional steps, choices and circles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge.sop.graph import Graph, graph
from edge.sop.procedure import Step


def steps(**after: str) -> list[Step]:
    """Steps by name, each after the letters given; a capital may be left out."""
    return [
        Step(name=name, after=tuple(befores), optional=name.isupper())
        for name, befores in after.items()
    ]


def test_a_chain_expects_one_step_after_the_other() -> None:
    way = graph(steps(a="", b="a", c="b"))
    assert [way.expected(done) for done in ("", "a", "ab", "abc")] == [("a",), ("b",), ("c",), ()]
    assert way.missing("c", "") == ("a", "b")
    assert way.needs["c"] == (("a",), ("b",))
    assert not way.ready("c", "a")
    assert way.lacking("ab") == (("c",),)
    assert (way.complete("ab"), way.complete("abc")) == (False, True)


def test_a_step_that_may_be_left_out_holds_nobody_up_but_passes_on_what_it_waits_for() -> None:
    way = graph(steps(a="", B="a", c="B"))
    assert way.expected("a") == ("B", "c")
    assert way.expected("ac") == ()  # passed over
    assert way.missing("c", "") == ("a",)
    assert way.complete("ac")


def test_whichever_member_of_a_choice_is_named_stands_for_all() -> None:
    way = graph(
        [
            Step(name="p"),
            Step(name="q"),
            Step(name="x", choice="xy", after=("p",)),
            Step(name="y", choice="xy", after=("q", "p")),
            Step(name="z", after=("y",)),
        ]
    )
    assert way.expected("pq") == ("x", "y")
    assert way.expected("px") == ("q", "z")  # q is asked for by y alone
    assert way.missing("z", "") == ("p", "x", "y")
    assert way.complete("pqxz")
    assert not way.complete("pqz")


def test_any_order_is_a_diamond() -> None:
    way = graph(steps(a="", b="a", c="a", d="bc"))
    assert way.layers == (("a",), ("b", "c"), ("d",))
    assert way.expected("ac") == ("b",)
    assert way.ancestors["d"] == {"a", "b", "c"}
    assert way.descendants["a"] == {"b", "c", "d"}


def test_an_arrow_that_others_imply_is_left_out() -> None:
    assert graph(steps(a="", b="a", c="ab")).arrows == (("a", "b"), ("b", "c"))


def test_circles_are_named_and_whoever_waits_for_them_is_out_of_reach() -> None:
    way = graph(steps(a="c", b="a", c="b", d="c", e=""))
    assert way.circles == (("a", "b", "c"),)
    assert way.reachable == {"e"}
    assert way.expected("") == ("e",)
    assert sorted(name for row in way.layers for name in row) == list("abcde")


def test_unknown_names_are_passed_over() -> None:
    assert graph(steps(a="zz")).expected("") == ("a",)
    assert graph([]).complete("")


NAMES = "abcdefg"


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    return graph(
        Step(
            name=name,
            after=tuple(draw(st.sets(st.sampled_from([*NAMES[:number], "a"]), max_size=3))),
            optional=draw(st.booleans()),
            choice=draw(st.sampled_from(["", "", "", "x"])),
        )
        for number, name in enumerate(NAMES)
    )


@given(graphs(), st.data())
def test_whoever_does_what_is_expected_comes_to_an_end_and_misses_nothing(
    way: Graph, data: st.DataObject
) -> None:
    done: list[str] = []
    while expected := way.expected(done):
        assert all(way.ready(name, done) and not way.missing(name, done) for name in expected)
        done.append(data.draw(st.sampled_from(expected)))
    assert len(done) == len(set(done))
    assert way.complete(done) or way.circles


@given(graphs())
def test_rows_put_every_step_below_those_it_is_after(way: Graph) -> None:
    row = {name: number for number, names in enumerate(way.layers) for name in names}
    assert sorted(row) == list(NAMES)
    if not way.circles:
        assert all(row[before] < row[name] for before, name in way.arrows)
