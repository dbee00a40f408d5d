"""Falls and false alarms on labelled clips, clip by clip, through the real command.

    python -m benchmarks.clips LABELS.csv --clips DIR --model NAME [--out DIR] [--replay]

LABELS.csv has the columns clip, kind (fall or adl), onset_s, impact_s, duration_s. A fall counts
as found when an alert comes after its onset; any other alert is a false alarm. `--replay` judges
the poses recorded by an earlier run again, without the model: the loop in which rules are tuned.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_EARLY_S = 0.2  # labels are read off a video by eye


@dataclass(frozen=True, slots=True)
class Clip:
    """One row of the labels."""

    path: str
    fall: bool
    onset: float | None  # s
    impact: float | None  # s


@dataclass(frozen=True, slots=True)
class Result:
    """What was published for one clip."""

    clip: Clip
    alerts: tuple[float, ...]  # s
    stages: tuple[str, ...]

    @property
    def found(self) -> float | None:
        """The first alert of the fall, s."""
        after = (self.clip.onset or 0.0) - _EARLY_S
        hits = [t for t in self.alerts if t >= after]
        return hits[0] if self.clip.fall and hits else None

    @property
    def false_alarms(self) -> int:
        """Alerts before the fall, or in a clip without one."""
        if not self.clip.fall:
            return len(self.alerts)
        return sum(t < (self.clip.onset or 0.0) - _EARLY_S for t in self.alerts)


def labels(path: Path) -> list[Clip]:
    """Read the labels."""
    with path.open(newline="") as file:
        return [
            Clip(
                row["clip"],
                row["kind"] == "fall",
                _number(row["onset_s"]),
                _number(row["impact_s"]),
            )
            for row in csv.DictReader(file)
        ]


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def judge(clip: Clip, options: argparse.Namespace) -> Result:
    """Run or replay one clip and read its events back."""
    name = clip.path.replace("/", "_")
    poses, events = options.out / f"{name}.poses.jsonl", options.out / f"{name}.events.jsonl"
    events.unlink(missing_ok=True)
    command = [sys.executable, "-m", "edge"]
    if options.replay:
        command += ["replay", str(poses), "--rule", "fall", "--events", str(events)]
    else:
        command += ["run", str(options.clips / clip.path), "--model", options.model]
        command += ["--rule", "fall", "--events", str(events), "--poses", str(poses)]
        command += ["--backend", options.backend] if options.backend else []
    done = subprocess.run(  # noqa: S603 - our own command line
        command, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{clip.path}: {done.stderr}")
    lines = events.read_text().splitlines() if events.exists() else []
    told = [event for event in map(json.loads, lines) if event["type"] == "edgepose.fall.begin"]
    return Result(
        clip,
        tuple(event["data"]["t"] for event in told),
        tuple(event["data"]["stage"] for event in told),
    )


def report(results: Sequence[Result]) -> str:
    """A line a clip, then the sums."""
    lines = []
    for result in results:
        clip = result.clip
        alerts = " ".join(
            f"{t:.2f}s {stage}" for t, stage in zip(result.alerts, result.stages, strict=True)
        )
        verdict = "" if not clip.fall else "found " if result.found is not None else "MISSED"
        verdict = f"{verdict:6} {'FALSE ALARM' if result.false_alarms else ''}"
        when = f"onset {clip.onset} impact {clip.impact}" if clip.fall else "everyday"
        lines.append(f"{clip.path:34} {when:26} {verdict:20} {alerts}")
    falls = [result for result in results if result.clip.fall]
    everyday = [result for result in results if not result.clip.fall]
    found = [result for result in falls if result.found is not None]
    delays = [
        result.found - result.clip.impact
        for result in found
        if result.found is not None and result.clip.impact is not None
    ]
    lines.append(f"falls found {len(found)} of {len(falls)}")
    lines.append(
        f"everyday clips with a false alarm {sum(bool(r.false_alarms) for r in everyday)} of "
        f"{len(everyday)}; falls with an alert too early {sum(bool(r.false_alarms) for r in falls)}"
    )
    if delays:
        lines.append(f"alert after impact, median {statistics.median(delays):+.2f} s")
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("--clips", type=Path, required=True, help="folder the labels speak of")
    parser.add_argument("--model", default="posenet-mobilenet-v1-075-353x481-coral")
    parser.add_argument("--backend", default="", help="tflite, onnxruntime or openvino")
    parser.add_argument("--out", type=Path, default=Path("out/clips"), help="recordings and events")
    parser.add_argument("--replay", action="store_true", help="judge recorded poses again")
    parser.add_argument("--jobs", type=int, default=2, help="clips at the same time")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda clip: judge(clip, options), labels(options.labels)))
    sys.stdout.write(report(results) + "\n")


if __name__ == "__main__":
    main()
