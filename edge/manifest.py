"""models/<name>/manifest.toml -> Manifest: what a model is, takes, gives, and proof that it is it.

`load` reports every error at once. `Manifest.prove` is the only way from a weights file to its
bytes, so nothing unproven reaches an inference runtime.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

from edge import registry
from edge.config_table import Place, read
from edge.core.features import FEATURES, Features
from edge.core.settings import setting
from edge.core.skeletons import SKELETONS
from edge.core.types import Floats, Pose
from edge.errors import EdgeposeError, ModelError, Problems
from edge.manifest_fit import fits_together
from edge.proof import proven

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "manifest.toml"
FORMATS = ("tflite", "onnx", "openvino", "tfjs")
# Of a model or a file: never a way out of a folder.
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _needed(doc: str, choices: tuple[str, ...] = ()) -> Any:
    return field(metadata={"doc": doc, "choices": choices})


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of weights and where it comes from."""

    path: str = _needed("file name beside the manifest or in the model cache")
    format: str = _needed("what the file is", FORMATS)
    sha256: str = _needed("64 hexadecimal digits")
    size: int = _needed("bytes")
    url: str = setting("", "where `edgepose models pull` finds it; empty when bundled")
    backends: tuple[str, ...] = setting((), "backends that open this file; none for a companion")
    layout: str = setting("NHWC", "order of image dimensions", choices=("NHWC", "NCHW"))

    def prove(self, path: Path, hint: str) -> bytes:
        """Read a file; raises ModelError with the hint unless it is this one."""
        return proven(path, self.size, self.sha256, hint)


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The picture a model takes, or the vector; float models take pixels as (x - mean) / std."""

    height: int = setting(0, "0 when the model must be converted first", unit="px", low=0)
    width: int = setting(0, "0 when the model must be converted first", unit="px", low=0)
    mean: tuple[float, float, float] = setting((127.5, 127.5, 127.5), "of R, G, B", low=0, high=255)
    std: tuple[float, float, float] = setting((127.5, 127.5, 127.5), "of R, G, B", low=0.001)
    features: str = setting(
        "", "of a classifier: how its vector is made of a pose", choices=tuple(FEATURES)
    )

    @property
    def vector(self) -> Features | None:
        """How a classifier's vector is made; None for a model that takes a picture."""
        return FEATURES.get(self.features)

    @property
    def words(self) -> str:
        """What it takes, in one word."""
        return self.features or (f"{self.height}x{self.width}" if self.width else "convert")


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output: its tensor's name in the weights and its shape, channels last."""

    tensor: str = _needed("name of the tensor in the weights file")
    shape: tuple[int, ...] = _needed("batch, rows, columns, channels; 0 where not fixed")


