"""The decoder gives back the skeletons that heads were painted from, whatever stride or layout."""

from __future__ import annotations

import numpy as np
import pytest

from edge.core.types import Floats, Pose
from edge.decode._walking import EDGES
from edge.decode.posenet import PoseNet
from tests.figure import BEND, ON_BACK, SIT, STAND
from tests.lives import Life, pose_of

SIZES = {8: (513, 769), 16: (513, 769), 32: (513, 769)}
PLACES = ((120, 220), (384, 220), (640, 220), (120, 480), (384, 480), (640, 480))


def crowd(count: int) -> list[Floats]:
    """Keypoints (17, 2) px of people of several shapes and sizes, well apart."""
    shapes = (STAND, SIT, BEND, STAND, ON_BACK, STAND)
    return [
        pose_of(Life((), first=shapes[i], at=PLACES[i], height_px=130 + 10 * i, yaw=40 * i), 0.0).xy
        for i in range(count)
    ]


def painted(
    people: list[Floats], stride: int, *, mid: bool = False, sure: np.ndarray | None = None
) -> dict[str, Floats]:
    """Perfect heads: every cell points at the joints of the person nearest to it.

    `mid` is Coral's layout, both ways in one tensor. `sure` (people, 17) are the logits of the
    joints; left out, the first person is the surest, and of everybody the nose.
    """
    height, width = SIZES[stride]
    rows, columns = (height - 1) // stride + 1, (width - 1) // stride + 1
    yx = np.moveaxis(np.mgrid[:rows, :columns], 0, -1).astype(np.float32) * stride
    joints = np.array(people, np.float32)[:, :, ::-1]  # (people, 17, 2) y, x
    far = np.linalg.norm(yx[:, :, None, None] - joints, axis=-1)  # rows, columns, people, 17
    nearest = far.argmin(axis=2)
    if sure is None:
        sure = 5.0 - 0.1 * np.arange(len(people))[:, None] - 0.3 * np.arange(17)
    logits = (sure - (far / (2 * stride)) ** 2).max(axis=2)

    def towards(via: list[int], target: list[int]) -> Floats:
        """From each cell to the target joints of the persons whose `via` joints are nearest."""
        way = joints[nearest[:, :, via], target] - yx[:, :, None]
        head: Floats = np.moveaxis(way, -1, 2).reshape(1, rows, columns, -1).astype(np.float32)
        return head

    every = list(range(17))
    parents, children = (list(side) for side in zip(*EDGES, strict=True))
    forward, backward = towards(parents, children), towards(children, parents)
    ways = (
        {"mid_offsets": np.concatenate([forward, backward], axis=-1)}
        if mid
        else {"displacement_fwd": forward, "displacement_bwd": backward}
    )
    return {
        "heatmaps": logits[None].astype(np.float32),
        "offsets": towards(every, every),
        **ways,
    }


def errors(poses: tuple[Pose, ...], people: list[Floats]) -> list[float]:
    """Greatest keypoint error of each person, px; the n-th pose is the n-th surest person."""
    return [
        float(np.abs(pose.xy - person).max()) for pose, person in zip(poses, people, strict=True)
    ]


@pytest.mark.parametrize("mid", [False, True], ids=["fwd and bwd", "mid_offsets"])
@pytest.mark.parametrize("stride", SIZES)
@pytest.mark.parametrize("count", range(1, 7))
def test_painted_people_come_back_once_each_and_surest_first(
    count: int, stride: int, *, mid: bool
) -> None:
    people = crowd(count)
    poses = PoseNet()(painted(people, stride, mid=mid), SIZES[stride])
    assert max(errors(poses, people)) < 1.0
    scores = [float(pose.score.mean()) for pose in poses]
    assert scores == sorted(scores, reverse=True)


def test_a_pose_is_what_the_contract_says() -> None:
    (pose,) = PoseNet()(painted(crowd(1), 16), SIZES[16])
    assert pose.skeleton == "body17"
    assert pose.xy.shape == (17, 2)
    assert pose.score.shape == (17,)
    assert pose.xy.dtype == pose.score.dtype == np.float32
    assert ((pose.score > 0) & (pose.score < 1)).all()


