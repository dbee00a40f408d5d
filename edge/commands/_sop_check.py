"""Find what is wrong with procedures before a shift does: everything at once, with file and key.

  edgepose sop check fuse-box.toml
  edgepose sop check procedures/*.toml
  edgepose sop check fuse-box.toml --config cam1.toml
        with the zones that the camera adds, and whether its signals are configured;
        what is wrong with that configuration is told as well
  edgepose sop check packing.toml --gesture box-sign
        a gesture that a model of your own knows

Errors: it cannot work as it is written (steps that wait for each other, unknown zones, gestures
and signals, zones without an area, conditions that can never hold, steps that cannot be told
apart, times that contradict each other). Warnings: it may be meant so. The exit code is 78 where
there is an error, since only a person can mend it, and otherwise 0.

Every key of a procedure file with its meaning: `edgepose settings procedure`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edge.commands import _sop_camera
from edge.errors import ConfigError, EdgeposeError

if TYPE_CHECKING:
    from edge.sop.checking.finding import Finding, Known
    from edge.sop.procedure import Procedure


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("files", nargs="+", type=Path, metavar="PROCEDURE.toml")
    _sop_camera.arguments(parser)
    for what in ("gesture", "pose"):
        parser.add_argument(
            f"--{what}", action="append", default=[], metavar="NAME", help=f"one more known {what}"
        )


def run(args: argparse.Namespace) -> int:
    """Print every finding; one bad file hides no other."""
    known = _known(args)
    of_camera = _configured(args)
    bad = bool(of_camera)
    if of_camera:
        print("\n".join(of_camera))
    for file in args.files:
        lines = list(_lines(file, known))
        bad = bad or any(line.startswith("error") for line in lines)
        print("\n".join(lines))
    return ConfigError.exit_code if bad else 0


def _configured(args: argparse.Namespace) -> list[str]:
    """What is wrong with the camera's configuration, but for the procedures that are looked at."""
    from edge import config as configuration  # noqa: PLC0415 - see commands/run.py

    if args.config is None:
        return []
    try:
        configuration.load(args.config, {}, watching=False)
    except EdgeposeError as error:
        every = error.each()
        own = tuple(str(file.resolve()) for file in args.files)
        found = [(str(Path(one.where.partition(": ")[0]).resolve()), one) for one in every]
        return [_shown("error", one) for file, one in found if file not in own]
    return []


def _known(args: argparse.Namespace) -> Known:
    camera = _sop_camera.camera(args)
    more = {"hand21": args.gesture, "body17": args.pose}
    return known(tuple(camera.zones), camera.signals, camera.models, more)


def known(
    zones: tuple[str, ...],
    signals: tuple[str, ...] | None,
    models: tuple[str, ...] = (),
    more: Mapping[str, Sequence[str]] | None = None,
) -> Known:
    """What there is beside a procedure on a camera with these zones, signals and models.

    `more` are names of gestures and poses by skeleton.
    """
    from edge.sop.checking.finding import Known  # noqa: PLC0415 - see commands/run.py

    names = {skeleton: _names(skeleton, models) for skeleton in ("hand21", "body17")}
    for skeleton, several in (more or {}).items():
        names[skeleton] = (*names[skeleton], *several)
    # Without any model that names them, nobody can say what is unknown.
    return Known(zones, names["hand21"] or None, names["body17"] or None, signals)


def _names(skeleton: str, models: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the camera's own classifier gives, or else the usual one."""
    from edge.modelstore import model_store  # noqa: PLC0415 - see commands/run.py
    from edge.runtime.labels import known_labels  # noqa: PLC0415

    try:
        for model in models:
            vector = model_store().find(model).manifest.input.vector
            if vector is not None and vector.skeleton == skeleton:
                return known_labels(skeleton, model)
        return known_labels(skeleton)
    except EdgeposeError:  # `edgepose check` says what is wrong with a model
        return ()


def _lines(file: Path, known: Known) -> Iterator[str]:
    from edge.procedure_file import read_far  # noqa: PLC0415 - see commands/run.py
    from edge.sop.checking.check import check  # noqa: PLC0415

    try:
        procedure, errors = read_far(file, known.zones)
    except EdgeposeError as error:
        yield _shown("error", error)
        return
    told = {error.where for error in errors}
    yield from (_shown("error", error) for error in errors)
    findings = [one for one in check(procedure, known) if f"{file}: {one.key}" not in told]
    if errors:  # what could not be read may be what a warning misses
        findings = [one for one in findings if one.severity == "error"]
    for one in findings:
        yield _shown(one.severity, _as_error(file, one))
    if not errors and not findings:
        yield f"good     {file}: {_size(procedure)}"


def _as_error(file: Path, one: Finding) -> EdgeposeError:
    return ConfigError(f"{file}: {one.key}", one.problem, one.hint)


def _shown(severity: str, error: EdgeposeError) -> str:
    first, *rest = str(error).splitlines()
    return "\n".join((f"{severity:8} {first}", *(f"{'':8} {line}" for line in rest)))


def _size(procedure: Procedure) -> str:
    counts = {
        "step": len(procedure.steps),
        "zone": len(procedure.zones),
        "forbidden thing": len(procedure.forbidden),
    }
    return ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items() if n)
