"""The fastest that is accurate enough, as a configuration that runs exactly that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.choose import known
from benchmarks.choose.candidates import Candidate, best, configuration
from benchmarks.errors import BenchError
from benchmarks.variants import first, variants
from edge import config as configurations
from edge.modelstore import model_store
from edge.runtime import assemble


def candidate(name: str, ap: float | None, fps: float | None, threads: int = 1) -> Candidate:
    return Candidate(name, "tflite", threads, ap, fps, 10.0, 100.0)


def test_the_fastest_that_is_accurate_enough_wins() -> None:
    fast, good, slow = candidate("a", 0.3, 90), candidate("b", 0.5, 50), candidate("c", 0.6, 20)
    assert best([slow, fast, good], 0.5) == good
    assert best([slow, fast, good], 0.1) == fast
    assert best([slow, fast, good], 0.7) is None


def test_what_was_not_measured_is_never_recommended() -> None:
    assert best([candidate("a", None, 90), candidate("b", 0.9, None)], 0.1) is None


def test_of_equals_the_one_with_fewer_threads_wins() -> None:
    one, three = candidate("a", 0.5, 50, threads=1), candidate("a", 0.5, 50, threads=3)
    assert best([three, one], 0.5) == one


def test_accuracy_follows_the_weights_into_another_runtime(dots: Path, tmp_path: Path) -> None:
    variant = first(str(dots / "model"), "tflite")
    result = tmp_path / "accuracy.json"
    one = {"sha256": variant.file.sha256, "backend": "openvino", "oks_ap": 0.25}
    other = {"sha256": "0" * 64, "backend": "tflite", "oks_ap": 0.75}
    result.write_text(json.dumps({"models": {"m": {"a": one, "b": other}}}))
    scores = known.read([result])
    assert known.score(scores, variant) == 0.25
    assert known.score({}, variant) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "no result of `accuracy`"), ("{}", "no result of"), ('{"models": {}}', "has no OKS-AP")],
)
def test_a_file_that_says_nothing_of_accuracy_is_refused(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BenchError, match=said):
        known.read([tmp_path / "a.json"])


def test_the_configuration_runs_the_very_file_that_was_measured(dots: Path, tmp_path: Path) -> None:
    named = str(dots / "model")
    every = list(variants(model_store().find(named)))
    assert len(every) == 2
    for variant in every:
        path = tmp_path / "cam.toml"
        path.write_text('[source]\nuri = "/dev/video0"\n' + configuration(variant, 3, named))
        (choice,) = configurations.load(path, {}).models
        assert choice.threads == 3
        backend: Any = assemble.predictor(choice).backend
        assert backend._weights == variant.weights


def bench(dots: Path, *words: str | Path) -> int:
    quick = ("--rounds", "1", "--turn", "0.1", "--threads", "1", "--source", dots / "film.avi")
    return main(["choose", "--model", str(dots / "model"), *map(str, (*quick, *words))])


def test_the_command_measures_both_and_recommends_one(
    dots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--coco", dots / "truth.json", "--images", dots / "pictures")
    assert bench(dots, "--min-ap", "0.9", *words, "--json", tmp_path / "a.json") == 0
    told = json.loads((tmp_path / "a.json").read_text())
    assert {one["target"] for one in told["candidates"]} == {"tflite:float32", "tflite:int8"}
    fastest = max(told["candidates"], key=lambda one: one["fps"])
    assert told["recommended"] == fastest
    assert told["config"] in capsys.readouterr().out


def test_when_nothing_is_accurate_enough_it_says_so(
    dots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = variants(model_store().find(str(dots / "model")))
    known_of = {
        v.target: {"sha256": v.file.sha256, "backend": v.backend, "oks_ap": 0.5} for v in every
    }
    (tmp_path / "a.json").write_text(json.dumps({"models": {"model": known_of}}))
    assert bench(dots, "--min-ap", "0.6", "--accuracy", tmp_path / "a.json") == 1
    assert "nothing has an AP of 0.6" in capsys.readouterr().out


def test_an_accuracy_that_cannot_be_is_refused_before_anything_is_measured(
    dots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(dots, "--min-ap", "20") == 1
    assert "--min-ap: 20 is no OKS-AP" in capsys.readouterr().err


def test_without_any_word_on_accuracy_it_asks_for_one(
    dots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(dots, "--min-ap", "0.5") == 1
    assert "--coco ANN.json and --images DIR, or --accuracy" in capsys.readouterr().err
