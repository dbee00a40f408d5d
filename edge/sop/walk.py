"""Every condition of a procedure, with the key that it has in a procedure file."""

from __future__ import annotations

from collections.abc import Iterator

from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    Gesture,
    HandsApart,
    InZone,
    Not,
    Procedure,
    SignalIs,
    Stage,
    Step,
)

Plain = InZone | HandsApart | Gesture | BodyPose | SignalIs


def plain(condition: Condition, key: str = "") -> Iterator[tuple[str, Plain]]:
    """The conditions that are not made of others, each with its key below `key`."""
    if isinstance(condition, (AllOf, AnyOf)):
        word = "all" if isinstance(condition, AllOf) else "any"
        for number, part in enumerate(condition.parts, start=1):
            yield from plain(part, f"{key}.{word}[{number}]")
    elif isinstance(condition, Not):
        yield from plain(condition.part, f"{key}.not")
    else:
        yield f"{key}.{_word(condition)}", condition


def staged(procedure: Procedure) -> Iterator[tuple[str, Stage]]:
    """Every stage of the cycle and of the steps, with its key."""
    cycle = procedure.cycle
    for word, stage in (("start", cycle.start), ("end", cycle.end), ("abort", cycle.abort)):
        if stage is not None:
            yield f"cycle.{word}", stage
    for number, step in enumerate(procedure.steps, start=1):
        yield from stages_of(step, number)


def stages_of(step: Step, number: int) -> Iterator[tuple[str, Stage]]:
    """The stages of the step with this number, counted from 1."""
    for index, stage in enumerate(step.stages, start=1):
        yield f"step[{number}].when{f'[{index}]' if len(step.stages) > 1 else ''}", stage


def conditions(procedure: Procedure) -> Iterator[tuple[str, Condition]]:
    """Every whole condition, with its key."""
    for key, stage in staged(procedure):
        yield key, stage.when
    for number, one in enumerate(procedure.forbidden, start=1):
        if one.when is not None:
            yield f"forbidden[{number}].when", one.when


def every_plain(procedure: Procedure) -> Iterator[tuple[str, Plain]]:
    """Every condition that is not made of others, with its key."""
    for key, condition in conditions(procedure):
        yield from plain(condition, key)


def signals(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Every signal that is listened to, with its key; a name may come several times."""
    if procedure.cycle.serial:
        yield "cycle.serial", procedure.cycle.serial
    for key, condition in every_plain(procedure):
        if isinstance(condition, SignalIs):
            yield key, condition.signal


def _word(condition: Plain) -> str:
    if isinstance(condition, InZone):
        return "near" if condition.within > 0 and condition.way == "in" else condition.way
    words = {HandsApart: "hands_apart", Gesture: "gesture", BodyPose: "pose", SignalIs: "signal"}
    return words[type(condition)]
