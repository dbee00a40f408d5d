"""The board that figures were measured on, and what spoiled them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.results.files import Result
from benchmarks.results.markdown import Markdown, bullets, text


def block(results: Sequence[Result]) -> Markdown:
    """What it is, its software, and the warnings that hold for every file."""
    facts = results[-1].board
    return bullets(
        (
            _joined(facts["name"], _other(facts.get("cpu"), facts["name"]), *_size(facts)),
            _joined(*_state(facts)),
            *_software(results),
            *(f"warning: {warning}" for warning in shared(results)),
        )
    )


def shared(results: Sequence[Result]) -> list[str]:
    """Warnings that every file of a board has."""
    others = [set(result.board["warnings"]) for result in results[1:]]
    every = results[0].board["warnings"]
    return [warning for warning in every if all(warning in other for other in others)]


def own(result: Result, board: Sequence[Result]) -> Markdown:
    """Warnings of one file that others of its board do not have; empty without any."""
    known = shared(board)
    return bullets(f"warning: {one}" for one in result.board["warnings"] if one not in known)


def _size(facts: Mapping[str, Any]) -> Iterator[str]:
    online, usable = facts.get("cores"), facts.get("cores_usable")
    if online:
        part = f" ({usable:g} usable)" if usable and usable < online else ""
        yield f"{online} {'core' if online == 1 else 'cores'}{part}"
    clock = facts.get("frequency_mhz") or {}
    if clock.get("min") is not None and clock.get("max") is not None:
        yield f"{clock['min']:.0f} to {clock['max']:.0f} MHz"
    if facts.get("memory_mb"):
        yield f"{facts['memory_mb'] / 1000:.1f} GB"


def _state(facts: Mapping[str, Any]) -> Iterator[str]:
    for key, name in (("governor", "governor"), ("power_mode", "power mode")):
        if facts.get(key):
            yield f"{name} {facts[key]}"
    if facts.get("temperature_c") is not None:
        yield f"{facts['temperature_c']:.0f} C"


def _software(results: Sequence[Result]) -> Iterator[str]:
    """One line, or one for each that differs, with the files it is about."""
    lines: dict[str, list[str]] = {}
    for result in results:
        lines.setdefault(_versions(result.board), []).append(result.name)
    for line, names in lines.items():
        yield line if len(lines) == 1 else f"{line} ({', '.join(names)})"


def _versions(facts: Mapping[str, Any]) -> str:
    packages = (f"{name} {version}" for name, version in facts["packages"].items())
    kernel, python = facts.get("kernel"), facts.get("python")
    return _joined(
        facts.get("os"),
        f"kernel {kernel}" if kernel else None,
        facts.get("arch"),
        f"Python {python}" if python else None,
        *packages,
    )


def _other(word: str | None, known: str) -> str | None:
    return word if word != known else None


def _joined(*words: str | None) -> str:
    return text(", ".join(word for word in words if word))
