"""What the cards of gestures and poses say besides figures."""

from __future__ import annotations

from models.recipes.gestures.shipping import About

_KIT = (
    "`pose-classification-kit` (MIT, (c) 2020 Arthur Findelair; hands by OpenPose, 27 gestures "
    "by each hand, one film each)"
)
_GESTURES = About(
    title="edgepose gestures: what 21 joints of a hand show",
    use="""It names a hand that a hand model has found, frame by frame:

    edgepose run cam1.toml      with [[rule]] kind = "gesture"; the classifier is added by itself

- `point` has the index finger alone, the thumb across; `three` is with the thumb or without it;
  `pinch` is thumb and index or middle finger, as one holds a pin or a pen; `rock` is index and
  little finger; `call` thumb and little finger; `open` also a flat hand.
- Left or right, and palm or back, do not matter to it. Thumbs are up or down in the picture: a
  camera that hangs upside down sees them wrong.
- What a network knows of gestures it knows from hands seen more or less from the side: fingers
  that point at the camera say little.""",
    data=f"""Keypoints only; no picture was looked at.

- drawn: articulations of models/recipes/hands (MakeHuman rig, CC0), bent and seen by chance
- kit: {_KIT}; left hands
- others: `hand-gesture-recognition-using-mediapipe` (Apache-2.0, Kazuhito Takahashi; hands by
  MediaPipe: open, fist, point), the first 40 % of each film

Each example is turned, squeezed and jittered by 1 to 8 % of the palm whenever it is seen. Persons
are not told apart in the public sets, and may be the same in many films; films are, and none both
teaches and judges, save where it says "part".""",
    limits="""\
- It is as good as the joints it is given. With those of `hand-landmark-lite` it names photographs;
  with those of `edgepose-hand-112`, whose fingers are coarse, it names hardly any of them rightly.
- A hand on its way from one gesture to another is often named like one of both (a fifth of the
  drawn ones, see above): a rule's `hold_s` is what leaves it out.
- Fingers that point at the camera hide each other: of MediaPipe's hands in such views a third is
  missed, seldom misnamed.
- Who showed the gestures, and how many people, is not known; gloves were not tried.""",
    run="""    edgepose models verify edgepose-gesture-21
    edgepose record clip.mp4 --model palm-detection-lite --model hand-landmark-lite \\
        --model edgepose-gesture-21 --out hands.jsonl

More gestures are taught in minutes, on the device: `edgepose gestures teach --help`.""",
)
_POSES = About(
    title="edgepose poses: what 17 joints of a body show",
    use="""It names a body that a body model has found, frame by frame:

    edgepose run cam1.toml      with [[rule]] kind = "pose"; the classifier is added by itself

- Arms come before legs: who sits with a raised arm is `arms_raised_left`, `_right` or `_both`. A
  raised hand is as high as the crown. Left is the person's own.
- `t` is both arms stretched out sideways, `arms_crossed` before the chest; both are told from
  the front.
- `stand` is upright on both feet, walking too; `bend` a trunk bent by more than 45 degrees;
  `sit` on a chair or the floor; `squat` deep on both feet. Lying, crawling and
  arms in between are none of these.
- Joints that are not seen are left out, and need not be guessed; without a shoulder there is no
  name.""",
    data="""Keypoints only; no picture was looked at.

- drawn: poses of models/recipes/poses (MakeHuman rig, CC0) and the same with arms raised,
  stretched and crossed, seen from anywhere by cameras up to 45 degrees above; named by where
  joints are in space
- kit: `pose-classification-kit` (MIT, (c) 2020 Arthur Findelair; bodies by OpenPose, 20 poses),
  the first 60 % of each film

Each example is mirrored, leaned, cut off, jittered by 1 to 10 % of the torso and robbed of joints
whenever it is seen. Persons are not told apart in the public set; where a pose leaps, a film
begins.""",
    limits="""\
- `arms_crossed`, `kneel` and `bend` were learned from drawn poses only, and judged on such.
- No figure here is from a camera: judged are OpenPose's joints and drawn ones with noise. What
  the joints of `edgepose-body-257`, which are coarser, do to it was not measured.
- People look alike from the side in many poses; then most stay unnamed.
- Without films of the public set among what teaches, salutes and a hand at the temple are called a
  raised arm, and most of its squats, which are not deep, stay unnamed: people differ in what they
  call a pose. Teach yours.
- Who did the poses, and how many people, is not known.""",
    run="""    edgepose models verify edgepose-pose-17
    edgepose record clip.mp4 --model edgepose-body-257 --model edgepose-pose-17 --out poses.jsonl

More poses are taught in minutes, on the device: `edgepose gestures teach --help`.""",
)
ABOUT = {"hand": _GESTURES, "body": _POSES}
