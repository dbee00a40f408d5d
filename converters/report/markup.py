"""HTML that cannot be malformed: every element closes, every text is escaped."""

from __future__ import annotations

import html

_VOID = frozenset({"img", "meta"})  # elements without an end


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str) -> Markup:
    """One element, all that is no Markup escaped; `class_` means class, `aria_label` aria-label."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Markup(f"<{name}{words}>")
    return Markup(f"<{name}{words}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Several children, one after the other."""
    return Markup("".join(c if isinstance(c, Markup) else html.escape(c) for c in children))


def lines(*children: str) -> Markup:
    """Several blocks, each on a line of its own; empty ones are left out."""
    return Markup("\n".join(joined(child) for child in children if child))
