"""Files as the real commands write them: the README names every key, and a page shows them all."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("pycocotools")

from benchmarks import variants
from benchmarks.__main__ import main
from benchmarks.accuracy import measure
from benchmarks.accuracy.figures import figures as accuracy_figures
from benchmarks.accuracy.marked import Marked
from benchmarks.choose import candidates
from benchmarks.commands import fleet
from benchmarks.errors import BenchError
from benchmarks.fleet import broker as brokers
from benchmarks.fleet import course
from benchmarks.fleet.device import Sent
from benchmarks.fleet.listener import Heard
from benchmarks.fps import rounds, seat, session
from benchmarks.fps.stages import STAGES
from benchmarks.fps.tools import Tool
from benchmarks.fps.turn import Job, Turn
from benchmarks.results.sections import KINDS
from benchmarks.variants import Variant
from edge.core.types import Floats
from edge.manifest import WeightsFile
from edge.modelstore import model_store
from edge.recording import Header, Writer
from tests import figure
from tests.benchmarks import timelines
from tests.fakes import standing
from tests.hand_figure import hand
from tests.lives import Act, Life, observations

README = Path(__file__).parents[2] / "benchmarks" / "README.md"
BODY, HAND = "posenet-mobilenet-v1-075-353x481-coral", "hand-landmark-lite"
# Where the keys of a run, of a candidate or of a rule stand again, and what is in their place.
AGAIN = {
    "fps": {"runs[].": "", "peers[].": ""},
    "choose": {"recommended.": "candidates[]."},
    "events": dict.fromkeys(
        ("baseline.other_parameters[].", "baseline.datasets.*.", "datasets.*.", "baseline."), ""
    ),
    "sop": timelines.AGAIN,
}
# Objects whose keys are names: of packages, models, datasets ...
NAMED = {"packages", "temperatures", "stages", "models", "models.*", "pck_per_keypoint", "datasets"}
NAMED |= {"events_by_kind", "kinds", "procedures", "by_phase", "outliers"}
FILES = {"fps": ("fps", "failed"), "fps --soak": ("soaked",), "accuracy": ("body17", "hand21")}
PAIRS = ({"p50", "p95"}, {"p50", "p95", "p99"}, {"begin", "end"})
FALL = Life(
    (Act(figure.STAND, 0.0, 2.0), Act(figure.RIGHT, 0.8, 3.0, falling=True)),
    size=(1280, 960),
    at=(640.0, 800.0),
)


class FakeSeat:
    """A worker that has done its turn before it is asked; one peer never starts."""

    cold_start_s = 0.5

    def __init__(self, job: Job, name: str, python: str = sys.executable) -> None:
        self.job, self.name, self.python = job, name, python

    def __enter__(self) -> FakeSeat:
        if self.job.role == "movenet":
            raise BenchError(self.name, "is not here")
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing runs."""

    def begin(self, _seconds: float) -> None:
        """It is done already."""

    def result(self, _seconds: float = 0.0) -> Turn:
        stages = {stage: [0.01] for stage in STAGES} if self.job.role == "runtime" else {}
        return Turn(20, 1.0, 0.8, 100.0, 110.0, 1, 2, 1.5, [40.0, 50.0], stages)

    turn = result


def rounded(skeleton: str) -> list[Variant]:
    """Two weights files of a model, as if it had been quantized."""
    model = model_store().find(BODY if skeleton == "body17" else HAND)
    name = model.manifest.name
    return [
        Variant(model, WeightsFile(f"{name}-{word}.tflite", "tflite", 64 * digit, 1), "tflite")
        for word, digit in (("float32", "a"), ("int8", "b"))
    ]


def seen_by_nobody(variant: Variant, marked: Marked, *_: object) -> measure.Measured:
    palm = rounded("hand21")[0] if marked.skeleton == "hand21" else None
    return measure.Measured(
        variant, palm, accuracy_figures(marked.truth, [()] * len(marked.pictures))
    )


def marks(folder: Path, keypoints: Floats) -> Path:
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), np.zeros((240, 320, 3), np.uint8))
    one = {"id": 1, "image_id": 1, "area": 9000, "bbox": [70, 10, 60, 200]}
    image = {"id": 1, "file_name": "a.png", "width": 320, "height": 240}
    one["keypoints"] = np.column_stack([keypoints, np.full(len(keypoints), 2)]).ravel().tolist()
    path = folder / "marks.json"
    path.write_text(json.dumps({"images": [image], "annotations": [one]}))
    return path


def recorded(folder: Path) -> Path:
    """Labels of a clip and of one that is gone, and what was seen in the first."""
    path = folder / "out/recordings/a.mp4.poses.jsonl"
    path.parent.mkdir(parents=True)
    with Writer(path, Header("home", "pi", "cam1", "a.mp4", "made-up")) as writer:
        for one in observations(FALL):
            writer.write(one)
    labels = folder / "labels.csv"
    labels.write_text("clip,kind,onset_s,impact_s,duration_s\na.mp4,fall,2,2.8,\ngone.mp4,adl,,,\n")
    return labels


