"""A network camera: the pictures of a clip, again and again, over RTSP.

camera.py CLIP.mp4 PORT    serves rtsp://127.0.0.1:PORT/; /proof/dark in place makes it black
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from tests import rtsp_server

_DARK = Path("/proof/dark")


def serve(clip: str, port: str) -> None:
    """Serve until killed."""
    reader, pictures = cv2.VideoCapture(clip), []
    while (read := reader.read())[0]:
        pictures.append(cv2.resize(read[1], (rtsp_server.WIDTH, rtsp_server.HEIGHT)))

    def picture(number: int) -> npt.NDArray[np.uint8]:
        shown = pictures[number % len(pictures)]
        return np.asarray(np.zeros_like(shown) if _DARK.exists() else shown, np.uint8)

    rtsp_server.picture = picture
    with rtsp_server.RtspServer(int(port)):
        threading.Event().wait()


if __name__ == "__main__":
    serve(*sys.argv[1:])
