"""CARD.md: what a model is, where it comes from and what its quantization cost, for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from converters.report import figures, usage
from converters.report.words import WORDS
from converters.result import Result

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
_LEFT, _RIGHT = "---", "---:"


def card(result: Result) -> str:
    """Markdown; the same for the same result, whatever the latencies were."""
    words = WORDS[result.decoder]
    parts = (
        f"# {_plain(result.title)}",
        _warning(result),
        _facts(result),
        f"## What it is for\n\n{words.purpose}",
        _bullets(words.limits),
        f"## What quantization cost\n\n{_parity(result)}",
        f"## How it was made\n\n{_making(result)}",
        f"## How to run it\n\n{_running(result)}",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _warning(result: Result) -> str:
    """Nothing when all is well; loud otherwise."""
    if result.passed:
        return ""
    reasons = _bullets(_plain(reason) for reason in figures.failures(result))
    lead = '**PARITY FAILED** (`parity = "failed"`): do not rely on this model.'
    return "> " + f"{lead}\n\n{reasons}".replace("\n", "\n> ").replace("> \n", ">\n")


def _facts(result: Result) -> str:
    height, width = result.input
    decoding = result.decoding
    facts = {
        "Name": f"`{result.name}`",
        "Takes": f"one RGB picture, {height} px high and {width} px wide",
        "Gives": WORDS[result.decoder].gives,
        "Decoder": ", ".join(
            [f"`{result.decoder}`", *(f"{name} {value}" for name, value in decoding.items())]
        ),
        "Runs on": ", ".join(figures.runtime(kind) for kind in figures.runs_on(result)),
        "Licence": _plain(result.licence),
        "Comes from": _plain(result.homepage),
    }
    return _bullets(f"**{key}**: {value}" for key, value in facts.items() if value)


def _parity(result: Result) -> str:
    trials = figures.compared(result)
    if not trials:
        return "No quantized variant was compared with its original."
    head = ("", "limit", *(figures.trial_name(trial) for trial in trials))
    rows = [
        (figures.title(row.measure), figures.limit(row.measure), *_cells(row))
        for row in figures.rows(result)
    ]
    about = f"Against the float32 original, on {figures.compared_on(result)} that were not "
    return f"{about}used for calibration.\n\n{_grid(head, rows, numeric=True)}"


def _cells(row: figures.Row) -> Iterator[str]:
    for measure, text in zip(row.cells, row.texts, strict=True):
        yield text if measure is None or measure.passed else f"**{text} FAILED**"


def _making(result: Result) -> str:
    targets = dict.fromkeys(t.target for t in result.trials if not figures.is_float(t))
    variants = ", ".join(f"`{target}`" for target in targets) or "none"
    grids = (
        (("original file", "sha256"), result.origin),
        (("calibration", ""), figures.labelled(result.calibration)),
        (("made with", "version"), result.versions),
    )
    shown = [_grid(head, _plain_rows(table)) for head, table in grids if table]
    return "\n\n".join([f"Variants: {variants}.", *shown])


def _running(result: Result) -> str:
    return (
        "Copy its folder to the device, or give `--model` its path:\n\n"
        f"```sh\n{usage.commands(result)}\n```\n\n"
        f"In a camera's configuration:\n\n```toml\n{usage.configuration(result)}\n```"
    )


def _plain_rows(table: Mapping[str, str | int]) -> list[tuple[str, str]]:
    return [(_plain(key), _plain(str(value))) for key, value in table.items()]


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: bool = False) -> str:
    """A table; the columns of a numeric one, all but the first, are set to the right."""
    rest = _RIGHT if numeric else _LEFT
    lines = [head, (_LEFT, *(rest for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _plain(text: str) -> str:
    """Keep a text from becoming Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
