"""The bundled clip's procedure, and one taught by the clip, on its true hands, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.core.engine import Engine
from edge.core.track import Scene, Tracker
from edge.core.types import Event, Observation
from edge.events.sop import Sop
from edge.procedure_file import read_procedure
from edge.sop.procedure import Procedure
from edge.sop.teaching.paths import watch
from edge.sop.teaching.teach import Teaching, teach
from models.recipes.commands.judge import told, true_hands
from models.recipes.evaluation.procedures import Verdict, judge
from tests.bench_cuts import ORDER, bench, cut

FUSE_BOX = Path(__file__).parent.parent / "models" / "demo" / "fuse-box.toml"
WITHOUT = ("housing", "board", "screw", "deliver")
SWAPPED = ("housing", "cover", "board", "screw", "deliver")
AGAIN = ("housing", "board", "board", "cover", "screw", "deliver")


@pytest.fixture(scope="module")
def rule() -> Sop:
    return Sop(procedure=read_procedure(FUSE_BOX))


def verdict(rule: Sop, truth: dict[str, Any]) -> Verdict:
    return judge(truth, told(rule, true_hands(truth)))


def test_the_clip_itself_is_five_steps_and_no_error(rule: Sop) -> None:
    seen = verdict(rule, bench())
    assert set(seen.done) == set(ORDER)
    assert max(seen.done.values()) < 1.0
    assert (seen.missed, seen.overlooked, seen.false) == ((), (), ())


@pytest.mark.parametrize(
    ("order", "slow", "error"),
    [
        (WITHOUT, "", ("step_skipped", "cover")),
        (SWAPPED, "", ("step_out_of_order", "cover")),
        (AGAIN, "", ("step_repeated", "board")),
        (ORDER, "board", ("step_too_long", "board")),
    ],
)
def test_each_error_is_found_and_no_other(
    rule: Sop, order: tuple[str, ...], slow: str, error: tuple[str, str]
) -> None:
    seen = verdict(rule, cut(order, slow))
    assert list(seen.found) == [error]
    assert seen.false == ()
    assert seen.missed == ()


def test_what_was_not_told_is_overlooked_and_what_is_not_so_is_false() -> None:
    truth = cut(WITHOUT)
    said = [Event("sop", "step_repeated", "fuse-box/screw", 9.0, {})]
    seen = judge(truth, said)
    assert seen.overlooked == (("step_skipped", "cover"),)
    assert seen.false == (("step_repeated", "screw"),)
    assert set(seen.missed) == set(WITHOUT)


def scenes(truth: dict[str, Any], every: int = 1, noise: float = 0.0) -> Iterator[Scene]:
    """The clip's hands as rules see them, worse than they were."""
    rng, engine = np.random.default_rng(5), Engine(Tracker(), ())
    memory = engine.start()
    for observation in true_hands(truth):
        if observation.seq % every == 0:
            memory, scene, _ = engine.step(memory, _worse(observation, rng, noise))
            yield scene


def _worse(seen: Observation, rng: np.random.Generator, noise: float) -> Observation:
    poses = [
        replace(pose, xy=(pose.xy + rng.normal(0, noise, 2)).astype(np.float32))
        for pose in seen.poses
    ]
    return replace(seen, poses=tuple(poses))


def taught(every: int = 1, noise: float = 0.0) -> Procedure:
    lesson = teach([watch(scenes(bench(), every, noise))], "taught", "", Teaching())
    assert lesson.procedure is not None
    return lesson.procedure


def wrong(of: Procedure, truth: dict[str, Any]) -> set[str]:
    right = {"cycle_started", "step_started", "step_completed", "cycle_completed"}
    events = told(Sop(procedure=of), true_hands(truth))
    return {f"{e.phase} {e.subject.partition('/')[2]}" for e in events if e.phase not in right}


@pytest.mark.parametrize(("every", "noise"), [(1, 0.0), (2, 1.5), (3, 0.5)])
def test_five_steps_are_learned_from_one_run(every: int, noise: float) -> None:
    of = taught(every, noise)
    hands = [getattr(step.stages[0].when, "hand", "") for step in of.steps]
    assert hands == ["right", "left", "left", "right", "left"]
    assert [len(step.stages) for step in of.steps] == [2, 2, 2, 3, 1]
    assert wrong(of, bench()) == set()


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (WITHOUT, "step_skipped step_3"),
        (SWAPPED, "step_out_of_order step_3"),
        (AGAIN, "step_repeated step_2"),
    ],
)
def test_what_was_taught_finds_errors(order: tuple[str, ...], error: str) -> None:
    found = wrong(taught(), cut(order))
    # A step that waits for one out of order is late as well, and nothing else is wrong.
    assert error in found
    assert all(other.startswith("step_late") for other in found - {error})


def test_what_was_taught_finds_a_slow_step_by_the_next_one_being_late() -> None:
    assert wrong(taught(), cut(ORDER, "board")) == {"step_late step_3"}
