"""States of procedures that are no longer configured are taken back from the broker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from edge.core.types import Fact, Json
from edge.runtime.announce import Announcer
from edge.sinks._stated import Stated
from edge.sinks.mqtt import Mqtt
from edge.wire import Message
from tests.brokers import Broker, Listener, free_port, until
from tests.cameras import WHO, to

RUNNING: dict[str, Json] = {"procedure": "job", "title": "a job", "cycle": 1, "step": "lid"}
RUNNING |= {"done": [], "expected": ["lid"], "missing": []}


def life(settings: Mqtt, folder: Path, names: Sequence[str], *, heard: bool = True) -> None:
    """One process, from start to end: it says what is so, then how it is doing."""
    with settings.open(WHO, folder) as sink:
        speaker = Announcer(WHO, [sink], [])
        speaker.facts([Fact(name, True, {**RUNNING}) for name in names])  # noqa: FBT003
        speaker.health({"camera": "ok"})
        until(lambda: sink.trouble() is None or not heard)


def retained(broker: Broker) -> set[str]:
    """The states that the broker holds."""
    with Listener(broker) as late:
        until(lambda: late.last(WHO.status_topic) is not None)
        topics = {one.topic for one in late.heard}
        late.heard.clear()
    return {topic.rpartition("/")[2] for topic in topics if "/state/" in topic}


def test_what_nobody_states_now_is_taken_back(broker: Broker, tmp_path: Path) -> None:
    life(to(broker), tmp_path, ["sop-one", "sop-two"])
    assert retained(broker) == {"sop-one", "sop-two"}
    life(to(broker), tmp_path, ["sop-two", "sop-three"])
    assert retained(broker) == {"sop-two", "sop-three"}
    life(to(broker), tmp_path, [])
    assert retained(broker) == set()
    assert json.loads((tmp_path / "states.json").read_text()) == []


def test_a_broker_that_was_away_at_the_start_is_told_later(broker: Broker, tmp_path: Path) -> None:
    life(to(broker), tmp_path, ["sop-one"])
    life(Mqtt(host="127.0.0.1", port=free_port()), tmp_path, ["sop-two"], heard=False)
    assert retained(broker) == {"sop-one"}
    life(to(broker), tmp_path, [])
    assert retained(broker) == set()


def message(topic: str, *, retain: bool = False) -> Message:
    return Message(topic, {}, retain=retain)


def states(names: Iterable[str]) -> list[str]:
    return [WHO.state_topic(name) for name in names]


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "[" * 9999, '[7, "lamp/set"]', json.dumps(states(["+", "#", "\0", "\ud800"]))],
)
def test_a_damaged_file_takes_nothing_back(text: str, tmp_path: Path) -> None:
    path = tmp_path / "states.json"
    path.write_text(text)
    assert Stated(path, WHO.state_topic("")).heed(message("other")) == ()


def test_a_state_told_in_time_is_not_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "states.json"
    path.write_text(json.dumps(states("abc")))
    stated = Stated(path, WHO.state_topic(""))
    assert stated.heed(message(WHO.state_topic("b"), retain=True)) == ()
    assert stated.heed(message("homeassistant/device/x/config", retain=True)) == ()
    assert stated.heed(message(WHO.health_topic)) == tuple(states("ac"))
    assert stated.heed(message(WHO.health_topic)) == ()
    assert json.loads(path.read_text()) == states("abc")  # until the broker has heard of it


def test_a_folder_that_takes_no_file_stops_nobody(tmp_path: Path) -> None:
    stated = Stated(tmp_path / "none" / "states.json", WHO.state_topic(""))
    assert stated.heed(message(WHO.state_topic("a"), retain=True)) == ()
    stated.settle()
