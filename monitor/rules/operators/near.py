# ruff: noqa: D102  (the methods are documented in `Plan` and `Operator`)
"""`a NEAR/5 b`, `a BEFORE/5 b`: at most 5 words are between the two operands, in one field."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lark import Token

from monitor.rules.hits import Hits, TermId
from monitor.rules.operators.base import (
    Hint,
    IncompleteOperator,
    Lexeme,
    Operator,
    PlacesPlan,
    Word,
    is_call,
    position_of,
)
from monitor.rules.plan import MAX_HITS, Evidence, Leaf, Plan, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.tree import Binding, Negation, Node, parenthesize

MAX_DISTANCE = 1_000  # words between the operands; far more than any sensible rule needs

_DISTANCE = re.compile(r"(NEAR|BEFORE)(?:/(.*))?")
_WORD_COUNT = re.compile(r"[0-9]{1,4}")
_FOREIGN_DISTANCE = re.compile(r"(near|before|w|n|pre|onear|within)/([0-9]+)", re.IGNORECASE)
_DISTANCE_WITHOUT_SLASH = re.compile(r"(NEAR|BEFORE)([0-9]+)")
_EXAMPLES = {"near": "a NEAR/5 b", "before": "a BEFORE/5 b"}


@dataclass(frozen=True, slots=True)
class Near(Node):
    """The node of `left NEAR/words right` or, if `ordered`, of `left BEFORE/words right`."""

    binding = Binding.BETWEEN
    repeats = True

    left: Node
    right: Node
    words: int
    ordered: bool = False

    def __str__(self) -> str:
        operator = "BEFORE" if self.ordered else "NEAR"
        left, right = (parenthesize(part, Binding.NOT) for part in (self.left, self.right))
        return f"{left} {operator}/{self.words} {right}"

    def children(self) -> tuple[Node, ...]:
        return self.left, self.right


class NearOperator(Operator[Near]):
    """The operators NEAR and BEFORE."""

    node = Near
    syntax = "NEAR"
    written = "between"
    slips = (
        (
            re.compile(r"~[0-9]+$"),
            'the "~" is read literally',
            lambda word: f"for words close to each other write a NEAR/{word[1:]} b",
        ),
    )

    def read(self, word: Word) -> Lexeme | None:
        found = None if word.follows_field else _DISTANCE.fullmatch(word.text)
        if not found:
            return None
        name, words = found[1], found[2] or ""
        if _WORD_COUNT.fullmatch(words) and 1 <= int(words) <= MAX_DISTANCE:
            return word.token("NEAR")
        message = f"{word.text} does not say how many words may be between its operands"
        number = f"with a number from 1 to {MAX_DISTANCE:,}"
        raise IncompleteOperator(message, f"write {name}/5, {number}; to search for the word, use quotes")

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        """Make the node of two operands. `plan` refuses a third operand, as it refuses other invalid operands."""
        (operator,), (left, right) = tokens, parts
        name, words = operator.value.split("/")
        return Near(left, right, int(words), ordered=name == "BEFORE", at=position_of(operator))

    def plan(self, node: Near, planner: Planner, scope: Scope) -> Plan:
        left, right = (planner.merge_operand(part, scope, _explain_invalid_operand) for part in (node.left, node.right))
        what = ProximityKey(left.ids, right.ids, node.words, node.ordered)
        plan = Proximity(node, planner.add_operator_term(what), left, right, node.words, node.ordered)
        if not planner.can_match_in_one_field(plan):
            planner.raise_error(node, f"{describe(node)} can never hold", "its operands search different fields")
        return plan

    def slip(self, tokens: Sequence[Token], index: int) -> str | None:
        word = str(tokens[index])
        if index + 1 == len(tokens):
            return None
        if index and (found := _FOREIGN_DISTANCE.fullmatch(word)):
            name = "BEFORE" if found[1].casefold() in {"before", "pre", "onear"} else "NEAR"
            return f"the operator is {name}/{found[2]}, in capitals; to keep the word, use quotes"
        found = _DISTANCE_WITHOUT_SLASH.fullmatch(word) if index else None
        written = f"{found[1]}/{found[2]}" if found else None
        if is_call(tokens, index):
            written = _EXAMPLES.get(word.casefold())
        return written and f"the operator is written {written}; to keep the word, use quotes"


def _explain_invalid_operand(node: Node) -> Hint:
    message = f"{describe(node)} is an operand of NEAR or BEFORE"
    if isinstance(node, Near):
        return message, "join two of them: (a NEAR/5 b) (b NEAR/5 c)"
    if isinstance(node, Negation):
        return message, "to exclude it, write NOT (a NEAR/5 b)"
    return message, "operands are terms, phrases, concepts, or groups of these joined by OR"


@dataclass(frozen=True, slots=True)
class ProximityKey:
    """Identifies a NEAR or BEFORE by its terms, its distance and its order."""

    left: frozenset[TermId]
    right: frozenset[TermId]
    words: int
    ordered: bool

    def implies(self, other: ProximityKey) -> bool:
        """Return whether every text that this operator matches also matches `other`. False may mean "not known"."""
        if self.words > other.words or (other.ordered and not self.ordered):
            return False
        straight = self.left <= other.left and self.right <= other.right
        return straight or (not other.ordered and self.left <= other.right and self.right <= other.left)


@dataclass(frozen=True, slots=True)
class Proximity(PlacesPlan):
    """The plan of NEAR or BEFORE. An operand (`left`, `right`) matches where any of its terms occurs."""

    left: Leaf
    right: Leaf
    words: int
    ordered: bool

    def parts(self) -> tuple[Plan, ...]:
        return self.left, self.right

    def holds(self, hits: Hits) -> bool:
        if self.term_id not in hits.memo:
            hits.memo[self.term_id] = next(self._places(hits, self.left, self.right), None) is not None
        holding: bool = hits.memo[self.term_id]
        return holding

    def _places(self, hits: Hits, side: Leaf, other: Leaf) -> Iterator[Evidence]:
        """Return the occurrences of operand `side` that are near operand `other`, with their terms."""
        own, others = _occurrences_of(side, hits), _occurrences_of(other, hits)
        ordered = self.ordered if side is self.left else None
        return self._near(own.all, others, hits, ordered) if own.all and others.all else iter(())

    def _near(
        self, own_places: Sequence[Evidence], others: _Occurrences, hits: Hits, ordered: bool | None
    ) -> Iterator[Evidence]:
        """Yield the occurrences in `own_places` that are close to the nearest one in `others`, before or after them."""
        previous_place = ordered is not None or not self.ordered
        before = not ordered
        reach = 2 * self.words
        starts, ends = others.starts, others.ends
        for each in own_places:
            (value, start, end), _ = each
            after = bisect_left(starts, (value, end)) if previous_place else len(starts)
            if (
                after < len(starts)
                and starts[after][0] == value
                and _is_close(hits, value, end, starts[after][1], reach)
            ):
                yield each
                continue
            next_place = bisect_right(ends, (value, start)) - 1 if before else -1
            if (
                next_place >= 0
                and ends[next_place][0] == value
                and _is_close(hits, value, ends[next_place][1], start, reach)
            ):
                yield each

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        if not must_hold:
            return
        yield from islice(self._places(hits, self.left, self.right), MAX_HITS)
        yield from islice(self._places(hits, self.right, self.left), MAX_HITS)

    def misplaced_message(self) -> str:
        words = "1 word" if self.words == 1 else f"{self.words} words"
        order = "before" if self.ordered else "near"
        left, right = describe(self.left.node), describe(self.right.node)
        return f"{left} is nowhere {order} {right} with at most {words} between them"


def _is_close(hits: Hits, value: int, start: int, end: int, reach: int) -> bool:
    """Return whether at most `reach` half words are between two places."""
    return end - start < reach or hits.half_words_between(value, start, end) <= reach


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """The places of one operand's terms, in order.

    `starts` and `ends` are where these places begin and end, each in order: the number of the value, and the position.
    """

    all: Sequence[Evidence]
    starts: Sequence[tuple[int, int]]
    ends: Sequence[tuple[int, int]]


def _occurrences_of(side: Leaf, hits: Hits) -> _Occurrences:
    """Return the occurrences of an operand. They are computed once for each article: a text may have very many."""
    kept: _Occurrences | None = hits.memo.get(side.ids)
    if kept is None:
        here = [(term_id, term) for term_id, (_, term) in side.written.items() if term_id in hits]
        every = [(place, term) for term_id, term in here for place in hits.places(term_id)]
        if len(here) > 1:
            every.sort()
        starts = [(value, start) for (value, start, _), _ in every]
        ends = sorted([(value, end) for (value, _, end), _ in every])
        kept = hits.memo[side.ids] = _Occurrences(every, starts, ends)
    return kept
