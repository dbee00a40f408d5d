"""What holds for every life, whatever the person does and however the model errs."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from edge.core.types import Event, Observation
from edge.events.fall import Fall
from edge.events.presence import Present
from tests.laws.drawn import RULES, clean_lives, engine, events, lives, outline
from tests.lives import Life, mirrored, moved, observations, together

ONCE_IN_A_FALL = ("confirmed", "long_lie")
EVERYTHING = {
    ("fall", "begin", "descent"),
    ("fall", "begin", "lost"),
    ("fall", "confirmed", "confirmed"),
    ("fall", "long_lie", None),
    ("fall", "end", "recovered"),
    ("fall", "end", "gone"),
    ("lying", "begin", None),
    ("lying", "end", "recovered"),
    ("lying", "end", "gone"),
    ("presence", "begin", None),
    ("presence", "end", None),
}


def said_in(seen: list[Observation]) -> set[tuple[object, ...]]:
    return {
        (e.kind, e.phase, e.detail.get("stage") or e.detail.get("reason")) for e in events(seen)
    }


def alternate(said: list[Event]) -> None:
    """Whatever begins ends, once, before it begins again; nothing else happens outside of it."""
    going: set[tuple[str, str]] = set()
    told: set[tuple[str, str, str]] = set()
    for event in said:
        what = event.kind, event.subject
        if event.phase == "begin":
            assert what not in going, f"{what} begins twice"
            going.add(what)
            told -= {(*what, phase) for phase in ONCE_IN_A_FALL}
            continue
        assert what in going, f"{what} {event.phase} without a begin"
        if event.phase == "end":
            going.remove(what)
        else:
            assert event.phase in ONCE_IN_A_FALL
            assert (*what, event.phase) not in told, f"{what} {event.phase} twice"
            told.add((*what, event.phase))
    assert not going, "everybody left, and something goes on"


def test_the_lives_reach_every_event_there_is() -> None:
    """Without this, no other law here says anything."""
    reached: set[tuple[object, ...]] = set()

    @settings(max_examples=600, derandomize=True, database=None, phases=[Phase.generate])
    @given(lives())
    def live(life: Life) -> None:
        reached.update(said_in(observations(life)))

    live()
    assert reached == EVERYTHING


@settings(max_examples=40)
@given(lives())
def test_begins_and_ends_alternate_and_all_end(life: Life) -> None:
    said = events(observations(life))
    alternate(said)
    assert [e.t for e in said] == sorted(e.t for e in said)


@settings(max_examples=20)
@given(lives(), lives())
def test_two_people_too(life: Life, other: Life) -> None:
    other = replace(other, at=(life.at[0] - 300.0, life.at[1]), fps=life.fps)
    alternate(events(together(life, other)))


@settings(max_examples=20)
@given(lives())
def test_the_same_life_gives_the_same_events(life: Life) -> None:
    assert events(observations(life)) == events(observations(life))


@settings(max_examples=20)
@given(lives(), lives(), st.floats(0.0, 1.0))
def test_memory_is_the_whole_state(life: Life, another: Life, share: float) -> None:
    """A copy of the memory in a new engine goes on as if nothing had happened."""
    seen = observations(life)
    cut = round(share * len(seen))
    first, memory = engine(), engine().start()
    said: list[Event] = []
    for one in seen[:cut]:
        memory, _, more = first.step(memory, one)
        said += more
    kept = copy.deepcopy(memory)
    elsewhere = memory
    for one in observations(another):  # what the engine does meanwhile leaves the memory alone
        elsewhere, _, _ = first.step(elsewhere, replace(one, t=one.t + seen[cut - 1].t))
    for start in (memory, kept):
        second, state, rest = engine(), start, list[Event]()
        for one in seen[cut:]:
            state, _, more = second.step(state, one)
            rest += more
        assert [*said, *rest, *second.finish(state, seen[-1].t)] == events(seen)


@settings(max_examples=20)
@given(lives(), st.integers(-100_000, 1_000_000))
def test_only_differences_of_time_count(life: Life, later: int) -> None:
    seen = observations(life)
    shifted = [replace(one, t=one.t + later) for one in seen]
    back = [replace(event, t=event.t - later) for event in events(shifted)]
    assert outline(back) == outline(events(seen))


@settings(max_examples=20)
@given(lives(), st.integers(-300, 300), st.integers(-200, 200))
def test_where_in_the_picture_does_not_count(life: Life, x: int, y: int) -> None:
    seen = observations(replace(life, size=(2400, 2400), at=(1200.0, 1200.0)))
    assert outline(events(moved(seen, by=(x, y)))) == outline(events(seen))


@settings(max_examples=20)
@given(lives(), st.sampled_from((0.25, 0.5, 2.0, 4.0)))
def test_resolution_does_not_count(life: Life, scale: float) -> None:
    seen = observations(replace(life, height_px=160.0))
    assert outline(events(moved(seen, scale=scale))) == outline(events(seen))


@settings(max_examples=20)
@given(lives())
def test_a_mirror_changes_nothing(life: Life) -> None:
    seen = observations(life)
    assert outline(events(mirrored(seen))) == outline(events(seen))


@settings(max_examples=25)
@given(lives(), st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_a_longer_hold_never_adds_events(life: Life, one: float, other: float) -> None:
    seen = observations(life)
    short, long = sorted((one, other))
    fall, present = RULES[0], Present()
    for quick, slow in (
        (replace(fall, hold_s=short), replace(fall, hold_s=long)),
        (replace(present, hold_s=short), replace(present, hold_s=long)),
    ):
        said, less = (
            Counter((e.kind, e.phase, e.subject) for e in events(seen, engine(rule)))
            for rule in (quick, slow)
        )
        assert less <= said


@settings(max_examples=25)
@given(clean_lives(), st.sampled_from((10.0, 12.5, 20.0, 30.0)))
def test_the_frame_rate_does_not_decide_what_is_a_fall(life: Life, fps: float) -> None:
    """Unless it is decided by a hair: then a rule a little stricter or laxer decides otherwise."""
    rule = Fall()

    def falls(rate: float, strict: float = 1.0) -> int:
        sharp = replace(
            rule,
            speed=rule.speed * strict,
            speed_sitting=rule.speed_sitting * strict,
            drop_m=rule.drop_m * strict,
            floor=rule.floor / strict,
        )
        said = events(observations(replace(life, fps=rate)), engine(sharp))
        return sum((event.kind, event.phase) == ("fall", "begin") for event in said)

    assume(falls(30.0, 0.8) == falls(30.0, 1.25))
    assert falls(fps) == falls(15.0) == falls(30.0)
