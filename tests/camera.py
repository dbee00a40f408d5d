"""A camera at a device file, as OpenCV's Video4Linux reader would show it."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np

from tests.rtsp_server import picture


class FakeV4l2:
    """Stands where `cv2.VideoCapture` is; calling it opens it. Unplugged after its pictures."""

    def __init__(self, device: Path, pictures: int, *, stamped: bool = True) -> None:
        device.touch()
        self.device = device
        self.settings: list[tuple[int, float]] = []  # in the order they were asked for
        self.opened_with: tuple[object, ...] = ()
        self.stamps: list[float] = []  # s, what the driver said
        self._pictures = pictures
        self._given = 0
        self._stamped = stamped

    def __call__(self, *args: object) -> FakeV4l2:
        self.opened_with = args
        return self

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def set(self, prop: int, value: float) -> bool:
        self.settings.append((prop, value))
        return True

    def get(self, prop: int) -> float:
        assert prop == cv2.CAP_PROP_POS_MSEC
        self.stamps.append(time.monotonic() - 0.02 if self._stamped else 0.0)
        return 1000.0 * self.stamps[-1]

    def read(self) -> tuple[bool, np.ndarray | None]:
        self._given += 1
        if self._given > self._pictures:
            return False, None
        return True, picture(self._given)

    def release(self) -> None:
        """Nothing to release."""
