"""The bundled clip: its truth through the real tracker and fall rule; variants, without OpenGL."""

from __future__ import annotations

import json
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge.core.engine import Engine
from edge.core.geometry import inside
from edge.core.track import Tracker
from edge.core.types import Event, Floats, Observation, Pose
from edge.events.fall import Fall
from edge.recording import decode, encode
from models.recipes.film import gait
from models.recipes.film.casting import operator
from models.recipes.film.curves import ease, through
from models.recipes.film.layout import FPS, SPOTS, camera, zone
from models.recipes.film.performance import perform
from models.recipes.film.procedure import STEPS, VARIANTS
from models.recipes.humans.person import Cast, Person

DEMO = Path(__file__).parents[2] / "models/demo"
SCORES = {"0": 0.0, "1": 0.3, "2": 0.9}  # of what is outside, hidden, seen
DWELL_S = 0.3


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEMO / "bench.truth.json").read_text())
    return read


def points(truth: dict[str, Any], frame: int) -> tuple[Floats, Floats]:
    """All 59 points of a frame: px, and scores."""
    row = truth["frames"][frame]
    xy = np.array(row["xy"], np.float32).reshape(-1, 2) * np.float32(truth["unit_px"])
    return xy, np.array([SCORES[digit] for digit in row["seen"]], np.float32)


def events(truth: dict[str, Any]) -> list[Event]:
    engine = Engine(Tracker(), (Fall(),))
    memory, said = engine.start(), list[Event]()
    for k in range(len(truth["frames"])):
        xy, score = points(truth, k)
        pose = Pose("body17", xy[:17], score[:17])
        seen = Observation(k / truth["fps"], k, tuple(truth["size"]), (pose,))
        memory, _, found = engine.step(memory, decode(encode(seen)))  # as `replay` reads it
        said += found
    return [*said, *engine.finish(memory, len(truth["frames"]) / truth["fps"])]


def test_the_truth_is_one_fall_at_the_right_time(truth: dict[str, Any]) -> None:
    said, fall = events(truth), truth["fall"]
    assert [(event.kind, event.phase) for event in said] == [
        ("fall", "begin"),
        ("fall", "confirmed"),
        ("fall", "end"),
    ]
    begin, confirmed, end = said
    assert fall["onset"] < begin.t < fall["impact"] + 0.6
    assert confirmed.t < fall["lying_until"]
    assert fall["lying_until"] < end.t < fall["up"] + 1.5
    assert end.detail["reason"] == "recovered"


def test_the_clip_is_small_and_as_long_as_its_truth(truth: dict[str, Any]) -> None:
    path = DEMO / "bench.mp4"
    assert path.stat().st_size <= 2_000_000
    capture = cv2.VideoCapture(str(path))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == len(truth["frames"])
    assert capture.get(cv2.CAP_PROP_FPS) == truth["fps"]
    assert [capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)] == truth[
        "size"
    ]
    capture.release()
    assert 30 <= len(truth["frames"]) / truth["fps"] <= 45


def test_the_whole_body_is_in_every_picture(truth: dict[str, Any]) -> None:
    for k in range(len(truth["frames"])):
        assert (points(truth, k)[1][:17] > 0).all()


def test_the_hands_are_in_the_zones_when_the_truth_says_so(truth: dict[str, Any]) -> None:
    assert [step["name"] for step in truth["steps"]] == [step.name for step in STEPS]
    for step in truth["steps"]:
        first = 17 if step["hand"] == "left" else 38
        for place in ("spot", "fixture"):
            outline = truth["zones"][step["spot"] if place == "spot" else "fixture"]
            begin, end = (
                round(step[f"{place}_{edge}"] * truth["fps"]) for edge in ("begin", "end")
            )
            for k in range(begin, end):
                x, y = points(truth, k)[0][first : first + 21].mean(axis=0) / truth["size"]
                assert within(outline, float(x), float(y)), (step, k)


