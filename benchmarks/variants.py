"""What can be measured: every weights file of a model, in every runtime that opens it here."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.errors import BenchError
from edge import registry
from edge.manifest import Manifest, WeightsFile
from edge.modelstore import Model, model_store
from edge.ports import Backend
from edge.registry import nearest
from edge.runtime.predictor import Predictor

# What to fetch where there is nothing yet.
_USUAL = {"body17": "posenet-mobilenet-v1-075-353x481-coral", "hand21": "hand-landmark-lite"}
PACKAGES = {"tflite": "ai_edge_litert", "onnxruntime": "onnxruntime", "openvino": "openvino"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One weights file of a model, in one runtime."""

    model: Model
    file: WeightsFile
    backend: str

    @property
    def manifest(self) -> Manifest:
        """The model's."""
        return self.model.manifest

    @property
    def precision(self) -> str:
        """What the file's name says beyond the model's, such as "int8"; empty when nothing."""
        stem, name = Path(self.file.path).stem, self.manifest.name
        return stem[len(name) + 1 :] if stem.startswith(f"{name}-") else ""

    @property
    def target(self) -> str:
        """Runtime and precision, "tflite:int8"; the runtime alone where a model has one file."""
        return f"{self.backend}:{self.precision}" if self.precision else self.backend

    @property
    def weights(self) -> Path:
        """Where the file is; raises ModelError with the remedy where it is not."""
        return self.model.weights(self.backend, self.file.path)

    def open(self, threads: int) -> Backend:
        """Make the runtime's own backend; it opens when entered."""
        made: Backend = registry.load("backends", self.backend)(
            self.manifest, self.weights, threads
        )
        return made

    def predictor(self, threads: int) -> Predictor:
        """Pictures to poses; the caller enters and leaves its backend."""
        return Predictor(self.manifest, self.open(threads))


def flags(parser: argparse.ArgumentParser) -> None:
    """Declare how variants are chosen."""
    group = parser.add_argument_group("what is measured")
    group.add_argument(
        "--model",
        metavar="NAME",
        action="append",
        help="a model of `edgepose models list`, or a folder with a manifest; repeatable "
        "(all whose weights are on this machine)",
    )
    group.add_argument(
        "--backend",
        metavar="KIND",
        action="append",
        choices=tuple(PACKAGES),
        help=f"only in this runtime: {', '.join(PACKAGES)}; repeatable (all installed)",
    )
    group.add_argument(
        "--precision",
        metavar="WORD",
        action="append",
        help="only weights whose file name ends in this, such as int8; repeatable (all)",
    )


def chosen(args: argparse.Namespace, skeletons: tuple[str, ...] = ("body17",)) -> list[Variant]:
    """What the flags name; raises ModelError or BenchError when that is nothing."""
    backends = args.backend or list(installed())
    missing = [kind for kind in backends if kind not in installed()]
    if missing:
        raise BenchError("--backend", f"{missing[0]} is not installed", _remedy(missing[0]))
    models = [model_store().find(name) for name in args.model or _present(skeletons)]
    if not models:
        hint = f"fetch one: edgepose models pull {_USUAL.get(skeletons[0], _USUAL['body17'])}"
        raise BenchError("--model", "no model's weights are on this machine", hint)
    runnable = []
    for model in models:
        if not model.manifest.finds:
            problem = "names poses and finds none: there is nothing to measure on pictures"
            raise BenchError(model.manifest.name, problem, "name the model that finds them")
        fits = [variant for variant in variants(model) if variant.backend in backends]
        if not fits and args.model:
            has = ", ".join(model.manifest.backends) or "none: it is input for edgepose-convert"
            problem = f"does not run on {', '.join(backends)}"
            raise BenchError(model.manifest.name, problem, f"its runtimes: {has}")
        runnable += fits
    if not runnable:
        problem = f"none of the {len(models)} models here runs on {', '.join(backends)}"
        raise BenchError("--backend", problem, "see: edgepose models list")
    wanted = [v for v in runnable if not args.precision or v.precision in args.precision]
    if not wanted:
        known = sorted({v.precision for v in runnable if v.precision})
        hint = (
            nearest(args.precision[0], known) if known else "leave it out: there is one file each"
        )
        raise BenchError("--precision", f"no weights end in '{args.precision[0]}'", hint)
    return wanted


def variants(model: Model) -> Iterator[Variant]:
    """Every file of a model with every runtime that is meant for it."""
    for file in model.manifest.weights:
        for backend in file.backends:
            yield Variant(model, file, backend)


def precise(name: str, weights: str, backend: str) -> Variant:
    """Give one variant by its model, file and runtime; raises ModelError for an unknown one."""
    model = model_store().find(name)
    return Variant(model, model.manifest.file(weights), backend)


def first(name: str, backend: str) -> Variant:
    """Give the variant that a device would run; raises ModelError where there is none."""
    model = model_store().find(name)
    return Variant(model, model.manifest.file(model.weights(backend).name), backend)


def installed() -> tuple[str, ...]:
    """Runtimes that can be imported here."""
    return tuple(kind for kind, package in PACKAGES.items() if find_spec(package))


def _present(skeletons: tuple[str, ...]) -> Iterator[str]:
    """Models of these skeletons that a backend can run, and whose weights are here."""
    for model in model_store().models():
        known = model.manifest
        if known.backends and known.finds in skeletons and "not" not in model.state:
            yield known.name


def _remedy(kind: str) -> str:
    extras = {"onnxruntime": "edgepose[onnx]", "openvino": "edgepose[openvino]"}
    return f"run: pip install '{extras.get(kind, 'ai-edge-litert')}'"
