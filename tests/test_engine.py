"""One instant: tracks, then every rule in its order, nothing hidden."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from edge.core.engine import Engine
from edge.core.track import Scene, Tracker
from edge.core.types import Event, Observation
from edge.events.gesture import Gesture
from edge.ports import Rule
from tests.fakes import standing
from tests.hand_figure import hand

ZONES = {"bed": ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0))}


class Counts:
    """A rule that counts frames, and says so; it keeps the scenes it was shown."""

    kinds: ClassVar[tuple[str, ...]] = ("count",)
    skeleton: ClassVar[str] = "body17"

    def __init__(self, name: str) -> None:
        self.name = name
        self.scenes: list[Scene] = []

    def start(self) -> int:
        return 0

    def step(self, state: int, scene: Scene) -> tuple[int, tuple[Event, ...]]:
        self.scenes.append(scene)
        return state + 1, (Event(self.name, "once", "camera", scene.t, {"n": state + 1}),)


def seen(t: float, *, people: int = 1) -> Observation:
    poses = tuple(standing(150.0 * i + 50.0, 100.0) for i in range(people))
    return Observation(t, round(10 * t), (640, 480), poses)


def test_every_rule_is_asked_in_order_with_its_own_state() -> None:
    core = Engine(Tracker(), (Counts("a"), Counts("b")))
    memory, _, first = core.step(core.start(), seen(0.0))
    memory, _, second = core.step(memory, seen(0.1))
    assert [(e.kind, e.detail["n"]) for e in (*first, *second)] == [
        ("a", 1), ("b", 1), ("a", 2), ("b", 2),
    ]  # fmt: skip
    assert memory.rules == (2, 2)
    assert [held.track.seen for held in memory.tracks.memories] == [0.1]


def test_rules_see_the_scene_that_is_given_back_with_its_zones() -> None:
    rule = Counts("a")
    core = Engine(Tracker(), (rule,), ZONES)
    _, scene, _ = core.step(core.start(), seen(3.0, people=2))
    assert rule.scenes == [scene]
    assert (scene.t, scene.seq, scene.size, scene.zones) == (3.0, 30, (640, 480), ZONES)
    assert [track.id for track in scene.tracks] == [1, 2]


def test_at_the_end_everybody_has_left() -> None:
    rule = Counts("a")
    core = Engine(Tracker(), (rule,))
    memory, _, _ = core.step(core.start(), seen(0.0))
    (last,) = core.finish(memory, 0.5)
    assert last == Event("a", "once", "camera", 0.5, {"n": 2})
    assert rule.scenes[-1].tracks == ()


def test_a_step_leaves_the_memory_it_was_given_alone() -> None:
    core = Engine(Tracker(), (Counts("a"),))
    memory, _, _ = core.step(core.start(), seen(0.0))
    _, _, one = core.step(memory, seen(0.1, people=3))
    _, _, again = core.step(memory, seen(0.1, people=3))
    assert one == again
    assert memory.rules == (1,)
    assert len(memory.tracks.memories) == 1


def test_without_rules_there_are_still_tracks() -> None:
    core = Engine(Tracker(), ())
    _, scene, said = core.step(core.start(), seen(0.0))
    assert len(scene.tracks) == 1
    assert said == ()


class Hands(Counts):
    """A rule that judges hands."""

    judges_hands = True


@pytest.mark.parametrize(
    ("rules", "hands"),
    [
        ((), 2),  # whoever has no rules wants the scene itself
        ((Counts("a"),), 0),
        ((Counts("a"), Hands("b")), 2),
        ((Gesture(),), 2),
    ],
)
def test_arms_are_asked_where_hands_are_only_for_who_wants_to_know(
    rules: tuple[Rule[Any], ...], hands: int
) -> None:
    core = Engine(Tracker(), rules)
    _, scene, _ = core.step(core.start(), seen(0.0))
    assert len(scene.hands) == hands


def test_a_hand_that_a_model_shows_is_followed_and_remembered_without_being_asked_for() -> None:
    core = Engine(Tracker(), (Counts("a"),))
    memory, scene, _ = core.step(core.start(), Observation(0.0, 0, (640, 480), (hand((200, 200)),)))
    assert [one.id for one in scene.hands] == [1]
    memory, scene, _ = core.step(memory, Observation(0.1, 1, (640, 480), ()))
    assert [(one.id, one.seen) for one in scene.hands] == [(1, 0.0)]
    _, scene, _ = core.step(memory, Observation(9.0, 90, (640, 480), ()))
    assert scene.hands == ()
