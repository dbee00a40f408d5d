"""What one check found, in words for a person and in facts for a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from edge.errors import EdgeposeError

if TYPE_CHECKING:  # it brings NumPy, and a NumPy that is broken must be told of
    from edge.core.types import Json

Grade = Literal["good", "look", "bad", "not here"]
GRADES: tuple[Grade, ...] = ("not here", "good", "look", "bad")  # from nothing to worst

# What helps where more than one check finds it.
REINSTALL = "install the package again: sudo apt install --reinstall ./edgepose_*.deb"
RESTART = "restart the board; if it stays so: journalctl --dmesg --lines 30"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the device; `mend` says what to type or do where it is not good."""

    grade: Grade
    says: str
    mend: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
    final: bool = False  # bad, and only another configuration or model helps

    def plain(self) -> dict[str, Json]:
        """Keys and values for JSON."""
        return {
            "grade": self.grade,
            "says": self.says,
            "mend": self.mend,
            "facts": dict(self.facts),
            "final": self.final,
        }

    @staticmethod
    def of(table: Mapping[str, Any]) -> Finding:
        """Give back what `plain` gave."""
        return Finding(**table)


def good(says: str, **facts: Json) -> Finding:
    """Nothing to do."""
    return Finding("good", says, "", facts)


def look(says: str, mend: str, **facts: Json) -> Finding:
    """It works, or may; a person should have a look."""
    return Finding("look", says, mend, facts)


def bad(says: str, mend: str, **facts: Json) -> Finding:
    """It does not work, or will not for long."""
    return Finding("bad", says, mend, facts)


def absent(says: str, **facts: Json) -> Finding:
    """The machine does not have it, and needs it not."""
    return Finding("not here", says, "", facts)


def failed(error: EdgeposeError) -> list[Finding]:
    """An error of the program itself, as it would be told by `edgepose run`."""
    errors = error.each()
    return [
        Finding("bad", f"{one.where}: {one.problem}", one.hint, final=one.exit_code > 1)
        for one in errors
    ]


def worst(grades: Iterable[Grade]) -> Grade:
    """The gravest; "not here" where there is none."""
    return max(grades, key=GRADES.index, default="not here")


def spoken(found: Iterable[Finding], otherwise: Finding) -> tuple[Finding, ...]:
    """What is not good, the gravest first; where all is well, that."""
    wrong = sorted(found, key=lambda one: -GRADES.index(one.grade))
    return tuple(wrong) or (otherwise,)