def within(outline: list[list[float]], x: float, y: float) -> bool:
    return inside(x, y, tuple((u, v) for u, v in outline))


@cache
def _operator(humans: Path) -> Person:
    return operator(Cast.load(humans), np.random.default_rng(9))


def visits(person: Person, variant: str) -> list[str]:
    """Where a hand dwells besides the fixture, one after another."""
    acted, seen_by = perform(person, variant, np.random.default_rng(1)), camera()
    zones = {spot.name: zone(spot.name, seen_by) for spot in SPOTS if spot.name != "fixture"}
    found: list[tuple[float, str]] = []
    frames = range(0, int((acted.leaves + 2.5) * FPS), 2)
    where: dict[int, list[str]] = {0: [], 1: []}
    for frame in frames:
        turns = np.asarray(acted.turns(person.rig, frame), np.float32)
        hands = person.pose(turns, 1, acted.place(person.rig, frame)).hands
        for hand in (0, 1):
            xy, _ = seen_by.project(hands[hand])
            x, y = (float(v) for v in xy.mean(axis=0) / (seen_by.width, seen_by.height))
            here = [name for name, outline in zones.items() if within(outline, x, y)]
            where[hand].append(here[0] if here else "")
    for names in where.values():
        k = 0
        for name, group in groupby(names):
            long = len(list(group))
            if name and long * 2 / FPS >= DWELL_S:
                found.append((k * 2 / FPS, name))
            k += long
    return [name for _, name in sorted(found)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_what_it_says(variant: str, shared: Path) -> None:
    usual = ["bin_housing", "bin_board", "bin_cover", "tool", "tool", "tray"]
    expected = {
        "skipped": ["bin_housing", "bin_board", "tool", "tool", "tray"],
        "swapped": ["bin_housing", "bin_cover", "bin_board", "tool", "tool", "tray"],
        "repeated": ["bin_housing", "bin_board", "bin_board", "bin_cover", "tool", "tool", "tray"],
        "forbidden": ["bin_housing", "bin_board", "press", "bin_cover", "tool", "tool", "tray"],
    }
    person = _operator(_humans(shared))
    assert visits(person, variant) == expected.get(variant, usual)
    steps = perform(person, variant, np.random.default_rng(1)).summary()["steps"]
    long = {step["name"]: step["end"] - step["begin"] for step in steps}
    late = [step.name for step in STEPS if long.get(step.name, 0.0) > step.most]
    assert late == (["board"] if variant == "slow" else [])


def test_the_same_seed_acts_the_same(shared: Path) -> None:
    person = _operator(_humans(shared))
    one, two = (perform(person, "correct", np.random.default_rng(1)) for _ in range(2))
    # On several threads linear algebra adds up in another order each time, but for this little.
    np.testing.assert_allclose(one.joints, two.joints, atol=1e-9)
    assert one.summary() == two.summary()


def test_feet_stay_where_they_are_set_down() -> None:
    plan = gait.walk_away(1.0)
    t = np.arange(0, 6, 0.02)
    feet = gait.follow(plan, 0.09, t)
    for number, side in enumerate("LR"):
        for hold, after in zip(plan[side], [*plan[side][1:], None], strict=True):
            until = after.lift if after else t[-1]
            on_floor = (t >= hold.land) & (t <= until)
            assert np.ptp(feet.level[on_floor, number], axis=0).max(initial=0.0) < 1e-9


def test_curves_do_not_overshoot() -> None:
    t = np.linspace(-1, 5, 200)
    curve = through([0, 1, 2, 4], [0.0, 1.0, 1.0, -2.0], t)
    assert curve.min() >= -2
    assert curve.max() <= 1
    assert curve[0] == 0
    assert curve[-1] == -2
    assert ease([-1, 0.5, 2]).tolist() == [0, 0.5, 1]


def _humans(shared: Path) -> Path:
    if not (shared / "humans").is_dir():
        pytest.skip(f"no bodies at {shared / 'humans'}")
    return shared / "humans"
