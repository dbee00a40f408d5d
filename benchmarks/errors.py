"""How a benchmark fails: where, what is wrong, what to do about it."""

from __future__ import annotations

from edge.errors import EdgeposeError


class BenchError(EdgeposeError):
    """Something could not be measured; `where` names the flag, the file or the runtime."""


def last_words(code: int, said: str) -> tuple[str, str]:
    """The line that a process ended with, and its hint."""
    lines = [line for line in said.splitlines() if line.strip()] or [f"it ended with code {code}"]
    hint = ""
    if len(lines) > 1 and lines[-1].startswith("  hint: "):
        hint = lines.pop().removeprefix("  hint: ")
    return lines[-1], hint
