# ruff: noqa: D102  (the methods are documented in `Plan` and `Operator`)
"""`SENTENCE(a b)`: matches if a single sentence of one field matches the part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lark import Token

from monitor.rules.hits import Hits, Place, SentenceId, Sentences, TermId
from monitor.rules.operators.base import Call, PlacesPlan, position_of
from monitor.rules.plan import Evidence, Plan, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.tree import Node

_MAX_SENTENCES = 100  # shown for one operator and one article


@dataclass(frozen=True, slots=True)
class Sentence(Node):
    """The node of `SENTENCE(part)`."""

    part: Node

    def __str__(self) -> str:
        return f"SENTENCE({self.part})"

    def children(self) -> tuple[Node, ...]:
        return (self.part,)


class SentenceOperator(Call[Sentence]):
    """The operator SENTENCE."""

    node = Sentence
    name = "SENTENCE"
    example = "SENTENCE(a b)"

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        return Sentence(parts[0], at=position_of(tokens[0]))

    def plan(self, node: Sentence, planner: Planner, scope: Scope) -> Plan:
        part = planner.plan(node.part, scope)
        needed = part.triggers(must_hold=True)
        if needed is None:
            hint = "name a term that the sentence must have"
            planner.raise_error(node, f"{describe(node)} would hold for a sentence without any of its terms", hint)
        if not planner.can_match_in_one_field(part):
            planner.raise_error(
                node, f"{describe(node)} can never hold", "no sentence of one field has what it asks for"
            )
        ids = frozenset(term_id for term_id, _ in part.terms())
        planner.keep_places(ids)
        return SameSentence(node, planner.add_operator_term(SameSentenceKey(f"{scope} {node}")), part, ids, needed)


@dataclass(frozen=True, slots=True)
class SameSentenceKey:
    """Identifies a SENTENCE by its part."""

    text: str

    def implies(self, other: SameSentenceKey) -> bool:
        """Return whether every text that this operator matches also matches `other`. False may mean "not known"."""
        return self == other


@dataclass(frozen=True, slots=True)
class SameSentence(PlacesPlan):
    """The plan of SENTENCE."""

    part: Plan
    ids: frozenset[TermId]  # of all terms in the part
    needed_ids: frozenset[TermId]  # at least one of these terms must be in the sentence

    def parts(self) -> tuple[Plan, ...]:
        return (self.part,)

    def holds(self, hits: Hits) -> bool:
        return next(self._matching_sentences(hits), None) is not None

    def _matching_sentences(self, hits: Hits) -> Iterator[Hits]:
        """Yield the hits of each sentence that matches the part."""
        if hits.keys().isdisjoint(self.needed_ids):
            return
        if self.term_id not in hits.memo:
            hits.memo[self.term_id] = self._candidate_sentences(hits)
        candidates, places = hits.memo[self.term_id]
        for sentence in candidates:
            within: dict[TermId, list[Place]] = {}
            for term_id, there in places.items():
                first = bisect_left(there, (sentence,))
                after = bisect_left(there, ((sentence[0], sentence[1] + 1),), first)
                within[term_id] = [place for _, place in there[first:after]]
            part = hits.restricted_to({term_id: there for term_id, there in within.items() if there})
            if self.part.holds(part):
                yield part

    def _candidate_sentences(self, hits: Hits) -> tuple[list[SentenceId], dict[TermId, list[tuple[SentenceId, Place]]]]:
        """Return the sentences that may match, in order: the sentences with terms that the part needs."""
        places = {term_id: hits.sentences(term_id) for term_id in sorted(self.ids & hits.keys())}
        has = {term_id: frozenset([sentence for sentence, _ in there]) for term_id, there in places.items()}
        wanted = self.part.sentences(has)
        if wanted is None:
            wanted = Sentences().union(*(has.get(term_id, ()) for term_id in self.needed_ids))
        # Places are in order, so sorting a dictionary of their sentences is faster than sorting a set.
        in_runs = dict.fromkeys(sentence for there in places.values() for sentence, _ in there)
        return sorted(sentence for sentence in in_runs if sentence in wanted), places

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        holding = islice(self._matching_sentences(hits), _MAX_SENTENCES) if must_hold else iter(())
        return (each for sentence in holding for each in self.part.evidence(sentence, must_hold=True))

    def misplaced_message(self) -> str:
        return f"no single sentence has {describe(self.part.node)}"
