"""From a rule's text to its plan, with every reason to refuse it or to warn about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts, unknown
from monitor.rules.hits import TermId
from monitor.rules.language import Parsed, parse
from monitor.rules.logic import dead, impossible, needless, possible
from monitor.rules.meaning import meaning_of, with_first_quotes
from monitor.rules.patterns import Pattern, cased_patterns_of, patterns_of, sought
from monitor.rules.places import AtLeast, Closeness, Proximity, SameSentence, Togetherness
from monitor.rules.plan import AndOr, Findable, Leaf, Not, Plan, TermIds, shown
from monitor.rules.problems import RuleWarning
from monitor.rules.regexes import Regex as RegexPattern
from monitor.rules.tree import (
    BARE,
    And,
    Case,
    Concept,
    CountOf,
    Near,
    Negation,
    Node,
    Or,
    Regex,
    Sentence,
    Term,
    Within,
    parts_of,
    terms_in,
)

_TONGUE = re.compile(r"[A-Za-z]{2,3}([-_]?\*|([-_][A-Za-z0-9]{2,8})*)")  # as BCP 47 writes them
_COUNTRIES = {"cn": "zh", "tw": "zh-TW", "hk": "zh-HK", "jp": "ja", "kp": "ko", "us": "en", "gb": "en"}
_OPERANDS = "operands are terms, phrases, concepts, or groups of these joined by OR"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready for use. `triggers` are terms of which at least one must hold for the rule to hold.

    `meaning` is a hash of what it asks for: of its expression, however that is spaced, and of the concepts in it.
    """

    name: str
    tree: Node
    plan: Plan
    triggers: frozenset[TermId]
    warnings: tuple[RuleWarning, ...]
    meaning: str


def compile_rule(name: str, expression: str, concepts: Concepts, term_ids: TermIds) -> Rule:
    """Read one rule and make it ready; its terms join those of the other rules.

    Raises:
        RuleError: it cannot be read, names what is not there, holds without any of its terms, or can never hold.
    """
    first = with_first_quotes(name, expression)
    try:
        parsed = parse(name, expression)
        return _ready(name, parsed, concepts, term_ids, meaning_of((first or parsed).tree, concepts))
    except RuleError as error:
        if first is None:
            raise
        try:
            rule = _ready(name, first, concepts, term_ids, meaning_of(first.tree, concepts))
        except RuleError:
            raise error from None
        message = f"{error.message}, so its quotes are read as signs"
        return replace(
            rule, warnings=(RuleWarning(name, error.line, error.column, message, error.hint), *rule.warnings)
        )


def _ready(name: str, parsed: Parsed, concepts: Concepts, term_ids: TermIds, meaning: str) -> Rule:
    try:
        return _compiled(name, parsed, concepts, term_ids, meaning)
    except RuleError as error:
        slip = min(parsed.warnings, key=lambda warning: "as a term" not in warning.message, default=None)
        if slip is None:
            raise
        hint = f"{error.hint}; {slip.message}: {slip.hint}"
        raise RuleError(name, error.line, error.column, error.message, hint) from None


