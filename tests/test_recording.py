"""A recording reads back exactly, and says where it is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edge.core.skeletons import SKELETONS
from edge.core.types import Change, Observation, Pose, Signal
from edge.errors import SourceError
from edge.recording import Header, Reader, Writer, decode, encode, exact

HEADER = Header(site="home", device="pi", camera="cam1", session="s1", model="some-model")

singles = st.floats(width=32)
doubles = st.floats(allow_nan=False)
poses = (
    st.sampled_from(list(SKELETONS.values()))
    .flatmap(
        lambda skeleton: st.builds(
            Pose,
            skeleton=st.just(skeleton.name),
            xy=hnp.arrays(np.float32, (len(skeleton), 2), elements=singles),
            score=hnp.arrays(np.float32, len(skeleton), elements=st.floats(0, 1, width=32)),
            side=st.sampled_from(["", "left", "right"]),
            glimpse=st.booleans(),
            world=st.none() | hnp.arrays(np.float32, (len(skeleton), 3), elements=singles),
            label=st.sampled_from(["", "fist", "arms_raised_left"]),
            label_score=st.just(0.0),
        )
        # A score without a label is none.
    )
    .flatmap(
        lambda pose: st.builds(
            replace,
            st.just(pose),
            label_score=st.floats(0, 1) if pose.label else st.just(0.0),
        )
    )
)
signals = st.builds(
    Signal,
    name=st.text(min_size=1, max_size=8),
    value=st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    t=doubles,
)
observations = st.builds(
    Observation,
    t=doubles,
    seq=st.integers(0, 2**40),
    size=st.tuples(st.integers(1, 9999), st.integers(1, 9999)),
    poses=st.lists(poses, max_size=3).map(tuple),
    changes=st.lists(
        st.builds(
            Change, box=st.tuples(doubles, doubles, doubles, doubles), area=doubles, moving=doubles
        ),
        max_size=2,
    ).map(tuple),
    steady=st.booleans(),
    signals=st.lists(signals, max_size=3).map(tuple),
)


def same(one: Observation, two: Observation) -> bool:
    """Bit for bit, NaN included."""
    plain = (one.t, one.seq, one.size, one.changes, one.steady, typed(one)) == (
        *(two.t, two.seq, two.size, two.changes, two.steady, typed(two)),
    )
    return (
        plain
        and len(one.poses) == len(two.poses)
        and all(
            (a.skeleton, a.side, a.glimpse, a.label, a.label_score)
            == (b.skeleton, b.side, b.glimpse, b.label, b.label_score)
            and a.xy.dtype == b.xy.dtype
            and np.array_equal(a.xy, b.xy, equal_nan=True)
            and np.array_equal(a.score, b.score, equal_nan=True)
            and (a.world is None) == (b.world is None)
            and (b.world is None or np.array_equal(a.world, b.world, equal_nan=True))  # type: ignore[arg-type]
            for a, b in zip(one.poses, two.poses, strict=True)
        )
    )


def typed(seen: Observation) -> list[tuple[object, ...]]:
    """Signals with their types: true is not 1, and 1 is not 1.0."""
    return [(one.name, type(one.value), one.value, one.t) for one in seen.signals]


@given(observations)
def test_round_trip_is_exact(observation: Observation) -> None:
    line = json.dumps(encode(observation))
    assert same(decode(json.loads(line)), observation)


def test_keypoints_from_elsewhere_need_no_more_than_keypoints() -> None:
    pose = {"skeleton": "body17", "xy": list(range(34)), "score": [0.5] * 17}
    seen = decode({"t": 1, "seq": 30, "size": [640, 480], "poses": [pose]})
    assert (seen.t, seen.changes, seen.poses[0].glimpse) == (1.0, (), False)
    assert (seen.poses[0].side, seen.poses[0].world) == ("", None)
    assert seen.poses[0].xy.tolist()[16] == [32.0, 33.0]


@pytest.mark.parametrize(
    "change", [{"skeleton": "cat"}, {"xy": [1.0]}, {"score": [0.5] * 13}, {"world": [0.1]}]
)
def test_a_pose_that_is_no_skeleton_is_refused(change: dict[str, object]) -> None:
    pose = {"skeleton": "body17", "xy": list(range(34)), "score": [0.5] * 17, **change}
    with pytest.raises((ValueError, KeyError)):
        decode({"t": 1, "seq": 30, "size": [640, 480], "poses": [pose]})


def test_labels_and_signals_are_written_only_where_there_are_some() -> None:
    plain = encode(observation(1))
    assert "signals" not in plain
    assert not {"label", "label_score"} & set(plain["poses"][0])
    seen = decode({**plain, "signals": [{"name": "scanner", "value": "SN-1"}]})
    assert seen.signals == (Signal("scanner", "SN-1", seen.t),)


@pytest.mark.parametrize("value", [None, [1], {"a": 1}])
def test_a_signal_that_is_no_scalar_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="value"):
        decode({**encode(observation(1)), "signals": [{"name": "scanner", "value": value}]})


def test_floats_are_short() -> None:
    assert exact(np.array([0.1, 209.15077], np.float32)) == [0.1, 209.15077]


def observation(seq: int) -> Observation:
    pose = Pose("body17", np.full((17, 2), seq, np.float32), np.ones(17, np.float32))
    return Observation(t=seq / 30, seq=seq, size=(640, 480), poses=(pose,))


def record(path: Path) -> list[Observation]:
    kept = [observation(seq) for seq in range(5)]
    with Writer(path, HEADER) as writer:
        for one in kept:
            writer.write(one)
    return kept


def test_file_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "poses.jsonl"
    kept = record(path)
    reader = Reader(path, warn=pytest.fail)
    assert reader.header == HEADER
    assert all(same(a, b) for a, b in zip(reader, kept, strict=True))


def test_a_line_cut_short_is_left_out_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "poses.jsonl"
    record(path)
    path.write_text(path.read_text()[:-20])
    said: list[str] = []
    assert len(list(Reader(path, said.append))) == 4
    assert said == [f"{path}:6: cut short, last line left out"]


@pytest.mark.parametrize("broken", ['{"t": 1}', "[]", "nonsense", '{"t":"x"}'])
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "poses.jsonl"
    record(path)
    lines = path.read_text().splitlines()
    lines[2] = broken
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(SourceError, match=r"poses\.jsonl:3: not an observation"):
        list(Reader(path, pytest.fail))


@pytest.mark.parametrize("first", ["", "{}", "[1]", '{"format":"edgepose-recording-9"}', "\n"])
def test_another_file_is_refused(tmp_path: Path, first: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(first)
    with pytest.raises(SourceError, match="not a recording"):
        Reader(path, pytest.fail)


def test_a_binary_or_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(SourceError, match=r"clip\.mp4"):
        Reader(path, pytest.fail)
    with pytest.raises(SourceError, match="cannot be read"):
        Reader(tmp_path / "none.jsonl", pytest.fail)


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be written"):
        Writer(tmp_path / "none" / "poses.jsonl", HEADER).__enter__()
