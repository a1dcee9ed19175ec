# ruff: noqa: D102  (what the methods of the three kinds mean is said once, by `Plan`)
"""A rule made ready: what holds is asked of atoms (a pattern in a field), which are numbers here.

Every kind of part answers the same questions; a new kind of operator is a new class that answers them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from monitor.rules.found import Found, Place
from monitor.rules.tree import Node

Belief: TypeAlias = Mapping[int, bool]  # what is assumed of atoms; those left out may be either
Evidence: TypeAlias = tuple[Place, str]  # where a term holds, and the term as written
MOST_HITS = 1_000  # that are told of one term in one article
_LONGEST = 200  # code points of a rule's text in an explanation


class Plan(Protocol):
    """One part of a rule."""

    @property
    def node(self) -> Node:
        """The part of the tree that it was made from."""

    def holds(self, found: Found) -> bool:
        """Does it hold where this was found?"""

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        """Atoms of which at least one must hold for the part to be what is wanted; None if it is so without any."""

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        """Every atom, and whether holding helps the part to be what is wanted."""

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        """Can it be what is wanted, each atom taken on its own? Exact once nothing is left open."""

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        """The places that make it what is wanted, each with its term as written. To be asked only where it is so."""

    def terms(self) -> Iterator[tuple[int, str]]:
        """Every atom with its term as written."""

    def failure(self, found: Found, *, wanted: bool) -> str:
        """In words, the smallest part because of which it is not what is wanted."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term or a concept: any of its atoms."""

    node: Node
    fields: tuple[str, ...]
    written: Mapping[int, tuple[str, str]]  # of each atom, its field and its term as written
    ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", frozenset(self.written))

    def holds(self, found: Found) -> bool:
        return not found.keys().isdisjoint(self.ids)

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        return self.ids if wanted else None

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        return ((atom, wanted) for atom in self.written)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if wanted:
            return any(belief.get(atom, True) for atom in self.ids)
        return not any(belief.get(atom, False) for atom in self.ids)

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        here = ((atom, term) for atom, (_, term) in self.written.items() if wanted and atom in found)
        return ((place, term) for atom, term in here for place in found.places(atom)[:MOST_HITS])

    def terms(self) -> Iterator[tuple[int, str]]:
        return ((atom, term) for atom, (_, term) in self.written.items())

    def failure(self, found: Found, *, wanted: bool) -> str:
        if wanted:
            return f"{shown(self.node)} does not occur in {' or '.join(self.fields)}"
        field, term = next(place for atom, place in self.written.items() if atom in found)
        return f"{term} occurs in {field}, which the rule excludes"


@dataclass(frozen=True, slots=True)
class Never:
    """A negation."""

    node: Node
    part: Plan

    def holds(self, found: Found) -> bool:
        return not self.part.holds(found)

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        return self.part.triggers(wanted=not wanted)

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        return self.part.atoms(wanted=not wanted)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        return self.part.possible(belief, wanted=not wanted)

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        return self.part.evidence(found, wanted=not wanted)

    def terms(self) -> Iterator[tuple[int, str]]:
        return self.part.terms()

    def failure(self, found: Found, *, wanted: bool) -> str:
        return self.part.failure(found, wanted=not wanted)


@dataclass(frozen=True, slots=True)
class Several:
    """All of the parts, or any of them. `every` says which; what is wanted of one is unwanted of the other."""

    node: Node
    every: bool
    parts: tuple[Plan, ...]
    leaves: Mapping[int, int] = field(init=False)  # for OR, the atoms of terms, each with the place of its part
    others: tuple[Plan, ...] = field(init=False)

    def __post_init__(self) -> None:
        leaves = [(at, part) for at, part in enumerate(self.parts) if isinstance(part, Leaf) and not self.every]
        others = tuple(part for part in self.parts if self.every or not isinstance(part, Leaf))
        places = {atom: at for at, leaf in reversed(leaves) for atom in leaf.ids}
        object.__setattr__(self, "leaves", places)
        object.__setattr__(self, "others", others)

    def holds(self, found: Found) -> bool:
        if self.every:
            return all(part.holds(found) for part in self.others)
        return not found.keys().isdisjoint(self.leaves) or any(part.holds(found) for part in self.others)

    def _holding(self, found: Found) -> Iterator[Plan]:
        """The alternatives that hold. Of many terms only those that were found are looked at."""
        terms = sorted({self.leaves[atom] for atom in found.keys() & self.leaves.keys()})
        yield from (self.parts[at] for at in terms)
        yield from (part for part in self.others if part.holds(found))

    def triggers(self, *, wanted: bool) -> frozenset[int] | None:
        sets = [part.triggers(wanted=wanted) for part in self.parts]
        known = [atoms for atoms in sets if atoms is not None]
        if self.every == wanted:
            return min(known, key=len, default=None)
        return frozenset().union(*known) if len(known) == len(sets) else None

    def atoms(self, *, wanted: bool) -> Iterator[tuple[int, bool]]:
        return (atom for part in self.parts for atom in part.atoms(wanted=wanted))

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        each = (part.possible(belief, wanted=wanted) for part in self.parts)
        return all(each) if self.every == wanted else any(each)

    def evidence(self, found: Found, *, wanted: bool) -> Iterator[Evidence]:
        if wanted and not self.every:
            return (each for part in self._holding(found) for each in part.evidence(found, wanted=True))
        helping = (part for part in self.parts if part.holds(found) == wanted)
        return (each for part in helping for each in part.evidence(found, wanted=wanted))

    def terms(self) -> Iterator[tuple[int, str]]:
        return (each for part in self.parts for each in part.terms())

    def failure(self, found: Found, *, wanted: bool) -> str:
        failing = [part for part in self.parts if part.holds(found) != wanted]
        if self.every == wanted:
            return failing[0].failure(found, wanted=wanted)
        if not wanted:
            return f"{shown(self.node)} holds, which the rule excludes"
        told = f"no alternative of {shown(self.node)} holds"
        nearest = next((part for part in failing if _holds_in_part(part, found)), None)
        return f"{told}: {nearest.failure(found, wanted=True)}" if nearest else told


def _holds_in_part(part: Plan, found: Found) -> bool:
    """Does a part that fails have a term that it asks for? Then why it fails is worth telling."""
    return any(helps and atom in found for atom, helps in part.atoms(wanted=True))


class Findable(Protocol):
    """What can hold in a field: a pattern, a regular expression, or an operator that looks at places."""

    def __hash__(self) -> int: ...

    def implies(self, other: Any, /) -> bool:
        """Does the other hold wherever this one does? Sure when true."""


class Atoms:
    """The atoms of all rules, numbered in the order in which they came up."""

    def __init__(self) -> None:
        self.known: list[tuple[str, Findable]] = []
        self.placed: set[int] = set()  # those of which every place counts
        self._ids: dict[tuple[str, Findable], int] = {}

    def number(self, name: str, what: Findable) -> int:
        """The number of what is looked for in a field."""
        atom = self._ids.setdefault((name, what), len(self.known))
        if atom == len(self.known):
            self.known.append((name, what))
        return atom

    def implies(self, one: int, other: int) -> bool:
        """Does the other atom hold wherever the one does? Sure when true."""
        (field_one, what), (field_other, implied) = self.known[one], self.known[other]
        return field_one == field_other and type(what) is type(implied) and what.implies(implied)


def shown(node: Node) -> str:
    """A part of a rule as text for people, shortened if very long."""
    text = str(node)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
