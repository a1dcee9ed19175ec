# ruff: noqa: D102  (the methods are documented in `Plan` and `Operator`)
"""`START(a b)`: matches if the title or a sentence begins with one of the terms.

Quotes, brackets and other signs before the term are ignored.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lark import Token

from monitor.rules.hits import Hits, Place, TermId
from monitor.rules.operators.base import Call, Hint, PlacesPlan, position_of
from monitor.rules.plan import MAX_HITS, Evidence, Leaf, Plan, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.tree import Binding, Node, Or, Term, every_node, flatten, parenthesize

_LETTER = re.compile(r"[^\W_]")  # or a digit
_STAR_SIGNS = ("*", "＊", "﹡")
_END_TOKENS = {
    "_OR",
    "_RPAR",
    "_COMMA",
    "$END",
}  # before these tokens a term is missing; other tokens are themselves at a wrong place


@dataclass(frozen=True, slots=True)
class Start(Node):
    """The node of `START(part)`. Several terms are an `Or`, whether OR or a blank is between them."""

    part: Node

    def __str__(self) -> str:
        terms = self.part.parts if isinstance(self.part, Or) else (self.part,)
        return f"START({' OR '.join(parenthesize(term, Binding.FIELD) for term in terms)})"

    def children(self) -> tuple[Node, ...]:
        return (self.part,)


class StartOperator(Call[Start]):
    """The operator START."""

    node = Start
    name = "START"
    syntax = "START LPAR unit (_OR? unit)* _RPAR"
    example = "START(a b)"

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        return Start(flatten(Or, tuple(parts)), at=position_of(tokens[0]))

    def plan(self, node: Start, planner: Planner, scope: Scope) -> Plan:
        for term in every_node(node.part):
            if isinstance(term, Term) and term.text.startswith(_STAR_SIGNS):
                opened = term.text.lstrip("".join(_STAR_SIGNS))
                planner.raise_error(
                    term, f"{term} can match inside a word, which is not the start of a sentence", f"write {opened}"
                )
        part = planner.merge_operand(node.part, scope, _explain_invalid_operand)
        return SentenceStart(node, planner.add_operator_term(StartKey(part.ids)), part)

    def explain_unfit(self, token: Token) -> Hint | None:
        if token.type in _END_TOKENS:
            return None
        hint = "for both write START(a) START(b), for one of them START(a b)"
        if token.type == "NOT":
            hint = "to exclude it, write NOT START(a)"
        return f"{token} is written within START, which needs only one of its terms", hint


def _explain_invalid_operand(node: Node) -> Hint:
    return (
        f"{describe(node)} is an operand of START",
        "operands are terms, phrases, concepts, or groups of these joined by OR",
    )


@dataclass(frozen=True, slots=True)
class StartKey:
    """Identifies a START by its terms."""

    ids: frozenset[TermId]

    def implies(self, other: StartKey) -> bool:
        """Return whether every text that this operator matches also matches `other`. False may mean "not known"."""
        return self.ids <= other.ids


@dataclass(frozen=True, slots=True)
class SentenceStart(PlacesPlan):
    """The plan of START."""

    part: Leaf

    def parts(self) -> tuple[Plan, ...]:
        return (self.part,)

    def holds(self, hits: Hits) -> bool:
        if self.term_id not in hits.memo:
            hits.memo[self.term_id] = next(self._places_at_start(hits), None) is not None
        holding: bool = hits.memo[self.term_id]
        return holding

    def _places_at_start(self, hits: Hits) -> Iterator[Evidence]:
        """Return the occurrences that are at the start of a sentence, with their terms."""
        here = ((term_id, term) for term_id, (_, term) in self.part.written.items() if term_id in hits)
        return (
            (place, term)
            for term_id, term in here
            for place in hits.places(term_id)
            if _is_at_sentence_start(hits, place)
        )

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        return islice(self._places_at_start(hits) if must_hold else iter(()), MAX_HITS)

    def misplaced_message(self) -> str:
        return f"no title or sentence begins with {describe(self.part.node)}"


def _is_at_sentence_start(hits: Hits, place: Place) -> bool:
    """Return whether there is no letter or digit between the beginning of the sentence and the place."""
    value, start, _ = place
    ends = hits.sentence_ends_in(value)
    number = bisect_right(ends, start)
    key = (_is_at_sentence_start, value, number)
    if key not in hits.memo:  # once for each sentence: it may be long and contain the term many times
        letter = _LETTER.search(hits.texts[value].search_text.original, ends[number - 1] if number else 0)
        hits.memo[key] = letter.start() if letter else start
    first: int = hits.memo[key]
    return start <= first
