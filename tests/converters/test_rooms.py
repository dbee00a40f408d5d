"""Rooms of the converters that must not know of each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A room, and what none of its files may import: the hub, poses and results are all they share.
STRANGERS = {
    "readers": ("writers", "parity", "report", "convert", "commands"),
    "writers": ("readers", "parity", "report", "convert", "commands"),
    "parity": ("readers", "writers", "report", "convert", "commands"),
    "report": ("readers", "writers", "convert", "commands"),
}


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("room", STRANGERS)
def test_a_room_does_not_know_the_others(room: str) -> None:
    files = sorted((ROOT / "converters" / room).glob("*.py"))
    assert len(files) > 3
    wrong = {
        (file.name, name)
        for file in files
        for name in imported(file)
        for stranger in STRANGERS[room]
        if f"{name}.".startswith(f"converters.{stranger}.")
    }
    assert wrong == set()
