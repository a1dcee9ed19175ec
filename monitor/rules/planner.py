"""Make the plan of a rule. Basic nodes are planned here, other nodes by their operators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts, suggest_concept
from monitor.rules.hits import TermId
from monitor.rules.logic import can_hold
from monitor.rules.patterns import cased_patterns_of, patterns_of
from monitor.rules.plan import AndOr, Leaf, Not, Plan, Searchable, TermIds
from monitor.rules.regexes import RegexPattern
from monitor.rules.tree import DEFAULT_FIELDS, And, Concept, Negation, Node, Or, Regex, Term


@dataclass(frozen=True, slots=True)
class Scope:
    """The fields in which the terms of a subexpression are searched, and whether case matters."""

    fields: tuple[str, ...] = DEFAULT_FIELDS
    cased: bool = False


class PlanningOperator(Protocol):
    """An operator, which makes the plans of one kind of node."""

    def plan(self, node: Any, planner: Planner, scope: Scope, /) -> Plan:
        """Make the plan of a node whose terms are searched in `scope`."""

    def narrow_scope(self, node: Any, planner: Planner, scope: Scope, /) -> Scope | None:
        """Return the scope of the terms in the node if the operator only changes the scope, else None."""


class Planner:
    """Makes the plan of one rule, and adds its terms to those of the other rules (`term_ids`)."""

    def __init__(
        self, rule: str, concepts: Concepts, term_ids: TermIds, operators: Mapping[type[Node], PlanningOperator]
    ) -> None:
        self._rule = rule
        self._concepts = concepts
        self._term_ids = term_ids
        self._operators = operators

    def plan(self, node: Node, scope: Scope) -> Plan:
        """Make the plan of a part of the rule whose terms are searched in `scope`."""
        match node:
            case Term() | Concept() | Regex():
                return self._make_leaf(node, scope)
            case Negation():
                return Not(node, self.plan(node.part, scope))
            case And() | Or():
                parts = tuple(self.plan(part, scope) for part in node.parts)
                return AndOr(node, isinstance(node, And), parts)
        return self._operators[type(node)].plan(node, self, scope)

    def merge_operand(self, node: Node, scope: Scope, explain_unfit: Callable[[Node], tuple[str, str]]) -> Leaf:
        """Make one leaf from an operand of a place operator. It matches any of its terms, and keeps all their places.

        An operand is a term, a phrase, a regular expression, a concept, or a group of these joined by OR. For any other
        node, `explain_unfit` returns what is wrong with it, and what to write instead.
        """
        leaves = list(self._leaves(node, scope, explain_unfit))
        leaf = Leaf(node, scope.fields, {term: place for one in leaves for term, place in one.written.items()})
        self.keep_places(leaf.ids)
        return leaf

    def _leaves(self, node: Node, scope: Scope, explain_unfit: Callable[[Node], tuple[str, str]]) -> Iterator[Leaf]:
        if isinstance(node, Term | Concept | Regex):
            yield self._make_leaf(node, scope)
            return
        if isinstance(node, Or):
            within: Scope | None = scope
        else:
            operator = self._operators.get(type(node))
            within = operator.narrow_scope(node, self, scope) if operator else None
        if within is None:
            self.raise_error(node, *explain_unfit(node))
        for part in node.children():
            yield from self._leaves(part, within, explain_unfit)

    def add_operator_term(self, searchable: Searchable) -> TermId:
        """Return the number of an operator that depends on places. Such an operator has a number like a term."""
        return self._term_ids.number("", searchable)

    def keep_places(self, term_ids: frozenset[TermId]) -> None:
        """Let the search keep all places of these terms, not only the first ones."""
        self._term_ids.placed |= term_ids

    def can_match_in_one_field(self, plan: Plan) -> bool:
        """Return whether a part may match a text that has only one field."""
        known = self._term_ids.known
        ids = {term_id for term_id, _ in plan.terms()}
        fields = {known[term_id][0] for term_id in ids}
        apart = ({term_id for term_id in ids if known[term_id][0] != field} for field in fields)
        return any(can_hold(plan, self._term_ids, absent) for absent in apart)

    def raise_error(self, node: Node, message: str, hint: str) -> NoReturn:
        """Raise a RuleError that points at a node."""
        raise RuleError(self._rule, *node.at, message, hint)

    def _make_leaf(self, node: Term | Concept | Regex, scope: Scope) -> Leaf:
        if isinstance(node, Regex):
            found: list[tuple[str, Searchable]] = [(str(node), RegexPattern(node.source, node.cased or scope.cased))]
        else:
            made = cased_patterns_of if scope.cased else patterns_of
            found = [(term.text, each) for term in self._terms(node) for each in made(term.text)]
        written = {self._term_ids.number(field, what): (field, text) for text, what in found for field in scope.fields}
        return Leaf(node, scope.fields, written)

    def _terms(self, node: Term | Concept) -> tuple[Term, ...]:
        if isinstance(node, Term):
            return (node,)
        terms = self._concepts.terms.get(node.name)
        if terms is None:
            self.raise_error(
                node, f"there is no concept @{node.name}", suggest_concept(node.name, self._concepts.terms)
            )
        return terms
