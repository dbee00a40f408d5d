"""Whole batches made at once: the same truth as one picture at a time, and truth that follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs PyTorch: pip install 'edgepose[torch]'")

import torch
from torch import Tensor

from models.recipes.training.augment import Floats
from models.recipes.training.batched import store
from models.recipes.training.batched.camera import photographed
from models.recipes.training.batched.draws import KERNEL, PEOPLE, draw_batch
from models.recipes.training.batched.feed import BodyFeed
from models.recipes.training.batched.paint import covered, paint
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.data import Pictures, Plan, body_batch
from models.recipes.training.targets import body_targets
from tests.recipes import stick_people

CPU = torch.device("cpu")
AS_STORED = AugmentSettings(
    turned=0.3, bars=0.3, replaced=0, pasted=0, erased=0, photographed=0, smallest=150
)


@pytest.fixture(autouse=True)
def few_backdrops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BACKDROPS", 8)


def padded(people: Floats) -> Tensor:
    made = np.zeros((1, PEOPLE, 17, 3), np.float32)
    made[0, : len(people)] = people
    return torch.from_numpy(made)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_targets_are_those_of_one_picture(count: int) -> None:
    """Who else is in the batch, and how many rows there are for people, changes nothing."""
    rng = np.random.default_rng(count)
    people = stick_people.people(rng, count, 257)
    people[..., 2] = rng.integers(0, 3, people.shape[:2])
    if count:
        people[0, 3, :2] = np.nan  # not known
        people[0, 3, 2] = 0
    one = body_targets(torch.from_numpy(people[None]), (257, 257))
    others = padded(stick_people.people(rng, 3, 257))
    many = body_targets(torch.cat([others, padded(people)]), (257, 257))
    for name, value in many.items():
        assert np.allclose(one[name][0].numpy(), value[1].numpy(), atol=1e-3), name


def test_keypoints_are_where_the_picture_shows_them(tmp_path: Path) -> None:
    """The limb of a stick person is under its keypoints, whatever is done to the picture."""
    stick_people.store(tmp_path, 6)
    plan = Plan((tmp_path,), 1, 257, 32, 0, 1, AS_STORED)
    drawn = draw_batch(Pictures([tmp_path]), plan, 0)
    stored = store.read_store(Pictures([tmp_path]), plan.seed, 0, CPU)
    pictures, people = paint(stored, drawn, plan.size, plan.augment.replaced)
    full, half, quarter = (torch.zeros_like(level) for level in stored.levels)
    unlit = replace(stored, levels=(full, half, quarter))
    background, _ = paint(unlit, drawn, plan.size, plan.augment.replaced)
    found = total = 0
    for rgb, black, them in zip(pictures, background, people, strict=True):
        for x, y, seen in them.reshape(-1, 3).tolist():
            if seen == 2:
                assert 0 <= x <= 256
                assert 0 <= y <= 256
                total += 1
                found += bool((rgb[int(y), int(x)] != black[int(y), int(x)]).any())
    assert total > 200
    assert found > 0.9 * total


def test_a_batch_has_what_one_of_the_processor_has(tmp_path: Path) -> None:
    stick_people.store(tmp_path, 6)
    plan = Plan((tmp_path,), 1, 161, 4, 0, 2, AugmentSettings())
    feed = BodyFeed(CPU)
    batches = list(feed(plan, 0))
    usual = body_batch(Pictures([tmp_path]), plan, 0)
    assert len(batches) == 2
    for name, value in usual.items():
        assert batches[0][name].shape == value.shape
        assert batches[0][name].dtype == value.dtype
        assert torch.isfinite(batches[0][name].float()).all()


def test_pictures_may_be_appended_while_it_runs(tmp_path: Path) -> None:
    """Those stored on the device stay the ones that are drawn, in the same order."""
    one, two = tmp_path / "one", tmp_path / "two"
    stick_people.store(one, 3)
    stick_people.store(two, 3, seed=1)
    plan = Plan((one, two), 1, 97, 4, 0, 2, AugmentSettings())
    feed = BodyFeed(CPU)
    before = list(feed(plan, 0))
    stick_people.store(one, 40, seed=2)
    after = list(feed(plan, 2))
    for batch, again in zip(before, after, strict=True):
        assert torch.equal(batch["offsets"], again["offsets"])


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    stick_people.store(tmp_path, 4)
    plan = Plan((tmp_path,), 1, 161, 8, 0, 2, AugmentSettings(pasted=1, erased=1, photographed=1))
    one, two = (draw_batch(Pictures([tmp_path]), plan, 1) for _ in range(2))
    other = draw_batch(Pictures([tmp_path]), plan, 0)
    assert all(torch.equal(value, two[name]) for name, value in one.items())
    assert not torch.equal(one["back"], other["back"])
    assert len(one["paste_row"]) == len(one["photo_row"]) == 8
    assert one["arrived"].any(dim=1).all()


def test_what_is_covered_is_hidden() -> None:
    (one,) = stick_people.people(np.random.default_rng(3), 1, 257)
    one[:, 2] = 2
    mask = torch.zeros((1, 1, 257, 257), dtype=torch.bool)
    assert (covered(padded(one[None]), mask)[0, 0, :, 2] == 2).all()
    assert (covered(padded(one[None]), ~mask)[0, 0, :, 2] == 1).all()


def test_a_camera_that_changes_nothing_changes_nothing() -> None:
    pictures = torch.rand(3, 3, 33, 41) * 255
    kernel = torch.zeros(3, KERNEL, KERNEL)
    kernel[:, KERNEL // 2, KERNEL // 2] = 1
    same = {
        "photo_color": torch.eye(3, 4).repeat(3, 1, 1),
        "photo_gamma": torch.ones(3),
        "photo_kernel": kernel,
        "photo_grain": torch.zeros(3),
        "photo_grey": torch.zeros(3),
        "photo_quality": torch.zeros(3),
    }
    assert torch.allclose(photographed(pictures, same), pictures, atol=1e-2)
    fine, coarse = (
        (photographed(pictures, {**same, "photo_quality": torch.full((3,), q)}) - pictures).abs()
        for q in (95.0, 15.0)
    )
    assert 0.5 < fine.mean() < coarse.mean() < 80
    assert photographed(pictures, {**same, "photo_grain": torch.full((3,), 20.0)}).std() > 0
