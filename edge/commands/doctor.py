"""Look at everything a camera depends on, on the device, and say what to mend.

  sudo edgepose doctor                  every /etc/edgepose/*.toml, as its service runs it
  edgepose doctor cam1.toml             one configuration, wherever it is
  edgepose doctor --only camera         one check: see the words in its second column
  sudo edgepose doctor --json           for a program that looks after many devices

Each line is good, to be looked at, BAD, or not here; below what is not good stands what to type.
Nothing is changed, no picture is kept or shown, and a service that runs goes on. The broker is sent
one message, at edgepose/<site>/<device>/<camera>/doctor, which it does not keep.

The exit code is 0 when nothing is bad; 78 when all that is bad is a configuration or a model, as
`edgepose run` would say; otherwise 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edge import __version__
from edge.doctor.finding import GRADES, Finding, bad, worst
from edge.errors import ConfigError

if TYPE_CHECKING:  # it imports what may be broken
    from edge.doctor.round import Result

_SHOWN = {"good": "good", "look": "look", "bad": "BAD", "not here": "-"}
_VERSIONS_S = 60.0
_INDENT = " " * 7


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("configs", nargs="*", type=Path, metavar="CONFIG.toml")
    parser.add_argument("--only", metavar="CHECK", help="camera, model, broker, service ...")
    parser.add_argument("--json", action="store_true", help="everything, as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do the round; tell as it goes, or all at once as JSON."""
    try:
        from edge.doctor import round as rounds  # noqa: PLC0415 - an import may be what is broken
        from edge.doctor import service  # noqa: PLC0415
        from edge.doctor.machine import Machine  # noqa: PLC0415
        from edge.doctor.patient import read  # noqa: PLC0415
    except Exception as error:  # noqa: BLE001 - whatever a broken package raises
        return _broken(error)
    paths = args.configs or sorted(service.FOLDER.glob("*.toml"))
    machine = Machine()
    _progress("reading the configuration")
    patients = [read(path.absolute(), machine) for path in paths]
    listed = list(rounds.checks(machine, patients))
    if args.only:
        listed = rounds.only(listed, args.only)
    results = []
    for number, check in enumerate(listed, start=1):
        _progress(f"{check.what} {check.camera} ({number} of {len(listed)})")
        result = rounds.examine(check)
        results.append(result)
        _clear()
        if not args.json:
            _tell(f"{result.what} {result.camera}".strip(), result.findings)
    if args.json:
        print(json.dumps(_report(results, machine.board), indent=1, ensure_ascii=False))
    else:
        _sum_up(results)
    sys.stdout.flush()
    code = exit_code([one for result in results for one in result.findings])
    if any(rounds.stuck()):
        os._exit(code)  # a check that hangs in a driver would hold up the interpreter's end
    return code


def exit_code(findings: Sequence[Finding]) -> int:
    """0 without anything bad; 78 when only other settings help; else 1."""
    wrong = [one for one in findings if one.grade == "bad"]
    if not wrong:
        return 0
    return ConfigError.exit_code if all(one.final for one in wrong) else 1


def _tell(title: str, findings: Sequence[Finding]) -> None:
    for one in findings:
        print(f"{_SHOWN[one.grade]:6} {title:20} {one.says.splitlines()[0]}")
        for line in one.says.splitlines()[1:]:
            print(f"{'':28}{line}")
        if one.mend:
            print(f"{'':28}-> {one.mend}")
    sys.stdout.flush()


def _sum_up(results: Sequence[Result]) -> None:
    counts = Counter(one.grade for result in results for one in result.findings)
    words = {"bad": "bad", "look": "to look at", "good": "good", "not here": "not here"}
    told = [f"{counts[grade]} {words[grade]}" for grade in reversed(GRADES) if counts[grade]]
    print(f"\n{', '.join(told)}")


def _report(results: Sequence[Result], board: str) -> dict[str, object]:
    return {
        "edgepose": __version__,
        "board": board or None,
        "grade": worst(result.grade for result in results),
        "checks": [
            {
                "check": result.what,
                "camera": result.camera or None,
                "grade": result.grade,
                "seconds": round(result.seconds, 2),
                "findings": [one.plain() for one in result.findings],
            }
            for result in results
        ],
    }


def _broken(error: Exception) -> int:
    """Nothing else can be looked at before this is mended."""
    from edge.doctor import alone  # noqa: PLC0415 - imports nothing that may be broken

    _tell("versions", [bad(str(error) or repr(error), "")])
    _tell("versions", alone.examine("versions", ("tflite", ""), {}, _VERSIONS_S))
    return 1


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{_INDENT}{words} ...\x1b[K", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
