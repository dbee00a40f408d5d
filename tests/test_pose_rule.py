"""The pose rule, from named poses to a lamp that is switched over a real broker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge import config
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation
from edge.errors import ConfigError, Problems
from edge.events.pose import PoseAction, PoseHeld
from edge.runtime import assemble
from edge.runtime.announce import Announcer
from tests.brokers import Broker, Listener, until
from tests.cameras import WHO, to
from tests.fakes import standing

STEP = 0.125
SIZE = (640, 480)
RULE = PoseHeld()
LAMP = PoseHeld(
    action=(
        PoseAction(
            pose="arms_raised_right",
            topic="zigbee2mqtt/lamp/set",
            begin='{"state": "ON"}',
            end='{"state": "OFF"}',
        ),
    )
)


def seen(names: Sequence[str | None], x: float = 200.0, score: float = 0.9) -> list[Observation]:
    """One person who stands still and is called so, or is not seen."""
    body = standing(x, 150)
    return [
        Observation(
            i * STEP,
            i,
            SIZE,
            () if name is None else (replace(body, label=name, label_score=score),),
        )
        for i, name in enumerate(names)
    ]


def told(observations: list[Observation], rule: PoseHeld = RULE) -> list[Event]:
    core = Engine(Tracker(), (rule,))
    memory, said = core.start(), list[Event]()
    for one in observations:
        memory, _, events = core.step(memory, one)
        said += events
    return [*said, *core.finish(memory, observations[-1].t)]


def words(said: list[Event]) -> list[tuple[str, object, object]]:
    return [(one.phase, one.detail["pose"], one.detail.get("reason")) for one in said]


def test_from_standing_to_a_raised_arm_and_back() -> None:
    said = told(seen(["stand"] * 16 + ["arms_raised_left"] * 16 + ["stand"] * 16))
    assert words(said) == [
        ("begin", "stand", None),
        ("end", "stand", "changed"),
        ("begin", "arms_raised_left", None),
        ("end", "arms_raised_left", "changed"),
        ("begin", "stand", None),
        ("end", "stand", "gone"),
    ]
    assert {one.subject for one in said} == {"person-1"}
    assert said[2].detail["sentence"] == "Person 1 holds the pose 'arms_raised_left'."
    assert said[2].t == pytest.approx(16 * STEP + RULE.hold_s, abs=RULE.smooth_s)


def test_a_person_lost_for_a_moment_keeps_the_pose() -> None:
    gap = round(RULE.away_s / STEP) - 3
    names: list[str | None] = ["t"] * 16 + [None] * gap + ["t"] * 8
    assert words(told(seen(names))) == [("begin", "t", None), ("end", "t", "gone")]


def test_unsure_or_unwanted_poses_do_not_count() -> None:
    assert told(seen(["sit"] * 20, score=0.45)) == []
    assert told(seen(["sit"] * 20), PoseHeld(poses=("squat",))) == []


def test_a_raised_arm_switches_a_lamp(broker: Broker, tmp_path: Path) -> None:
    said = told(seen(["arms_raised_right"] * 16 + ["stand"] * 16), LAMP)
    with Listener(broker, "edgepose/#") as listener:
        lamp = Listener(broker, "zigbee2mqtt/#")
        with to(broker).open(WHO, tmp_path) as sink:
            until(lambda: sink.trouble() is None)
            announcer = Announcer(WHO, [sink], (LAMP,))
            for number, event in enumerate(said, start=1):  # of a topic, the newest order counts
                announcer.events([event])
                until(lambda many=number: len(lamp.heard) == min(many, 2))  # type: ignore[misc]
            until(lambda: len(listener.events()) == 4)
        assert [(one.topic, one.body, one.retain) for one in lamp.heard] == [
            ("zigbee2mqtt/lamp/set", {"state": "ON"}, False),
            ("zigbee2mqtt/lamp/set", {"state": "OFF"}, False),
        ]
        kinds = [event["type"] for event in listener.events()]
    assert kinds == ["edgepose.pose.begin", "edgepose.pose.end"] * 2


def test_the_lamp_stays_on_while_one_of_two_people_holds_the_pose() -> None:
    names = ["arms_raised_right"]
    one, other = seen(names * 24 + [""] * 24), seen(names * 36 + [""] * 12, x=500.0)
    both = [replace(a, poses=a.poses + b.poses) for a, b in zip(one, other, strict=True)]
    said = [event for event in told(both, LAMP) if event.detail["pose"] == names[0]]
    assert [event.phase for event in said] == ["begin", "begin", "end", "end"]
    assert [len(event.detail["also"]) for event in said] == [0, 1, 1, 0]  # type: ignore[arg-type]
    payloads = [order.payload for event in said for order in LAMP.orders(event)]
    assert payloads == ['{"state": "ON"}', '{"state": "OFF"}']


def test_a_replay_switches_nothing(broker: Broker, tmp_path: Path) -> None:
    said = told(seen(["arms_raised_right"] * 16), LAMP)
    with Listener(broker, "edgepose/#") as listener:
        lamp = Listener(broker, "zigbee2mqtt/#")
        with to(broker).open(WHO, tmp_path) as sink:
            Announcer(WHO, [sink], (LAMP,), orders=False).events(said)
            until(lambda: len(listener.events()) == len(said))
        assert lamp.heard == []


def test_what_is_retained_is_heard_by_who_joins_later(broker: Broker, tmp_path: Path) -> None:
    (act,) = LAMP.action
    rule = replace(LAMP, action=(replace(act, retain=True, end=None),))
    with to(broker).open(WHO, tmp_path) as sink:
        until(lambda: sink.trouble() is None)
        Announcer(WHO, [sink], (rule,)).events(told(seen(["arms_raised_right"] * 16), rule))
    late = Listener(broker, "zigbee2mqtt/#")
    until(lambda: bool(late.heard))
    assert [(one.body, one.retain) for one in late.heard] == [({"state": "ON"}, True)]


CONFIG = """
rule = []
[source]
uri = "models/demo/bench.mp4"
[[model]]
name = "edgepose-body-257"
"""


def written(tmp_path: Path, rule: str, models: str = "") -> Path:
    path = tmp_path / "cam.toml"
    text = CONFIG.replace("rule = []\n", "").replace("models/demo", str(tmp_path))
    (tmp_path / "bench.mp4").write_bytes(b"")
    sink = '[[sink]]\nkind = "mqtt"\n'
    path.write_text(f"{text}{models}[[rule]]\n{rule}\n{sink}")
    return path


def test_a_configuration_adds_the_classifier_by_itself(tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert")
    rule = (
        'kind = "pose"\naction = [{ pose = "t", topic = "lamp/set", begin = "ON" },'
        ' { pose = "sit", topic = "lamp/set", end = "OFF", retain = true }]'
    )
    read = config.load(written(tmp_path, rule), {})
    assert read.rules[0].action[1] == PoseAction(
        pose="sit", topic="lamp/set", end="OFF", retain=True
    )
    models = assemble.cast(read)
    assert models.classifiers["body17"].manifest.name == "edgepose-pose-17"
    chosen = '[[model]]\nname = "edgepose-pose-17"\nthreads = 2\n'
    one = assemble.cast(config.load(written(tmp_path, rule, chosen), {}))
    assert len(one.predictors) == 2


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ('kind = "pose"\nposes = ["squatt"]', "did you mean 'squat'"),
        ('kind = "gesture"', "no model finds hands"),
    ],
)
def test_what_no_model_knows_is_refused(tmp_path: Path, rule: str, word: str) -> None:
    pytest.importorskip("ai_edge_litert")
    with pytest.raises(ConfigError) as caught:
        assemble.cast(config.load(written(tmp_path, rule), {}))
    assert word in str(caught.value)
    assert "rule[1]" in caught.value.where


def test_every_error_of_an_action_names_its_place(tmp_path: Path) -> None:
    rule = 'kind = "pose"\naction = [{ pose = "t", topic = "a/#", begin = "x" }, { topic = 3 }]'
    with pytest.raises(Problems) as caught:
        config.load(written(tmp_path, rule), {})
    places = [error.where.partition(": ")[2] for error in caught.value.errors]
    assert places == [
        "rule[1].action[1].topic",
        "rule[1].action[2].topic",
        "rule[1].action[2].pose",
    ]


NAMES = st.lists(
    st.tuples(st.sampled_from(("", "stand", "t", "sit", None)), st.integers(1, 16)),
    min_size=1,
    max_size=8,
).map(lambda runs: [name for name, many in runs for _ in range(many)])


@settings(max_examples=60)
@given(NAMES, st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_law_longer_holds_add_nothing_and_all_ends(
    names: list[str | None], one: float, other: float
) -> None:
    short, long = (told(seen(names), PoseHeld(hold_s=hold)) for hold in sorted((one, other)))
    for said in (short, long):
        for person in {event.subject for event in said}:
            phases = [event.phase for event in said if event.subject == person]
            assert phases == ["begin", "end"] * (len(phases) // 2)
    counted = (
        Counter((event.phase, event.subject, event.detail["pose"]) for event in said)
        for said in (long, short)
    )
    assert next(counted) <= next(counted)
