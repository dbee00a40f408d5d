"""One way to fail: where, what is wrong, what to do about it, and the exit code.

Raised where the fact is known, caught once in `__main__`, printed as two lines.
Exit 78 (EX_CONFIG) tells systemd not to restart; exit 1 asks for a restart.
"""

from __future__ import annotations

from typing import ClassVar


class EdgeposeError(Exception):
    """Base of every error a user can cause or mend."""

    exit_code: ClassVar[int] = 1

    def __init__(self, where: str, problem: str, hint: str = "") -> None:
        super().__init__(where, problem, hint)
        self.where = where
        self.problem = problem
        self.hint = hint

    def each(self) -> list[EdgeposeError]:
        """All that is wrong, one by one."""
        return [self]

    def __str__(self) -> str:
        line = f"{self.where}: {self.problem}"
        return f"{line}\n  hint: {self.hint}" if self.hint else line


class ConfigError(EdgeposeError):
    """A setting is wrong; restarting will not help."""

    exit_code: ClassVar[int] = 78


class ModelError(EdgeposeError):
    """A model is missing, damaged, or not what its manifest says; restarting will not help."""

    exit_code: ClassVar[int] = 78


class SourceError(EdgeposeError):
    """A camera or file cannot be opened, or stopped giving frames."""


class BackendError(EdgeposeError):
    """An inference runtime is missing or failed."""


class SinkError(EdgeposeError):
    """A receiver refused us for good (bad certificate, bad credentials)."""


class Problems(EdgeposeError):
    """Several errors at once, so that a user mends a file in one go."""

    def __init__(self, errors: list[EdgeposeError]) -> None:
        first = errors[0]
        super().__init__(first.where, first.problem, first.hint)
        self.errors = errors

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        """The most final of the errors decides whether a restart can help."""
        return max(error.exit_code for error in self.errors)

    def each(self) -> list[EdgeposeError]:
        """All that is wrong, one by one."""
        return self.errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)
