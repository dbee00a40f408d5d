"""What other machines say: read, bounded, given to the loop once."""

from __future__ import annotations

import json
import threading

import pytest

from edge.config_signals import SignalTopic
from edge.core.types import Value
from edge.runtime.signals import MOST_BYTES, MOST_TEXT, Inbox, value_of
from tests.machines import SCANNER, TORQUE


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"true", True),
        (b" 17 \n", 17),
        (b"2.5", 2.5),
        (b'"SN-1"', "SN-1"),
        (b"SN-1", "SN-1"),
        ("Häuser 7".encode(), "Häuser 7"),
        (b"0815", "0815"),  # no JSON: a leading zero
        (b'{"a": 1}', '{"a": 1}'),
        (b"NaN", "NaN"),
        (b"null", None),
        (b"1e999", None),
        (b"9" * 30, None),
        (b"9" * 5000, None),
        (b"\xff\xfe", None),
        (b"  ", None),
        (b"x" * MOST_TEXT, "x" * MOST_TEXT),
        (b"x" * (MOST_TEXT + 1), None),
        (b'"' + b"x" * MOST_BYTES + b'"', None),
        (b"[" * 60_000, None),
        (b'"\\udc00"', None),
    ],
)
def test_a_payload_without_a_key_is_a_json_scalar_or_text(payload: bytes, value: Value) -> None:
    found = value_of(payload, SCANNER)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'{"result": {"torque": 2.5}}', 2.5),
        (b'{"result": {"torque": "ok"}}', "ok"),
        (b'{"result": {"torque": false}}', False),
        (b'{"result": {"torque": null}}', None),
        (b'{"result": {"torque": NaN}}', None),
        (b'{"result": {"torque": [2.5]}}', None),
        (b'{"result": 2.5}', None),
        (b'{"result": [2.5]}', None),
        (b"2.5", None),
        (b'{"result": {"tor', None),
        (b'{"a":' * 30_000, None),
        (b'{"result": {"torque": "\\ud83d\\ude00"}}', "\U0001f600"),
        (b'{"result": {"torque": "\\ud800"}}', None),  # half a letter: no message can carry it
    ],
)
def test_a_key_leads_into_json(payload: bytes, value: Value) -> None:
    assert value_of(payload, TORQUE) == value


def test_a_number_in_a_key_is_a_place_in_a_list() -> None:
    signal = SignalTopic("second", "t", "readings.1")
    assert value_of(b'{"readings": [1, 2]}', signal) == 2
    assert value_of(b'{"readings": [1]}', signal) is None


@pytest.mark.parametrize("code", ["12E4", "4012345678901", "1.10", "true", "0815"])
def test_a_code_stays_the_text_it_is(code: str) -> None:
    assert value_of(code.encode(), SignalTopic("serial", "t", "", text=True)) == code
    inside = SignalTopic("serial", "t", "code", text=True)
    assert value_of(json.dumps({"code": code}).encode(), inside) == code
    if code[0] in "14":
        assert value_of(b'{"code": %s}' % code.encode(), inside) == code


def test_an_inbox_gives_each_signal_once_in_order_with_the_frames_time() -> None:
    inbox = Inbox([SCANNER, TORQUE, SignalTopic("any", "line1/#", "")])
    inbox.put("line1/scanner", b"A")
    inbox.put("line1/tool", b'{"result": {"torque": 2}}')
    inbox.put("line2/scanner", b"B")
    taken = [(one.name, one.value, one.t) for one in inbox.take(3.5)]
    assert taken == [
        ("scanner", "A", 3.5),
        ("any", "A", 3.5),
        ("torque", 2, 3.5),
        ("any", '{"result": {"torque": 2}}', 3.5),
    ]
    assert inbox.take(3.6) == ()


def test_an_inbox_is_bounded_and_counts_what_it_gave_up() -> None:
    inbox = Inbox([SCANNER])
    for number in range(5000):
        inbox.put("line1/scanner", str(number).encode())
    inbox.put("line1/scanner", b"x" * (MOST_BYTES + 1))
    inbox.put("line1/scanner", b"\xff")
    inbox.put("line1/scanner", b"")  # a retained message is taken back: no news, no mistake
    assert [one.value for one in inbox.take(0.0)] == list(range(4000, 5000))
    assert inbox.health() == {"signals": 5000, "signals_refused": 2, "signals_lost": 4000}
    assert Inbox().health() == {}


@pytest.mark.parametrize(
    ("signal", "payload", "why"),
    [
        (SignalTopic("scanner", "t", "code"), b'{"cod": "WO-18"}', "no 'code' in the payload"),
        (SignalTopic("scanner", "t", "code"), b"WO-18", "is no JSON, and 'code' is looked for"),
        (SignalTopic("scanner", "t", "code"), b'{"code": [1]}', "'code' is no number, nor a text"),
        (SignalTopic("scanner", "t", ""), b"\xff", "the payload is no text"),
        (SignalTopic("scanner", "t", ""), b"null", "the payload is no number, nor a text of 1"),
        (SignalTopic("scanner", "t", ""), b"x" * (MOST_BYTES + 1), "has more than 65536 bytes"),
    ],
)
def test_the_first_refusal_of_each_signal_says_why(
    signal: SignalTopic, payload: bytes, why: str
) -> None:
    inbox = Inbox([signal, SignalTopic("other", "other", "b")])
    assert list(inbox.complaints()) == []
    for _ in range(3):
        inbox.put("t", payload)
    inbox.put("other", b"{}")
    first, second = inbox.complaints()
    assert first.startswith("signal scanner: ")
    assert why in first
    assert "WO-18" not in first, "what a machine says may be secret"
    assert second == "signal other: no 'b' in the payload"
    inbox.put("t", payload)
    assert list(inbox.complaints()) == []


def test_what_a_broker_retains_counts_once() -> None:
    inbox = Inbox([SCANNER])

    def told(payload: bytes, *, retained: bool) -> list[Value]:
        inbox.put("line1/scanner", payload, retained)
        return [one.value for one in inbox.take(0.0)]

    assert told(b"A", retained=True) == ["A"]
    assert told(b"A", retained=True) == []  # after a reconnection
    assert told(b"A", retained=False) == ["A"]  # scanned again
    assert told(b"A", retained=True) == []
    assert told(b"B", retained=True) == ["B"]  # changed while we were away


def test_threads_lose_nothing() -> None:
    inbox = Inbox([SCANNER])
    taken: list[Value] = []

    def write() -> None:
        for _ in range(200):
            inbox.put("line1/scanner", b"1")

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        taken += [one.value for one in inbox.take(0.0)]
    taken += [one.value for one in inbox.take(0.0)]
    assert len(taken) == 800
