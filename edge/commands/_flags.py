"""Flags that several commands share, and how they become the tables of a configuration."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from edge import registry
from edge.errors import ConfigError

CONFIG_ENDING = ".toml"
_PROCEDURES = "sop"  # the kind of rule that needs a file


def model(parser: argparse.ArgumentParser) -> None:
    """Flags that choose what finds the poses."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        action="append",
        metavar="NAME_OR_DIR",
        help="see `edgepose models list`; repeatable: a body or palm model, and one of hands",
    )
    group.add_argument("--backend", metavar="KIND", help="tflite, onnxruntime or openvino")
    group.add_argument("--threads", type=int, metavar="N", help="inference threads (1)")


def reports(parser: argparse.ArgumentParser) -> None:
    """Flags that choose what is reported, and to whom."""
    group = parser.add_argument_group("what is reported, and to whom")
    kinds = [kind for kind in registry.kinds("events") if kind != _PROCEDURES]
    group.add_argument(
        "--rule",
        action="append",
        metavar="KIND",
        help=f"{', '.join(kinds)}; repeatable; fall where neither is given",
    )
    group.add_argument(
        "--procedure",
        action="append",
        metavar="FILE.toml",
        help="a rule that watches this being done, see `edgepose sop`; repeatable",
    )
    group.add_argument("--events", metavar="FILE", help="events as JSON lines; - prints them")
    group.add_argument("--mqtt", metavar="URL", help="mqtt://[user@]host[:port], or mqtts://")
    group.add_argument("--state-dir", metavar="DIR", help="where alarms wait for the broker")


def names(parser: argparse.ArgumentParser) -> None:
    """Flags that say who is speaking."""
    group = parser.add_argument_group("names, for topics and alarms")
    group.add_argument("--site", metavar="NAME", help="building or plant (home)")
    group.add_argument("--device", metavar="NAME", help="this computer (its host name)")
    group.add_argument("--camera", metavar="NAME", help="which camera (cam1)")


def is_config(word: str | None) -> bool:
    """Whether a positional argument is a configuration rather than a clip or camera."""
    return bool(word) and CONFIG_ENDING in str(word).rpartition("/")[2]


def tables(args: argparse.Namespace) -> dict[str, Any]:
    """The tables that the given flags stand for; a flag not given stands for nothing."""
    given = {key: value for key, value in vars(args).items() if value is not None}
    result: dict[str, Any] = {
        "identity": _some(given, site="site", device="device", camera="camera"),
        "model": _models(given),
        "rule": _rules(given),
        "sink": [],
    }
    if "source" in given and not is_config(given["source"]):
        result["source"] = {"uri": given["source"]}
    if "state_dir" in given:
        result["state"] = {"dir": str(Path(given["state_dir"]).absolute())}
    if "events" in given:
        result["sink"].append({"kind": "jsonl", "path": given["events"]})
    if "mqtt" in given:
        result["sink"].append({"kind": "mqtt", **_broker(given["mqtt"])})
    return {name: table for name, table in result.items() if table not in ({}, [], [{}])}


def _rules(given: dict[str, Any]) -> list[dict[str, Any]]:
    """A table for each rule named, and for each procedure; raises ConfigError."""
    files = [str(Path(file).absolute()) for file in given.get("procedure", ())]
    if _PROCEDURES in given.get("rule", ()):
        hint = "write --procedure FILE.toml instead, or a rule into a configuration"
        raise ConfigError(f"--rule {_PROCEDURES}", "does not say which procedure", hint)
    plain = [{"kind": kind} for kind in given.get("rule", ())]
    return [*plain, *({"kind": _PROCEDURES, "procedure": file} for file in files)]


def _models(given: dict[str, Any]) -> list[dict[str, Any]]:
    """A table for each model named, or one for how those of the configuration are run."""
    how = _some(given, backend="backend", threads="threads")
    # A folder is meant from here, whatever configuration is named beside it.
    names = [str(Path(n).absolute()) if "/" in n else n for n in given.get("model", ())]
    return [{"name": name, **how} for name in names] or [how]


def _some(given: dict[str, Any], **keys: str) -> dict[str, Any]:
    return {key: given[flag] for flag, key in keys.items() if flag in given}


def _broker(url: str) -> dict[str, Any]:
    from edge.sinks.mqtt import Mqtt  # noqa: PLC0415 - paho is slow to import

    return asdict(Mqtt.from_url(url))
