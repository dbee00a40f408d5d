"""Who is who: ids through crossings and gaps, smoothing in seconds, and people lost from sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from edge.core.track import Scene, Track, Tracker
from edge.core.types import Change, Observation
from tests.figure import RIGHT, STAND
from tests.lives import Act, Life, moved, observations, pose_of, together

WALK = Life((Act(STAND, 0.0, 3.0, walk_m_s=1.2),), yaw=90.0, at=(100.0, 400.0))
BACK = replace(WALK, yaw=-90.0, at=(540.0, 420.0))
STILL = Life((Act(STAND, 0.0, 2.0),))


def scenes(seen: Sequence[Observation], tracker: Tracker | None = None) -> list[Scene]:
    tracker = tracker or Tracker()
    state, found = tracker.start(), []
    for one in seen:
        state, scene = tracker.step(state, one)
        found.append(scene)
    return found


def ids(scene: Scene) -> list[int]:
    return [track.id for track in scene.tracks]


def only(scene: Scene) -> Track:
    (track,) = scene.tracks
    return track


def unseen(seen: Sequence[Observation], start: float, stop: float) -> list[Observation]:
    """The same with a model that sees nobody for a while."""
    return [replace(one, poses=()) if start <= one.t < stop else one for one in seen]


@pytest.mark.parametrize("fps", [5.0, 10.0, 30.0])
def test_two_who_cross_keep_their_ids(fps: float) -> None:
    first, *_, last = scenes(together(replace(WALK, fps=fps), replace(BACK, fps=fps)))
    left = {track.id: track.box[0] for track in first.tracks}
    assert ids(last) == [1, 2]
    for track in last.tracks:
        assert (track.box[0] > left[track.id]) == (track.id == 1), "each goes on their own way"


def test_two_who_pass_unseen_are_expected_where_they_were_going() -> None:
    *_, last = scenes(unseen(together(WALK, BACK), 1.35, 1.8))  # they meet at 1.56 s
    (one, two) = last.tracks
    assert (one.id, two.id) == (1, 2)
    assert one.box[0] > two.box[0]


@pytest.mark.parametrize("fps", [5.0, 10.0, 30.0])
def test_who_is_hidden_for_a_moment_while_walking_keeps_the_id(fps: float) -> None:
    *_, last = scenes(unseen(observations(replace(WALK, fps=fps)), 1.0, 1.5))
    assert ids(last) == [1]
    assert only(last).pose is not None


def test_who_is_found_again_on_the_floor_is_the_same() -> None:
    life = Life((Act(STAND, 0.0, 1.0), Act(RIGHT, 0.8, 3.0, falling=True)), blind=(1.5, 3.5))
    *_, last = scenes(observations(life))
    assert ids(last) == [1]
    assert only(last).pose is not None


def test_the_unseen_have_no_pose_but_all_else() -> None:
    *_, before, after = scenes(unseen(observations(STILL), 1.95, 9.0))
    assert only(before).pose is not None
    assert only(after).pose is None
    assert only(after).posture == only(before).posture
    assert only(after).box == only(before).box
    assert only(after).seen == only(after).there == before.t


def gone_after(life: Life, tracker: Tracker) -> float:
    """How long a person is remembered who was last seen at the life's end, s."""
    there = scenes(observations(replace(life, gone_s=Tracker().hidden_s + 5.0)), tracker)
    last_seen = max(scene.t for scene in there if any(t.pose is not None for t in scene.tracks))
    return max(scene.t for scene in there if scene.tracks) - last_seen


def test_who_left_at_a_side_is_forgotten_sooner_than_who_was_lost_inside() -> None:
    tracker = Tracker()
    at_border = replace(STILL, at=(620.0, 400.0))
    frame = 1 / STILL.fps
    assert gone_after(STILL, tracker) == pytest.approx(tracker.hidden_s, abs=frame)
    assert gone_after(at_border, tracker) == pytest.approx(tracker.forget_s, abs=frame)


@pytest.mark.parametrize(
    ("at", "edge"),
    [
        ((320.0, 400.0), False),
        ((15.0, 400.0), True),
        ((625.0, 400.0), True),
        ((320.0, 485.0), False),  # who falls near the camera ends at the lower border
        ((320.0, 180.0), False),
    ],
)
def test_who_touches_a_side_may_leave_there(at: tuple[float, float], *, edge: bool) -> None:
    first, *_ = scenes(observations(replace(STILL, at=at)))
    assert only(first).edge is edge


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
@pytest.mark.parametrize(("gap", "edge"), [(0.8, True), (1.2, False)])
def test_the_border_is_a_hundredth_of_the_picture(gap: float, scale: float, *, edge: bool) -> None:
    (one, *_) = observations(STILL)
    left = 0.01 * gap * one.size[0] - float(one.poses[0].xy[:, 0].min())
    first, *_ = scenes(moved([one], by=(left, 0.0), scale=scale))
    assert only(first).edge is edge


