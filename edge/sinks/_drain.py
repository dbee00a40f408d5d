"""The thread that empties the outbox into a broker, and connects again for as long as it takes.

Each connection starts from the outbox alone: what was sent on an earlier one and never
acknowledged is still there and is sent again, under its own id. Nothing else sends events.
"""

from __future__ import annotations

import json
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable

from edge.errors import EdgeposeError
from edge.runtime.outbox import Kept, Outbox
from edge.sinks._link import Link
from edge.sinks._stated import Stated
from edge.wire import LATE_S, Message, encode, late

_WINDOW = 20  # events sent and not yet acknowledged
_PAUSE_S = (1.0, 30.0)  # between two attempts to connect: first, longest
_FAREWELL_S = 0.5  # for the last word, after the time to flush is up


class Drain:
    """Runs from `start` to `stop`; `tell` and `wake` are for the other threads."""

    def __init__(  # noqa: PLR0913 - what it sends, how, and what it remembers
        self,
        outbox: Outbox,
        connect: Callable[[], Link],
        greeting: tuple[Message, ...],
        farewell: Message,
        clock: Callable[[], float],
        *,
        stated: Stated,
    ) -> None:
        self.unreached: str | None = "not connected yet"  # why nothing gets through
        self.failure: Exception | None = None  # a mistake of ours ended the thread
        self.refused: tuple[str, ...] = ()  # topics that the broker does not let us hear
        self._outbox = outbox
        self._connect = connect
        self._greeting = greeting
        self._farewell = farewell
        self._stated = stated
        self._clock = clock  # s, monotonic; the one `Outbox.put` was given
        self._lock = threading.Lock()  # for the greeting and the two dictionaries
        self._newest: dict[str, Message] = {}  # to be sent, by topic
        self._standing: dict[str, Message] = {}  # retained ones: a broker may forget them
        self._closing = threading.Event()
        self._deadline = 0.0
        self._ear, self._voice = socket.socketpair()
        self._voice.settimeout(0.0)
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def stop(self, within_s: float) -> None:
        """Send what can be sent in that time, say farewell, end."""
        self._deadline = time.monotonic() + within_s
        self._closing.set()
        self.wake()
        self._thread.join(within_s + 2 * _FAREWELL_S)
        if self.unreached is None:
            self._stated.settle()
        if not self._thread.is_alive():  # else it still waits for a broker, and ends by itself
            self._ear.close()
            self._voice.close()

    def tell(self, message: Message) -> None:
        """Send this soon, unless a newer one on the same topic comes first.

        States that an earlier process left at the broker, and nobody states now, are taken back.
        """
        vanished = [
            Message(topic, {}, qos=1, retain=True, raw="") for topic in self._stated.heed(message)
        ]
        with self._lock:
            self._greeting += tuple(vanished)  # also to a broker that is away now
            self._newest |= {one.topic: one for one in vanished}
            self._newest[message.topic] = message
            if message.retain and message.raw is None:  # an order is given once
                self._standing[message.topic] = message
        self.wake()

    def wake(self) -> None:
        """There is something to send."""
        try:
            self._voice.send(b"!")
        except BlockingIOError:
            return  # it has been called many times already

    def _run(self) -> None:
        pause, longest = _PAUSE_S
        try:
            while True:
                try:
                    with self._connect() as link:
                        self._converse(link)
                        return
                except (OSError, EdgeposeError) as error:
                    if self.unreached is None:
                        pause = _PAUSE_S[0]  # it had worked
                    self.unreached = explained(error)
                if self._closing.wait(pause * random.uniform(0.5, 1.0)):  # noqa: S311 - no secret
                    if self._late() or not len(self._outbox):
                        return
                    time.sleep(0.1)
                pause = min(pause * 2, longest)
        except Exception as error:  # noqa: BLE001 - handed to the loop, which must not go on without us
            self.failure = error

    def _late(self) -> bool:
        return self._closing.is_set() and time.monotonic() > self._deadline

    def _converse(self, link: Link) -> None:
        """Speak until told to stop; raises OSError when the broker is lost."""
        sent: dict[int, int] = {}  # what the broker will acknowledge -> its place in the outbox
        greeted = False
        while True:
            if link.connected and not greeted:
                with self._lock:
                    hello = {message.topic: message for message in self._greeting}
                    # An order from before the loss was noticed is late by now: nobody expects it.
                    news = {topic: one for topic, one in self._newest.items() if one.raw is None}
                    self._newest = hello | self._standing | news
                self.unreached, greeted = None, True
            closing = self._closing.is_set()
            if self._late() or (closing and greeted and not self._newest and not len(self._outbox)):
                break
            if greeted and not link.busy:
                self._send(link, sent)
            self.refused = link.refused or ()
            for number in link.turn(self._ear, 0.1 if closing else 1.0):
                if number in sent:
                    self._outbox.delete(sent.pop(number))
        if greeted:
            bye = self._farewell
            last = link.publish(bye.topic, bye.payload, bye.qos, retain=bye.retain)
            enough = time.monotonic() + _FAREWELL_S
            while last not in link.turn(self._ear, 0.1) and time.monotonic() < enough:
                pass

    def _send(self, link: Link, sent: dict[int, int]) -> None:
        for kept in self._outbox.waiting(sent.values(), _WINDOW - len(sent)):
            sent[link.publish(kept.topic, self._payload(kept), qos=1)] = kept.seq
        with self._lock:
            news, self._newest = self._newest, {}
        for message in news.values():
            link.publish(message.topic, message.payload, message.qos, retain=message.retain)

    def _payload(self, kept: Kept) -> str:
        if kept.mono is None:  # from before a restart: only the wall clock spans it
            age = max(0.0, time.time() - kept.wall)
        else:
            age = self._clock() - kept.mono
            if age <= LATE_S:
                return kept.body
        return encode(late(json.loads(kept.body), age))


def explained(error: Exception) -> str:
    """Say in a line why a broker could not be reached; it never holds a secret."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the broker's certificate is not trusted ({error.verify_message})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
