"""Training: targets that the decoder reads back, truth that follows pictures, runs that go on."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="needs PyTorch: pip install 'edgepose[torch]'")

import torch

from converters.heads import conform, pick
from converters.model import Request
from converters.readers import torch as reader
from edge.core.types import Floats, Pose
from edge.decode.posenet import PoseNet
from models.recipes.training.augment import Source, augmented, covered
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.data import Pictures, Plan, body_batch
from models.recipes.training.export import body_network, write_body
from models.recipes.training.loop import Phase, TrainSettings, prepared, train
from models.recipes.training.losses import LossSettings, body_loss
from models.recipes.training.networks import HEADS, BodyNetwork, BodyShape, Depthwise
from models.recipes.training.targets import body_targets
from models.recipes.training.task import body_task
from tests.recipes import stick_people

TINY = BodyShape(width=0.125, middle=1, dilations=(1, 2))
AS_THEY_ARE = AugmentSettings(
    tilt=1, turned=0, bars=0, replaced=0, pasted=0, erased=0, photographed=0, aspect=0
)


def decoded(heads: dict[str, Floats], size: int) -> tuple[Pose, ...]:
    last = {name: np.ascontiguousarray(head.transpose(0, 2, 3, 1)) for name, head in heads.items()}
    return PoseNet()(last, (size, size))


def targets_of(people: Floats, size: int) -> dict[str, Floats]:
    """Of one picture with people (N, 17, 3)."""
    made = body_targets(torch.from_numpy(people[None]), (size, size))
    return {name: value[0].numpy() for name, value in made.items()}


def as_heads(target: dict[str, Floats]) -> dict[str, Floats]:
    logits = 20 * target["heatmaps"] - 10
    forth, back = target["steps"][None, :32], target["steps"][None, 32:]
    fields = (logits[None], target["offsets"][None], forth, back)
    return dict(zip(HEADS, fields, strict=True))


@pytest.mark.parametrize("size", [161, 257])
def test_the_decoder_reads_the_truth_out_of_targets(size: int) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        (one,) = stick_people.people(rng, 1, size)
        seen = one[:, 2] > 0
        (pose,) = decoded(as_heads(targets_of(one[None], size)), size)
        if seen.all():
            assert np.abs(pose.xy - one[:, :2]).max() < 1


def test_hidden_keypoints_count_less_and_those_outside_do_not() -> None:
    (one,) = stick_people.people(np.random.default_rng(1), 1, 257)
    one[:, 2] = 2
    one[9, 2], one[10, 2] = 1, 0
    target = targets_of(one[None], 257)
    near = target["offset_weights"].max(axis=(1, 2))
    assert near[9] == pytest.approx(near[8] / 2)
    assert near[10] == target["heatmaps"][10].max() == 0
    assert targets_of(one[:0].reshape(0, 17, 3), 257)["heatmap_weights"].min() == 1


def test_truth_follows_the_picture() -> None:
    """A dot on every keypoint is still there, whatever is done to the picture."""
    rng = np.random.default_rng(2)
    settings = AugmentSettings(photographed=0, erased=0, replaced=0, pasted=0, smallest=150)
    found = missed = 0
    for _ in range(30):
        them = stick_people.people(rng, 1, 320)
        picture = np.zeros((320, 320, 3), np.uint8)
        joint = 9  # the left wrist
        x, y = them[0, joint, :2]
        cv2.circle(picture, (round(float(x)), round(float(y))), 9, (255, 0, 255), -1)
        source = Source(picture, np.zeros((320, 320), np.uint8), them)
        empty = np.zeros((320, 320), np.uint8)
        rgb, people = augmented(
            rng, source, partial(Source, picture * 0, empty, them[:0]), 257, settings
        )
        for one in people[:, [joint, joint + 1]]:
            for x, y, seen in one[one[:, 2] > 0]:
                r, g, b = rgb[int(y), int(x)].astype(int)
                magenta = min(r, b) - g > 120
                assert seen
                found, missed = found + magenta, missed + (not magenta)
    assert found > 0.3 * (found + missed)  # one of two: the right wrist bears no dot


def test_what_is_covered_is_hidden() -> None:
    (one,) = stick_people.people(np.random.default_rng(3), 1, 257)
    one[:, 2] = 2
    behind = covered(one[None], np.ones((257, 257), np.bool_))
    assert (behind[..., 2] == 1).all()


def test_batches_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    stick_people.store(tmp_path, 6)
    plan = Plan((tmp_path,), 3, 97, 4, 0, 2, AugmentSettings())
    one, two = (body_batch(Pictures([tmp_path]), plan, 1) for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not torch.equal(one["pictures"], body_batch(Pictures([tmp_path]), plan, 0)["pictures"])


def test_pictures_may_be_appended(tmp_path: Path) -> None:
    stick_people.store(tmp_path, 3)
    pictures = Pictures([tmp_path, tmp_path / "not yet"])
    with (tmp_path / "truth.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "half a li"})[:-5])
    pictures.look_again()
    assert len(pictures.entries) == 3
    assert pictures.load(1).rgb.shape == (320, 320, 3)


@pytest.mark.parametrize(("step", "size"), [(2, 11), (4, 17), (3, 16)])
def test_dilated_layers_train_as_they_run(step: int, size: int) -> None:
    layer = Depthwise(5, 1, step)
    x = torch.randn(2, 5, size, size)
    assert torch.allclose(layer.train()(x), layer.eval()(x), atol=1e-5)


def test_it_learns_and_the_decoder_gets_keypoints_back() -> None:
    rng = np.random.default_rng(4)
    torch.manual_seed(0)
    size, count = 97, 4
    people = [stick_people.people(rng, 1, size) for _ in range(count)]
    drawn = [stick_people.draw(rng, one, size)[0] for one in people]
    batch = body_targets(torch.from_numpy(np.stack(people)), (size, size))
    pictures = prepared(torch.from_numpy(np.stack(drawn)))
    network = BodyNetwork(BodyShape(width=0.25, middle=1, dilations=(1, 2, 1))).train()
    optimizer = torch.optim.AdamW(network.parameters(), 4e-3, weight_decay=0)
    for step in range(250):
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * (1 - step / 250)
        parts = body_loss(network(pictures), batch, LossSettings())
        optimizer.zero_grad()
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        heads = [head.numpy() for head in network(pictures)]
    for at, (one,) in enumerate(people):
        mine = {name: head[at : at + 1] for name, head in zip(HEADS, heads, strict=True)}
        best = decoded(mine, size)[0]
        seen = one[:, 2] > 0
        assert np.abs(best.xy - one[:, :2])[seen].max() < 5
        assert best.score[seen].mean() > 0.7


def test_a_run_goes_on_and_is_read_by_the_converter(tmp_path: Path) -> None:
    stick_people.store(tmp_path / "data", 8)
    task, out = body_task(TINY), tmp_path / "out"
    half, whole = (
        TrainSettings(pictures=n, phases=(Phase(97, 1, 4),), workers=0, settling=2) for n in (8, 16)
    )
    assert train(task, (tmp_path / "data",), out, half, None)
    assert train(task, (tmp_path / "data",), out, whole, None)
    assert [json.loads(line)["seen"] for line in (out / "log.jsonl").open()] == [8, 16]
    write_body(out / "checkpoint.pt", tmp_path / "body.pt")
    named = {name: f"output_{number}" for number, name in enumerate(HEADS)}
    request = Request((97, 129), pick("posenet", named))
    model = conform(reader.read(tmp_path / "body.pt", request), "posenet", "it")
    assert {name: tuple(shape) for name, shape in model.heads.items()} == {
        name: (1, 7, 9, depth) for name, depth in HEADS.items()
    }
    network = body_network(out / "checkpoint.pt")
    assert not network.training
    with pytest.raises(ValueError, match="not of body"):
        train(body_task(BodyShape()), (tmp_path / "data",), out, whole, None)
