# ruff: noqa: D102  (the methods are documented in `Plan` and `Operator`)
"""`2 OF (a, b, c)`: matches if at least that many of the parts match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lark import Token

from monitor.model import Need
from monitor.rules.hits import Hits, TermId
from monitor.rules.operators.base import IncompleteOperator, Lexeme, Operator, Word, position_of
from monitor.rules.plan import Evidence, Leaf, Plan, TermAssignment, TermIds, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.prefilter import count_of_needs
from monitor.rules.tree import Group, Node

_COUNT_PATTERN = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class CountOf(Group):
    """The node of `count OF (part, part …)`."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} OF ({', '.join(map(str, self.parts))})"

    def min_matches(self) -> int:
        return self.count


class CountOfOperator(Operator[CountOf]):
    """The operator OF."""

    node = CountOf
    syntax = "WORD _OF LPAR either (_COMMA either)* _RPAR"
    takes_commas = "_OF"

    def read(self, word: Word) -> Lexeme | None:
        number = word.token_before
        counts = number is not None and number.type == "WORD" and bool(_COUNT_PATTERN.fullmatch(number))
        if word.text != "OF" or not (word.opens_group or counts):
            return None
        example = f"write {number if counts else 2} OF (a, b, c); to search for the word, use quotes"
        if not word.opens_group:
            raise IncompleteOperator("OF has no group of operands", example)
        if not counts:
            raise IncompleteOperator("OF needs a number before it", example)
        return word.token("_OF")

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        return CountOf(tuple(parts), int(tokens[0]), at=position_of(tokens[0]))

    def plan(self, node: CountOf, planner: Planner, scope: Scope) -> Plan:
        plans = [planner.plan(part, scope) for part in node.parts]
        # Operands with the same terms count once.
        distinct = {plan.ids if isinstance(plan, Leaf) else plan.node: plan for plan in reversed(plans)}
        parts = tuple(reversed(distinct.values()))
        if not 1 <= node.count <= len(parts):
            operands = f"{len(parts)} different operand{'s' if len(parts) > 1 else ''}"
            hint = f"write a number from 1 to {len(parts)}" if len(parts) > 1 else "put commas between the operands"
            planner.raise_error(node, f"{node.count} OF asks for {node.count} of {operands}", hint)
        return AtLeast(node, node.count, parts)

    def slip(self, tokens: Sequence[Token], index: int) -> str | None:
        """Return a hint for `of` in small letters between a number and a group."""
        if not 0 < index < len(tokens) - 1 or tokens[index] != "of" or tokens[index + 1].type != "LPAR":
            return None
        number = str(tokens[index - 1])
        return f"to require only some of several terms, write {number} OF (a, b, c)" if number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class AtLeast(Plan):
    """The plan of OF."""

    node: CountOf
    count: int
    parts: tuple[Plan, ...]

    def holds(self, hits: Hits) -> bool:
        return _is_count_reached(self.count, self.parts, lambda part: part.holds(hits))

    def _count(self, must_hold: bool) -> int:
        return self.count if must_hold else len(self.parts) - self.count + 1

    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        sets = [part.triggers(must_hold=must_hold) for part in self.parts]
        known = sorted((term_ids for term_ids in sets if term_ids is not None), key=len)
        needed = self._count(must_hold) - (len(sets) - len(known))
        return frozenset().union(*known[: len(known) - needed + 1]) if needed > 0 else None

    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        return (term_id for part in self.parts for term_id in part.term_ids(must_hold=must_hold))

    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        return _is_count_reached(
            self._count(must_hold), self.parts, lambda part: part.possible(assignment, must_hold=must_hold)
        )

    def evidence(self, hits: Hits, *, must_hold: bool) -> Iterator[Evidence]:
        helping = (part for part in self.parts if part.holds(hits) == must_hold)
        return (each for part in helping for each in part.evidence(hits, must_hold=must_hold))

    def terms(self) -> Iterator[tuple[TermId, str]]:
        return (each for part in self.parts for each in part.terms())

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:
        return count_of_needs(self._count(must_hold), [part.need(term_ids, must_hold=must_hold) for part in self.parts])

    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        if not must_hold:
            return f"{describe(self.node)} holds, but the rule excludes it"
        holding = sum(1 for part in self.parts if part.holds(hits))
        number = f"only {holding}" if holding else "none"
        return f"{number} of {describe(self.node)} {'hold' if holding > 1 else 'holds'}"


def _is_count_reached(count: int, parts: Sequence[Plan], is_so: Callable[[Plan], bool]) -> bool:
    return sum(1 for _ in islice((part for part in parts if is_so(part)), count)) == count
