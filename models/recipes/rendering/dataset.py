"""A data set on disk: pictures, masks and one line of truth each, made by several processes.

000123.jpg     the picture, RGB
000123.png     who is where: 0 background, 1.. the people, 10 and 11 a left and a right hand
truth.jsonl    one line a picture, written after its files: a killed run goes on where it was
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

import cv2
import numpy as np

from edge.errors import EdgeposeError
from models.recipes.rendering.types import Bytes

TRUTH = "truth.jsonl"
_WAIT = 1.0  # s between looks whether the workers still live


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A made picture: rgb and labels (H, W), JPEG quality 0..100, what truth.jsonl shall say."""

    rgb: Bytes
    labels: Bytes
    truth: dict[str, Any]
    quality: int = 92


# Draws the picture of a generator; made once in each process, as OpenGL cannot be shared.
Maker = Callable[[np.random.Generator], Sample]


def read_truth(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a data set; a last line that is not whole yet is left out."""
    path = folder / TRUTH
    if not path.is_file():
        return
    with path.open() as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


def make_dataset(  # noqa: PLR0913, PLR0917 - what to make, where, and how
    prepare: Callable[[], Maker],
    folder: Path,
    count: int,
    seed: int,
    workers: int,
    show: Callable[[int], None],
) -> None:
    """Make pictures 0 to count - 1; those already there are kept. `show` gets how many there are.

    The same seed and number give the same picture, whoever makes it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {int(line["id"]): line["seed"] for line in read_truth(folder)}
    done, seeds = there.keys(), set(there.values()) - {seed}
    if seeds:
        hint = f"go on with --seed {min(seeds)}, or choose another folder"
        raise EdgeposeError(str(folder), "has pictures of another seed", hint)
    todo = [number for number in range(count) if number not in done]
    context = multiprocessing.get_context("spawn")
    results: Any = context.Queue(maxsize=64)
    crew = [
        context.Process(
            target=_work, args=(prepare, folder, todo[k::workers], seed, results), daemon=True
        )
        for k in range(workers)
    ]
    for worker in crew:
        worker.start()
    try:
        _mend(folder / TRUTH)
        with (folder / TRUTH).open("a") as lines:
            for made in range(len(todo)):
                lines.write(json.dumps(_next(results, crew, folder), separators=(",", ":")) + "\n")
                lines.flush()
                show(len(done) + made + 1)
    finally:
        for worker in crew:
            worker.terminate()


def _mend(path: Path) -> None:
    """Take away a last line that is not whole: its picture is made again."""
    if path.is_file():
        text = path.read_text()
        path.write_text(text[: text.rfind("\n") + 1])


def _next(results: Any, crew: list[Any], folder: Path) -> dict[str, Any]:
    while True:
        try:
            truth: dict[str, Any] | str = results.get(timeout=_WAIT)
        except Empty:
            if not any(worker.is_alive() for worker in crew):
                hint = "run it again: what is there is kept"
                raise EdgeposeError(str(folder), "the renderers ended too early", hint) from None
            continue
        if isinstance(truth, str):
            raise EdgeposeError("render", truth, "see models/recipes/README.md")
        return truth


def _work(
    prepare: Callable[[], Maker], folder: Path, numbers: list[int], seed: int, results: Any
) -> None:
    cv2.setNumThreads(1)
    parent = os.getppid()
    try:
        make = prepare()
        for number in numbers:
            if os.getppid() != parent:  # it was killed: nobody reads what is made
                return
            sample = make(np.random.default_rng([seed, number]))
            name = f"{number:06d}"
            bgr = cv2.cvtColor(sample.rgb, cv2.COLOR_RGB2BGR)
            cv2.imwrite(
                str(folder / f"{name}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, sample.quality]
            )
            cv2.imwrite(
                str(folder / f"{name}.png"), sample.labels, [cv2.IMWRITE_PNG_COMPRESSION, 3]
            )
            results.put({"id": name, "seed": seed, **sample.truth})
    except Exception as error:  # noqa: BLE001 - told by the parent, which then ends
        results.put(f"a renderer failed: {type(error).__name__}: {error}")