class Decoder(Protocol):
    """Tensors by name and the input's (height, width) px -> poses in pixels of the input."""

    def __call__(self, heads: Mapping[str, Floats], size: tuple[int, int], /) -> tuple[Pose, ...]:
        """Decode one picture, batch dimension kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    name: str = _needed("letters, digits, '.', '_' and '-'; the folder's name")
    title: str = _needed("one line for people")
    licence: str = _needed("SPDX identifier, as stated by the source")
    homepage: str = _needed("where the model comes from, for people")
    skeleton: str = _needed("joints of a pose", tuple(SKELETONS))
    converted_by: str = setting("", "tool and version that made the weights; empty for originals")
    sees_lying: bool = setting(default=False, doc="finds the lying: no need to look again")
    input: InputSpec = field(default_factory=InputSpec)
    parity: str = setting(
        "", "was it close enough to its original? empty: not measured", choices=("passed", "failed")
    )
    measured: Mapping[str, Any] = setting({}, "differences from the original, by target")
    origin: Mapping[str, str] = setting({}, "file of the original -> its sha256")
    converted_with: Mapping[str, str] = setting({}, "package -> version that made the weights")
    calibration: Mapping[str, Any] = setting({}, "pictures that set the ranges of numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(_Facts):
    """Everything known about a model before it is opened."""

    weights: tuple[WeightsFile, ...]
    outputs: Mapping[str, OutputSpec]  # by the decoder's names
    decoder: Decoder

    @property
    def doubt(self) -> str:
        """Why the model should not be relied on; empty for most."""
        return f"{self.name} failed its parity: see its CARD.md" if self.parity == "failed" else ""

    @property
    def finds(self) -> str:
        """Skeleton of the poses it finds in pictures; empty for a classifier, which names poses."""
        return "" if self.input.vector else self.skeleton

    @property
    def backends(self) -> tuple[str, ...]:
        """Kinds of backend that can run the model, best first."""
        return tuple(dict.fromkeys(kind for file in self.weights for kind in file.backends))

    def file(self, name: str) -> WeightsFile:
        """Give the entry of a weights file; raises ModelError for one the manifest lacks."""
        for file in self.weights:
            if file.path == name:
                return file
        hint = registry.nearest(name, [file.path for file in self.weights])
        raise ModelError(name, f"is not a weights file of model '{self.name}'", hint)

    def parts(self, file: WeightsFile) -> tuple[WeightsFile, ...]:
        """Give a file and those it is nothing without: an .xml and its .bin share their stem."""
        stem = Path(file.path).stem
        others = (o for o in self.weights if o != file and o.format == file.format)
        return (file, *(other for other in others if Path(other.path).stem == stem))

    def prove(self, path: Path) -> bytes:
        """Read a weights file; raises ModelError unless it and its parts are what we say."""
        hint = f"run: edgepose models pull {self.name}"
        parts = self.parts(self.file(path.name))
        first, *_ = [part.prove(path.with_name(part.path), hint) for part in parts]
        return first


def load(path: Path) -> Manifest:
    """Read a manifest.toml; raises Problems with a ModelError for every error in it."""
    errors: list[EdgeposeError] = []
    place = Place(str(path), "", errors)
    table = _parse(path)
    weights = tuple(_weights(table.pop("weights", None), place.at("weights")))
    outputs = dict(_outputs(table.pop("outputs", None), place.at("outputs")))
    decoder = _decoder(table.pop("decoder", None), place.at("decoder"))
    facts = read(_Facts, table, place)
    if facts and not PLAIN_NAME.fullmatch(facts.name):
        place.at("name").wrong(f"'{facts.name}' is no plain name", "as the folder's name")
    if facts and decoder and not errors:
        fits_together(facts, weights, outputs, decoder, place)
    if errors or not facts or not decoder:
        raise Problems([ModelError(e.where, e.problem, e.hint) for e in errors])
    values = {f.name: getattr(facts, f.name) for f in fields(facts)}
    return Manifest(**values, weights=weights, outputs=outputs, decoder=decoder)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(str(path), f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(str(path), f"is not TOML: {error}") from error


def _weights(tables: object, place: Place) -> Iterator[WeightsFile]:
    if not isinstance(tables, list) or not tables:
        place.wrong("is missing", "write one [[weights]] for every file")
        return
    known = registry.kinds("backends")
    seen = set()
    for index, table in enumerate(tables):
        here = Place(place.file, f"{place.key}[{index}]", place.errors)
        file = read(WeightsFile, table, here)
        if file is None:
            continue
        if not PLAIN_NAME.fullmatch(file.path) or file.path in seen:
            here.at("path").wrong(f"'{file.path}' must be a plain file name, and used once")
        if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
            here.at("sha256").wrong("must be 64 hexadecimal digits", "as sha256sum prints it")
        if file.url and not file.url.startswith(("https://", "http://")):
            here.at("url").wrong(f"'{file.url}' must start with https://")
        for kind in set(file.backends) - set(known):
            here.at("backends").wrong(f"unknown backend '{kind}'", registry.nearest(kind, known))
        seen.add(file.path)
        yield file


def _outputs(tables: object, place: Place) -> Iterator[tuple[str, OutputSpec]]:
    if not isinstance(tables, dict) or not tables:
        place.wrong("is missing", "write [outputs.NAME] for every output of the decoder")
        return
    for name, table in tables.items():
        spec = read(OutputSpec, table, place.at(name))
        if spec:
            yield name, spec


def _decoder(table: object, place: Place) -> Decoder | None:
    if not isinstance(table, dict) or "kind" not in table:
        place.wrong("is missing", f"write [decoder] and its kind: {registry.kinds('decode')}")
        return None
    kind, known = table["kind"], registry.kinds("decode")
    if kind not in known:
        place.at("kind").wrong(f"unknown decoder '{kind}'", registry.nearest(str(kind), known))
        return None
    settings = {key: value for key, value in table.items() if key != "kind"}
    decoder: Decoder | None = read(registry.load("decode", kind), settings, place)
    return decoder
