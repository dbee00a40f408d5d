"""`edgepose-bench events` on recordings of made-up people, as a person types it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.events.labels import read
from benchmarks.events.recordings import Unreadable, Watched, judge_folder, place
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.events.fall import Fall
from edge.recording import Header, Writer
from tests import figure
from tests.figure import STAND
from tests.lives import Act, Life, observations

STANDS = Act(STAND, 0.0, 2.0)
FALLS = Act(figure.RIGHT, 0.8, 3.0, falling=True)
SINKS = (Act(figure.FLOOR_SIT, 1.5, 0.3), Act(figure.ON_BACK, 1.5, 2.0))
EVIL = "<b>&.mp4"
LIVES = {
    "sets/found.mp4": (STANDS, FALLS),
    "sets/missed.mp4": (STANDS, *SINKS),
    "walks.mp4": (Act(STAND, 0.0, 3.0, walk_m_s=1.3),),
    EVIL: (STANDS, FALLS),
}
LABELS = f"""clip,kind,onset_s,impact_s,duration_s,dataset
sets/found.mp4,fall,2.0,2.8,5.8,falls
sets/missed.mp4,fall,2.0,,7.3,falls
walks.mp4,adl,,,36,everyday
{EVIL},adl,,,36,everyday
gone.mp4,fall,1,2,3,everyday
"""


@dataclass(frozen=True)
class Place:
    """Labels and recordings, and where a run left its answers."""

    root: Path
    code: int = -1

    @property
    def labels(self) -> Path:
        return self.root / "labels.csv"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def page(self) -> str:
        return (self.out / "events.html").read_text(encoding="utf-8")

    @property
    def figures(self) -> Any:
        return json.loads((self.root / "events.json").read_text())


def replay(root: Path, *more: str) -> Place:
    words = ["--labels", f"{root}/labels.csv", "--out", f"{root}/out", "--replay"]
    code = main(["events", *words, "--json", f"{root}/events.json", *more])
    return Place(root, code)


def prepare(root: Path, lives: Mapping[str, Sequence[Act]]) -> None:
    (root / "labels.csv").write_text(LABELS, encoding="utf-8")
    for name, acts in lives.items():
        path = root / "out/recordings" / f"{name}.poses.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with Writer(path, Header("home", "pi", "cam1", name, "made-up")) as writer:
            for one in observations(Life(tuple(acts), size=(1280, 960), at=(640.0, 800.0))):
                writer.write(one)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("events")
    prepare(root, LIVES)
    return replay(root)


def test_every_clip_gets_its_verdict(done: Place) -> None:
    clips = {one["clip"]: one for one in done.figures["clips"]}
    verdicts = {name: one["verdict"] for name, one in clips.items()}
    assert verdicts == dict(zip(LIVES, ("found", "missed", "quiet", "false alarm"), strict=True))
    (alert,) = clips["sets/found.mp4"]["alerts"]
    assert alert["stage"] == "descent"
    assert 0 < alert["confidence"] <= 1
    assert clips["sets/found.mp4"]["delay_from_onset_s"] == pytest.approx(alert["t"] - 2.0)
    assert clips["sets/missed.mp4"]["delay_from_onset_s"] is None
    assert len(clips["sets/found.mp4"]["baseline_alerts"]) == 1


def test_figures_have_stable_keys(done: Place) -> None:
    figures = done.figures
    assert (figures["benchmark"], figures["model"]) == ("events", "made-up")
    assert (figures["falls"], figures["found"], figures["sensitivity"]) == (2, 1, 0.5)
    assert (figures["everyday_clips"], figures["specificity"]) == (2, 0.5)
    assert (figures["false_alarms"], figures["precision"], figures["f1"]) == (1, 0.5, 0.5)
    assert figures["everyday_hours"] == pytest.approx(76 / 3600)
    assert list(figures["datasets"]) == ["falls", "everyday"]
    assert figures["datasets"]["falls"]["specificity"] is None
    for key in ("sensitivity", "specificity", "false_alarms_per_hour"):
        low, high = figures[f"{key}_interval"]
        assert low < figures[key] < high
        assert f"{key}_interval" in figures["baseline"]
    baseline = figures["baseline"]
    assert baseline["rule"] == "torso angle"
    assert baseline["parameters"]["angle_deg"] == 60
    assert "github.com" in baseline["source"]
    assert set(figures["datasets"]["falls"]) <= set(baseline)
    assert figures["board"]["python"]


def test_a_clip_that_is_not_there_is_named_and_the_rest_judged(done: Place) -> None:
    assert done.code == 1
    (missing,) = done.figures["unreadable"]
    assert missing["clip"] == "gone.mp4"
    assert missing["label"] == f"{done.labels}:6"
    assert "has no recording" in missing["reason"]


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what is closed out of turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_stands_alone_and_holds_no_picture(done: Place) -> None:
    page = Reader(done.page)
    assert (page.wrong, page.open) == ([], [])
    assert not {tag for tag, _ in page.tags} & {"img", "image", "script", "link", "video"}
    assert not [a for _, a in page.tags if {"href", "src", "data"} & set(a)]
    assert "url(" not in done.page
    assert EVIL in page.texts


def test_the_page_shows_each_miss_and_each_false_alarm(done: Place) -> None:
    page = Reader(done.page)
    words = page.texts
    strips = [attrs for _, attrs in page.tags if attrs.get("class") == "strip"]
    assert len(strips) == 2
    missed, alarms, clips = (words.index(w) for w in ("Falls missed", "False alarms", "Every clip"))
    assert "sets/missed.mp4" in words[missed:alarms]
    assert "everyday, false alarm 3.00 s" in words[alarms:clips]
    assert " onset" in words[missed:alarms]
    frames = [str(attrs.get("aria-label")) for _, attrs in page.tags if "viewbox" in attrs]
    assert sum(label.endswith("s, 1 seen") for label in frames) >= 15
    bars = [attrs for _, attrs in page.tags if attrs.get("class") == "time"]
    assert len([bar for bar in bars if "aria-label" in bar]) == len(LIVES)


def test_recordings_of_any_estimator_are_judged_alike(done: Place) -> None:
    engine = Engine(Tracker(), (Fall(),))
    results = list(judge_folder(read(done.labels), done.out / "recordings", engine))
    told = [[alert.t for alert in one.ours.alerts] for one in results if isinstance(one, Watched)]
    assert told == [[alert["t"] for alert in one["alerts"]] for one in done.figures["clips"]]
    assert isinstance(results[-1], Unreadable)


def test_a_configuration_tunes_the_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(tmp_path, {"sets/found.mp4": LIVES["sets/found.mp4"]})
    config = tmp_path / "strict.toml"
    config.write_text('[[rule]]\nkind = "fall"\ndrop_m = 1.6\n')
    tuned = replay(tmp_path, "--config", str(config))
    assert (tuned.figures["falls"], tuned.figures["found"]) == (1, 0)
    assert "missed       sets/found.mp4" in capsys.readouterr().out


def test_a_recording_that_ends_before_the_fall_is_not_a_miss(tmp_path: Path) -> None:
    prepare(tmp_path, {"walks.mp4": LIVES["walks.mp4"], "sets/found.mp4": (Act(STAND, 0.0, 1.0),)})
    short = replay(tmp_path).figures
    assert short["falls"] == 0
    reasons = {one["clip"]: one["reason"] for one in short["unreadable"]}
    assert reasons["sets/found.mp4"] == "ends at 1.00 s, before its fall"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--replay", "--jobs", "0"), "--jobs: is 0"),
        (("--replay", "--config", "no.toml"), "no.toml"),
        (("--replay", "--out", "empty"), "no clip can be judged; the first: sets/found.mp4"),
        ((), "--clips: is missing"),
        (("--clips", "nowhere"), "nowhere: is no folder"),
        (("--clips", "."), "edgepose models pull posenet-mobilenet-v1-075-353x481-coral"),
    ],
)
def test_what_is_wrong_with_all_clips_is_said_at_once(
    words: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    assert main(["events", "--labels", "labels.csv", *words]) != 0
    assert told in capsys.readouterr().err


def test_the_place_of_a_recording_mirrors_the_clips(done: Place) -> None:
    found = read(done.labels)[0]
    assert place(Path("x"), found) == Path("x/sets/found.mp4.poses.jsonl")


def test_help_says_what_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["events", "--help"])
    said = capsys.readouterr().out
    assert "  edgepose-bench events --labels" in said
    assert "A fall counts as found when" in said
