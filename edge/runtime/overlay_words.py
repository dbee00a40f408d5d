"""Where in a procedure the operator is, as one line for a picture."""

from __future__ import annotations

from edge.core.types import Fact, Json

_MOST = 3  # names in a list


def place_words(fact: Fact) -> tuple[str, bool] | None:
    """The line, and whether something is wrong; None for a fact that is of no procedure."""
    detail = fact.detail
    if "procedure" not in detail:
        return None
    title = str(detail.get("title") or detail["procedure"])
    doing, expected = _names(detail.get("doing")), _names(detail.get("expected"))
    missing, forbidden = _names(detail.get("missing")), _names(detail.get("forbidden"))
    wrong = [f"{word} {_listed(names)}" for word, names in _wrongs(missing, forbidden)]
    if not fact.on:
        parts = [f"waits for {_listed(expected, ' or ')}" if expected else "waits"]
    else:
        next_up = [name for name in expected if name not in doing]
        parts = [f"now {_listed(doing)}"] if doing else []
        parts += [f"next {_listed(next_up, ' or ')}"] if next_up else []
        title += f", {detail['serial']}" if detail.get("serial") not in (None, "") else ""
    return f"{title}: {'; '.join([*wrong, *parts])}", bool(wrong)


def _wrongs(missing: list[str], forbidden: list[str]) -> list[tuple[str, list[str]]]:
    found = (("FORBIDDEN", forbidden), ("missing", missing))
    return [(word, names) for word, names in found if names]


def _names(value: Json | None) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _listed(names: list[str], between: str = ", ") -> str:
    more = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
    return between.join([*names[:_MOST], *more])