def test_the_heads_are_left_as_they_were() -> None:
    heads = painted(crowd(3), 16)
    before = {name: head.copy() for name, head in heads.items()}
    PoseNet()(heads, SIZES[16])
    assert all((heads[name] == before[name]).all() for name in heads)


def test_only_the_best_are_kept() -> None:
    people = crowd(6)
    poses = PoseNet(max_poses=2)(painted(people, 16), SIZES[16])
    assert max(errors(poses, people[:2])) < 1.0


def test_an_empty_picture_has_nobody() -> None:
    heads = painted(crowd(1), 16)
    heads["heatmaps"] = np.full_like(heads["heatmaps"], -6.0)
    assert PoseNet()(heads, SIZES[16]) == ()


def test_plateaus_of_8_bit_heatmaps_make_no_second_person() -> None:
    people = crowd(4)
    heads = painted(people, 16)
    heads["heatmaps"] = np.round(heads["heatmaps"] / 0.2) * np.float32(0.2)
    poses = PoseNet()(heads, SIZES[16])
    assert max(errors(poses, people)) < 1.0


def test_a_faint_person_is_found_beside_five_sure_ones() -> None:
    people = crowd(6)
    heads = painted(people, 16, sure=np.array([[4.5], [4.4], [4.3], [4.2], [4.1], [1.0]]))
    assert max(errors(PoseNet()(heads, SIZES[16]), people)) < 1.0


def test_a_lone_bright_cell_is_nobody() -> None:
    heads = painted(crowd(1), 16)
    heads["heatmaps"] = np.full_like(heads["heatmaps"], -6.0)
    heads["heatmaps"][0, 10, 10, 0] = 5.0
    assert PoseNet()(heads, SIZES[16]) == ()


@pytest.mark.parametrize("mid", [False, True], ids=["fwd and bwd", "mid_offsets"])
@pytest.mark.parametrize("reach", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 6])
def test_searching_finds_the_same_people_where_heads_are_perfect(
    count: int, reach: int, *, mid: bool
) -> None:
    people = crowd(count)
    heads = painted(people, 16, mid=mid)
    assert max(errors(PoseNet(search=reach)(heads, SIZES[16]), people)) < 1.0


def test_a_keypoint_that_no_cell_shows_stays_where_the_displacements_end() -> None:
    people = crowd(1)
    heads = painted(people, 16, sure=np.full((1, 17), 5.0))
    wrist = 9
    heads["heatmaps"][..., wrist] = -4.0
    row, column = (people[0][wrist, ::-1] / 16).round().astype(int)
    heads["heatmaps"][0, row, column + 1, wrist] = -3.9  # no more than noise
    heads["offsets"][0, row, column + 1, [wrist, wrist + 17]] = 30.0
    (pose,) = PoseNet(search=1)(heads, SIZES[16])
    assert np.abs(pose.xy[wrist] - people[0][wrist]).max() < 1.0


def test_searching_mends_displacements_that_end_beside_the_joint() -> None:
    people = crowd(1)
    heads = painted(people, 16, sure=np.full((1, 17), 5.0))
    for way in ("displacement_fwd", "displacement_bwd"):
        heads[way] += np.float32(18.0)
    far = heads["heatmaps"] < 4.6  # offsets are known only where a joint is
    heads["offsets"][np.concatenate([far, far], axis=-1)] = 0.0
    lost = max(errors(PoseNet()(heads, SIZES[16]), people))
    found = max(errors(PoseNet(search=1)(heads, SIZES[16]), people))
    assert found < 1.0 < lost


def test_wild_heads_never_leave_the_numbers() -> None:
    chance = np.random.default_rng(5)
    heads = {
        name: chance.normal(0, 1e4, head.shape).astype(np.float32)
        for name, head in painted(crowd(1), 32).items()
    }
    for pose in PoseNet(pose_score=0.0)(heads, SIZES[32]):
        assert np.isfinite(pose.xy).all()
        assert ((pose.score >= 0) & (pose.score <= 1)).all()
