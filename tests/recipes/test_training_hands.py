"""Training of hands: truth that follows crops, targets that decoders read back, runs, export."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs PyTorch: pip install 'edgepose[torch]'")

import torch

from converters.heads import conform, pick
from converters.model import Request
from converters.readers import onnx as reader
from converters.stopping import stop_like_ctrl_c
from edge.core.types import Floats
from edge.decode.hand import Hand
from edge.decode.palm import Palm, anchors
from edge.runtime import handcrops
from models.recipes.training.checkpoint import Checkpoint, load_weights, save
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.data import Pictures, Plan
from models.recipes.training.hands import crops
from models.recipes.training.hands.batch import hand_batch
from models.recipes.training.hands.export import (
    hand_network,
    locator_network,
    write_landmarks,
    write_locator,
)
from models.recipes.training.hands.locator_batch import locator_batch
from models.recipes.training.hands.locator_network import LocatorNetwork, LocatorShape
from models.recipes.training.hands.locator_targets import (
    STRIDES,
    LocatorTargets,
    anchor_sides,
    locator_targets,
)
from models.recipes.training.hands.loss import bells
from models.recipes.training.hands.network import MASS, HandNetwork, HandShape, Served, split_cells
from models.recipes.training.hands.tasks import landmarks_task, locator_task
from models.recipes.training.loop import Phase, TrainSettings, prepared, train
from models.recipes.training.networks import BodyShape
from models.recipes.training.task import body_task
from tests.recipes import stick_hands, stick_people

TINY = HandShape(size=64, channels=(8, 8, 16, 16), middle=0, dilations=(1,), features=4)
SMALL = LocatorShape(size=96, channels=(8, 8, 16, 16), middle=1, dilations=(1,))
SIZE = HandShape().size


def palm(rng: np.random.Generator, size: int) -> Floats:
    return crops.palm_of(stick_hands.hand(rng, size, right=True)[:, :2]).xy


def decoded(target: LocatorTargets, size: int) -> list[Floats]:
    heads = {"boxes": target.boxes[None], "scores": 20 * target.scores[None, :, None] - 10}
    return [one.xy for one in Palm()(heads, (size, size))]


def test_there_is_one_side_for_each_of_the_decoders_anchors() -> None:
    assert anchor_sides(192).shape == (2016,) == anchors((192, 192), STRIDES).shape[:1]


@pytest.mark.parametrize("share", [0.3, 1.0, 2.0])
def test_the_decoder_reads_palms_out_of_targets(share: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        one = palm(rng, 192) * np.float32(share)
        one += 96 - (one[7] + one[8]) / 2
        (found,) = decoded(locator_targets(one[None], one[None][:0], 192), 192)
        assert np.abs(found - one).max() < 0.01


def test_palms_that_nobody_is_sure_of_teach_nothing() -> None:
    one = palm(np.random.default_rng(0), 192)
    target = locator_targets(one[None][:0], one[None], 192)
    assert target.scores.max() == 0
    assert 0 < (target.score_weights == 0).sum() < 500


def test_a_palm_is_as_large_whichever_way_it_points() -> None:
    rng = np.random.default_rng(0)
    xy = stick_hands.hand(rng, 320, right=False)[:, :2]
    turned = (xy - 160) @ np.array([[0, 1], [-1, 0]], np.float32) + 160
    one, two = (handcrops.from_palm(crops.palm_of(each)) for each in (xy, turned))
    assert two.side == pytest.approx(one.side, rel=1e-4)
    assert np.ptp(xy, axis=0).max() / one.side == pytest.approx(0.7, abs=0.25)


def test_the_middle_of_a_heatmap_is_the_joint() -> None:
    """What the last layer begins with: it reads joints out of perfect heatmaps."""
    places = torch.rand(2, 21, 3) * 0.5 - 0.25
    network = HandNetwork(HandShape())
    heat = split_cells(bells(places, SIZE // 8))
    read = network.calm * network.places(heat.flatten(1)).reshape(2, 21, 3)
    assert torch.allclose(read[..., :2], places[..., :2], atol=0.003)
    assert heat.sum(dim=(2, 3)).reshape(2, 21, 4).sum(dim=2).mean().item() == pytest.approx(
        MASS, rel=0.02
    )


def test_truth_follows_the_crop(tmp_path: Path) -> None:
    stick_hands.store(tmp_path, 12)
    plan = Plan((tmp_path,), 0, 128, 48, 0, 1, AugmentSettings())
    batch = hand_batch(Pictures([tmp_path]), plan, 0)
    present = batch["present"] > 0.5
    assert 20 < present.sum() < 45
    landmarks = batch["landmarks"][present]
    assert landmarks[..., :2].abs().max() < 0.8
    # In these pictures thumbs are on the left of right hands whose fingers point up.
    thumb, little, up = (landmarks[:, k, :2] - landmarks[:, 0, :2] for k in (4, 17, 9))
    turn = thumb[:, 0] * up[:, 1] - thumb[:, 1] * up[:, 0]
    other = little[:, 0] * up[:, 1] - little[:, 1] * up[:, 0]
    assert (turn * other < 0).float().mean() > 0.9
    right = batch["right"][present]
    known = right >= 0
    assert ((turn > 0)[known] == (right > 0.5)[known]).float().mean() in (0.0, 1.0)


def test_batches_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    stick_hands.store(tmp_path / "hands", 6)
    stick_people.store(tmp_path / "people", 6)
    folders = (tmp_path / "hands", tmp_path / "people")
    for make in (hand_batch, locator_batch):
        plan = Plan(folders, 3, 96, 6, 0, 2, AugmentSettings())
        one, two = (make(Pictures(list(folders)), plan, 1) for _ in range(2))
        assert all(torch.equal(one[name], two[name]) for name in one)


def test_what_is_served_is_what_was_learned() -> None:
    network = HandNetwork(HandShape()).eval()
    picture = torch.rand(1, 3, SIZE, SIZE) * 2 - 1
    with torch.no_grad():
        _, landmarks, presence, _, world = network(picture)
        served = Served(network)(picture)
    middle = (SIZE - 1) / 2
    xyz = landmarks.reshape(21, 3) * SIZE + torch.tensor([middle, middle, 0.0])
    assert torch.allclose(served[0].reshape(21, 3), xyz, atol=1e-3)
    assert torch.allclose(served[1], torch.sigmoid(presence), atol=1e-5)
    assert torch.allclose(served[3], world / 10, atol=1e-5)


def test_landmarks_learn_and_the_decoder_reads_them(tmp_path: Path) -> None:
    stick_hands.store(tmp_path, 4)
    torch.manual_seed(0)
    plan = Plan((tmp_path,), 0, 64, 12, 0, 1, AugmentSettings())
    batch = hand_batch(Pictures([tmp_path]), plan, 0)
    shape = HandShape(size=64, channels=(16, 16, 32, 64), middle=1, dilations=(1, 1), features=8)
    task = landmarks_task(shape)
    network = HandNetwork(shape).train()
    optimizer = torch.optim.AdamW(network.parameters(), 5e-3, weight_decay=0)
    settings = TrainSettings().loss
    for _ in range(150):
        parts = task.cost(network(prepared(batch["pictures"])), batch, settings)
        optimizer.zero_grad()
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        _, landmarks, presence, handedness, world = network(prepared(batch["pictures"]))
    for at in np.flatnonzero(batch["present"].numpy() > 0.5):
        one = landmarks[at : at + 1].reshape(1, 21, 3) * 64 + torch.tensor([31.5, 31.5, 0.0])
        heads = {
            "landmarks": one.reshape(1, 63).numpy(),
            "presence": torch.sigmoid(presence[at : at + 1]).numpy(),
            "handedness": torch.sigmoid(handedness[at : at + 1]).numpy(),
            "world": world[at : at + 1].numpy() / 10,
        }
        (pose,) = Hand()(heads, (64, 64))
        truth = batch["landmarks"][at, :, :2].numpy() * 64 + 31.5
        assert np.abs(pose.xy - truth)[batch["weights"][at].numpy() > 0.9].mean() < 4
        if batch["right"][at] >= 0:
            assert pose.side == ("right" if batch["right"][at] > 0.5 else "left")


@pytest.mark.parametrize("decoder", ["hand", "palm"])
def test_a_run_is_read_by_the_converter(decoder: str, tmp_path: Path) -> None:
    stick_hands.store(tmp_path / "data", 6)
    task = landmarks_task(TINY) if decoder == "hand" else locator_task(SMALL)
    size = TINY.size if decoder == "hand" else SMALL.size
    settings = TrainSettings(pictures=8, phases=(Phase(size, 1, 4),), workers=0, settling=2)
    out = tmp_path / "out"
    assert train(task, (tmp_path / "data",), out, settings, None)
    write = write_landmarks if decoder == "hand" else write_locator
    assert write(out / "checkpoint.pt", tmp_path / "it.onnx") == size
    request = Request(None, pick(decoder, {}))
    model = conform(reader.read(tmp_path / "it.onnx", request), decoder, "it")
    assert model.size == (size, size)
    count = len(anchors((size, size), STRIDES))
    expected = {
        "hand": {
            "landmarks": (1, 63),
            "presence": (1, 1),
            "handedness": (1, 1),
            "world": (1, 63),
        },
        "palm": {"boxes": (1, count, 18), "scores": (1, count, 1)},
    }
    assert {name: tuple(shape) for name, shape in model.heads.items()} == expected[decoder]
    load = hand_network if decoder == "hand" else locator_network
    assert not load(out / "checkpoint.pt").training


def test_a_locators_weights_give_px_when_folded() -> None:
    network = LocatorNetwork(SMALL).eval()
    picture = torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        before = network(picture)[0]
        network.fold()
        assert torch.allclose(network(picture)[0], before, atol=1e-3)


def test_a_trunk_that_knows_people_is_a_beginning(tmp_path: Path) -> None:
    shape = BodyShape(width=0.125, middle=1, dilations=(1, 2))
    stick_hands.store(tmp_path / "data", 4)
    stick_people.store(tmp_path / "people", 4)
    body = TrainSettings(pictures=4, phases=(Phase(97, 1, 4),), workers=0, settling=1)
    assert train(body_task(shape), (tmp_path / "people",), tmp_path / "body", body, None)
    like = HandShape(size=64, channels=(8, 8, 24, 64), middle=1, dilations=(1, 2))
    hands = TrainSettings(pictures=4, phases=(Phase(64, 1, 4),), workers=0, settling=1, rate=0)
    init = tmp_path / "body" / "checkpoint.pt"
    assert train(landmarks_task(like), (tmp_path / "data",), tmp_path / "out", hands, init)
    before, after = (
        load_weights(tmp_path / name / "checkpoint.pt")["trunk.0.0.weight"]
        for name in ("body", "out")
    )
    assert torch.allclose(before, after, atol=1e-5)
    other = HandShape(size=64, channels=(12, 12, 20, 20), middle=0, dilations=(1,))
    with pytest.raises(ValueError, match="no weights that fit"):
        train(landmarks_task(other), (tmp_path / "data",), tmp_path / "other", hands, init)


def test_a_stop_while_saving_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_like_ctrl_c()
    written = []

    def slow(values: object, _stream: object) -> None:
        signal.raise_signal(signal.SIGTERM)
        written.append(values)

    monkeypatch.setattr(torch, "save", slow)
    with pytest.raises(KeyboardInterrupt):
        save(Checkpoint("hand", {}, {}, {}, {}, 0, 0), tmp_path / "checkpoint.pt")
    assert written
