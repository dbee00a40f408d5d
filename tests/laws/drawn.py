"""Lives that hypothesis draws: what people do before a camera, one thing after another."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation
from edge.events.fall import Fall
from edge.events.presence import Present
from tests import figure
from tests.figure import STAND, Shape
from tests.lives import FEET, HEAD, Act, Life

FALLS = (figure.FORWARD, figure.BACKWARD, figure.LEFT, figure.RIGHT, figure.ON_BACK)
GET_UP = Act(STAND, 1.5, 1.5)
DONE_STANDING = (figure.SQUAT, figure.BEND, figure.PICK_UP, figure.TIE_SHOES, figure.SIT)

# A long lie within a life that is quick to draw; everything else as it comes.
RULES = (Fall(long_lie_s=4.0), Present())


def engine(*rules: Fall | Present) -> Engine:
    """The core of one camera, with these rules or all."""
    return Engine(Tracker(), rules or RULES)


def events(seen: list[Observation], core: Engine | None = None) -> list[Event]:
    """Everything that is said of a life, its end included."""
    core = core or engine()
    memory = core.start()
    said: list[Event] = []
    for one in seen:
        memory, _, more = core.step(memory, one)
        said += more
    return [*said, *core.finish(memory, seen[-1].t)]


def outline(said: list[Event]) -> list[tuple[object, ...]]:
    """Events without the measured numbers, which the last bit of a float may round otherwise."""
    return [(e.kind, e.phase, e.subject, e.t, e.detail.get("stage")) for e in said]


def _hold(low: float, high: float) -> st.SearchStrategy[float]:
    """Seconds, in tenths."""
    return st.integers(round(10 * low), round(10 * high)).map(lambda tenths: tenths / 10)


def _on_purpose(shape: Shape) -> st.SearchStrategy[tuple[Act, ...]]:
    return st.builds(
        lambda move, hold: (Act(shape, move, hold), Act(STAND, move, 0.5)),
        _hold(0.8, 1.5),
        _hold(0.2, 2.0),
    )


@st.composite
def _fall(draw: st.DrawFn) -> tuple[Act, ...]:
    fallen = Act(draw(st.sampled_from(FALLS)), draw(_hold(0.6, 0.9)), 1.0, falling=True)
    ending = draw(st.sampled_from(("lies", "lies long", "gets up")))
    if ending == "gets up":
        return fallen, GET_UP
    return (replace(fallen, hold_s=2.5 if ending == "lies" else 4.5),)


ACTS: st.SearchStrategy[tuple[Act, ...]] = st.one_of(
    st.sampled_from(DONE_STANDING).flatmap(_on_purpose),
    st.builds(lambda hold: (Act(STAND, 0.0, hold),), _hold(0.5, 2.0)),
    st.builds(lambda hold: (Act(STAND, 0.0, hold, walk_m_s=1.2),), _hold(0.5, 2.0)),
    st.just((Act(STAND, 0.5, 0.3, jump_m=0.3),)),
    st.just(
        (
            Act(figure.FLOOR_SIT, 1.5, 0.3),
            Act(figure.ON_BACK, 1.5, 4.0),
            Act(figure.FLOOR_SIT, 1.5, 0.2),
            GET_UP,
        )
    ),
    _fall(),
    _fall(),
)


@st.composite
def clean_lives(draw: st.DrawFn) -> Life:
    """One person well inside the picture, seen by a model that never errs."""
    first = draw(st.sampled_from((STAND, STAND, figure.SIT, figure.ON_BACK)))
    acts = [Act(first, 0.0, draw(_hold(1.0, 3.5)))]
    for some in draw(st.lists(ACTS, min_size=1, max_size=3)):
        if acts[-1].shape in FALLS:
            acts.append(GET_UP)  # nobody falls, squats or jumps from the floor
        acts += some
    return Life(
        acts=tuple(acts),
        first=first,
        yaw=draw(st.sampled_from((-135.0, -90.0, -30.0, 0.0, 60.0, 90.0, 180.0))),
        pitch=draw(st.sampled_from((5.0, 12.0))),
        height_px=draw(st.sampled_from((60.0, 150.0, 240.0))),
        at=(640.0, 480.0),
        size=(1280, 960),
        fps=draw(st.sampled_from((8.0, 10.0, 15.0))),
    )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """The same as a real model sees it: unsure, perhaps blind for who is down; and people leave."""
    life = draw(clean_lives())
    return replace(
        life,
        noise=draw(st.sampled_from((0.0, 0.004, 0.01))),
        dropout=draw(st.sampled_from((0.0, 0.0, 0.1))),
        hidden=draw(st.sampled_from((frozenset(), frozenset(), FEET, HEAD))),
        blind=draw(_blindness(life)),
        changes=draw(st.booleans()),
        gone_s=draw(st.sampled_from((0.0, 0.0, 6.0, 22.0))),
        fps=draw(st.sampled_from((5.0, 10.0, 15.0))),
        seed=draw(st.integers(0, 99)),
    )


def _blindness(life: Life) -> st.SearchStrategy[tuple[float, float]]:
    """From the end of a fall, or from a little before or after, for the rest of the life."""
    begin = 0.0
    for act in life.acts:
        if act.falling:
            starts = (begin + share * act.move_s for share in (0.95, 1.05, 1.15, 1.5))
            return st.sampled_from(((0.0, 0.0), *((start, life.long_s) for start in starts)))
        begin += act.long_s
    return st.just((0.0, 0.0))