def lived(**_: object) -> course.Course:
    told = Sent(1.0, "device-000", "key", "edgepose/site/device-000/cam1/event/fall", "event")
    heard = Heard(1.01, 1, retained=False, key=told.key, topic=told.topic)
    return course.Course([told], [heard], 2.0, course.Outage(5.0, 6.0), (70.0, 71.0), 0.1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a file of every command, made by the command itself."""
    root = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "Seat", FakeSeat)
        patch.setattr(session, "loaded", lambda seer: seer)
        patch.setattr(seat, "Seat", FakeSeat)
        own = Tool("echo", ("echo", "Throughput: 50.0 FPS"), r"Throughput:\s+([\d.]+) FPS")
        patch.setattr(session, "tool", lambda *_: own)
        patch.setattr(brokers, "binary", lambda: None)
        patch.setattr(course, "live", lived)
        broker = SimpleNamespace(name="made-up", url="mqtt://localhost")
        patch.setattr(fleet, "_broker", lambda *_: nullcontext(broker))
        patch.setattr(measure, "measure", seen_by_nobody)
        body, palm = (
            marks(root / "body", standing().xy),
            marks(root / "hand", hand((160, 200), 60).xy),
        )
        source = ["--model", BODY, "--backend", "tflite", "--source", str(root / "body")]
        assert run(root, "fps", *source, "--rounds", "1", *("--peer", "mediapipe")) == 0
        assert run(root, "fps", *source, "--peer", "movenet", "--peer-model", "x", to="failed") == 1
        assert run(root, "fps", *source, "--soak", "0.01", to="soaked") == 0
        events = ["--labels", str(recorded(root)), "--out", str(root / "out"), "--replay"]
        assert run(root, "events", *events) == 1
        assert run(root, "sop", *timelines.both(root)) == 0
        assert run(root, "soak", "--hours", "0.05") == 0
        assert run(root, "fleet", "--devices", "1") == 0
        for path, skeleton in ((body, "body17"), (palm, "hand21")):
            patch.setattr(variants, "chosen", lambda *_, s=skeleton: rounded(s))
            coco = ["--coco", str(path), "--images", str(path.parent)]
            assert run(root, "accuracy", *coco, to=skeleton) == 0
        patch.setattr(variants, "chosen", lambda *_: rounded("body17"))
        patch.setattr(candidates, "configuration", lambda *_: "[[model]]")  # wants real weights
        known = ["--accuracy", str(root / "body17.json"), "--source", str(root / "body")]
        assert run(root, "choose", "--min-ap", "0", "--threads", "1", *known) == 0
    return root


def run(root: Path, command: str, *words: str, to: str = "") -> int:
    return main([command, *words, "--json", str(root / f"{to or command}.json")])


def paths(value: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """Every key with those around it, and whether there is nothing in it."""
    if isinstance(value, dict) and value and set(value) not in PAIRS:
        named = path in NAMED or path.rpartition(".")[2] in NAMED
        for key, one in value.items():
            yield from paths(one, f"{path}.{'*' if named else key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from (found for one in value for found in paths(one, f"{path}[]"))
    else:
        yield path, not isinstance(value, (bool, int, float, str)) and not value


def told(heading: str) -> set[str]:
    """Every key in the tables below a heading of the README."""
    text = README.read_text(encoding="utf-8")
    section = re.split("\n##+ ", text.split(f"### {heading}\n")[1])[0]
    found: list[str] = []
    for row in re.findall(r"\n\| (`.*?) \|", section):
        for name in re.findall(r"`([^`]+)`", row):
            found.append(found[-1].rpartition(".")[0] + name if name[0] == "." else name)
    return set(found)


def ways(path: str, again: dict[str, str]) -> set[str]:
    """A key at its place, and at the places that it repeats."""
    found = {path}
    for place, instead in again.items():
        if path.startswith(place):
            found |= ways(instead + path.removeprefix(place), again)
    return found


def inside(path: str, other: str) -> bool:
    return path.startswith((f"{other}.", f"{other}[]"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_names_the_keys_of_a_command_and_no_others(made: Path, kind: str) -> None:
    named, again = told(kind) | told("every file"), AGAIN.get(kind, {})
    there: set[str] = set()
    empty: set[str] = set()
    for name in FILES.get(kind, (kind,)):
        for path, nothing in paths(json.loads((made / f"{name}.json").read_text())):
            places = ways(path, again)
            there |= places
            empty |= places if nothing else set()
            below = nothing and any(inside(one, place) for one in named for place in places)
            assert places & named or below, f"{kind}: {path} is not in the README"
    named -= there | {one for one in named for path in there if inside(path, one)}
    gone = {one for one in named if not any(inside(one, path) for path in empty)}
    assert gone == set(), f"{kind}: in the README, and not in the file"


def test_a_page_shows_every_file_of_the_commands(made: Path) -> None:
    files = sorted(str(path) for path in made.glob("*.json"))
    assert main(["results", *files, "--out", str(made / "page.md")]) == 0
    text = (made / "page.md").read_text()
    for module in KINDS.values():
        assert text.count(f"### {module.TITLE}\n") == 1
    for file in files:
        assert f"\n{Path(file).name}: measured 20" in text
    assert "| 20.0 (20.0 to 20.0) | 20.0 | 1.00 (1.00 to 1.00) |" in text  # fps, bare and ratio
    assert "not measured: movenet: " in text
    assert "not judged: gone.mp4" in text
    assert str(made) not in text
