"""How a conversion fails: at a stage, with what to do about it."""

from __future__ import annotations

from edge.errors import EdgeposeError


class ConvertError(EdgeposeError):
    """A stage of a conversion could not do its work; `where` names the stage and the file."""
