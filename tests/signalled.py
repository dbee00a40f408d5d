"""A procedure whose steps are signals, so that nothing has to be seen for it."""

from __future__ import annotations

from typing import Any

from edge.sop.procedure import CycleRules, Forbidden, Procedure, SignalIs, Stage, Step


def step(name: str, **rules: Any) -> Step:
    """Done while a signal of its name is true."""
    return Step(name, (Stage(SignalIs(name, equals=True)),), done="over", **rules)


JOB = Procedure(
    name="job",
    title="a job",
    steps=(
        step("take", least_s=1.0, most_s=4.0),
        step("place", after=("take",), wait_most_s=5.0),
        step("screw", after=("place",), times=2),
        step("lid", after=("screw",)),
    ),
    forbidden=(Forbidden("press", SignalIs("press", equals=True), hold_s=0.0),),
    cycle=CycleRules(
        start=Stage(SignalIs("scan")),
        end=Stage(SignalIs("out")),
        abort=Stage(SignalIs("stop")),
        serial="scan",
        least_s=3.0,
        most_s=30.0,
    ),
)
