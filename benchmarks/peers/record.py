"""What a peer sees in a clip, as a recording that `edgepose replay` and the events judge take.

python -m benchmarks.peers.record PEER [--weights FILE]
        whether this Python can load it, and its version
python -m benchmarks.peers.record PEER CLIP OUT.jsonl [--weights FILE] [--threads N]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job
from benchmarks.peers.find import Peer, find
from edge.core.types import Observation, Pose
from edge.errors import EdgeposeError
from edge.recording import Header, Writer
from edge.runtime.open_source import open_source


def record(job: Job, out: Path) -> int:
    """See a whole clip; gives its number of frames. Raises BenchError or SourceError."""
    peer = find(job.role)
    see = peer.open(job)
    name = Path(job.source).stem
    header = Header("bench", "peer", job.role, name, model(peer, job.weights))
    count = 0
    # Frames and their times are those that the device's own source gives.
    with open_source(job.source) as source, Writer(out, header) as writer:
        for frame in source.frames():
            poses = tuple(_pose(np.asarray(one, np.float32)) for one in see(frame.image))
            size = (frame.image.shape[1], frame.image.shape[0])
            writer.write(Observation(frame.t, frame.seq, size, poses))
            count += 1
    return count


def model(peer: Peer, weights: str) -> str:
    """What a recording says made its poses: the package, its version, the weights."""
    package = f"{peer.distribution} {peer.version or 'of unknown version'}"
    return f"{package} with {Path(weights).stem}" if peer.weights else package


def _pose(person: np.ndarray) -> Pose:
    """Joints that a peer does not place are not seen."""
    known = np.isfinite(person).all(axis=1)
    person = np.where(known[:, None], person, np.float32(0.0))
    return Pose("body17", np.ascontiguousarray(person[:, :2]), np.clip(person[:, 2], 0.0, 1.0))


def main(argv: list[str] | None = None) -> int:
    """Command line; an error is a line on standard error."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peer")
    parser.add_argument("clip", nargs="?", default="")
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--weights", default="")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args(argv)
    job = Job(args.peer, args.clip, weights=args.weights, threads=args.threads)
    try:
        if not args.clip:
            find(args.peer).open(job)
            sys.stdout.write(f"{model(find(args.peer), args.weights)}\n")
        elif args.out is None:
            raise BenchError("OUT", "is missing", "where the recording goes")
        else:
            record(job, args.out)
    except EdgeposeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
