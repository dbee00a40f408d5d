"""A procedure from made-up work of two hands: what repeats is learned, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.core.geometry import inside
from edge.core.types import Event
from edge.events.sop import Sop
from edge.procedure_file import read_procedure
from edge.procedure_writer import write_procedure
from edge.sop.procedure import InZone, Procedure, SignalIs
from edge.sop.teaching.paths import watch
from edge.sop.teaching.teach import Lesson, Teaching, teach
from tests.hand_work import HOME, PLACES, SIZE, Sight, Work, scenes

VIOLATIONS = {
    *("step_out_of_order", "step_late", "step_skipped", "step_repeated", "step_too_short"),
    *("step_too_long", "repeat_missing", "cycle_aborted", "cycle_too_long", "operator_absent"),
}
WELL = Sight()


def assembly(work: Work) -> None:
    """Five tasks: two of each hand, a tool that is put back, and the result taken away."""
    work.fetch("right", "a")
    work.fetch("left", "c")
    work.fetch("left", "d")
    work.fetch("right", "b", work=2.0)
    work.put("right", "b", stays=0.5)
    work.home("right")
    work.put("left", "e")


def recorded(
    job: Callable[[Work], None], cycles: int = 1, seed: int = 1, sight: Sight = WELL
) -> list:
    """Scenes of a job done a few times."""
    work = Work(np.random.default_rng(seed))
    for number in range(cycles):
        if number:
            work.pause(1.0)
            work.home("left")
        job(work)
    return list(scenes(work, sight))


def taught(*recordings: list, cycles: int = 0) -> Lesson:
    demos = [watch(recording) for recording in recordings]
    return teach(demos, "job", "a job", Teaching(cycles=cycles))


def procedure(lesson: Lesson) -> Procedure:
    assert lesson.procedure is not None
    return lesson.procedure


def reaches(of: Procedure) -> list[tuple[str, str]]:
    """Each step's hand, and the place that its first zone is at."""
    found: list[tuple[str, str]] = []
    for step in of.steps:
        first = step.stages[0].when
        assert isinstance(first, InZone)
        at = [
            name
            for name, (x, y) in PLACES.items()
            if inside(x / SIZE[0], y / SIZE[1], of.zones[first.zone])
        ]
        found.append((first.hand, ", ".join(at)))
    return found


ASSEMBLY = [("right", "a"), ("left", "c"), ("left", "d"), ("right", "b"), ("left", "e")]


def told(of: Procedure, recording: list) -> list[Event]:
    rule = Sop(procedure=of)
    found: list[Event] = []
    state = rule.start()
    for scene in recording:
        state, events = rule.step(state, scene)
        found += events
    _, events = rule.step(state, replace(recording[-1], seq=-1, size=(0, 0), hands=()))
    return [*found, *events]


def wrong(events: list[Event]) -> list[str]:
    return [f"{e.phase} {e.subject}" for e in events if e.phase in VIOLATIONS]


@pytest.mark.parametrize("fps", [5.0, 10.0, 15.0, 30.0])
@pytest.mark.parametrize("cycles", [1, 4])
def test_hands_zones_and_order_are_found_at_any_frame_rate(fps: float, cycles: int) -> None:
    lesson = taught(recorded(assembly, cycles, sight=Sight(fps=fps)))
    assert lesson.cycles == cycles
    assert reaches(procedure(lesson)) == ASSEMBLY


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("sight", [Sight(noise=3.0, lost=0.25), Sight(fps=10.0, noise=4.0)])
def test_three_recordings_of_hands_badly_seen_are_enough(sight: Sight, seed: int) -> None:
    lesson = taught(*[recorded(assembly, 1, 10 * seed + k, sight) for k in range(3)])
    assert lesson.cycles == 3
    assert reaches(procedure(lesson)) == ASSEMBLY


def test_work_is_a_second_stage_and_a_tool_is_put_back() -> None:
    steps = procedure(taught(recorded(assembly, 3))).steps
    assert [len(step.stages) for step in steps[:4]] == [2, 2, 2, 3]
    first, _, last = steps[3].stages
    assert first.when == last.when
    assert all(step.times == 1 and not step.optional for step in steps)


