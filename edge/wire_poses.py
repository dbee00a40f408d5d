"""One frame's keypoints as a message, for those who draw them."""

from __future__ import annotations

from edge.core.types import Floats, Json, Observation, Pose
from edge.wire import Identity, Message


def poses_message(identity: Identity, seen: Observation) -> Message:
    """Give one frame's keypoints, px to a tenth and m to a tenth of a mm."""
    poses: list[Json] = [_pose(pose) for pose in seen.poses]
    width, height = seen.size
    body: dict[str, Json] = {
        "t": seen.t,
        "seq": seen.seq,
        "size": [width, height],
        "poses": poses,
    }
    return Message(identity.poses_topic, body)


def _pose(pose: Pose) -> dict[str, Json]:
    body: dict[str, Json] = {
        "skeleton": pose.skeleton,
        "side": pose.side,
        "xy": _rows(pose.xy, 1),
        "score": [round(float(score), 3) for score in pose.score],
    }
    if pose.world is not None:
        body["world"] = _rows(pose.world, 4)
    if pose.label:
        body |= {"label": pose.label, "label_score": round(pose.label_score, 3)}
    return body


def _rows(points: Floats, digits: int) -> list[Json]:
    return [[round(float(value), digits) for value in point] for point in points]
