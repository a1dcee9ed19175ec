"""From a rule's text to its plan, with every reason to refuse it or to warn about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts
from monitor.rules.language import parse
from monitor.rules.logic import dead, impossible, needless
from monitor.rules.patterns import Pattern, pattern_of
from monitor.rules.plan import Atoms, Leaf, Never, Plan, Several, shown
from monitor.rules.problems import RuleWarning, suggestion
from monitor.rules.tree import BARE, And, Concept, Node, Not, Or, Term, Within


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready for use. `triggers` are atoms of which at least one must hold for the rule to hold."""

    name: str
    tree: Node
    plan: Plan
    triggers: frozenset[int]
    warnings: tuple[RuleWarning, ...]


def compile_rule(name: str, expression: str, concepts: Concepts, atoms: Atoms) -> Rule:
    """Read one rule and make it ready; its atoms join those of the other rules.

    Raises:
        RuleError: it cannot be read, names what is not there, holds without any of its terms, or can never hold.
    """
    parsed = parse(name, expression)
    plan = _Compiler(name, concepts, atoms).plan(parsed.tree, BARE)
    culprit = needless(plan)
    triggers = plan.triggers(wanted=True)
    if culprit or triggers is None:
        node = culprit.node if culprit else parsed.tree
        message = f"the rule would hold for a text in which none of its terms occurs, because of {shown(node)}"
        raise RuleError(name, *node.at, message, "join it by AND with something that must occur")
    contradiction = impossible(plan, atoms)
    if contradiction:
        node = contradiction.node
        raise RuleError(name, *node.at, f"{shown(node)} can never hold", "it excludes what it asks for")
    warnings = (*parsed.warnings, *_twins(name, parsed.tree), *_dead(name, plan, atoms))
    return Rule(name, parsed.tree, plan, triggers, warnings)


class _Compiler:
    """Makes the plan of one rule."""

    def __init__(self, rule: str, concepts: Concepts, atoms: Atoms) -> None:
        self._rule = rule
        self._concepts = concepts
        self._atoms = atoms

    def plan(self, node: Node, fields: tuple[str, ...]) -> Plan:
        """The plan of a part whose terms look in these fields."""
        match node:
            case Term():
                return self._leaf(node, (node,), fields)
            case Concept():
                return self._leaf(node, self._terms(node), fields)
            case Not():
                return Never(node, self.plan(node.part, fields))
            case And() | Or():
                parts = tuple(self.plan(part, fields) for part in node.parts)
                return Several(node, isinstance(node, And), parts)
        if fields is not BARE:
            self._refuse(node, f"the field {node.name}: stands within a field", "give each term one field")
        return self.plan(node.part, (node.name,))

    def _leaf(self, node: Node, terms: tuple[Term, ...], fields: tuple[str, ...]) -> Leaf:
        places = [(field, term.text) for term in terms for field in fields]
        written = {self._atoms.number(field, pattern_of(text)): (field, text) for field, text in places}
        return Leaf(node, fields, written)

    def _terms(self, node: Concept) -> tuple[Term, ...]:
        terms = self._concepts.terms.get(node.name)
        if terms is None:
            hint = suggestion(node.name, self._concepts.terms, "@{}")
            self._refuse(node, f"there is no concept @{node.name}", hint)
        return terms

    def _refuse(self, node: Node, message: str, hint: str) -> NoReturn:
        raise RuleError(self._rule, *node.at, message, hint)


def _twins(rule: str, node: Node) -> Iterator[RuleWarning]:
    """Terms side by side that are the same to the search."""
    match node:
        case And() | Or():
            first: dict[Pattern, Term] = {}
            for term in (part for part in node.parts if isinstance(part, Term)):
                twin = first.setdefault(pattern_of(term.text), term)
                if twin is not term:
                    message = f"{term} is the same as {twin} to the search"
                    yield RuleWarning(rule, *term.at, message, "leave one of them out")
            for part in node.parts:
                yield from _twins(rule, part)
        case Not() | Within():
            yield from _twins(rule, node.part)
        case _:
            return


def _dead(rule: str, plan: Plan, atoms: Atoms) -> Iterator[RuleWarning]:
    for part in dead(plan, atoms):
        message = f"the alternative {shown(part.node)} can never hold"
        yield RuleWarning(rule, *part.node.at, message, "it excludes what it asks for")
