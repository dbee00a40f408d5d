"""The stages of a conversion: read, look, write, try, time, judge, save. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from converters import folder, heads, latency, origin, package
from converters.calibration import doubt, shows
from converters.errors import ConvertError
from converters.families import Family
from converters.judge import Judge
from converters.model import FloatModel, Job, Request, Size, Written
from converters.parity.truth import Truth
from converters.parity.truth import read as read_truth
from converters.progress import Progress
from converters.readers.find import find
from converters.report.table import table
from converters.result import Result, Trial
from converters.sets import Sets
from converters.target import Target
from converters.trials import Contender, Poses, contenders
from converters.views import views
from edge.core.types import Image
from edge.errors import ModelError
from edge.modelstore import model_store
from edge.runtime.predictor import letterbox

DEFAULT_STRIDE = 16  # px a cell, where a folder has several
REFERENCE = "float32"  # the target of those trials that the others are held against


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One conversion, as it was asked for."""

    out: Path
    original: Path  # a file, or a folder with one
    family: Family
    targets: tuple[Target, ...]
    tolerances: Any  # the family's
    size: Size | None = None
    stride: int | None = None  # px a cell; None: as the file has it, of a folder's the usual one
    named: Mapping[str, str] = field(default_factory=dict)  # head -> the original's output
    decoding: Mapping[str, Any] = field(default_factory=dict)  # settings of the decoder
    title: str = ""
    licence: str = ""
    homepage: str = ""
    truth: Path | None = None  # COCO keypoints of the parity pictures
    force: bool = False


def convert(plan: Plan, sets: Sets, progress: Progress) -> Result:
    """Convert, measure and save; raises ConvertError, and then nothing was written."""
    model, draft = _read(plan, progress)
    truth = _truth(plan, sets, progress)
    with folder.staged(plan.out) as work:
        references = _references(work / REFERENCE, plan, draft, model, progress)
        draft, seen = _look(references[0], plan, sets, draft, progress)
        written = _write(plan, sets, model, progress)
        versions = dict(pair for files in written.values() for pair in files.made_with.items())
        draft = replace(draft, versions=versions)
        made = work / "model"
        with progress.stage("write manifest"):
            known = package.place(made, draft, model, written)
        rivals = tuple(contenders(made, known, written))
        judge = Judge(plan.family, plan.tolerances, sets.parity, seen, truth)
        trials, views = judge.compare(rivals, progress)
        trials = _time(references, rivals, trials, progress)
        result = replace(draft, trials=trials, sights=judge.sights(views))
        if not result.passed and not plan.force:
            progress.say(table(result))
            raise _refused(result)
        with progress.stage("save"):
            package.save(made, result, model, written)
            folder.publish(made, plan.out)
    return result


def float32(plan: Plan, place: Path, progress: Progress) -> Contender:
    """The original in TensorFlow Lite, unquantized, in a folder of its own."""
    model, draft = _read(plan, progress)
    return _references(place, replace(plan, targets=()), draft, model, progress)[0]


def _read(plan: Plan, progress: Progress) -> tuple[FloatModel, Result]:
    """The float model, and all that is known before anything was measured."""
    with progress.stage(f"read {plan.original.name}"):
        stride = plan.stride or DEFAULT_STRIDE
        read, file = find(plan.original, stride)
        pick = heads.pick(plan.family.decoder, plan.named)
        size = plan.size if plan.family.any_size else None
        model = read(file, Request(size, pick, stride))
        model = heads.conform(model, plan.family.decoder, str(file))
        _check_asked(plan, model, str(file))
        return model, _draft(plan, model, file)


def _check_asked(plan: Plan, model: FloatModel, where: str) -> None:
    """Raise ModelError where a file is of another size or stride than was asked for."""
    own = "x".join(map(str, model.size))
    if plan.size not in (None, model.size):
        problem = f"gives {plan.family.title.lower()} in pixels of {own} only"
        raise ModelError(where, problem, "leave --input away")
    stride = heads.stride(model)
    if stride and plan.stride not in (None, stride):
        problem = f"has a stride of {stride}, not {plan.stride}"
        raise ModelError(where, problem, "leave --stride away, or give the folder that has both")


