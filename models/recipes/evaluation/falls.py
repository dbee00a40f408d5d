"""Falls found and false alarms on labelled clips: the benchmark's own watch and judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.events import labels
from benchmarks.events.command import Command
from benchmarks.events.peers import PeerWatch
from benchmarks.events.report import Report
from benchmarks.events.watch import Watch, every
from benchmarks.peers.seer import seers
from converters.progress import Bar
from models.recipes.evaluation.subjects import Subject

_WANTED = (
    *("sensitivity", "sensitivity_interval", "falls", "found", "false_alarms"),
    *("everyday_clips", "everyday_clips_with_false_alarm", "delay_from_onset_s"),
)


def figures(one: Subject, clips: Path, out: Path, jobs: int, bar: Bar) -> dict[str, Any]:
    """What the fall rule tells of a model's poses; recordings and events stay in `out`.

    Raises BenchError for a file of weights or a module, which the real command does not run.
    """
    home = out / one.name.replace("@", "-").replace(":", "-")
    command = Command(home / "events", home / "state", None)
    if one.movenet:
        (seer,) = seers(["movenet"], "", one.movenet)
        watch: Watch | PeerWatch = PeerWatch(seer, home, clips, kept=True, command=command)
    elif one.model:
        watch = Watch(home / "recordings", clips, one.model, one.backend, command)
    else:
        raise BenchError(one.name, "has no manifest", "convert it first: edgepose-convert any")
    report = Report.of(every(labels.read(clips / "labels.csv"), jobs, bar, watch.one))
    values = report.figures
    return {
        **{key: values[key] for key in _WANTED},
        "missed": [j.clip.name for j in report.ours if j.verdict == "missed"],
        "false": [j.clip.name for j in report.ours if j.false_alarms],
        "unreadable": values["unreadable"],
    }
