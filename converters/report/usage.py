"""How a finished model is put to use, in commands and configuration that can be copied."""

from __future__ import annotations

from converters.report import figures
from converters.report.words import WORDS
from converters.result import Result

PAIR = ("-palm", "-landmarks")  # how the names of two models end that are made together
_CACHE = "~/.cache/edgepose/models"


def commands(result: Result) -> str:
    """Shell commands that copy the folder to a device, and try the model on a clip there."""
    names = (result.name, *_partner(result))
    models = " ".join(f"--model {name}" for name in names)
    return (
        f"rsync -a --exclude report.html {result.name} DEVICE:{_CACHE}/\n"
        f"edgepose record clip.mp4 {models} --out poses.jsonl --save-overlay seen.mp4"
    )


def configuration(result: Result) -> str:
    """Tables of a camera's configuration that name the model, and the one it works with."""
    first, *others = figures.runs_on(result)
    instead = " or ".join(f'"{kind}"' for kind in others)
    comment = f"  # or {instead}" if others else ""
    tables = [f'[[model]]\nname = "{result.name}"\nbackend = "{first}"{comment}']
    tables += [f'[[model]]\nname = "{name}"' for name in _partner(result)]
    return "\n\n".join(tables)


def _partner(result: Result) -> tuple[str, ...]:
    """The model that it needs: the one made with it, if both have the names that tell."""
    partner = WORDS[result.decoder].partner
    for end, other in (PAIR, PAIR[::-1]):
        if partner and result.name.endswith(end):
            partner = result.name.removesuffix(end) + other
    return (partner,) if partner else ()
