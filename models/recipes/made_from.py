"""The state of the recipes that something was made from, for its card."""

from __future__ import annotations

import subprocess


def commit() -> str:
    """Short hash of the checkout's commit; empty outside of one."""
    return subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"),  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
