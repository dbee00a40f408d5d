"""Poses on disk: what the engine was told, one observation a line, exact to the last bit.

The first line says what was watching and by which model; every further line is one
`Observation`. float32 is written as its shortest decimal, so a recording is small, readable
and replays to the same events under the same ids. Pictures are never in it.

Keypoints from elsewhere can be replayed too: a line needs `t` (s), `seq`, `size` (width, height
px) and `poses`, each with `skeleton`, `xy` (x and y of every joint in turn, px) and `score`
(0 where a joint is unknown); the rest may be left out, such as a hand's `side` and `world` (m), the
`label` a classifier gave it, and `signals`, each with the `name` and `value` that came.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import numpy as np

from edge.core.skeletons import SKELETONS
from edge.core.types import Change, Floats, Observation, Pose, Signal
from edge.errors import SourceError

FORMAT = "edgepose-recording-1"


@dataclass(frozen=True, slots=True)
class Header:
    """Everything besides the observations that an event's content and id depend on."""

    site: str
    device: str
    camera: str
    session: str
    model: str  # the manifests' names, joined by +


class Writer:
    """A context manager that appends one line for each observation, flushed as it is written."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header
        self._file: TextIO | None = None

    def __enter__(self) -> Writer:
        try:
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as error:
            raise SourceError(str(self._path), f"cannot be written ({error.strerror})") from error
        self._line({"format": FORMAT, **asdict(self._header)})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, observation: Observation) -> None:
        """Append one observation."""
        self._line(encode(observation))

    def _line(self, value: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(value, separators=(",", ":")) + "\n")
            self._file.flush()


class Reader:
    """A recording's header at once, its observations one by one.

    A last line without its end is what a cut power cord leaves: it is left out, and `warn`
    is told. Any other broken line raises SourceError with its number.
    """

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn
        try:
            with path.open(encoding="utf-8") as file:
                first = file.readline()
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "not a text file"
            raise SourceError(str(path), f"cannot be read ({problem})") from error
        self.header = self._read_header(first)

    def __iter__(self) -> Iterator[Observation]:
        with self._path.open(encoding="utf-8") as file:
            file.readline()
            for number, line in enumerate(file, start=2):
                try:
                    yield decode(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    if not line.endswith("\n"):
                        self._warn(f"{self._path}:{number}: cut short, last line left out")
                        return
                    raise SourceError(
                        f"{self._path}:{number}",
                        f"not an observation ({error})",
                        "was the file edited? record it again",
                    ) from error

    def _read_header(self, line: str) -> Header:
        try:
            value = json.loads(line)
            if value.pop("format") == FORMAT:
                return Header(**value)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise SourceError(
            f"{self._path}:1",
            "not a recording of poses",
            "make one with `edgepose record SOURCE --out poses.jsonl`",
        )


def encode(observation: Observation) -> dict[str, Any]:
    """One observation as plain JSON values."""
    plain: dict[str, Any] = {
        "t": float(observation.t),
        "seq": int(observation.seq),
        "size": [int(side) for side in observation.size],
        "poses": [_plain(pose) for pose in observation.poses],
        "steady": observation.steady,
        "changes": [
            {
                "box": [float(edge) for edge in change.box],
                "area": float(change.area),
                "moving": float(change.moving),
            }
            for change in observation.changes
        ],
    }
    if observation.signals:
        plain["signals"] = [
            {"name": signal.name, "value": signal.value, "t": float(signal.t)}
            for signal in observation.signals
        ]
    return plain


def decode(value: dict[str, Any]) -> Observation:
    """The inverse of `encode`; raises ValueError, KeyError or TypeError on anything else."""
    width, height = value["size"]
    return Observation(
        t=float(value["t"]),
        seq=int(value["seq"]),
        size=(int(width), int(height)),
        poses=tuple(_pose(pose) for pose in value["poses"]),
        changes=tuple(_change(change) for change in value.get("changes", ())),
        steady=bool(value.get("steady", True)),
        signals=tuple(_signal(signal, float(value["t"])) for signal in value.get("signals", ())),
    )


def exact(values: Floats) -> list[float]:
    """The shortest decimals that read back as the same float32 values."""
    if values.dtype != np.float32:  # the engine was told more than a recording can keep
        message = f"keypoints are {values.dtype} instead of float32"
        raise TypeError(message)
    short = [float(text) for text in values.astype(np.str_)]
    # A decimal goes through float64 on its way back, which could in theory round twice.
    same = np.array_equal(np.asarray(short, np.float32), values, equal_nan=True)
    return short if same else [float(value) for value in values]


def _plain(pose: Pose) -> dict[str, Any]:
    value: dict[str, Any] = {
        "skeleton": pose.skeleton,
        "side": pose.side,
        "glimpse": pose.glimpse,
        "xy": exact(pose.xy.reshape(-1)),
        "score": exact(pose.score),
    }
    if pose.world is not None:
        value["world"] = exact(pose.world.reshape(-1))
    if pose.label:
        value |= {"label": pose.label, "label_score": float(pose.label_score)}
    return value


def _pose(value: dict[str, Any]) -> Pose:
    skeleton = SKELETONS[value["skeleton"]]
    world = value.get("world")
    return Pose(
        skeleton=skeleton.name,
        xy=np.asarray(value["xy"], np.float32).reshape(len(skeleton), 2),
        score=np.asarray(value["score"], np.float32).reshape(len(skeleton)),
        side=value.get("side", ""),
        glimpse=bool(value.get("glimpse", False)),
        world=None if world is None else np.asarray(world, np.float32).reshape(len(skeleton), 3),
        label=str(value.get("label", "")),
        label_score=float(value.get("label_score", 0.0)),
    )


def _signal(value: dict[str, Any], t: float) -> Signal:
    said = value["value"]
    if not isinstance(said, (bool, int, float, str)):
        message = f"a signal's value is {type(said).__name__}"
        raise TypeError(message)
    return Signal(name=str(value["name"]), value=said, t=float(value.get("t", t)))


def _change(value: dict[str, Any]) -> Change:
    x0, y0, x1, y1 = (float(edge) for edge in value["box"])
    return Change(box=(x0, y0, x1, y1), area=float(value["area"]), moving=float(value["moving"]))
