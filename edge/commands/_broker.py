"""A broker to show things on: the one that is running, or a small one of our own.

Ours is amqtt (extra `demo`), in a thread, for this computer only, gone when the demo is.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edge.errors import SinkError

_HOST, _PORT = "127.0.0.1", 1883
_PATIENCE_S = 10.0
_SETTINGS: dict[str, Any] = {
    "listeners": {"default": {"type": "tcp", "bind": f"{_HOST}:{_PORT}"}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}


@contextmanager
def broker() -> Iterator[tuple[str, int, bool]]:
    """Host and port of a broker, and whether it is our own."""
    host, _, port = os.environ.get("EDGEPOSE_BROKER", f"{_HOST}:{_PORT}").partition(":")
    if answers(host, int(port or _PORT)):
        yield host, int(port or _PORT), False
    elif "EDGEPOSE_BROKER" in os.environ:
        raise SinkError(f"{host}:{port or _PORT}", "no broker answers", "unset EDGEPOSE_BROKER")
    else:
        with _embedded():
            yield _HOST, _PORT, True


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((host, port), timeout=2.0).close()
    except OSError:
        return False
    return True


@contextmanager
def _embedded() -> Iterator[None]:
    try:
        from amqtt.broker import Broker  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SinkError(
            f"{_HOST}:{_PORT}",
            "no broker is running, and there is none to start",
            "pip install 'edgepose[demo]', or start mosquitto",
        ) from error
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="broker", daemon=True)
    thread.start()

    def wait(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(_PATIENCE_S)

    async def make() -> Broker:
        return Broker(_SETTINGS, loop=loop)

    ours = wait(make())
    wait(ours.start())
    try:
        yield
    finally:
        wait(ours.shutdown())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE_S)