def _draft(plan: Plan, model: FloatModel, file: Path) -> Result:
    hashes = origin.hashes(origin.files(file))
    known = origin.known(hashes, model_store())
    parent = known or origin.beside(file, hashes[file.name])
    size = f"{model.size[0]}x{model.size[1]}"
    title = known.title.partition(",")[0] if known else plan.family.title
    rounded = any(
        "int8" in target.variant or target.variant == "dynamic" for target in plan.targets
    )
    title = f"{title}, {size}, quantized" if rounded else f"{title}, {size}"
    return Result(
        name=plan.out.name,
        title=plan.title or title,
        licence=plan.licence or (parent.licence if parent else origin.UNKNOWN),
        homepage=plan.homepage or (parent.homepage if parent else origin.NOWHERE),
        decoder=plan.family.decoder,
        decoding={**origin.decoding(parent, plan.family.decoder), **plan.decoding},
        input=model.size,
        mean=plan.family.mean,
        std=plan.family.std,
        origin=hashes,
        versions={},
        calibration={},
        trials=(),
        sights=(),
    )


def _truth(plan: Plan, sets: Sets, progress: Progress) -> Truth | None:
    if plan.truth is None:
        return None
    with progress.stage(f"read {plan.truth.name}"):
        return read_truth(plan.truth, sets.parity, plan.family.skeleton)


def _references(
    place: Path, plan: Plan, draft: Result, model: FloatModel, progress: Progress
) -> tuple[Contender, ...]:
    """The float model in every runtime that a target is for; TensorFlow Lite's decides."""
    formats = {"tflite"} | {target.format for target in plan.targets}
    job = Job("float32", "float32", plan.family.mean, plan.family.std)
    with progress.stage("write float32"):
        lite = Target("tflite", "float32").write(model, job)
        backends = tuple(kind for kind in ("tflite", "openvino") if kind in formats)
        written = {"tflite": replace(lite, backends=backends)}
        if "onnx" in formats:
            written["onnx"] = Target("onnx", "float32").write(model, job)
        known = package.place(place, draft, model, written)
        found = contenders(place, known, written)
        return tuple(replace(one, target=REFERENCE) for one in found)


def _look(
    first: Contender, plan: Plan, sets: Sets, draft: Result, progress: Progress
) -> tuple[Result, Poses]:
    """What the float model sees in all views to compare; it must see somebody in either set."""
    pictures = (*sets.calibration, *views(sets.parity))
    with progress.stage("look with float32") as bar:
        seen = first.see(pictures, bar)
        count, what = len(sets.calibration), plan.family.shows
        showing = shows(sets.source, seen[:count], what)
        whole = seen[count : count + len(sets.parity)]
        shows(f"{sets.source} (set aside to compare)", whole, what)
    if warning := doubt(showing, count, what):
        progress.say(f"warning: {warning}")
    return replace(draft, calibration=sets.facts(showing)), seen[count:]


def _write(plan: Plan, sets: Sets, model: FloatModel, progress: Progress) -> dict[str, Written]:
    """Every target's files, in the order they were asked for."""
    inputs = tuple(_input(picture.image, model.size) for picture in sets.calibration)
    whole = Job("", plan.out.name, plan.family.mean, plan.family.std, inputs)
    written = {}
    for target in plan.targets:
        job = replace(whole, variant=target.variant, stem=f"{whole.stem}-{target.variant}")
        with progress.stage(f"write {target}"):
            written[str(target)] = target.write(model, job)
    return written


def _input(image: Image, size: Size) -> Image:
    into = np.zeros((*size, 3), np.uint8)
    letterbox(image, into)
    return into


def _time(
    references: tuple[Contender, ...],
    rivals: tuple[Contender, ...],
    trials: tuple[Trial, ...],
    progress: Progress,
) -> tuple[Trial, ...]:
    """All that open take turns, each reference first in the list of results."""
    floats = tuple(Trial(one.target, one.backend, one.size, None) for one in references)
    rows = [*zip(references, floats, strict=True), *zip(rivals, trials, strict=True)]
    running = [contender for contender, trial in rows if not trial.refused]
    with progress.stage("time, taking turns") as bar, ExitStack() as stack:
        backends = [stack.enter_context(contender.open()) for contender in running]
        times = iter(latency.interleaved(backends, bar))
        return tuple(
            trial if trial.refused else replace(trial, latency_ms=next(times)) for _, trial in rows
        )


def _refused(result: Result) -> ConvertError:
    where = f"compare {result.name}"
    refused = next((trial for trial in result.trials if trial.refused), None)
    if refused:
        problem = f"{refused.target} cannot be run ({refused.refused}); nothing was written"
        return ConvertError(where, problem, "leave this target away: another --to")
    failed = [str(t.target) for t in result.trials if t.parity and not t.parity.passed]
    problem = f"differs too much from its float original: {', '.join(failed)}; nothing was written"
    passed = [f"--to {t.target}" for t in result.trials if t.parity and t.parity.passed]
    only = f"{' '.join(passed)} alone" if passed else "--force"
    hint = f"see the table; more pictures may help (of few people each counts much), or {only}"
    return ConvertError(where, problem, hint)
