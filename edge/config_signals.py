"""The [[signal]] tables of a configuration: what other machines say, and where it is heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from edge.config_table import Place, read
from edge.core.settings import setting
from edge.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LONGEST = 65_535  # bytes of a topic, as MQTT has it
_DECLARE = '[[signal]] name = "scanner" topic = "line1/scanner"'


@dataclass(frozen=True, slots=True)
class SignalTopic:
    """One signal: a scanner, a torque tool, a light curtain, heard by the first MQTT sink."""

    name: str = setting("", "what procedures call it: letters, digits, '-' and '_'")
    topic: str = setting("", "the MQTT topic it comes on; '+' and '#' stand for levels")
    key: str = setting("", "where the value is in a JSON payload, as 'result.code'; empty: all")
    text: bool = setting(default=False, doc="keep it as text: 0815 or 12E4 is a code, no number")

    def __post_init__(self) -> None:
        """Refuse what no rule can name and no broker knows."""
        if not _NAME.fullmatch(self.name):
            raise ConfigError("name", "must be letters, digits, '-' and '_'", _DECLARE)
        if not self.topic:
            raise ConfigError("topic", "is missing", _DECLARE)
        if not _is_filter(self.topic):
            raise ConfigError("topic", "is no MQTT topic", "'+' and '#' are levels of their own")
        if self.key and not all(self.key.split(".")):
            raise ConfigError("key", "has an empty part", "write 'result.code'")


def _is_filter(topic: str) -> bool:
    """Whether a broker takes a subscription to this."""
    levels = topic.split("/")
    lonely = all(level in {"+", "#"} or not {"+", "#"} & set(level) for level in levels)
    return lonely and "#" not in levels[:-1] and "\0" not in topic and len(topic) <= _LONGEST


def signals_of(listed: Iterable[tuple[Any, Place]]) -> tuple[SignalTopic, ...]:
    """Read each table; a name is one signal's."""
    found: dict[str, SignalTopic] = {}
    for table, at in listed:
        signal = read(SignalTopic, table, at)
        if signal is None:
            continue
        if signal.name in found:
            at.at("name").wrong(f"'{signal.name}' is another signal's name, too")
        found[signal.name] = signal
    return tuple(found.values())


def signals_heard(
    signals: Sequence[SignalTopic], sinks: Sequence[object], place: Place, *, watching: bool
) -> None:
    """Signals come over a sink's connection; a replay has them in its recording."""
    # A sink that is None has an error of its own already.
    deaf = not any(sink is None or getattr(sink, "hears", False) for sink in sinks)
    if watching and signals and deaf:
        place.wrong("nobody hears it: there is no MQTT sink", 'write [[sink]] kind = "mqtt"')
