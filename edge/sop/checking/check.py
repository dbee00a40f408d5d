"""What is wrong with a procedure, found before a shift finds it.

A file that can be read may still ask for what cannot be: steps that wait for each other, zones
that nobody can tell apart, times that contradict each other. Each check is by itself.
"""

from __future__ import annotations

from edge.sop.checking.compare import Comparer
from edge.sop.checking.cycles import cycles
from edge.sop.checking.finding import Finding, Known
from edge.sop.checking.order import order
from edge.sop.checking.signs import signs
from edge.sop.checking.times import times
from edge.sop.checking.zones import zones
from edge.sop.graph import graph
from edge.sop.procedure import Procedure

SHARE = 0.5  # of a zone inside another: from there on a hand in the one counts as in both


def check(procedure: Procedure, known: Known | None = None) -> tuple[Finding, ...]:
    """Everything found, errors first, each group in the file's order. Never raises."""
    known = known or Known()
    way = graph(procedure.steps)
    compare = Comparer(procedure.zones, SHARE)
    found = (
        *order(procedure, way),
        *zones(procedure, known, compare),
        *signs(procedure, known, way, compare),
        *cycles(procedure, way, compare),
        *times(procedure, way),
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.severity != "error"))