def _compiled(name: str, parsed: Parsed, concepts: Concepts, term_ids: TermIds, meaning: str) -> Rule:
    plan = _Compiler(name, concepts, term_ids).plan(parsed.tree, _Scope())
    culprit = needless(plan)
    triggers = plan.triggers(wanted=True)
    if culprit or triggers is None:
        node = culprit.node if culprit else parsed.tree
        message = f"the rule would hold for a text in which none of its terms occurs, because of {shown(node)}"
        raise RuleError(name, *node.at, message, "join it by AND with something that must occur")
    contradiction = impossible(plan, term_ids)
    if contradiction:
        node = contradiction.node
        raise RuleError(name, *node.at, f"{shown(node)} can never hold", "it excludes what it asks for")
    noticed = (*parsed.warnings, *_twins(name, parsed.tree), *_listed(name, parsed.tree, concepts))
    warnings = (*noticed, *_tongues(name, parsed.tree), *_dead(name, plan, term_ids))
    return Rule(name, parsed.tree, plan, triggers, warnings, meaning)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where the terms of a part look, and whether capitals count."""

    fields: tuple[str, ...] = BARE
    cased: bool = False


class _Compiler:
    """Makes the plan of one rule."""

    def __init__(self, rule: str, concepts: Concepts, term_ids: TermIds) -> None:
        self._rule = rule
        self._concepts = concepts
        self._term_ids = term_ids

    def plan(self, node: Node, scope: _Scope) -> Plan:
        """The plan of a part whose terms look there."""
        match node:
            case Term() | Concept() | Regex():
                return self._leaf(node, scope)
            case Negation():
                return Not(node, self.plan(node.part, scope))
            case And() | Or():
                parts = tuple(self.plan(part, scope) for part in node.parts)
                return AndOr(node, isinstance(node, And), parts)
            case Within() | Case():
                return self.plan(node.part, self._narrowed(node, scope))
            case Near():
                return self._close(node, scope)
            case Sentence():
                return self._together(node, scope)
        return self._enough(node, scope)

    def _narrowed(self, node: Within | Case, scope: _Scope) -> _Scope:
        if isinstance(node, Case):
            return replace(scope, cased=True)
        if scope.fields is not BARE:
            self._refuse(node, f"the field {node.name}: stands within a field", "give each term one field")
        return replace(scope, fields=(node.name,))

    def _leaf(self, node: Term | Concept | Regex, scope: _Scope) -> Leaf:
        if isinstance(node, Regex):
            found: list[tuple[str, Findable]] = [(str(node), RegexPattern(node.source, node.cased or scope.cased))]
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
            self._refuse(node, f"there is no concept @{node.name}", unknown(node.name, self._concepts.terms))
        return terms

    def _close(self, node: Near, scope: _Scope) -> Proximity:
        left, right = self._operand(node.left, scope), self._operand(node.right, scope)
        self._term_ids.placed |= left.ids | right.ids
        plan = Proximity(
            node, self._term_ids.number("", Closeness(left.ids, right.ids, node.words, node.ordered)), left, right
        )
        if not self._in_one_field(plan):
            self._refuse(node, f"{shown(node)} can never hold", "its operands look in different fields")
        return plan

    def _operand(self, node: Node, scope: _Scope) -> Leaf:
        """A side of NEAR: any of the terms in it."""
        written = {term_id: place for leaf in self._leaves(node, scope) for term_id, place in leaf.written.items()}
        return Leaf(node, scope.fields, written)

    def _leaves(self, node: Node, scope: _Scope) -> Iterator[Leaf]:
        match node:
            case Term() | Concept() | Regex():
                yield self._leaf(node, scope)
            case Or():
                for part in node.parts:
                    yield from self._leaves(part, scope)
            case Within() | Case():
                yield from self._leaves(node.part, self._narrowed(node, scope))
            case Near():
                self._refuse(
                    node,
                    f"{shown(node)} is an operand of NEAR or BEFORE",
                    "join two of them: (a NEAR/5 b) (b NEAR/5 c)",
                )
            case Negation():
                self._refuse(
                    node, f"{shown(node)} is an operand of NEAR or BEFORE", "to exclude it, write NOT (a NEAR/5 b)"
                )
            case _:
                self._refuse(node, f"{shown(node)} is an operand of NEAR or BEFORE", _OPERANDS)

    def _together(self, node: Sentence, scope: _Scope) -> SameSentence:
        part = self.plan(node.part, scope)
        needed = part.triggers(wanted=True)
        if needed is None:
            hint = "name a term that the sentence must have"
            self._refuse(node, f"{shown(node)} would hold for a sentence without any of its terms", hint)
        if not self._in_one_field(part):
            self._refuse(node, f"{shown(node)} can never hold", "no sentence of one field has what it asks for")
        ids = frozenset(term_id for term_id, _ in part.terms())
        self._term_ids.placed |= ids
        term_id = self._term_ids.number("", Togetherness(f"{scope} {node}"))
        return SameSentence(node, term_id, part, ids, needed & ids)

    def _in_one_field(self, plan: Plan) -> bool:
        """May the part hold within one field?"""
        known = self._term_ids.known
        ids = {term_id for term_id, _ in plan.terms()}
        apart = (
            {term_id for term_id in ids if known[term_id][0] != field}
            for field in {known[term_id][0] for term_id in ids}
        )
        return any(possible(plan, self._term_ids, absent) for absent in apart)

    def _enough(self, node: CountOf, scope: _Scope) -> Plan:
        distinct = {_sameness(plan): plan for plan in reversed([self.plan(part, scope) for part in node.parts])}
        parts = tuple(reversed(distinct.values()))
        if not 1 <= node.count <= len(parts):
            told = f"{len(parts)} different operand{'s' if len(parts) > 1 else ''}"
            hint = f"write a number from 1 to {len(parts)}" if len(parts) > 1 else "put commas between the operands"
            self._refuse(node, f"{node.count} OF asks for {node.count} of {told}", hint)
        return AtLeast(node, node.count, parts)

    def _refuse(self, node: Node, message: str, hint: str) -> NoReturn:
        raise RuleError(self._rule, *node.at, message, hint)


def _sameness(plan: Plan) -> object:
    """What two operands of OF share if they are one."""
    return plan.ids if isinstance(plan, Leaf) else plan.node


def _twins(rule: str, node: Node) -> Iterator[RuleWarning]:
    """Terms side by side that are the same to the search."""
    first: dict[tuple[str, frozenset[Pattern]], Node] = {}
    for part in () if isinstance(node, Near) else parts_of(node):
        name, term = (part.name, part.part) if isinstance(part, Within) else ("", part)
        if not isinstance(term, Term):
            continue
        twin = first.setdefault((name, sought(term.text)), part)
        if twin is not part:
            message = f"{part} is the same as {twin} to the search"
            yield RuleWarning(rule, *part.at, message, "leave one of them out")
    for part in parts_of(node):
        yield from _twins(rule, part)


def _listed(rule: str, node: Node, concepts: Concepts) -> Iterator[RuleWarning]:
    """Terms that stand beside a concept, as alternatives, and are in it."""
    if isinstance(node, Or):
        lists = [part for part in node.parts if isinstance(part, Concept)]
        known = {sought(term.text): one for one in lists for term in concepts.terms[one.name]}
        for term in (part for part in node.parts if isinstance(part, Term)):
            if (one := known.get(sought(term.text))) is not None:
                yield RuleWarning(rule, *term.at, f"{term} is among the terms of {one}", "leave it out here")
    for part in parts_of(node):
        yield from _listed(rule, part, concepts)


def _tongues(rule: str, node: Node) -> Iterator[RuleWarning]:
    """What is asked of the language and is no code of one."""
    for term in terms_in(node, "lang"):
        code = _COUNTRIES.get(term.text.casefold())
        if code or not _TONGUE.fullmatch(term.text):
            message = f"{term} is no code of a language, and lang: has nothing else"
            hint = f"write lang:{code}" if code else "write lang:en or lang:zh, or with its region lang:zh-TW"
            yield RuleWarning(rule, *term.at, message, hint)


def _dead(rule: str, plan: Plan, term_ids: TermIds) -> Iterator[RuleWarning]:
    for part in dead(plan, term_ids):
        message = f"the alternative {shown(part.node)} can never hold"
        yield RuleWarning(rule, *part.node.at, message, "it excludes what it asks for")
