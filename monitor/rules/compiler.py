"""Compile a rule's text into its plan, and find all reasons to refuse it or to warn about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts
from monitor.rules.hits import TermId
from monitor.rules.language import ParsedRule, parse
from monitor.rules.logic import find_always_true, find_impossible_alternatives, find_never_true
from monitor.rules.meaning import meaning_of, with_first_quotes
from monitor.rules.operators import OPERATOR_OF_NODE
from monitor.rules.operators.field import FieldNode
from monitor.rules.patterns import Pattern, search_key
from monitor.rules.plan import Plan, TermIds, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.problems import RuleWarning
from monitor.rules.tree import Concept, Node, Or, Term, every_node


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. At least one of its `triggers` (terms) must occur for the rule to match.

    `meaning` is a hash of its expression and of the concepts in it. Spacing does not change the hash.
    """

    name: str
    tree: Node
    plan: Plan
    triggers: frozenset[TermId]
    warnings: tuple[RuleWarning, ...]
    meaning: str


def compile_rule(name: str, expression: str, concepts: Concepts, term_ids: TermIds) -> Rule:
    """Compile one rule, and add its terms to `term_ids`, which has the terms of the other rules.

    Raises:
        RuleError: the rule cannot be parsed, uses an unknown name, matches without any of its terms, or can never
        match.
    """
    first = with_first_quotes(name, expression)
    try:
        parsed = parse(name, expression)
        return _compile_with_hint(name, parsed, concepts, term_ids, meaning_of((first or parsed).tree, concepts))
    except RuleError as error:
        if first is None:
            raise
        try:
            rule = _compile_with_hint(name, first, concepts, term_ids, meaning_of(first.tree, concepts))
        except RuleError:
            raise error from None
        message = f"{error.message}, so its quotes are read as signs"
        return replace(
            rule, warnings=(RuleWarning(name, error.line, error.column, message, error.hint), *rule.warnings)
        )


def _compile_with_hint(name: str, parsed: ParsedRule, concepts: Concepts, term_ids: TermIds, meaning: str) -> Rule:
    try:
        return _compile(name, parsed, concepts, term_ids, meaning)
    except RuleError as error:
        slip = min(parsed.warnings, key=lambda warning: "as a term" not in warning.message, default=None)
        if slip is None:
            raise
        hint = f"{error.hint}; {slip.message}: {slip.hint}"
        raise RuleError(name, error.line, error.column, error.message, hint) from None


def _compile(name: str, parsed: ParsedRule, concepts: Concepts, term_ids: TermIds, meaning: str) -> Rule:
    plan = Planner(name, concepts, term_ids, OPERATOR_OF_NODE).plan(parsed.tree, Scope())
    always_true_part = find_always_true(plan)
    triggers = plan.triggers(must_hold=True)
    if always_true_part or triggers is None:
        node = always_true_part.node if always_true_part else parsed.tree
        message = f"the rule would hold for a text in which none of its terms occurs, because of {describe(node)}"
        raise RuleError(name, *node.at, message, "join it by AND with something that must occur")
    contradiction = find_never_true(plan, term_ids)
    if contradiction:
        node = contradiction.node
        raise RuleError(name, *node.at, f"{describe(node)} can never hold", "it excludes what it asks for")
    operator_warnings = (
        *parsed.warnings,
        *_warn_of_equal_terms(name, parsed.tree),
        *_warn_of_listed_terms(name, parsed.tree, concepts),
    )
    operators = ((OPERATOR_OF_NODE.get(type(node)), node) for node in every_node(parsed.tree))
    warnings = (
        *operator_warnings,
        *(warning for operator, node in operators if operator for warning in operator.warnings(node, name) or ()),
        *(
            RuleWarning(
                name,
                *never_true_parts.at,
                f"the alternative {describe(never_true_parts)} can never hold",
                "it excludes what it asks for",
            )
            for never_true_parts in (part.node for part in find_impossible_alternatives(plan, term_ids))
        ),
    )
    return Rule(name, parsed.tree, plan, triggers, warnings, meaning)


def _warn_of_equal_terms(rule: str, node: Node) -> Iterator[RuleWarning]:
    """Warn of neighbouring terms that find the same texts."""
    first: dict[tuple[str, frozenset[Pattern]], Node] = {}
    for part in () if node.repeats else node.children():
        name, term = (part.name, part.part) if isinstance(part, FieldNode) else ("", part)
        if not isinstance(term, Term):
            continue
        twin = first.setdefault((name, search_key(term.text)), part)
        if twin is not part:
            message = f"{part} is the same as {twin} to the search"
            yield RuleWarning(rule, *part.at, message, "leave one of them out")
    for part in node.children():
        yield from _warn_of_equal_terms(rule, part)


def _warn_of_listed_terms(rule: str, node: Node, concepts: Concepts) -> Iterator[RuleWarning]:
    """Warn of terms that are alternatives to a concept that contains them."""
    if isinstance(node, Or):
        lists = [part for part in node.parts if isinstance(part, Concept)]
        known = {search_key(term.text): one for one in lists for term in concepts.terms[one.name]}
        for term in (part for part in node.parts if isinstance(part, Term)):
            if (one := known.get(search_key(term.text))) is not None:
                yield RuleWarning(rule, *term.at, f"{term} is among the terms of {one}", "leave it out here")
    for part in node.children():
        yield from _warn_of_listed_terms(rule, part, concepts)
