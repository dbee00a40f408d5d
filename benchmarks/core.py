"""What the pure core costs: decoding, tracking with rules, and watching a procedure.

    python -m benchmarks.core

All run on figures made here: five people painted into PoseNet heads of a 481x641 input, four people
walking about for a minute under three rules, and two hands that do a procedure of 30 steps.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Literal

import numpy as np

from edge.core.engine import Engine
from edge.core.hand import Hand
from edge.core.track import Scene, Tracker
from edge.core.types import Floats, Observation, Polygon, Pose
from edge.decode._walking import EDGES
from edge.decode.posenet import PoseNet
from edge.events.fall import Fall
from edge.events.presence import Present
from edge.events.sop import Sop
from edge.sop.procedure import Forbidden, InZone, Procedure, Stage, Step

# A standing person, shares of the standing height: x from the middle, y up from the ground.
_FIGURE = np.array(
    [
        (0, 0.93), (0.02, 0.95), (-0.02, 0.95), (0.04, 0.94), (-0.04, 0.94),
        (0.11, 0.82), (-0.11, 0.82), (0.14, 0.63), (-0.14, 0.63), (0.15, 0.48), (-0.15, 0.48),
        (0.06, 0.53), (-0.06, 0.53), (0.06, 0.28), (-0.06, 0.28), (0.06, 0.04), (-0.06, 0.04),
    ],
    np.float32,
)  # fmt: skip
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


def figure(x: float, ground: float, height: float) -> Floats:
    """A standing person's 17 keypoints, px."""
    return np.stack([x + _FIGURE[:, 0] * height, ground - _FIGURE[:, 1] * height], axis=1)


def paint(people: list[Floats], size: tuple[int, int], stride: int = 16) -> dict[str, Floats]:
    """PoseNet heads in which these people are found."""
    h, w = (size[0] - 1) // stride + 1, (size[1] - 1) // stride + 1
    heat = np.full((h, w, 17), -6.0, np.float32)
    offsets = np.zeros((h, w, 2, 17), np.float32)
    ways = np.zeros((2, h, w, 2, 16), np.float32)
    rows, columns = np.mgrid[0:h, 0:w].astype(np.float32) * stride
    nearest = np.full((h, w), np.inf, np.float32)
    for person in people:
        for joint, (x, y) in enumerate(person):
            distance = np.hypot(rows - y, columns - x)
            heat[:, :, joint] = np.maximum(heat[:, :, joint], 5.0 - distance / stride * 4.0)
        distance = np.abs(columns - person[:, 0].mean())
        mine = distance < nearest
        nearest = np.minimum(nearest, distance)
        for joint, (x, y) in enumerate(person):
            offsets[mine, 0, joint], offsets[mine, 1, joint] = (y - rows)[mine], (x - columns)[mine]
        for edge, (parent, child) in enumerate(EDGES):
            step = person[child] - person[parent]
            ways[0][mine, 0, edge], ways[0][mine, 1, edge] = step[1], step[0]
            ways[1][mine, 0, edge], ways[1][mine, 1, edge] = -step[1], -step[0]
    return {
        "heatmaps": heat[None],
        "offsets": offsets.reshape(1, h, w, 34),
        "displacement_fwd": ways[0].reshape(1, h, w, 32),
        "displacement_bwd": ways[1].reshape(1, h, w, 32),
    }


def milliseconds(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Best and median of single calls, ms."""
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1e3)
    return min(taken), float(np.median(taken))


def decoding(repeats: int) -> str:
    """Five people at 481x641."""
    heads = paint([figure(70 + 120 * i, 440, 380) for i in range(5)], (481, 641))
    decode = PoseNet()
    found = len(decode(heads, (481, 641)))
    best, median = milliseconds(lambda: decode(heads, (481, 641)), repeats)
    return f"decode {found} people at 481x641: best {best:.2f} ms, median {median:.2f} ms"


def rules(frames: int) -> str:
    """Four people, three rules."""
    score = np.full(17, 0.8, np.float32)
    noise = np.random.default_rng(1)
    engine = Engine(Tracker(), (Present(), Fall(), Fall(drop_m=0.7)))
    memory = engine.start()
    taken = []
    for seq in range(frames):
        t = seq / 30
        poses = tuple(
            Pose(
                "body17",
                figure(80 + 150 * i + 30 * np.sin(t + i), 440, 380).astype(np.float32)
                + noise.normal(0, 1.5, (17, 2)).astype(np.float32),
                score,
            )
            for i in range(4)
        )
        seen = Observation(t, seq, (640, 480), poses)
        begin = time.perf_counter()
        memory, _, _ = engine.step(memory, seen)
        taken.append((time.perf_counter() - begin) * 1e3)
    best, median = min(taken), float(np.median(taken))
    return f"track 4 people, 3 rules: best {best:.2f} ms, median {median:.2f} ms a frame"


def bench(steps: int) -> Procedure:
    """Take a part out of one bin after the other and set it into the fixture, hands in turn."""

    def square(x: float, y: float) -> Polygon:
        return ((x, y), (x + 0.08, y), (x + 0.08, y + 0.08), (x, y + 0.08))

    zones = {str(n): square(0.02 + 0.09 * (n % 10), 0.05 + 0.15 * (n // 10)) for n in range(steps)}
    zones["fixture"] = square(0.5, 0.8)
    parts = tuple(
        Step(
            f"part-{n}",
            (
                Stage(InZone(str(n), _SIDES[n % 2]), 0.3),
                Stage(InZone("fixture", _SIDES[n % 2]), 0.6),
            ),
            after=(f"part-{n - 1}",) if n else (),
        )
        for n in range(steps)
    )
    press = Forbidden("press", InZone("fixture", "both"))
    return Procedure("bench", parts, zones=zones, forbidden=(press,))


def procedure(frames: int) -> str:
    """30 steps, two hands that do them."""
    job, size = bench(30), (640, 480)
    rule, noise = Sop(job), np.random.default_rng(1)
    state, taken, done = rule.start(), [], 0
    for seq in range(frames):
        t = seq / 30
        part, since = int(t / 2.4) % 30, t % 2.4
        places = [(0.3, 0.95), (0.7, 0.95)]
        for zone, begin, end in ((str(part), 0.2, 0.9), ("fixture", 1.1, 2.1)):
            if begin < since < end:
                places[part % 2] = (job.zones[zone][0][0] + 0.04, job.zones[zone][0][1] + 0.04)
        at = (np.array(places) + noise.normal(0, 0.003, (2, 2))) * size
        hands = tuple(
            Hand(number, _SIDES[number], (float(x), float(y)), 30.0, None, 0.0, t, 0.9)
            for number, (x, y) in enumerate(at)
        )
        scene = Scene(t, seq, size, (), hands=hands)
        begin_s = time.perf_counter()
        state, said = rule.step(state, scene)
        taken.append((time.perf_counter() - begin_s) * 1e3)
        done += sum(event.phase == "step_completed" for event in said)
    best, median = min(taken), float(np.median(taken))
    return f"30 steps, 2 hands, {done} done: best {best:.2f} ms, median {median:.2f} ms a frame"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=1800)
    repeats = parser.parse_args().repeats
    sys.stdout.write(f"{decoding(repeats)}\n{rules(repeats)}\n{procedure(repeats)}\n")


if __name__ == "__main__":
    main()
