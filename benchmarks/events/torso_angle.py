"""The rule many projects use to tell a fall from keypoints: a torso that is far from upright.

The line from the middle of the hips to the middle of the shoulders is held against the vertical;
beyond a threshold for some time, somebody has fallen. Parameters in public use:

- 55 degrees for 2 s, keypoints with a score of at least 0.3: VisionGuard-Safety-AI
  (github.com/mohamed1232005/VisionGuard-Safety-AI, src/visionguard/safety/falls.py)
- 55 degrees for 2 s: FallGuard-AI (github.com/Omvrat96/FallGuard-AI, main.py)
- 60 degrees for 15 frames in a row, which is 0.5 s at 30 frames a second, while it moves:
  intergrate_fall (github.com/wikibird2024/intergrate_fall, fall/fall_detector.py)
- a change of 60 degrees within 1 to 10 s, of PoseNet's keypoints: Ambianic
  (github.com/ambianic/ambianic-edge, src/ambianic/pipeline/ai/fall_detect.py)

The baseline takes 60 degrees for 0.5 s, since public clips often end within a second of the
impact, and no other condition; it is judged with other angles and times, too. People are told
apart by the runtime's own tracker, and poses it found by looking again count: both rules are told
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from edge.core.geometry import tilt_deg
from edge.core.track import Scene, Tracker
from edge.core.types import Observation, Pose

NAME = "torso angle"
SOURCE = (
    "angle of the line mid-hip to mid-shoulder from the vertical, as in "
    "github.com/wikibird2024/intergrate_fall (60 degrees, 15 frames); "
    "github.com/mohamed1232005/VisionGuard-Safety-AI and github.com/Omvrat96/FallGuard-AI "
    "(55 degrees, 2 s); github.com/ambianic/ambianic-edge (60 degrees of change). Conditions these "
    "have besides, such as speed, are left out"
)
_SHOULDERS, _HIPS = (5, 6), (11, 12)


@dataclass(frozen=True, slots=True)
class TorsoAngle:
    """Parameters of the rule."""

    angle_deg: float = 60.0  # from upright, 0..180; more is down
    hold_s: float = 0.5  # down for so long
    least_score: float = 0.3  # of a keypoint that counts

    def alerts(self, scenes: Iterable[Scene]) -> tuple[float, ...]:
        """When it says that somebody fell, s; again only after they were up.

        A torso that is not seen is neither up nor down: time goes on.
        """
        people: dict[int, _Person] = {}
        told = []
        for scene in scenes:
            for track in scene.tracks:
                tilt = self.tilt(track.pose) if track.pose else None
                if tilt is None:
                    continue
                person = people.get(track.id, _Person())
                people[track.id], alert = self._step(person, tilt, scene.t)
                told += [scene.t] if alert else []
        return tuple(told)

    def tilt(self, pose: Pose) -> float | None:
        """Torso from upright, degrees 0..180; None where it is not seen."""
        shoulder, hip = self._middle(pose, _SHOULDERS), self._middle(pose, _HIPS)
        if shoulder is None or hip is None or shoulder == hip:
            return None
        return tilt_deg(shoulder[0] - hip[0], shoulder[1] - hip[1])

    def _step(self, person: _Person, tilt: float, t: float) -> tuple[_Person, bool]:
        if tilt <= self.angle_deg:
            return _Person(), False
        since = t if person.since is None else person.since
        alert = not person.told and t - since >= self.hold_s - 1e-6
        return replace(person, since=since, told=person.told or alert), alert

    def _middle(self, pose: Pose, joints: tuple[int, int]) -> tuple[float, float] | None:
        """Between the two joints, or at the one that is seen."""
        known = [pose.xy[j] for j in joints if pose.score[j] >= self.least_score]
        if not known:
            return None
        x, y = sum(known[1:], start=known[0]) / len(known)
        return float(x), float(y)


def scenes(seen: Iterable[Observation]) -> Iterator[Scene]:
    """Who is who in a recording, as the runtime's tracker has it."""
    tracker = Tracker()
    state = tracker.start()
    for one in seen:
        state, scene = tracker.step(state, one)
        yield scene


@dataclass(frozen=True, slots=True)
class _Person:
    since: float | None = None  # s, down
    told: bool = False


BASELINE = TorsoAngle()
OTHERS = tuple(TorsoAngle(angle, hold) for angle in (45.0, 55.0, 60.0) for hold in (0.0, 0.5, 2.0))
