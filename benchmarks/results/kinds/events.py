"""Falls found and false alarms: the fall rule, and the baseline with several parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.events import words
from benchmarks.results import options
from benchmarks.results.cells import counted, homeless
from benchmarks.results.cells import text as cell
from benchmarks.results.markdown import Markdown, bullets, table, text

TITLE = "Falls found, false alarms"
_HEAD = ("falls found", "sensitivity (95 %)", "false alarms", "per hour (95 %)", "delay p50 / p95")


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """Both rules in all and by dataset, other parameters of the baseline, and others' poses."""
    ours, baseline = _nan(figures), _nan(figures["baseline"])
    how = f"in {figures['backend']}" if figures["backend"] else "recorded before"
    judged = counted(len(figures["clips"]), "clip")
    yield text(f"{figures['labels']}: {judged}; poses of {figures['model']}, {how}.")
    yield table(words.HEAD, words.comparison(ours, baseline))
    yield Markdown("By dataset, delays from the onset:")
    yield table(
        ("dataset", "rule", *_HEAD),
        [
            (name, rule, *_brief(one["datasets"][name]))
            for name in ours["datasets"]
            for rule, one in (("fall rule", ours), ("baseline", baseline))
        ],
        words=2,
    )
    yield text(f"Baseline: {baseline['rule']}, {_parameters(baseline)}: {baseline['source']}.")
    if baseline["other_parameters"]:
        yield Markdown("The baseline with other parameters:")
        rows = [(_parameters(one), *_brief(one)) for one in baseline["other_parameters"]]
        yield table(("parameters", *_HEAD), rows)
    peers = figures.get("peers", {})  # older files have none
    if peers:
        yield Markdown("Both rules on the poses of others, from the same clips:")
        yield table(("poses", "rule", *_HEAD), _beside(ours["peers"]), words=2)
        yield bullets(
            f"{name}: {one['about']}, {cell(one['version'])}" for name, one in peers.items()
        )
    lacking = {"": figures["unreadable"]}
    lacking |= {f"{name}: ": peer["unreadable"] for name, peer in peers.items()}
    yield bullets(
        f"not judged: {who}{one['clip']}: {homeless(one['reason'])}"
        for who, clips in lacking.items()
        for one in clips
    )


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    yield from ("--labels", figures["labels"])
    if figures["backend"] is None:
        yield "--replay"
        return
    yield from ("--clips", "DIR")
    yield from options.each("--model", [figures["model"]])
    yield from options.each("--backend", [figures["backend"]])
    yield from options.each("--peer", figures.get("peers", {}))


def _beside(peers: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for name, peer in peers.items():
        yield (name, "fall rule", *_brief(peer["fall_rule"]))
        yield (name, "baseline", *_brief(peer["torso_angle"]))


def _brief(one: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"{one['found']} of {one['falls']}",
        words.ranged(one, "sensitivity"),
        str(one["false_alarms"]),
        words.per_hour(one),
        words.delays(one["delay_from_onset_s"]),
    )


def _parameters(one: Mapping[str, Any]) -> str:
    given = one["parameters"]
    return f"{given['angle_deg']:g} degrees for {given['hold_s']:g} s"


def _nan(value: Any) -> Any:
    """Figures with NaN for null, as they were before they were JSON."""
    if isinstance(value, dict):
        return {key: _nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_nan(one) for one in value]
    return math.nan if value is None else value
