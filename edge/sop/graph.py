"""The order of a procedure's steps: what must come before what, worked out once.

A step that is `after` a member of a choice waits for one of its members, whichever is named. A
step that may be left out holds nobody up, but what must be done before it still must be done
before those after it. Names that no step has are passed over: reading the file tells of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import MappingProxyType

from edge.sop.procedure import Step

Unit = tuple[str, ...]  # one step, or the members of a choice as listed: done when one of them is


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The steps of a procedure by name; every sequence is in the order they are listed."""

    names: tuple[str, ...]
    unit: Mapping[str, Unit]  # the unit each step belongs to
    after: Mapping[str, tuple[Unit, ...]]  # those it is directly after, optional ones, too
    needs: Mapping[str, tuple[Unit, ...]]  # every unit, near or far, that must be done before it
    ancestors: Mapping[str, frozenset[str]]  # every step, near or far, that comes before it
    descendants: Mapping[str, frozenset[str]]  # every step, near or far, that comes after it
    must: tuple[Unit, ...]  # what a cycle has to do: units that are not optional
    bit: Mapping[str, int]  # of the unit each step belongs to, for what is asked at every event
    need: Mapping[str, int]  # the bits of its `needs`
    later: Mapping[str, int]  # the bits of units that pass it over; 0 where it must be done

    def ready(self, step: str, done: Collection[str]) -> bool:
        """Whether a step may be done, in order, once those have been."""
        return not self.need[step] & ~self._met(done)

    def missing(self, step: str, done: Collection[str]) -> tuple[str, ...]:
        """The steps it should have waited for; of a choice that waits, all members."""
        return tuple(name for unit in self.needs[step] if not _met(unit, done) for name in unit)

    def expected(self, done: Collection[str]) -> tuple[str, ...]:
        """The steps that may come next: not done, nor passed over, nor held up by others.

        What may be left out counts as passed over as soon as a step after it is done.
        """
        met = self._met(done)
        return tuple(
            [
                name
                for name in self.names
                if not (self.bit[name] | self.later[name]) & met and not self.need[name] & ~met
            ]
        )

    def complete(self, done: Collection[str]) -> bool:
        """Whether everything that must be done has been."""
        return all(_met(unit, done) for unit in self.must)

    def lacking(self, done: Collection[str]) -> tuple[Unit, ...]:
        """What must still be done."""
        return tuple(unit for unit in self.must if not _met(unit, done))

    def _met(self, done: Collection[str]) -> int:
        """The bits of the units that are done."""
        met = 0
        for name in done:
            met |= self.bit.get(name, 0)
        return met

    @property
    def reachable(self) -> frozenset[str]:
        """The steps that can be done at all, with everything in order."""
        done: set[str] = set()
        while found := [n for n in self.names if n not in done and self.ready(n, done)]:
            done.update(found)
        return frozenset(done)

    @property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Steps that wait for each other: each circle once, as a walk from a step to its next."""
        found: list[tuple[str, ...]] = []
        told: set[str] = set()
        for name in self.names:
            if name in self.ancestors[name] and name not in told:
                walk = self._walk(name)
                told.update(walk)
                found.append(walk)
        return tuple(found)

    @property
    def layers(self) -> tuple[tuple[str, ...], ...]:
        """The steps in rows: each one row below the last of those it is after."""
        row: dict[str, int] = {}
        left = list(self.names)
        while left:
            free = [
                name
                for name in left
                if all(before in row for unit in self.after[name] for before in unit)
            ]
            for name in free or left[:1]:  # of a circle, the first step listed goes first
                rows = [row.get(before, -1) for unit in self.after[name] for before in unit]
                row[name] = max(rows, default=-1) + 1
            left = [name for name in left if name not in row]
        count = max(row.values(), default=-1) + 1
        return tuple(
            tuple(name for name in self.names if row[name] == number) for number in range(count)
        )

    @property
    def arrows(self) -> tuple[tuple[str, str], ...]:
        """Each step and one it is directly after, without those that others imply."""
        return tuple(
            (before, name)
            for name in self.names
            for before in self._direct(name)
            if not any(
                before in self.ancestors[other] and other not in self.ancestors[before]
                for other in self._direct(name)
            )
        )

    def _direct(self, name: str) -> tuple[str, ...]:
        return tuple(before for unit in self.after[name] for before in unit)

    def _walk(self, name: str) -> tuple[str, ...]:
        """The shortest way forward from a step back to itself."""
        ways: list[tuple[str, ...]] = [(name,)]
        seen: set[str] = set()
        while ways:
            way = ways.pop(0)
            for step in self.names:
                if way[-1] in self._direct(step):
                    if step == name:
                        return way
                    if step not in seen:
                        seen.add(step)
                        ways.append((*way, step))
        return (name,)


def graph(steps: Iterable[Step]) -> Graph:
    """Work out the order of these steps. Never raises; circles are for `circles` to tell."""
    by_name: dict[str, Step] = {}
    for step in steps:
        by_name.setdefault(step.name, step)
    names = tuple(by_name)
    units = _units(by_name)
    after = {
        name: tuple(
            dict.fromkeys(
                units[before]
                for before in by_name[name].after
                if before in by_name and units[before] != units[name]
            )
        )
        for name in names
    }
    every = dict.fromkeys(units.values())
    must = tuple(unit for unit in every if not any(by_name[name].optional for name in unit))
    ancestors = {name: _before(name, after) for name in names}
    needs = _needs(after, must, units)
    descendants = {
        name: frozenset(other for other in names if name in ancestors[other]) for name in names
    }
    bit = {name: 1 << list(every).index(units[name]) for name in names}
    return Graph(
        names=names,
        unit=MappingProxyType(units),
        after=MappingProxyType(after),
        needs=MappingProxyType(needs),
        ancestors=MappingProxyType(ancestors),
        descendants=MappingProxyType(descendants),
        must=must,
        bit=bit,
        need={name: _bits(bit[unit[0]] for unit in needs[name]) for name in names},
        later={
            name: 0 if units[name] in must else _bits(bit[other] for other in descendants[name])
            for name in names
        },
    )


def _bits(several: Iterable[int]) -> int:
    return reduce(or_, several, 0)


def _units(steps: Mapping[str, Step]) -> dict[str, Unit]:
    members: dict[str, list[str]] = {}
    for name, step in steps.items():
        if step.choice:
            members.setdefault(step.choice, []).append(name)
    return {
        name: tuple(members[step.choice]) if step.choice else (name,)
        for name, step in steps.items()
    }


def _before(name: str, after: Mapping[str, tuple[Unit, ...]]) -> frozenset[str]:
    """Every step that comes before one, through any number of others."""
    found: set[str] = set()
    todo = [name]
    while todo:
        for unit in after[todo.pop()]:
            for before in unit:
                if before not in found:
                    found.add(before)
                    todo.append(before)
    return frozenset(found)


def _needs(
    after: Mapping[str, tuple[Unit, ...]], must: tuple[Unit, ...], units: Mapping[str, Unit]
) -> dict[str, tuple[Unit, ...]]:
    """All that must be done before each step; behind a choice, what every member needs."""
    found: dict[str, set[Unit]] = {name: set() for name in after}
    grew = True
    while grew:  # ends also where steps wait for each other: the sets only grow
        grew = False
        for name, befores in after.items():
            new = {unit for unit in befores if unit in must}
            for unit in befores:
                new |= set.intersection(*(found[before] for before in unit))
            new.discard(units[name])
            grew = grew or not new <= found[name]
            found[name] |= new
    return {name: tuple(unit for unit in must if unit in found[name]) for name in after}


def _met(unit: Unit, done: Collection[str]) -> bool:
    return any(name in done for name in unit)
