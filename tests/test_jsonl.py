from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from edge.core.types import Event
from edge.errors import SinkError
from edge.sinks.jsonl import PLUGIN
from edge.wire import Identity, event_message, status_message

WHO = Identity("site", "device", "cam", "0", "session")
MESSAGES = [
    event_message(WHO, Event("fall", "long_lie", "p", t, {}), wall_time=0.0, clock_synced=True)
    for t in (1.0, 2.0)
]


def test_events_are_appended_one_a_line_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    for message in MESSAGES:
        with PLUGIN(path=str(path)).open(WHO, tmp_path) as sink:
            sink.publish(status_message(WHO, "online"))
            sink.publish(message)
            lines = path.read_text("utf-8").splitlines()  # flushed: a kill now loses nothing
    assert [json.loads(line) for line in lines] == [message.body for message in MESSAGES]


def test_standard_output_gets_the_same_lines_and_stays_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with PLUGIN().open(WHO, tmp_path) as sink:
        sink.publish(MESSAGES[0])
    print("still open")  # noqa: T201 - that is the point
    line, after = capsys.readouterr().out.splitlines()
    assert json.loads(line) == MESSAGES[0].body
    assert after == "still open"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent" / "events.jsonl"
    with pytest.raises(SinkError) as caught, PLUGIN(path=str(path)).open(WHO, tmp_path):
        pass
    assert caught.value.where == str(path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_a_full_disk_is_an_error_and_not_a_silence(tmp_path: Path) -> None:
    sink = PLUGIN(path="/dev/full").open(WHO, tmp_path)
    with sink, pytest.raises(SinkError) as caught:
        sink.publish(MESSAGES[0])
    assert caught.value.where == "/dev/full"
