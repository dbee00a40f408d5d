"""Runs in the system's Python: opens a camera with picamera2 and writes its pictures to a pipe.

  python3 _picamera_child.py DESCRIPTOR JOB    JOB is JSON: camera, size, fps, exposure_ms, ...

The system's Python, because picamera2 and libcamera come as system packages built against the
system's NumPy. So this file imports nothing of ours. It writes messages: a head (time of the
picture in ns, bytes that follow), then a picture's bytes as libcamera made them. A time of -1
stands before JSON: what the pictures are, before the first of them, or why there are none.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import math
import os
import signal
import struct
import sys
from collections.abc import Sequence
from typing import Any

HEAD = struct.Struct("<qI")
FACTS = -1  # in place of a time: JSON follows
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LEAST_MAIN = 640  # px; smaller pictures come as the camera's second, low-resolution stream
_ABSENT = "sudo apt install --no-install-recommends python3-picamera2"


class Problem(Exception):
    """Why there are no pictures, and what helps."""


def inside(shape: Sequence[float], box: Sequence[int]) -> tuple[int, int]:
    """The size, in even numbers, of a picture with the proportions of `shape` that fills `box`."""
    scale = min(box[0] / shape[0], box[1] / shape[1])
    return _even(shape[0] * scale), _even(shape[1] * scale)


def _even(length: float) -> int:
    return max(2, 2 * math.ceil(length / 2 - 1e-6))


def best_mode(modes: Sequence[dict[str, Any]], box: Sequence[int], fps: float) -> dict[str, Any]:
    """The sensor's mode: fast enough, then of the widest view, then large enough, then cheapest.

    Left to itself, libcamera takes the mode nearest in size, and small modes of some sensors show
    only the middle of the view.
    """

    def rank(mode: dict[str, Any]) -> tuple[Any, ...]:
        _, _, width, height = mode["crop_limits"]
        size = mode["size"]
        enough = size[0] >= box[0] or size[1] >= box[1]
        fast = min(mode["fps"], fps)  # a mode of 29.97 is as good as one of 30
        return round(fast / fps, 1), width * height, enough, -size[0] * size[1], -mode["bit_depth"]

    return max(modes, key=rank)


def configuration(camera: Any, libcamera: Any, job: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The stream to read, and picamera2's configuration."""
    modes = [mode for mode in camera.sensor_modes if "crop_limits" in mode]
    view, sensor = camera.sensor_resolution, {}
    if modes:
        mode = best_mode(modes, job["size"], job["fps"])
        view = mode["crop_limits"][2:]
        sensor = {"output_size": tuple(mode["size"]), "bit_depth": mode["bit_depth"]}
    size = inside(view, job["size"])
    # BT.601 in video range, which is what our conversion knows best; both streams share it.
    common = {
        "colour_space": libcamera.ColorSpace.Smpte170m(),
        "transform": libcamera.Transform(**dict.fromkeys(job["flips"], 1)),
        "buffer_count": 4,
        "queue": False,  # the next picture, not one that has waited while the last was written
        "controls": controls(camera.camera_controls, libcamera, job),
        "raw": None,
        "sensor": sensor,
        "display": None,
        "encode": None,
    }
    if size[0] >= _LEAST_MAIN:  # "RGB888" is B, G, R in memory: libcamera names little-endian words
        main = {"size": size, "format": "RGB888"}
        return "main", camera.create_video_configuration(main=main, **common)
    main = {"size": inside(view, (_LEAST_MAIN, _LEAST_MAIN)), "format": "YUV420"}
    lores = {"size": size, "format": "YUV420"}  # the one format that it has on every board
    return "lores", camera.create_video_configuration(main=main, lores=lores, **common)