def test_one_person_seen_twice_is_one_person() -> None:
    (one, *_) = observations(STILL)
    twin = replace(one.poses[0], xy=one.poses[0].xy + np.float32(3.0))
    (scene,) = scenes([replace(one, poses=(one.poses[0], twin))])
    assert ids(scene) == [1]


def test_a_glimpse_finds_known_people_but_makes_no_new_ones() -> None:
    one, two, *_ = observations(STILL)
    glimpsed = replace(two, poses=(replace(two.poses[0], glimpse=True),))
    assert scenes([glimpsed])[0].tracks == ()
    *_, last = scenes([one, glimpsed])
    assert only(last).seen == two.t


@pytest.mark.parametrize(
    ("score", "known", "new"), [(0.1, False, False), (0.2, True, False), (0.4, True, True)]
)
def test_a_known_person_may_be_fainter_than_a_new_one(
    score: float, *, known: bool, new: bool
) -> None:
    tracker = Tracker(old_score=0.15, new_score=0.3)
    one, two, *_ = observations(STILL)
    # Some keypoints are seen well, so that only the mean tells the two apart.
    scores = np.where(np.arange(17) % 3 == 0, 0.35, (17 * score - 6 * 0.35) / 11).astype(np.float32)
    faint = replace(two, poses=(replace(two.poses[0], score=scores),))
    assert bool(scenes([faint], tracker)[0].tracks) is new
    *_, last = scenes([one, faint], tracker)
    assert (only(last).pose is not None) is known


def test_hands_are_no_people() -> None:
    (one, *_) = observations(STILL)
    hand = replace(one.poses[0], skeleton="hand21")
    assert scenes([replace(one, poses=(hand,))])[0].tracks == ()


def test_a_leap_across_the_room_is_somebody_else() -> None:
    one, two, *_ = observations(STILL)
    far = replace(two.poses[0], xy=two.poses[0].xy - np.array((250.0, 0.0), np.float32))
    *_, last = scenes([one, replace(two, poses=(far,))])
    assert ids(last) == [1, 2]


def wander(scene: Sequence[Scene], life: Life) -> float:
    """Mean distance of the shown keypoints from where they really are, heights."""
    errors = [
        np.abs(track.pose.xy - pose_of(life, one.t).xy).mean()
        for one in scene
        for track in one.tracks
        if track.pose is not None and one.t > 0.5
    ]
    return float(np.mean(errors)) / life.height_px


@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_smoothing_calms_who_stands_and_hardly_lags_who_walks(fps: float) -> None:
    noisy = replace(STILL, noise=0.01, fps=fps)
    raw = np.mean(
        [np.abs(one.poses[0].xy - pose_of(noisy, one.t).xy) for one in observations(noisy)]
    )
    assert wander(scenes(observations(noisy)), noisy) < 0.8 * raw / noisy.height_px
    walking = replace(WALK, fps=fps)
    assert wander(scenes(observations(walking)), walking) < 0.03


def test_an_unseen_keypoint_is_shown_where_the_model_guesses_it() -> None:
    one, two, *_ = observations(STILL)
    xy, score = two.poses[0].xy.copy(), two.poses[0].score.copy()
    xy[9] += 80.0
    score[9] = 0.1
    *_, last = scenes([one, replace(two, poses=(replace(two.poses[0], xy=xy, score=score),))])
    pose = only(last).pose
    assert pose is not None
    assert pose.xy[9].tolist() == xy[9].tolist()


def test_a_change_where_somebody_was_lost_keeps_them_there() -> None:
    life = replace(STILL, acts=(Act(STAND, 0.0, 40.0),), fps=5.0, blind=(2.0, 99.0), changes=True)
    *_, last = scenes(observations(life))
    assert only(last).change is not None
    assert only(last).there == last.t
    assert only(last).seen < 2.0


@pytest.mark.parametrize("factor", [0.01, 10.0])
def test_a_change_of_another_size_or_place_is_not_the_person(factor: float) -> None:
    one, two, *_ = observations(replace(STILL, blind=(0.05, 9.0), changes=True))
    (change,) = two.changes
    sized = replace(change, area=change.area * factor)
    x0, y0, x1, y1 = change.box
    elsewhere = replace(change, box=(x0 + 300.0, y0, x1 + 300.0, y1))
    for wrong in (sized, elsewhere):
        *_, last = scenes([one, replace(two, changes=(wrong,))])
        assert only(last).change is None


def test_of_several_changes_the_first_that_fits_is_taken() -> None:
    one, two, *_ = observations(replace(STILL, blind=(0.05, 9.0), changes=True))
    (fits,) = two.changes
    huge = Change((0.0, 0.0, 640.0, 480.0), 640.0 * 480.0, 0.0)
    *_, last = scenes([one, replace(two, changes=(huge, fits))])
    assert only(last).change == fits
