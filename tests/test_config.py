"""A configuration is read whole: right, or with every error and its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from edge import config
from edge.config_table import Place, overlay, read
from edge.core.settings import setting
from edge.errors import ConfigError, EdgeposeError, Problems

GOOD = """
[identity]
site = "plant-2"
camera = "hall"
[source]
uri = "clips/hall.mp4"
[[model]]
name = "some-model"
threads = 2
[track]
forget_s = 3
[zones]
bed = [[0.1, 0.6], [0.5, 0.6], [0.5, 1.0]]
[[rule]]
kind = "fall"
hold_s = 4
lying_zones = ["bed"]
[[sink]]
kind = "jsonl"
path = "events.jsonl"
[state]
dir = "var"
"""


def load(folder: Path, text: str, **flags: object) -> config.Config:
    path = folder / "cam1.toml"
    path.write_text(text)
    return config.load(path, flags)


def errors(folder: Path, text: str) -> list[str]:
    with pytest.raises(EdgeposeError) as caught:
        load(folder, text)
    found = caught.value.errors if isinstance(caught.value, Problems) else [caught.value]
    assert caught.value.exit_code == 78
    return [str(error).replace(f"{folder}/", "") for error in found]


def test_a_good_one_is_read_whole(tmp_path: Path) -> None:
    got = load(tmp_path, GOOD)
    assert (got.names.site, got.names.camera) == ("plant-2", "hall")
    assert got.names.device
    assert got.models == (config.ModelChoice("some-model", "", 2),)
    assert got.track.forget_s == 3.0
    assert got.zones == {"bed": ((0.1, 0.6), (0.5, 0.6), (0.5, 1.0))}
    (rule,) = got.rules
    assert (rule.hold_s, rule.lying_zones) == (4.0, ("bed",))
    assert got.sinks[0].path.endswith("events.jsonl")
    assert got.state_dir == tmp_path / "var" / "hall"


def test_every_error_is_told_at_once_with_its_place_and_a_hint(tmp_path: Path) -> None:
    text = """
        [identity]
        site = "a/b"
        camra = "x"
        [source]
        uri = "/dev/video7"
        fps = 1000
        [[model]]
        name = "m"
        backend = "tflit"
        [[rule]]
        kind = "fall"
        hold_sec = 2
        lying_zones = ["bad"]
        [[rule]]
        kind = "fal"
        [[sink]]
        kind = "mqtt"
        port = "1883"
        [zones]
        bed = [[0.1, 0.1], [2, 0.2], [0.5, 0.5]]
        [trak]
    """
    found = errors(tmp_path, text)
    for start, hint in (
        ("cam1.toml: trak: unknown table", "did you mean 'track'?"),
        ("cam1.toml: identity.camra: unknown setting", "did you mean 'camera'?"),
        ("cam1.toml: identity.site: must be letters", ""),
        ("cam1.toml: source.fps: 1000 is out of range, must be at least 1 and at most 240", ""),
        ("cam1.toml: model[1].backend: unknown kind 'tflit'", "did you mean 'tflite'?"),
        ("cam1.toml: rule[1].hold_sec: unknown setting", "did you mean 'hold_s'?"),
        ("cam1.toml: rule[1].lying_zones: no zone 'bad'", "did you mean 'bed'?"),
        ("cam1.toml: rule[2].kind: unknown kind 'fal'", "did you mean 'fall'?"),
        ("cam1.toml: sink[1].port: must be a whole number", ""),
        ("cam1.toml: zones.bed: is not an area", "three corners"),
    ):
        assert any(e.startswith(start) and hint in e for e in found), (start, found)
    assert len(found) == 10


def test_nothing_at_all_says_what_is_missing(tmp_path: Path) -> None:
    found = errors(tmp_path, "")
    assert [error.split("\n")[0] for error in found] == [
        "cam1.toml: source: is missing",
        "cam1.toml: model: is missing",
    ]


@pytest.mark.parametrize(
    "text",
    ["source = 1", "[source]", "[source]\nkind = 3", "[source]\nuri = 3", "rule = 1", "rule = [1]",
     "model = 3", "[model]\nname = 'x'", "[[model]]", "zones = 1", "[zones]\nbed = 1",
     "sink = [[1]]", "identity = []", "[[sink]]", "[state]\ndir = 1", "track = 'x'",
     "[source]\nuri = 'ftp://x'", "[[model]]\nname='a'\n[[model]]\nname='b'",
     "[[rule]]\nkind='fall'\nlying_zones = 'bed'", "[[rule]]\nkind='fall'\nlying_zones = [[1]]"],
)  # fmt: skip
def test_no_shape_of_nonsense_is_more_than_an_error(tmp_path: Path, text: str) -> None:
    assert errors(tmp_path, text)


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    (error,) = errors(tmp_path, "[identity]\nsite = plant\n")
    assert error.startswith("cam1.toml: is not TOML: ")
    assert "line 2" in error


def test_a_missing_or_binary_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        config.load(tmp_path / "none.toml", {})
    (tmp_path / "b.toml").write_bytes(bytes(range(128, 256)))
    with pytest.raises(ConfigError, match="not a text file"):
        config.load(tmp_path / "b.toml", {})


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    text = """
        [source]
        uri = "rtsp://me:hunter2@cam/x"
        transport = 3
        [[model]]
        name = "m"
        [[sink]]
        kind = "mqtt"
        password = "hunter2"
        username = ["hunter2"]
    """
    assert "hunter2" not in "".join(errors(tmp_path, text))
    assert "hunter2" not in "".join(errors(tmp_path, "[source]\nuri = 'http://u:hunter2@cam'"))


def test_flags_alone_are_a_configuration() -> None:
    flags = {"source": {"uri": "clip.mp4"}, "model": [{"name": "m"}]}
    got = config.load(None, flags)
    assert got.file == "command line"
    assert type(got.rules[0]).__name__ == "Fall"
    assert got.sinks == ()


def test_flags_win_and_sinks_add_up() -> None:
    below = {
        "identity": {"site": "a", "camera": "b"},
        "model": [{"name": "m", "threads": 4}],
        "rule": [{"kind": "presence"}],
        "sink": [{"kind": "mqtt"}],
    }
    flags = {
        "identity": {"camera": "c"},
        "model": [{"backend": "openvino"}],
        "rule": [{"kind": "fall"}],
        "sink": [{"kind": "jsonl"}],
    }
    assert overlay(below, flags) == {
        "identity": {"site": "a", "camera": "c"},
        "model": [{"name": "m", "threads": 4, "backend": "openvino"}],
        "rule": [{"kind": "fall"}],
        "sink": [{"kind": "mqtt"}, {"kind": "jsonl"}],
    }


def test_a_replay_needs_neither_source_nor_model() -> None:
    assert config.load(None, {}, watching=False).source is None


def test_systemd_says_where_state_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    assert config.load(None, {}, watching=False).state_dir == tmp_path / "cam1"


@dataclass(frozen=True)
class Everything:
    """One field of every type that a setting may have."""

    flag: bool = setting(default=False, doc="")
    count: int = setting(1, "", low=0, high=9)
    share: float | None = setting(None, "", low=0, high=1)
    word: Literal["a", "b"] = setting("a", "")
    path: Path = setting(Path(), "")  # noqa: RUF009
    pair: tuple[int, int] = setting((1, 2), "", low=0)
    names: tuple[str, ...] = setting((), "")
    table: dict[str, float] = setting({}, "")  # noqa: RUF009


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [("flag", True, True), ("count", 3, 3), ("share", 1, 1.0), ("word", "b", "b"),
     ("path", "x/y", Path("/etc/x/y")), ("path", "/x", Path("/x")), ("pair", [3, 4], (3, 4)),
     ("names", ["a"], ("a",)), ("table", {"a": 1}, {"a": 1.0})],
)  # fmt: skip
def test_each_type_is_read(key: str, value: object, expected: object) -> None:
    place = Place("f", "t", [], Path("/etc"))
    got = read(Everything, {key: value}, place)
    assert place.errors == []
    assert getattr(got, key) == expected
    assert type(getattr(got, key)) is type(expected)


@pytest.mark.parametrize(
    ("key", "value"),
    [("flag", 1), ("count", True), ("count", 1.5), ("count", 10), ("count", -1), ("share", 1.1),
     ("share", float("nan")), ("share", True), ("word", "c"), ("path", 3), ("pair", [1]),
     ("pair", [1, -2]), ("pair", "12"), ("names", "a"), ("names", [1]), ("table", [1]),
     ("table", {"a": "x"})],
)  # fmt: skip
def test_what_does_not_fit_is_one_error(key: str, value: object) -> None:
    place = Place("f", "t", [])
    assert read(Everything, {key: value}, place) is None
    assert [error.where for error in place.errors] == [f"f: t.{key}"]
