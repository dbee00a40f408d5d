"""What is measured on photographs and clips, on made-up ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pycocotools", reason="needs the extra bench")

from benchmarks.core import figure, paint
from converters.parity.truth import Mark
from edge.core.types import Floats, Image, Pose
from models.recipes.evaluation import bodies, hands, lying, quick, sheet, subjects, tables
from models.recipes.evaluation.bodies import Photo
from models.recipes.evaluation.hands import MarkedHand
from models.recipes.evaluation.lying import Shot

SIZE = (257, 257)


def standing(x: float = 120.0, height: float = 180.0) -> Floats:
    return figure(x, 230.0, height).astype(np.float32)


def mark(xy: Floats) -> Mark:
    (x0, y0), (x1, y1) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    box = (x0, y0, x1 - x0, y1 - y0)
    return Mark(xy, np.ones(len(xy), np.bool_), box, 0.5 * box[2] * box[3])


def pose(xy: Floats, score: float = 0.8) -> Pose:
    return Pose("body17", xy, np.full(len(xy), score, np.float32))


def photo(*people: Floats) -> Photo:
    return Photo("a.jpg", np.zeros((240, 320, 3), np.uint8), tuple(mark(xy) for xy in people))


def shot(*, is_lying: bool) -> Shot:
    return Shot("fall-01", 10, is_lying, np.zeros((240, 320, 3), np.uint8), (60, 40, 180, 240))


def always(*poses: Pose) -> Callable[[Image], tuple[Pose, ...]]:
    return lambda _: poses


def aside(xy: Floats, px: float) -> Floats:
    moved: Floats = xy + np.array((px, 0.0), np.float32)
    return moved


def test_a_perfect_pose_is_all_right() -> None:
    cases, _ = bodies.cases([photo(standing())], always(pose(standing())))
    values = bodies.prominent_figures(cases)
    assert (values["pck_0.2"], values["oks"], values["people"]) == (1.0, 1.0, 1)


def test_keypoints_are_wrong_beyond_a_fifth_of_the_torso() -> None:
    torso = bodies.torso(mark(standing()))
    for off, share in ((0.19, 1.0), (0.21, 0.0)):
        look = always(pose(aside(standing(), off * torso)))
        cases, _ = bodies.cases([photo(standing())], look)
        assert bodies.prominent_figures(cases)["pck_0.2"] == share


def test_nobody_found_is_all_wrong_and_no_torso_is_nobody() -> None:
    known = np.ones(17, np.bool_)
    known[[5, 6]] = False
    headless = replace(mark(standing()), known=known)
    cases, _ = bodies.cases([photo(standing()), replace(photo(), marks=(headless,))], always())
    values = bodies.prominent_figures(cases)
    assert (values["pck_0.2"], values["oks"], values["people"]) == (0.0, 0.0, 1)


def test_the_largest_is_prominent_and_the_pose_is_chosen_by_its_place() -> None:
    large, small = standing(100.0, 200.0), standing(250.0, 90.0)
    poses = (pose(small, 0.99), pose(large, 0.2))
    (case,), _ = bodies.cases([photo(small, large)], always(*poses))
    assert case.pose is poses[1]
    assert case.right == 1.0


def test_marks_turn_with_their_photograph() -> None:
    image = np.zeros((240, 320, 3), np.uint8)
    x, y = 30, 70
    image[y, x] = 255
    xy = standing()
    xy[0] = (x, y)
    before = Photo("a.jpg", image, (mark(xy),))
    for quarters in range(1, 4):
        after = bodies.turned(before, quarters)
        column, row = after.marks[0].xy[0].astype(int).tolist()
        assert after.image[row, column, 0] == 255
        assert bodies.corners(after.marks[0]) == pytest.approx(_around(after.marks[0].xy), abs=1.1)


def _around(xy: Floats) -> tuple[float, ...]:
    return (*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist())


def test_a_person_is_where_the_room_differs() -> None:
    room = np.full((240, 320, 3), 90, np.uint8)
    frame = room.copy()
    frame[100:200, 150:190] = 200
    frame[10:13, 10:13] = 200  # a speck
    assert lying.person(frame, room) == pytest.approx((150, 100, 190, 200), abs=3)
    assert lying.person(room, room) is None


def test_found_is_a_sure_pose_that_covers_the_person() -> None:
    there = standing()
    for poses, found, near in (
        ((pose(there),), 1.0, 1.0),
        ((pose(there, 0.2),), 0.0, 0.0),
        ((pose(aside(there, 150.0)),), 0.0, 0.0),
        ((pose(120 + 0.1 * (there - 120)),), 0.0, 1.0),
    ):
        seen = lying.sightings([shot(is_lying=True)], always(*poses))
        values = lying.figures(seen)["lying"]
        assert (values["found_share"], values["near_share"]) == (found, near)


def test_false_people_are_counted_in_empty_rooms() -> None:
    rooms = [np.zeros((240, 320, 3), np.uint8)] * 4
    values = lying.false_people(rooms, always(pose(standing()), pose(standing(), 0.1)))
    assert values["false_people_per_picture"] == 1.0


def fingers() -> Floats:
    return np.random.default_rng(1).uniform(100, 160, (21, 2)).astype(np.float32)


def test_crops_of_hands_hold_the_hand() -> None:
    xy = fingers()
    for make in hands.CROPS.values():
        crop = make(mark(xy))
        assert crop
        assert crop.side > np.ptp(xy, axis=0).max()
    known = np.ones(21, np.bool_)
    known[3] = False
    assert hands.turned(replace(mark(xy), known=known)) is None


def test_bars_say_what_is_missed() -> None:
    bodies_ = {"ours": _figures(0.4, 0.9), "small": _figures(0.6, 0.1)}
    lines = tables.bars("ours", bodies_, {}, tables.Beside("small", "", ""))
    words = [line.split()[0] for line in lines]
    assert words == ["reached", "MISSED", "MISSED"]  # lying, upright, PCK


def _figures(pck: float, found: float) -> dict[str, Any]:
    urfd = {"upright": {"found_share": 0.9}, "lying": {"found_share": found}}
    return {"prominent": {"pck_0.2": pck}, "urfd": urfd}


def test_a_sheet_shows_what_went_wrong_or_that_nothing_did(tmp_path: Path) -> None:
    cases, _ = bodies.cases([photo(standing())], always())
    seen = lying.sightings([shot(is_lying=True)] * 9, always(pose(standing(), 0.2)))
    for image in (sheet.body(cases, seen), sheet.body([], [])):
        sheet.save(image, tmp_path / "new" / "sheet.png")
        assert (tmp_path / "new" / "sheet.png").stat().st_size > 500
    hand = MarkedHand("rhd", "1.png", np.zeros((200, 200, 3), np.uint8), mark(fingers()))
    apart = np.full(21, 0.1, np.float32)
    assert sheet.hand([hands.HandCase(hand, "turned", None, apart)]).any()


def test_a_network_in_training_is_looked_through() -> None:
    torch: Any = pytest.importorskip("torch", reason="needs the extra torch")
    heads = paint([standing()], SIZE)
    fixed = {name: torch.from_numpy(h.transpose(0, 3, 1, 2)) for name, h in heads.items()}

    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.one = torch.nn.Parameter(torch.zeros(1))

        def forward(self, image: Any) -> Any:
            assert image.shape == (1, 3, *SIZE)
            assert float(image.min()) == -1.0
            return tuple(fixed.values())

    network = Network().train()
    with subjects.of_module(network, SIZE).look() as look:
        (found,) = look(np.zeros((*SIZE, 3), np.uint8))
    assert network.training
    assert np.abs(found.xy - standing()).max() < 6.0


def test_people_in_clips_are_where_the_room_differs(shared: Path) -> None:
    folder = shared / "clips" / "urfd"
    if not folder.is_dir():
        pytest.skip(f"no clips at {folder}")
    shots, rooms = lying.shots(folder, 40)
    assert len(rooms) == 30
    assert {one.lying for one in shots} == {False, True}
    wide = [one.box[2] - one.box[0] > one.box[3] - one.box[1] for one in shots if one.lying]
    assert np.mean(wide) > 0.7


def test_photographs_are_read_with_their_marks(shared: Path) -> None:
    if not (shared / "images" / "coco_val").is_dir():
        pytest.skip("no photographs")
    every = quick.photographs(shared)

    def look(image: Image) -> tuple[Pose, ...]:
        (known,) = (one for one in every if one.image is image)
        return tuple(pose(one.xy) for one in known.marks)

    values = bodies.prominent_figures(bodies.cases(every, look)[0])
    assert (values["pck_0.2"], values["oks"]) == (1.0, 1.0)
    assert values["people"] > 20
