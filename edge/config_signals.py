"""The [[signal]] tables of a configuration: what other machines say, and where it is heard.

And what rules have them told: both go over a broker.
"""

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

_BROKER = 'write [[sink]] kind = "mqtt" host = "broker.local"'


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


def _overlap(one: str, other: str) -> bool:
    """Whether some topic is heard by both filters."""
    a, b = sorted((one.split("/"), other.split("/")), key=len)
    if a[0] != b[0] and (a[0] + b[0]).startswith(("$", "+$", "#$")):
        return False  # a broker's own topics are heard by name alone
    for mine, theirs in zip(a, b):  # noqa: B905 - of different lengths
        if "#" in (mine, theirs):
            return True
        if mine != theirs and "+" not in (mine, theirs):
            return False
    return b[len(a) :] in ([], ["#"])  # a/# also hears a


def signals_of(listed: Iterable[tuple[Any, Place]]) -> tuple[SignalTopic, ...]:
    """Read each table; a name is one signal's.

    A broker may send a message once for each subscription that it matches: it would count twice.
    """
    found: dict[str, SignalTopic] = {}
    for table, at in listed:
        signal = read(SignalTopic, table, at)
        if signal is None:
            continue
        if signal.name in found:
            at.at("name").wrong(f"'{signal.name}' is another signal's name, too")
        for other in found.values():
            if signal.topic != other.topic and _overlap(signal.topic, other.topic):
                problem = f"'{signal.topic}' also hears what signal '{other.name}' hears"
                at.at("topic").wrong(problem, "give both the same topic, or topics apart")
                break
        found[signal.name] = signal
    return tuple(found.values())


def signals_heard(
    signals: Sequence[SignalTopic], sinks: Sequence[object], place: Place, *, watching: bool
) -> None:
    """Signals come over a sink's connection; a replay has them in its recording."""
    if watching and signals and _deaf(sinks):
        place.wrong("nobody hears it: there is no MQTT sink", _BROKER)


def actions_sent(
    rules: Sequence[object], sinks: Sequence[object], place: Place, *, watching: bool
) -> None:
    """Actions go over a sink's connection; a replay takes none."""
    for number, rule in enumerate(rules, start=1):
        if watching and getattr(rule, "action", None) and _deaf(sinks):
            at = place.at(f"rule[{number}]").at("action")
            at.wrong("nobody sends it: there is no MQTT sink", _BROKER)


def _deaf(sinks: Sequence[object]) -> bool:
    """Whether no sink speaks with a broker; one that is None has an error of its own already."""
    return not any(sink is None or getattr(sink, "hears", False) for sink in sinks)
