# ruff: noqa: D102  (what the methods of the three kinds mean is said once, by `Plan`)
"""A rule made ready: what holds is asked of terms (a pattern in a field), which are numbers here.

Every kind of part answers the same questions; a new kind of operator is a new class that answers them too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from monitor.model import Need
from monitor.rules.hits import Hits, Place, Sentences, TermId
from monitor.rules.prefilter import all_needs, any_need, need_of_patterns
from monitor.rules.tree import Node

Belief: TypeAlias = Mapping[TermId, bool]  # what is assumed of terms; those left out may be either
Evidence: TypeAlias = tuple[Place, str]  # where a term holds, and the term as written
MOST_HITS = 1_000  # that are shown of one term in one article
_LONGEST = 200  # code points of a rule's text in an explanation


class Plan(ABC):
    """One part of a rule."""

    __slots__ = ()

    node: Node  # the part of the tree that it was made from

    @abstractmethod
    def holds(self, hits: Hits) -> bool:
        """Return whether it holds where this was found."""

    @abstractmethod
    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        """Return terms of which one must hold for the part to be what is wanted; None if it is so without any."""

    @abstractmethod
    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        """Yield every term, and whether holding helps the part to be what is wanted."""

    @abstractmethod
    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        """Return whether it can be what is wanted, each term taken on its own. Exact once nothing is left open."""

    @abstractmethod
    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        """Yield the places that make it what is wanted, each with its term as written. Asked only where it is so."""

    @abstractmethod
    def terms(self) -> Iterator[tuple[TermId, str]]:
        """Yield every term with its text as written."""

    @abstractmethod
    def failure(self, hits: Hits, *, wanted: bool) -> str:
        """Return in words the smallest part because of which it is not what is wanted."""

    def need(self, term_ids: TermIds, *, wanted: bool) -> Need | None:  # noqa: ARG002 - as in all parts
        """Return what the words of an article must have for the part to be what is wanted; None: words cannot tell.

        Left out, a search for the part reads the whole archive, and finds the same.
        """
        return None

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:  # noqa: ARG002 - as in all parts
        """Return the sentences outside of which it holds nowhere, by those that have each term; None: not known.

        Left out, SENTENCE tries the part on every sentence that has one of its terms.
        """
        return None


@dataclass(frozen=True, slots=True)
class Leaf(Plan):
    """A term or a concept: any of its terms."""

    node: Node
    fields: tuple[str, ...]
    written: Mapping[TermId, tuple[str, str]]  # of each term, its field and its term as written
    ids: frozenset[TermId] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", frozenset(self.written))

    def holds(self, hits: Hits) -> bool:
        return not hits.keys().isdisjoint(self.ids)

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        return self.ids if wanted else None

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        return ((term_id, wanted) for term_id in self.written)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        if wanted:
            return any(belief.get(term_id, True) for term_id in self.ids)
        return not any(belief.get(term_id, False) for term_id in self.ids)

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        here = ((term_id, term) for term_id, (_, term) in self.written.items() if wanted and term_id in hits)
        return ((place, term) for term_id, term in here for place in hits.places(term_id)[:MOST_HITS])

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return ((term_id, term) for term_id, (_, term) in self.written.items())

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        if wanted:
            return f"{describe(self.node)} does not occur in {' or '.join(self.fields)}"
        field, term = next(place for term_id, place in self.written.items() if term_id in hits)
        return f"{term} occurs in {field}, which the rule excludes"

    def need(self, term_ids: TermIds, *, wanted: bool) -> Need | None:
        """Return what any of its terms needs."""
        return need_of_patterns([term_ids.known[term_id] for term_id in self.ids]) if wanted else None

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:
        return Sentences().union(*(has.get(term_id, ()) for term_id in self.ids))


@dataclass(frozen=True, slots=True)
class Not(Plan):
    """A negation."""

    node: Node
    part: Plan

    def holds(self, hits: Hits) -> bool:
        return not self.part.holds(hits)

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        return self.part.triggers(wanted=not wanted)

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        return self.part.term_ids(wanted=not wanted)

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        return self.part.possible(belief, wanted=not wanted)

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        return self.part.evidence(hits, wanted=not wanted)

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return self.part.terms()

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        return self.part.failure(hits, wanted=not wanted)

    def need(self, term_ids: TermIds, *, wanted: bool) -> Need | None:
        return self.part.need(term_ids, wanted=not wanted)


@dataclass(frozen=True, slots=True)
class AndOr(Plan):
    """All of the parts, or any of them. `every` says which; what is wanted of one is unwanted of the other."""

    node: Node
    every: bool
    parts: tuple[Plan, ...]
    leaves: Mapping[int, int] = field(init=False)  # for OR, the terms of terms, each with the place of its part
    others: tuple[Plan, ...] = field(init=False)

    def __post_init__(self) -> None:
        leaves = [(at, part) for at, part in enumerate(self.parts) if isinstance(part, Leaf) and not self.every]
        others = tuple(part for part in self.parts if self.every or not isinstance(part, Leaf))
        places = {term_id: at for at, leaf in reversed(leaves) for term_id in leaf.ids}
        object.__setattr__(self, "leaves", places)
        object.__setattr__(self, "others", others)

    def holds(self, hits: Hits) -> bool:
        if self.every:
            return all(part.holds(hits) for part in self.others)
        return not hits.keys().isdisjoint(self.leaves) or any(part.holds(hits) for part in self.others)

    def _holding(self, hits: Hits) -> Iterator[Plan]:
        """Yield the alternatives that hold. Of many terms only those that were found are looked at."""
        terms = sorted({self.leaves[term_id] for term_id in hits.keys() & self.leaves.keys()})
        yield from (self.parts[at] for at in terms)
        yield from (part for part in self.others if part.holds(hits))

    def triggers(self, *, wanted: bool) -> frozenset[TermId] | None:
        sets = [part.triggers(wanted=wanted) for part in self.parts]
        known = [term_ids for term_ids in sets if term_ids is not None]
        if self.every == wanted:
            return min(known, key=len, default=None)
        return frozenset().union(*known) if len(known) == len(sets) else None

    def term_ids(self, *, wanted: bool) -> Iterator[tuple[TermId, bool]]:
        return (term_id for part in self.parts for term_id in part.term_ids(wanted=wanted))

    def possible(self, belief: Belief, *, wanted: bool) -> bool:
        each = (part.possible(belief, wanted=wanted) for part in self.parts)
        return all(each) if self.every == wanted else any(each)

    def evidence(self, hits: Hits, *, wanted: bool) -> Iterator[Evidence]:
        if wanted and not self.every:
            return (each for part in self._holding(hits) for each in part.evidence(hits, wanted=True))
        helping = (part for part in self.parts if part.holds(hits) == wanted)
        return (each for part in helping for each in part.evidence(hits, wanted=wanted))

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return (each for part in self.parts for each in part.terms())

    def failure(self, hits: Hits, *, wanted: bool) -> str:
        failing = [part for part in self.parts if part.holds(hits) != wanted]
        if self.every == wanted:
            return failing[0].failure(hits, wanted=wanted)
        if not wanted:
            return f"{describe(self.node)} holds, which the rule excludes"
        message = f"no alternative of {describe(self.node)} holds"
        nearest = next((part for part in failing if _holds_in_part(part, hits)), None)
        return f"{message}: {nearest.failure(hits, wanted=True)}" if nearest else message

    def need(self, term_ids: TermIds, *, wanted: bool) -> Need | None:
        parts = [part.need(term_ids, wanted=wanted) for part in self.parts]
        return all_needs(parts) if self.every == wanted else any_need(parts)

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:
        each = [part.sentences(has) for part in self.parts]
        known = [one for one in each if one is not None]
        if self.every:
            return frozenset.intersection(*known) if known else None
        return Sentences().union(*known) if len(known) == len(each) else None


def _holds_in_part(part: Plan, hits: Hits) -> bool:
    """Return whether a part that fails has a term that it asks for: then why it fails is worth saying."""
    return any(helps and term_id in hits for term_id, helps in part.term_ids(wanted=True))


class Findable(Protocol):
    """What can hold in a field: a pattern, a regular expression, or an operator that looks at places."""

    def __hash__(self) -> int: ...

    def implies(self, other: Any, /) -> bool:
        """Return whether the other holds wherever this one does. Sure when true."""


class TermIds:
    """The terms of all rules, numbered in the order in which they came up."""

    def __init__(self) -> None:
        self.known: list[tuple[str, Findable]] = []
        self.placed: set[TermId] = set()  # those of which every place counts
        self._ids: dict[tuple[str, Findable], int] = {}

    def number(self, name: str, what: Findable) -> TermId:
        """Return the number of what is looked for in a field."""
        term_id = self._ids.setdefault((name, what), len(self.known))
        if term_id == len(self.known):
            self.known.append((name, what))
        return term_id

    def implies(self, one: TermId, other: TermId) -> bool:
        """Return whether the other term holds wherever the one does. Sure when true."""
        (field_one, what), (field_other, implied) = self.known[one], self.known[other]
        return field_one == field_other and type(what) is type(implied) and what.implies(implied)


def describe(node: Node) -> str:
    """Return a part of a rule as text for people, shortened if very long."""
    text = str(node)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