def controls(known: Any, libcamera: Any, job: dict[str, Any]) -> dict[str, Any]:
    """What picamera2 is to set; raises Problem for what this camera cannot do."""
    wanted: dict[str, Any] = {}
    if "FrameDurationLimits" in known:  # a USB camera's rate follows from its format
        wanted["FrameDurationLimits"] = (round(1e6 / job["fps"]),) * 2  # us
    if job["exposure_ms"]:
        wanted["ExposureTime"] = round(1e3 * job["exposure_ms"])
    if job["gain"]:
        wanted["AnalogueGain"] = job["gain"]
    modes = libcamera.controls.AfModeEnum
    if job["focus_m"]:
        wanted["AfMode"] = modes.Manual
        wanted["LensPosition"] = 1.0 / job["focus_m"]  # dioptres
    elif "AfMode" in known:
        wanted["AfMode"] = modes.Continuous
    missing = [name for name in wanted if name not in known]
    if "AfMode" in missing:
        raise Problem("has no lens that can be focused", "leave focus_m out")
    if missing:
        raise Problem(f"cannot set {missing[0]}", "leave that setting out")
    return wanted


def opened(job: dict[str, Any]) -> tuple[Any, Any]:
    """picamera2's module and the camera; raises Problem."""
    try:
        picamera2 = importlib.import_module("picamera2")
    except ImportError as error:
        problem = f"picamera2 cannot be imported by {sys.executable} ({error})"
        raise Problem(problem, _ABSENT) from error
    found = picamera2.Picamera2.global_camera_info()
    if job["camera"] >= len(found):
        there = ", ".join(one.get("Model", "?") for one in found) or "none"
        hint = f"found: {there}; is the cable right, and what does rpicam-hello --list-cameras say?"
        raise Problem("no such camera", hint)
    return picamera2, picamera2.Picamera2(job["camera"])


def stream(write: int, job: dict[str, Any]) -> None:
    """Write pictures until nobody reads them."""
    picamera2, camera = opened(job)
    try:
        name, wanted = configuration(camera, importlib.import_module("libcamera"), job)
        camera.configure(wanted)
        camera.start()
        given = camera.camera_configuration()
        colours = given["colour_space"]
        facts = {key: given[name][key] for key in ("format", "size", "stride")}
        facts["encoding"] = getattr(getattr(colours, "ycbcrEncoding", None), "name", "")
        facts["range"] = getattr(getattr(colours, "range", None), "name", "")
        send(write, FACTS, json.dumps(facts).encode())
        length = given[name]["framesize"]
        while True:
            request = camera.capture_request()
            stamp = request.get_metadata().get("SensorTimestamp", 0)
            with picamera2.MappedArray(request, name, reshape=False) as mapped:
                send(write, stamp, memoryview(mapped.array)[:length])
            request.release()
    finally:
        camera.close()  # may hang, and then we are killed


def send(write: int, stamp: int, body: bytes | memoryview) -> None:
    """Write one message."""
    for part in (HEAD.pack(stamp, len(body)), body):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(write, rest) :]


def reason(error: BaseException) -> tuple[str, str]:
    """What to tell: a problem and a hint."""
    if isinstance(error, Problem):
        return error.args[0], error.args[1]
    chain = [error]
    while (cause := chain[-1].__cause__) is not None:
        chain.append(cause)
    text = str(chain[-1]) or type(chain[-1]).__name__
    if "busy" in text.lower() or "in use" in text.lower():
        return "is in use by another program", "find it: sudo fuser -v /dev/media* /dev/video*"
    return f"cannot be started: {text}", "does `rpicam-hello --list-cameras` show it?"


def main(words: Sequence[str]) -> None:
    """Do the job, and tell what went wrong."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)  # or we would keep the camera
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    write, job = int(words[0]), json.loads(words[1])
    try:
        stream(write, job)
    except BrokenPipeError:
        pass  # nobody reads any more
    except Exception as error:  # noqa: BLE001 - whatever it is, a person is told
        problem, hint = reason(error)
        send(write, FACTS, json.dumps({"problem": problem, "hint": hint}).encode())
    os._exit(0)  # libcamera's threads may hang, and would be waited for


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as Python has it
    # Not from this folder: its v4l2.py is not the module of that name, which picamera2 may want.
    sys.path[:] = [folder for folder in sys.path if folder != here]
    main(sys.argv[1:])
