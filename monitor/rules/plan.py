# ruff: noqa: D102  (the methods are documented in `Plan`)
"""The compiled form of a rule. Terms (a pattern in a field) are represented by their numbers.

All kinds of parts have the same methods. A new kind of operator is a new class with these methods.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol, TypeAlias

from monitor.model import Need
from monitor.rules.hits import Hits, Place, Sentences, TermId
from monitor.rules.prefilter import all_needs, any_need, need_of_patterns
from monitor.rules.tree import Node

TermAssignment: TypeAlias = Mapping[TermId, bool]  # whether each term is assumed to be present
Evidence: TypeAlias = tuple[Place, str]  # where a term occurs, and the term as the rule writes it
MAX_HITS = 1_000  # shown for one term in one article
_MAX_SHOWN_LENGTH = 200  # code points of a rule's text in an explanation


class Plan(ABC):
    """One part of a rule.

    With `must_hold`, the methods return what makes the part match; without it, what makes the part not match.
    """

    __slots__ = ()

    node: Node  # the part of the tree from which the plan was made

    @abstractmethod
    def holds(self, hits: Hits) -> bool:
        """Return whether the part matches an article with these hits."""

    @abstractmethod
    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        """Return terms, at least one of which must occur for the part to match (or, without `must_hold`, not to match).

        None means that the part needs none of its terms.
        """

    @abstractmethod
    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        """Yield every term, and whether its presence helps the part to match (without `must_hold`: not to match)."""

    @abstractmethod
    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        """Return whether the part can match (or, without `must_hold`, not match) under these assumptions about terms.

        Terms that are not in `assignment` may be present or absent. Each term is treated as independent of the others.
        The result is exact if `assignment` has every term.
        """

    @abstractmethod
    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        """Yield the places that make the part match, with their terms as written. Call it only if the part matches."""

    @abstractmethod
    def terms(self) -> Iterator[tuple[TermId, str]]:
        """Yield every term with its text as written."""

    @abstractmethod
    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        """Describe the smallest part that does not match or, without `must_hold`, that matches though it must not."""

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:  # noqa: ARG002 - as in all parts
        """Return the words that an article must have for the part to match (or, without `must_hold`, not to match).

        None means that they are not known: a search for the part then reads the whole archive, with the same result.
        """
        return None

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:  # noqa: ARG002 - as in all parts
        """Return the only sentences in which the part can match. `has` are the sentences with each term.

        None means that they are not known: SENTENCE then tries the part on every sentence that has one of its terms.
        """
        return None


@dataclass(frozen=True, slots=True)
class Leaf(Plan):
    """A term or a concept: it matches if any of its terms occurs."""

    node: Node
    fields: tuple[str, ...]
    written: Mapping[TermId, tuple[str, str]]  # for each term, its field and its text as written
    ids: frozenset[TermId] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", frozenset(self.written))

    def holds(self, hits: Hits) -> bool:
        return not hits.keys().isdisjoint(self.ids)

    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        return self.ids if must_hold else None

    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        return ((term_id, must_hold) for term_id in self.written)

    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        if must_hold:
            return any(assignment.get(term_id, True) for term_id in self.ids)
        return not any(assignment.get(term_id, False) for term_id in self.ids)

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        leaf_places = ((term_id, term) for term_id, (_, term) in self.written.items() if must_hold and term_id in hits)
        return ((place, term) for term_id, term in leaf_places for place in hits.places(term_id)[:MAX_HITS])

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return ((term_id, term) for term_id, (_, term) in self.written.items())

    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        if must_hold:
            return f"{describe(self.node)} does not occur in {' or '.join(self.fields)}"
        field, term = next(place for term_id, place in self.written.items() if term_id in hits)
        return f"{term} occurs in {field}, but the rule excludes it"

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:
        """Return the words needed for any of the terms to occur."""
        return need_of_patterns([term_ids.known[term_id] for term_id in self.ids]) if must_hold else None

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:
        return Sentences().union(*(has.get(term_id, ()) for term_id in self.ids))


@dataclass(frozen=True, slots=True)
class Not(Plan):
    """A negation."""

    node: Node
    part: Plan

    def holds(self, hits: Hits) -> bool:
        return not self.part.holds(hits)

    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        return self.part.triggers(must_hold=not must_hold)

    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        return self.part.term_ids(must_hold=not must_hold)

    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        return self.part.possible(assignment, must_hold=not must_hold)

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        return self.part.evidence(hits, must_hold=not must_hold)

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return self.part.terms()

    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        return self.part.failure(hits, must_hold=not must_hold)

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:
        return self.part.need(term_ids, must_hold=not must_hold)


@dataclass(frozen=True, slots=True)
class AndOr(Plan):
    """An AND (`every` part must match) or an OR (one part is enough).

    An AND that must not match is an OR of parts that must not match, and the reverse.
    """

    node: Node
    every: bool
    parts: tuple[Plan, ...]
    leaves: Mapping[int, int] = field(init=False)  # for OR, the terms of its leaves, each with the index of its part
    other_parts: tuple[Plan, ...] = field(init=False)

    def __post_init__(self) -> None:
        leaves = [(at, part) for at, part in enumerate(self.parts) if isinstance(part, Leaf) and not self.every]
        others = tuple(part for part in self.parts if self.every or not isinstance(part, Leaf))
        places = {term_id: at for at, leaf in reversed(leaves) for term_id in leaf.ids}
        object.__setattr__(self, "leaves", places)
        object.__setattr__(self, "other_parts", others)

    def holds(self, hits: Hits) -> bool:
        if self.every:
            return all(part.holds(hits) for part in self.other_parts)
        return not hits.keys().isdisjoint(self.leaves) or any(part.holds(hits) for part in self.other_parts)

    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        sets = [part.triggers(must_hold=must_hold) for part in self.parts]
        known = [term_ids for term_ids in sets if term_ids is not None]
        if self.every == must_hold:
            return min(known, key=len, default=None)
        return frozenset().union(*known) if len(known) == len(sets) else None

    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        return (term_id for part in self.parts for term_id in part.term_ids(must_hold=must_hold))

    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        each = (part.possible(assignment, must_hold=must_hold) for part in self.parts)
        return all(each) if self.every == must_hold else any(each)

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        if must_hold and not self.every:
            # Look only at the terms that were found: there may be very many others.
            terms = sorted({self.leaves[term_id] for term_id in hits.keys() & self.leaves.keys()})
            holding = chain((self.parts[at] for at in terms), (part for part in self.other_parts if part.holds(hits)))
            return (each for part in holding for each in part.evidence(hits, must_hold=True))
        helping = (part for part in self.parts if part.holds(hits) == must_hold)
        return (each for part in helping for each in part.evidence(hits, must_hold=must_hold))

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return (each for part in self.parts for each in part.terms())

    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        failing = [part for part in self.parts if part.holds(hits) != must_hold]
        if self.every == must_hold:
            return failing[0].failure(hits, must_hold=must_hold)
        if not must_hold:
            return f"{describe(self.node)} holds, but the rule excludes it"
        message = f"no alternative of {describe(self.node)} holds"
        nearest = next(
            (
                part
                for part in failing
                if any(helps and term_id in hits for term_id, helps in part.term_ids(must_hold=True))
            ),
            None,
        )
        return f"{message}: {nearest.failure(hits, must_hold=True)}" if nearest else message

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:
        parts = [part.need(term_ids, must_hold=must_hold) for part in self.parts]
        return all_needs(parts) if self.every == must_hold else any_need(parts)

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:
        each = [part.sentences(has) for part in self.parts]
        known = [one for one in each if one is not None]
        if self.every:
            return frozenset.intersection(*known) if known else None
        return Sentences().union(*known) if len(known) == len(each) else None


class Searchable(Protocol):
    """What can be found in a field: a pattern, a regular expression, or an operator that depends on places."""

    def __hash__(self) -> int: ...

    def implies(self, other: Any, /) -> bool:
        """Return whether every text with this also has `other`. False may mean "not known"."""


class TermIds:
    """The terms of all rules, numbered in the order in which they were added."""

    def __init__(self) -> None:
        self.known: list[tuple[str, Searchable]] = []
        self.placed: set[TermId] = set()  # terms of which all places must be kept
        self._ids: dict[tuple[str, Searchable], int] = {}

    def number(self, name: str, searchable: Searchable) -> TermId:
        """Return the number of a pattern in a field. A new one gets the next number."""
        term_id = self._ids.setdefault((name, searchable), len(self.known))
        if term_id == len(self.known):
            self.known.append((name, searchable))
        return term_id

    def implies(self, one: TermId, other: TermId) -> bool:
        """Return whether every text with the term `one` also has `other`. False may mean "not known"."""
        (field_one, what), (field_other, implied) = self.known[one], self.known[other]
        return field_one == field_other and type(what) is type(implied) and what.implies(implied)


def describe(node: Node) -> str:
    """Return a part of a rule as text for messages, shortened if it is very long."""
    text = str(node)
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[:_MAX_SHOWN_LENGTH]}…"
