"""Addresses as they may be shown: without what is secret in them."""

from __future__ import annotations

import re


def without_secrets(url: str) -> str:
    """Hide the password, and all that follows a first `=`: some cameras want it in the path."""
    url = re.sub(r"^(\w+://[^:@/]*):.*@", r"\1:***@", url)
    return re.sub(r"=.+", "=***", url)


def without_passwords(text: str) -> str:
    """Hide the passwords of all addresses in a text, and what follows user-pw= and the like."""
    text = re.sub(r"(\w+://[^:@/\s]*):\S*@", r"\1:***@", text)
    return re.sub(r"([\w-]*(?:password|passwd|-pw|pwd)=)\S+", r"\1***", text, flags=re.IGNORECASE)
