"""The list of claims: what is promised, and the function that shows it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from systemd.proofs.systemd.inside.machine import Camera, NotShownError, mark

CAM1, CAM2, CAM3 = Camera("cam1", 8554), Camera("cam2", 8555), Camera("cam3", 8556)
CAMERAS = (CAM1, CAM2, CAM3)

Shown = Callable[[], str]  # gives what was measured; raises AssertionError where it is not so


@dataclass(frozen=True)
class Claim:
    """One promise."""

    words: str
    show: Shown
    afresh: bool = True  # without anything that earlier claims have left

    def tried(self) -> tuple[str, str]:
        """`yes`, `NO` or `--` (this machine cannot show it), and a line for the page of results."""
        for camera in CAMERAS if self.afresh else ():
            camera.forget()
        mark()
        began = time.monotonic()
        detail = ""
        try:
            verdict, said = "yes", self.show()
        except NotShownError as reason:
            verdict, said = "--", str(reason)
        except Exception as error:  # noqa: BLE001 - one broken claim must not hide the others
            verdict, said = "NO", str(error) or repr(error)
            detail = traceback.format_exc() + "".join(
                f"\n--- {camera.unit}\n{camera.journal()}" for camera in CAMERAS
            )
        took = time.monotonic() - began
        return verdict, f"{verdict:3} {took:6.1f} s  {self.words}: {said}" + (
            f"\n{detail}" if detail else ""
        )


def claim(words: str, into: list[Claim], *, afresh: bool = True) -> Callable[[Shown], Shown]:
    """Put a function on a list, under what it shows."""

    def put(show: Shown) -> Shown:
        into.append(Claim(words, show, afresh))
        return show

    return put
