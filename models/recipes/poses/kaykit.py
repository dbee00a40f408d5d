"""Motions of the KayKit characters (Kay Lousberg, CC0), read from binary glTF 2.0 files.

Its figure rests in a T: arms level, palms down, legs straight.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.figure import INDEX, JOINTS, relative
from models.recipes.poses.types import Floats

_STEP_S = 0.1  # between the frames that are kept
_NODES = {
    "root": "hips", "spine": "spine", "chest": "chest", "head": "head", "shoulder": "upperarm",
    "elbow": "lowerarm", "wrist": "hand", "hip": "upperleg", "knee": "lowerleg", "ankle": "foot",
    "toes": "toes",
}  # fmt: skip
_ENDS = {"shoulder": "lowerarm", "elbow": "wrist", "hip": "lowerleg", "knee": "foot"}


def read(path: Path) -> dict[str, Floats]:
    """The joints (F, J, 3, 3) of every clip, by its name; ValueError where it is no glTF 2."""
    data = path.read_bytes()
    magic, version, _, length, _ = struct.unpack_from("<4sIIII", data)
    if magic != b"glTF" or version != 2:  # noqa: PLR2004
        raise ValueError(f"{path.name} is no glTF 2 file")
    scene = json.loads(data[20 : 20 + length])
    rest = _rest(scene)
    blob = data[28 + length :]
    clips = {}
    for animation in scene["animations"]:
        name = animation["name"].rpartition("|")[2]
        clips[name] = _clip(scene, blob, animation, rest)
    return clips


def _accessor(scene: dict[str, Any], blob: bytes, number: int) -> Floats:
    entry = scene["accessors"][number]
    view = scene["bufferViews"][entry["bufferView"]]
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[entry["type"]]
    start = view.get("byteOffset", 0) + entry.get("byteOffset", 0)
    values = np.frombuffer(blob, "<f4", entry["count"] * width, start)
    return values.reshape(-1, width).astype(np.float64)


def _order(scene: dict[str, Any]) -> list[tuple[int, int]]:
    """Nodes with their parents (-1 for none), parents first."""
    above = {
        child: n for n, node in enumerate(scene["nodes"]) for child in node.get("children", [])
    }
    order: list[tuple[int, int]] = []
    todo = [n for n in range(len(scene["nodes"])) if n not in above]
    while todo:
        node = todo.pop()
        order.append((node, above.get(node, -1)))
        todo += scene["nodes"][node].get("children", [])
    return order


def _turned(scene: dict[str, Any], local: Floats) -> Floats:
    """Orientations (F, N, 3, 3) of nodes in the world from their own."""
    whole = local.copy()
    for node, parent in _order(scene):
        if parent >= 0:
            whole[:, node] = whole[:, parent] @ local[:, node]
    return whole


def _locals(scene: dict[str, Any]) -> Floats:
    xyzw = np.array([node.get("rotation", (0, 0, 0, 1)) for node in scene["nodes"]])
    return rotation.from_quaternion(xyzw[:, [3, 0, 1, 2]])


def _rest(scene: dict[str, Any]) -> tuple[Floats, Floats, list[int]]:
    """Orientations at rest (N, 3, 3), turns to the neutral stance (J, 3, 3), nodes of joints."""
    turned = _turned(scene, _locals(scene)[None])[0]
    names = {node["name"]: number for number, node in enumerate(scene["nodes"])}
    neutral = np.tile(np.eye(3), (len(JOINTS), 1, 1))
    nodes = [-1] * len(JOINTS)
    for joint, name in enumerate(JOINTS):
        stem, _, side = name.partition(".")
        tail = f".{side.lower()}" if side else ""
        if stem in _NODES:
            nodes[joint] = names[_NODES[stem] + tail]
        if stem in _ENDS:
            end = names[_ENDS[stem] + tail]
            way = turned[nodes[joint]] @ scene["nodes"][end]["translation"]
            neutral[joint] = rotation.shortest(way, np.array([0.0, -1.0, 0.0]))
        if stem == "wrist":
            neutral[joint] = neutral[joint - 1]
    return turned, neutral, nodes


def _clip(
    scene: dict[str, Any], blob: bytes, animation: dict[str, Any],
    rest: tuple[Floats, Floats, list[int]],
) -> Floats:  # fmt: skip
    samplers = animation["samplers"]
    tracks = []
    for channel in animation["channels"]:
        if channel["target"]["path"] == "rotation":
            sampler = samplers[channel["sampler"]]
            keys = [_accessor(scene, blob, sampler[end]) for end in ("input", "output")]
            tracks.append((channel["target"]["node"], keys[0][:, 0], keys[1][:, [3, 0, 1, 2]]))
    last = max(times[-1] for _, times, _ in tracks)
    moments = np.arange(min(times[0] for _, times, _ in tracks), last + 1e-6, _STEP_S)
    local = np.tile(_locals(scene), (len(moments), 1, 1, 1))
    for node, times, values in tracks:
        after = np.clip(np.searchsorted(times, moments), 0, len(times) - 1)
        local[:, node] = rotation.from_quaternion(values[after])
    turned = _turned(scene, local)
    at_rest, neutral, nodes = rest
    whole = np.empty((len(moments), len(JOINTS), 3, 3))
    for joint, node in enumerate(nodes):
        if node < 0:  # a joint this figure lacks goes with another
            other = "chest" if JOINTS[joint] == "neck" else JOINTS[joint]
            source = INDEX["chest"] if other.startswith(("chest", "clavicle")) else joint
            whole[:, joint] = whole[:, source]
            continue
        moved = turned[:, node] @ at_rest[node].T
        whole[:, joint] = moved @ neutral[joint].T
    return _share_neck(relative(whole))


def _share_neck(joints: Floats) -> Floats:
    """Spread the head's turn over the neck, which the source lacks."""
    head, neck = INDEX["head"], INDEX["neck"]
    whole = joints[:, head]
    joints[:, neck] = rotation.power(whole, 0.6)
    joints[:, head] = rotation.power(whole, 0.4)
    return joints