def test_zones_hold_the_place_and_do_not_overlap() -> None:
    zones = procedure(taught(recorded(assembly, 3))).zones
    for x, y in HOME.values():
        at = [name for name, zone in zones.items() if inside(x / SIZE[0], y / SIZE[1], zone)]
        assert len(at) == 1
    boxes = [(zone[0], zone[2]) for zone in zones.values()]
    for k, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:k]:
            apart = (
                min(high[0], other_high[0]) <= max(low[0], other_low[0]),
                min(high[1], other_high[1]) <= max(low[1], other_low[1]),
            )
            assert any(apart)


def test_what_was_done_once_is_left_out() -> None:
    def distracted(work: Work) -> None:
        assembly(work)
        if work.t < 30:
            work.put("right", "f", stays=1.5)
            work.home("right")

    lesson = taught(recorded(distracted, 4))
    assert reaches(procedure(lesson)) == ASSEMBLY
    assert "Left out" in lesson.notes[""]


def test_what_is_done_in_some_cycles_is_optional_and_said_to_be() -> None:
    turns = iter(range(4))

    def job(work: Work) -> None:
        work.fetch("right", "a")
        if next(turns) != 1:
            work.fetch("left", "c")
        work.fetch("right", "b")
        work.put("left", "e")

    lesson = taught(recorded(job, 4))
    steps = procedure(lesson).steps
    assert [step.optional for step in steps] == [False, True, False, False]
    assert "3 of 4 cycles" in lesson.notes["step.step_2"]


def test_tasks_seen_in_both_orders_are_free() -> None:
    turns = iter(range(4))

    def job(work: Work) -> None:
        work.fetch("right", "a")
        for place in ("c", "d") if next(turns) % 2 else ("d", "c"):
            work.fetch("left", place)
        work.fetch("right", "b")

    steps = procedure(taught(recorded(job, 4))).steps
    assert steps[1].after == steps[2].after == ("step_1",)
    assert set(steps[3].after) == {"step_2", "step_3"}


def test_several_pieces_from_one_bin_are_a_repeat() -> None:
    def job(work: Work) -> None:
        work.fetch("right", "a")
        for _ in range(4):
            work.fetch("right", "b", work=0.8)
        work.put("left", "e")

    steps = procedure(taught(recorded(job, 3))).steps
    assert [step.times for step in steps] == [1, 4, 1]


def test_a_scanner_heard_once_a_cycle_gives_the_serial_number() -> None:
    serials = iter(("A1", "A2", "A3"))

    def job(work: Work) -> None:
        work.say("scanner", next(serials))
        work.pause(0.5)
        assembly(work)

    lesson = taught(recorded(job, 3))
    cycle = procedure(lesson).cycle
    assert cycle.serial == "scanner"
    assert cycle.start is not None
    assert cycle.start.when == SignalIs("scanner")
    assert "scanner" in lesson.notes["cycle"]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_the_job_done_right_another_day_breaks_nothing(seed: int) -> None:
    of = procedure(taught(recorded(assembly, 3)))
    events = told(of, recorded(assembly, 1, seed, Sight(noise=2.0, lost=0.1)))
    assert wrong(events) == []
    assert [e.phase for e in events].count("cycle_completed") == 1


def test_a_step_left_out_is_found_by_what_was_taught() -> None:
    def forgetful(work: Work) -> None:
        work.fetch("right", "a")
        work.fetch("left", "d")
        work.fetch("right", "b", work=2.0)
        work.put("right", "b", stays=0.5)
        work.home("right")
        work.put("left", "e")

    of = procedure(taught(recorded(assembly, 3)))
    assert "step_skipped job/step_2" in wrong(told(of, recorded(forgetful, 1, 31)))


def test_the_file_says_what_was_seen_and_reads_back(tmp_path: Path) -> None:
    lesson = taught(recorded(assembly, 2), recorded(assembly, 1, seed=2))
    path = tmp_path / "job.toml"
    path.write_text(write_procedure(procedure(lesson), lesson.notes))
    assert read_procedure(path) == procedure(lesson)
    assert "2 recordings of 3 cycles" in path.read_text()
    assert "Seen in 3 of 3 cycles" in path.read_text()


def test_hands_that_stay_nowhere_teach_nothing() -> None:
    assert taught([]).procedure is None
    assert taught([scene for scene in recorded(assembly) if scene.t < 0.5]).procedure is None
