"""What other machines say, kept until the next frame takes it.

A sink's thread puts messages in, the loop takes them out. They are stamped with the time of the
frame that takes them, the only clock rules know, and are part of its observation: a recording holds
them, and replays to the same events. Nothing a machine sends can stop the loop or fill its memory.
"""

from __future__ import annotations

import json
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from paho.mqtt.matcher import MQTTMatcher

from edge.config_signals import SignalTopic
from edge.core.types import Json, Signal, Value

MOST_BYTES = 65_536  # of a payload
MOST_TEXT = 512  # letters of a value
_MOST_WAITING = 1_000  # signals between two frames; a camera may be lost for long
_MOST_TOPICS = 1_000  # whose last payload is remembered
_INTEGERS = range(-(2**63), 2**64)  # what others can read, too


@dataclass(slots=True)
class Counts:
    """What came, for the health message."""

    heard: int = 0
    refused: int = 0  # too large, or not what its table says
    lost: int = 0  # pushed out by newer ones while no frame came


class Inbox:
    """For any thread; bounded. Without signals nothing is ever in it."""

    def __init__(self, signals: Iterable[SignalTopic] = ()) -> None:
        self.counts = Counts()
        self._lock = threading.Lock()
        self._waiting: deque[tuple[str, Value]] = deque(maxlen=_MOST_WAITING)
        self._untold: deque[str] = deque()  # one line for each signal's first refusal
        self._refused: set[str] = set()  # signals of which one was told
        self._last: dict[str, int] = {}  # the last payload's hash, by topic
        self._by_topic: dict[str, list[SignalTopic]] = {}
        for signal in signals:
            self._by_topic.setdefault(signal.topic, []).append(signal)
        self._matcher: Any = MQTTMatcher()  # type: ignore[no-untyped-call]
        for topic, wanted in self._by_topic.items():
            self._matcher[topic] = wanted

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to, each once."""
        return tuple(self._by_topic)

    def health(self) -> dict[str, Json]:
        """What came so far, for the health message; nothing where nothing is listened for."""
        counts = self.counts
        told: dict[str, Json] = {
            "signals": counts.heard,
            "signals_refused": counts.refused,
            "signals_lost": counts.lost,
        }
        return told if self._by_topic else {}

    def put(self, topic: str, payload: bytes, retained: bool = False) -> None:  # noqa: FBT001, FBT002 - a callback
        """Take what came on a topic; never raises, whatever it is.

        A broker repeats what it retains after every connection: the same again is no news.
        """
        with self._lock:
            if retained and self._last.get(topic) == hash(payload):
                return
            self._last.pop(topic, None)
            self._last[topic] = hash(payload)
            if len(self._last) > _MOST_TOPICS:
                del self._last[next(iter(self._last))]
            if not payload:  # this is how a retained message is taken back
                return
            for signal in (one for wanted in self._matcher.iter_match(topic) for one in wanted):
                value = value_of(payload, signal)
                if value is None:
                    self._refuse(signal, payload)
                else:
                    self._keep(signal.name, value)

    def complaints(self) -> Iterator[str]:
        """Why a signal was refused, the first time that each was; every line is given once."""
        while self._untold:
            yield self._untold.popleft()

    def _refuse(self, signal: SignalTopic, payload: bytes) -> None:
        self.counts.refused += 1
        if signal.name not in self._refused:
            self._refused.add(signal.name)
            self._untold.append(f"signal {signal.name}: {why_not(payload, signal)}")

    def _keep(self, name: str, value: Value) -> None:
        self.counts.heard += 1
        self.counts.lost += len(self._waiting) == _MOST_WAITING
        self._waiting.append((name, value))

    def take(self, t: float) -> tuple[Signal, ...]:
        """All that came since the last time, in order, as of a frame's time (s)."""
        if not self._waiting:
            return ()
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        return tuple(Signal(name, value, t) for name, value in waiting)


def value_of(payload: bytes, signal: SignalTopic) -> Value | None:
    """What a payload says; None where it is too large or not what the signal's table says."""
    if len(payload) > MOST_BYTES:
        return None
    try:
        plain = payload.decode("utf-8").strip()
        if not signal.key:
            value = plain if signal.text else _scalar(plain)
        else:
            value = _at(_parsed(plain, text=signal.text), signal.key)
        if isinstance(value, str):
            value.encode()  # JSON can spell half a letter, which no message can carry
    except (ValueError, RecursionError):
        return None
    if isinstance(value, str):
        return value if 0 < len(value) <= MOST_TEXT else None
    if isinstance(value, int):  # also true and false
        return value if value in _INTEGERS else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def why_not(payload: bytes, signal: SignalTopic) -> str:
    """What is wrong with a payload that has no value; never what it says, which may be secret."""
    if len(payload) > MOST_BYTES:
        return f"the payload has more than {MOST_BYTES} bytes"
    try:
        plain = payload.decode("utf-8").strip()
    except ValueError:
        return "the payload is no text"
    if not signal.key:
        return f"the payload is no number, nor a text of 1 to {MOST_TEXT} letters"
    try:
        found = _at(_parsed(plain, text=signal.text), signal.key)
    except (ValueError, RecursionError):
        return f"the payload is no JSON, and '{signal.key}' is looked for in it"
    if found is None:
        return f"no '{signal.key}' in the payload"
    return f"'{signal.key}' is no number, nor a text of 1 to {MOST_TEXT} letters"


def _scalar(plain: str) -> object:
    """A JSON scalar, or else the text as it is: most scanners send a bare code."""
    try:
        value = _parsed(plain, text=False)
    except (ValueError, RecursionError):
        return plain
    return plain if isinstance(value, (dict, list)) else value


def _parsed(plain: str, *, text: bool) -> Any:
    number: Callable[[str], str] | None = str if text else None
    return json.loads(plain, parse_float=number, parse_int=number, parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    message = f"{word} is no number"
    raise ValueError(message)


def _at(value: Any, key: str) -> object:
    """Follow a dotted path; a number is a place in a list, from 0. None where it leads nowhere."""
    for part in key.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
