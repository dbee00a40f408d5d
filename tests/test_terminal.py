"""What a person at a terminal is told of an event."""

from __future__ import annotations

import pytest

from edge.commands._terminal import TerminalSink, sentence
from edge.core.types import Event
from edge.wire import event_message
from tests.cameras import WHO

CODE = "WO-1\x1b[2J\r\n\x9b\u202eHäuser 😀"


def test_a_code_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    detail = {"serial": CODE, "sentence": f"{CODE} has begun"}
    for event in (
        Event("sop", "cycle_started", "job", 1.0, detail),
        Event("sop", "cycle_started", "job", 1.0, {"serial": CODE}),
    ):
        message = event_message(WHO, event, wall_time=0.0, clock_synced=True)
        with TerminalSink() as sink:
            sink.publish(message)
        line = capsys.readouterr().out
        assert line.endswith("\n")
        assert line[:-1].isprintable()
        assert "\\x1b[2J\\r\\n\\x9b\\u202eHäuser 😀" in line


def test_half_a_letter_can_be_printed() -> None:
    body = {"type": "edgepose.sop.x", "subject": "job", "data": {"serial": "\ud800"}}
    sentence(body).encode()
