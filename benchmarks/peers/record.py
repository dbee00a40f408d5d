"""What a peer sees in a clip, as a recording that `edgepose replay` and the events judge take.

python -m benchmarks.peers.record PEER CLIP OUT.jsonl [--weights FILE] [--threads N]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job
from benchmarks.peers.find import find
from edge.core.types import Observation, Pose
from edge.recording import Header, Writer

_USUAL_FPS = 25.0


def record(job: Job, out: Path) -> int:
    """See a whole clip; gives its number of frames. Raises BenchError for a bad clip."""
    see = find(job.role).open(job)
    capture = cv2.VideoCapture(job.source)
    if not capture.isOpened():
        raise BenchError(job.source, "cannot be opened", "is it a video?")
    fps = capture.get(cv2.CAP_PROP_FPS) or _USUAL_FPS
    name = Path(job.source).stem
    seq = 0
    with Writer(out, Header("bench", "peer", name, name, job.role)) as writer:
        while True:
            good, picture = capture.read()
            if not good:
                break
            image = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
            poses = tuple(
                Pose("body17", np.ascontiguousarray(one[:, :2]), np.clip(one[:, 2], 0.0, 1.0))
                for one in see(image)
            )
            size = (image.shape[1], image.shape[0])
            writer.write(Observation(seq / fps, seq, size, poses))
            seq += 1
    return seq


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peer")
    parser.add_argument("clip")
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", default="")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    record(Job(args.peer, args.clip, weights=args.weights, threads=args.threads), args.out)


if __name__ == "__main__":
    main()
