"""Where in a procedure one is, for people: drawn into the picture, printed at a terminal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.commands import _terminal
from edge.config_signals import SignalTopic
from edge.core.handtrack import HandTracker
from edge.core.track import Scene
from edge.core.types import Event, Fact, Image, Json, Observation, Pose
from edge.runtime.daemon import Summary
from edge.runtime.overlay import Overlay
from edge.runtime.overlay_words import place_words
from edge.runtime.signals import Inbox
from edge.wire import Identity, event_message
from tests.hand_figure import hand
from tests.test_overlay import GREY, RED, blank, drawn, scene

WHO = Identity("site", "device", "cam", "0.1.0", "session")


def place(*, on: bool = True, **detail: Json) -> Fact:
    nothing: dict[str, Json] = {"procedure": "fuse-box", "title": "a fuse box", "serial": None}
    lists: dict[str, Json] = {"doing": [], "expected": [], "missing": [], "forbidden": []}
    return Fact("sop-fuse-box", on, {**nothing, **lists, **detail})


@pytest.mark.parametrize(
    ("fact", "words", "wrong"),
    [
        (place(on=False), "a fuse box: waits", False),
        (place(on=False, expected=["a", "b"]), "a fuse box: waits for a or b", False),
        (place(doing=["a"], expected=["a", "b"]), "a fuse box: now a; next b", False),
        (place(expected=["b"], serial="SN-1"), "a fuse box, SN-1: next b", False),
        (place(missing=["a"], doing=["b"]), "a fuse box: missing a; now b", True),
        (
            place(forbidden=["press"], expected=list("abcde")),
            "a fuse box: FORBIDDEN press; next a or b or c or 2 more",
            True,
        ),
    ],
)
def test_the_line_says_what_is_now_and_next(fact: Fact, words: str, *, wrong: bool) -> None:
    assert place_words(fact) == (words, wrong)


def test_a_fact_of_no_procedure_is_not_drawn() -> None:
    other = Fact("machine", on=True, detail={"temperature": 40})
    assert place_words(other) is None
    picture = Overlay().draw(blank(), scene(), [], [other])
    assert (picture == Overlay().draw(blank(), scene(), [])).all()


def line_of(image: Image, row: int) -> Image:
    """The strip of the picture that a line stands on, the last but one being the first."""
    bottom = image.shape[0] - 22 * row
    return image[bottom - 20 : bottom]


def test_each_procedure_has_its_line_above_the_footer_red_where_something_is_wrong() -> None:
    good, bad = place(doing=["a"]), replace(place(missing=["a"]), name="sop-other")
    image = Overlay().draw(blank(), scene(), [], [good, bad])
    assert (line_of(image, 1) == RED).all(axis=2).sum() > 500
    assert (line_of(image, 2) == 0).all(axis=2).sum() > 500
    assert not (line_of(image, 2) == RED).all(axis=2).any()
    assert (line_of(image, 3) == GREY).all()


def test_a_long_line_and_other_alphabets_fit() -> None:
    long = place(doing=["schraube-" * 20], title="Gehäuse Ω")
    image = Overlay().draw(blank(), scene(), [], [long])
    assert image.shape == (480, 640, 3)
    assert (line_of(image, 1) != GREY).any()


def held(*poses: Pose, label: str = "") -> Scene:
    seen = Observation(1.0, 10, (320, 240), tuple(replace(pose, label=label) for pose in poses))
    _, hands = HandTracker().step(HandTracker().start(), seen, ())
    return replace(scene(), hands=hands)


def test_a_gesture_stands_beside_its_hand() -> None:
    one = hand((160.0, 150.0), 40.0)
    plain = Overlay().draw(blank(), held(one), [])
    named = Overlay().draw(blank(), held(one, label="thumb_up"), [])
    changed = np.argwhere((plain != named).any(axis=2))
    assert len(changed) > 100
    y, x = changed.mean(axis=0) / 2
    assert abs(y - 190) < 15, "below the wrist, away from the fingers"
    assert abs(x - 160) < 70


def test_a_hand_that_was_lost_is_not_drawn_and_an_arms_is_a_ring_for_procedures() -> None:
    lost = replace(held(hand((160.0, 150.0), 40.0)), t=1.5)
    assert not drawn(Overlay().draw(blank(), lost, []), 160, 110)
    by_arm = held(hand((160.0, 150.0), 40.0))
    ring = replace(by_arm, hands=tuple(replace(one, pose=None) for one in by_arm.hands))
    (one,) = ring.hands
    x, y = one.xy
    assert drawn(Overlay().draw(blank(), ring, [], [place()]), x - one.palm / 2, y)
    assert not drawn(Overlay().draw(blank(), ring, []), x - one.palm / 2, y)


def printed(event: Event, capsys: pytest.CaptureFixture[str]) -> str:
    _terminal.TerminalSink().publish(event_message(WHO, event, wall_time=0.0, clock_synced=True))
    return capsys.readouterr().out


def test_an_event_that_explains_itself_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    evidence: Json = [{"what": "the right hand in the bin", "from": 1.0, "to": 2.0, "sure": 0.9}]
    detail: dict[str, Json] = {"sentence": "'lid' is done", "evidence": evidence}
    line = printed(Event("sop", "step_completed", "job/lid", 12.34, detail), capsys)
    assert line == "    12.3 s  sop step completed job/lid  'lid' is done\n"
    line = printed(Event("gesture", "begin", "hand-1", 3.0, {"sentence": "A fist"}), capsys)
    assert line == "     3.0 s  gesture begin      hand-1  A fist\n"


def test_a_serial_number_is_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    detail: dict[str, Json] = {"sentence": "Cycle 3 begins", "serial": "SN-7"}
    assert printed(Event("sop", "cycle_started", "job", 3.0, detail), capsys).endswith(
        "job  Cycle 3 begins (SN-7)\n"
    )


def test_the_last_line_counts_signals(capsys: pytest.CaptureFixture[str]) -> None:
    _terminal.say(Summary(frames=10, seconds=1.0, signals=2, unheard=["line1/tool"]))
    text = capsys.readouterr().err
    assert "0 people, 2 signals, no events" in text
    assert "not heard: the broker does not let us hear line1/tool" in text


def test_refused_signals_are_told_at_once_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    inbox = Inbox([SignalTopic("scanner", "line1/scanner", "code")])
    with _terminal.refusals(inbox):
        inbox.put("line1/scanner", b'{"cod": "WO-18"}')
    assert capsys.readouterr().err == "signal scanner: no 'code' in the payload\n"
    _terminal.say(Summary(frames=10, seconds=1.0, refused=inbox.counts.refused))
    assert "0 people, 1 signal refused, no events" in capsys.readouterr().err
