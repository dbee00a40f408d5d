"""Batches for training, made in other processes from folders that may still grow."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from models.recipes.rendering.dataset import TRUTH
from models.recipes.training.augment import Floats, Source, augmented
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.targets import body_targets

_AGAIN = 200  # batches after which a worker looks for new pictures
_PATIENCE = 5  # pictures that may be unreadable, one after the other


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored picture: where it is, and its line of truth."""

    stem: Path
    truth: dict[str, Any]


class Pictures:
    """What lies in several folders; `look_again` finds what was appended. May hold none yet."""

    def __init__(
        self, folders: Sequence[Path], fits: Callable[[Mapping[str, Any]], bool] = lambda _: True
    ) -> None:
        self.entries: list[Entry] = []
        self._fits = fits
        self._read = dict.fromkeys(folders, 0)  # bytes of whole lines
        self.look_again()

    def look_again(self) -> None:
        """Read the lines that were added since."""
        for folder, start in self._read.items():
            if not (folder / TRUTH).exists():
                continue
            with (folder / TRUTH).open("rb") as file:
                file.seek(start)
                added = file.read()
            whole = added[: added.rfind(b"\n") + 1]
            self._read[folder] = start + len(whole)
            for line in whole.splitlines():
                truth = json.loads(line)
                if self._fits(truth):
                    self.entries.append(Entry(folder / truth["id"], truth))

    def load(self, number: int) -> Source:
        """One of them, decoded; raises OSError where its files cannot be read."""
        entry = self.entries[number % len(self.entries)]
        bgr = cv2.imread(str(entry.stem.with_suffix(".jpg")), cv2.IMREAD_COLOR)
        labels = cv2.imread(str(entry.stem.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
        if bgr is None or labels is None:
            raise OSError(f"cannot read the picture {entry.stem}")
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        return Source(rgb.astype(np.uint8, copy=False), labels.astype(np.uint8), people_of(entry))


def people_of(entry: Entry) -> Floats:
    """(N, 17, 3); a keypoint at 0, 0 that is not in the picture is not known."""
    rows = [one["keypoints"] for one in entry.truth["people"]]
    people = np.array(rows, np.float32).reshape(-1, 17, 3)
    unknown = (people == 0).all(axis=2)
    people[unknown, :2] = np.nan
    known: Floats = people[np.isfinite(people[..., 0]).sum(axis=1) > 1]
    return known


@dataclass(frozen=True, slots=True)
class Plan:
    """Which batches: the same seed and pictures give the same ones, whoever makes them."""

    folders: tuple[Path, ...]
    seed: int
    size: int  # px, height and width
    batch: int
    first: int  # number of the first batch, so that a run goes on where it was stopped
    last: int  # the one after the last
    augment: AugmentSettings


def pictures_of(plan: Plan) -> Pictures:
    """What a plan's folders hold now; raises FileNotFoundError where no picture is there yet."""
    pictures = Pictures(plan.folders, plan.augment.fits)
    if not pictures.entries:
        places = ", ".join(map(str, plan.folders))
        raise FileNotFoundError(f"no {TRUTH} with pictures in {places}")
    return pictures


Make = Callable[["Pictures", "Plan", int], dict[str, Tensor]]


def body_batch(pictures: Pictures, plan: Plan, number: int) -> dict[str, Tensor]:
    """Batch number so and so: `pictures` (B, size, size, 3) uint8, and what body_targets gives."""
    rng = np.random.default_rng((plan.seed, number))
    sources = [load_any(rng, pictures) for _ in range(plan.batch)]

    def other() -> Source:  # one of the same batch: reading it costs as much as changing it
        return sources[int(rng.integers(len(sources)))]

    made = [augmented(rng, source, other, plan.size, plan.augment) for source in sources]
    people = torch.from_numpy(side_by_side([them for _, them in made]))
    targets = body_targets(people, (plan.size, plan.size))
    return {"pictures": torch.from_numpy(np.stack([rgb for rgb, _ in made])), **targets}


def side_by_side(people: Sequence[Floats]) -> Floats:
    """People (N, 17, 3) of each picture in one array (B, P, 17, 3), nobody being all zeros."""
    made = np.zeros((len(people), max(map(len, people)), 17, 3), np.float32)
    for row, them in zip(made, people, strict=True):
        row[: len(them)] = them
    return made


def load_any(rng: np.random.Generator, pictures: Pictures) -> Source:
    """Any picture; one that cannot be read is passed over, but not many in a row."""
    for _ in range(_PATIENCE):
        try:
            return pictures.load(int(rng.integers(len(pictures.entries))))
        except OSError:
            continue
    return pictures.load(int(rng.integers(len(pictures.entries))))


class Batches(IterableDataset[dict[str, Tensor]]):
    """Batches of a plan, each worker every n-th; of `pictures`, or of all that come to be there."""

    def __init__(self, plan: Plan, make: Make, pictures: Pictures | None) -> None:
        self._plan, self._make, self._pictures = plan, make, pictures

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """Go through the plan; raises FileNotFoundError where no picture is there yet."""
        cv2.setNumThreads(1)
        worker = get_worker_info()
        step, at = (1, 0) if worker is None else (worker.num_workers, worker.id)
        if worker is not None:  # the one who trains says when to stop
            for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(one, signal.SIG_IGN)
        pictures = self._pictures or pictures_of(self._plan)
        for turn, number in enumerate(range(self._plan.first + at, self._plan.last, step)):
            if self._pictures is None and turn % _AGAIN == _AGAIN - 1:
                pictures.look_again()
            yield self._make(pictures, self._plan, number)


def loader(
    plan: Plan, workers: int, make: Make = body_batch, pictures: Pictures | None = None
) -> DataLoader[dict[str, Tensor]]:
    """Batches ahead of time, in `workers` other processes (0: in this one)."""
    return DataLoader(
        Batches(plan, make, pictures),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=6 if workers else None,
    )
