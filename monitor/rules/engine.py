"""Compile all rules together, and match them against articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from monitor.errors import RuleError
from monitor.model import Article, Match, Need, Span
from monitor.rules.automaton import Automaton
from monitor.rules.compiler import Rule, compile_rule
from monitor.rules.concepts import Concepts, resolve_concepts
from monitor.rules.hits import Place, Value
from monitor.rules.operators.field import terms_in_field
from monitor.rules.plan import MAX_HITS, Evidence, TermIds
from monitor.rules.prefilter import any_need, indexable_need
from monitor.rules.problems import RuleWarning, text_around
from monitor.rules.tree import FIELDS, Term
from monitor.text.matching import Matchable

_FIELD_RANK = {name: rank for rank, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule matches an article or not.

    If the rule matches, `spans` are those of the match, and `failed` is empty. Otherwise `spans` are all places where
    one of its terms occurs, and `failed` describes the smallest part that failed.
    """

    rule: str
    held: bool
    spans: tuple[Span, ...]
    failed: str


def compile_rules(rules: Mapping[str, str], concepts: Mapping[str, Sequence[str]] = MappingProxyType({})) -> RuleSet:
    """Compile named rules, in the language that `monitor.rules` describes.

    Args:
        rules: the expression of each rule, by the rule's name.
        concepts: the terms that each `@name` stands for, without the `@`.

    Raises:
        RuleError: a rule or a concept cannot be used; line and column count from 1 within the expression. For a
            concept, `rule` is its name with the `@` and `line` the number of the term in its list.
    """
    known = resolve_concepts(concepts)
    term_ids = TermIds()
    compiled = tuple(_compile(name, text, known, term_ids) for name, text in rules.items())
    return RuleSet(compiled, term_ids, known.warnings)


def _compile(name: str, expression: str, concepts: Concepts, term_ids: TermIds) -> Rule:
    """Compile one rule. An error shows the text around its place."""
    try:
        return compile_rule(name, expression, concepts, term_ids)
    except RuleError as error:
        shown = text_around(expression, error.line, error.column)
        raise RuleError(name, error.line, error.column, error.message, error.hint, around=shown) from None


class RuleSet:
    """Compiled rules, made by `compile_rules`. A set is immutable and may be used from several threads."""

    def __init__(self, rules: Sequence[Rule], term_ids: TermIds, warnings: Sequence[RuleWarning]) -> None:
        self.names = tuple(rule.name for rule in rules)
        self.meanings = MappingProxyType({rule.name: rule.meaning for rule in rules})
        self.warnings = tuple(chain(warnings, *(rule.warnings for rule in rules)))
        self._rules = tuple(rules)
        self._term_ids = term_ids
        self._automaton = Automaton(term_ids.known, term_ids.placed)
        self._triggered: dict[int, list[int]] = {}
        for index, rule in enumerate(rules):
            for term_id in rule.triggers:
                self._triggered.setdefault(term_id, []).append(index)

    def match(self, article_or_text: Article | str, /, **fields: str | Sequence[str]) -> list[Match]:
        """Return the rules that match, in the order in which they were given, each with the spans that made it match.

        A plain text is searched as the field `text`. An article has the fields `title`, `text`, `url`, `lang` and
        `author`; keyword arguments replace them. A field may have several values, such as tags; each value is searched
        separately.

        Spans are sorted by field, value and place. They point into the original text of the field or, if the field has
        several values, into the value that contains the term. At most 1,000 hits of one term are returned.
        """
        values = self._search_values(article_or_text, fields)
        hits = self._automaton.find(values)
        asked = sorted({index for term_id in hits for index in self._triggered.get(term_id, ())})
        holding = (rule for rule in map(self._rules.__getitem__, asked) if rule.plan.holds(hits))
        return [Match(rule.name, _make_spans(rule.plan.evidence(hits, must_hold=True), values)) for rule in holding]

    def terms_in_field(self, field: str) -> Iterator[tuple[str, Term]]:
        """Yield the terms that rules look for in the named field (`field:term`), each with the name of its rule."""
        return ((rule.name, term) for rule in self._rules for term in terms_in_field(rule.tree, field))

    def explain(self, name: str, article_or_text: Article | str, /, **fields: str | Sequence[str]) -> Explanation:
        """Explain why the rule `name` matches or does not match. The other arguments are those of `match`.

        Raises:
            KeyError: there is no such rule.
        """
        if name not in self.names:
            raise KeyError(name)
        plan = self._rules[self.names.index(name)].plan
        values = self._search_values(article_or_text, fields)
        hits = self._automaton.find(values)
        if plan.holds(hits):
            return Explanation(name, True, _make_spans(plan.evidence(hits, must_hold=True), values), "")
        occurring = ((term_id, term) for term_id, term in plan.terms() if term_id in hits)
        places = ((place, term) for term_id, term in occurring for place in hits.places(term_id)[:MAX_HITS])
        return Explanation(name, False, _make_spans(places, values), plan.failure(hits, must_hold=True))

    def need(self) -> Need | None:
        """Return the words that an article must have for one of the rules to match; None if words cannot decide.

        A word index (`monitor.text.words`) uses it to find the articles for which `match` must be called.
        """
        return any_need(indexable_need(rule.plan.need(self._term_ids, must_hold=True)) for rule in self._rules)

    def _search_values(self, article_or_text: Article | str, fields: Mapping[str, str | Sequence[str]]) -> list[Value]:
        """Return the folded texts to search, without the fields that no rule uses."""
        unknown = fields.keys() - _FIELD_RANK.keys()
        if unknown:
            raise TypeError(f"there is no field {', '.join(sorted(unknown))}; fields are {', '.join(FIELDS)}")
        texts: dict[str, str | Sequence[str]]
        if isinstance(article_or_text, str):
            texts = {"text": article_or_text, **fields}
        else:
            article = article_or_text
            article_values = {
                "title": article.title,
                "text": article.text,
                "url": article.url,
                "lang": article.language or "",
            }
            texts = {**article_values, "author": article.authors, **fields}
        asked = [(name, texts[name]) for name in FIELDS if name in self._automaton.fields and name in texts]
        each = ((name, [given] if isinstance(given, str) else given) for name, given in asked)
        return [Value(name, Matchable(value)) for name, given in each for value in given if value]


def _make_spans(evidence: Iterator[Evidence], values: Sequence[Value]) -> tuple[Span, ...]:
    """Return the places of the terms, sorted. A place of several terms is returned once, with the first term."""
    terms: dict[Place, str] = {}
    for place, term in evidence:
        terms.setdefault(place, term)
    return tuple(Span(values[index].field, start, end, terms[index, start, end]) for index, start, end in sorted(terms))
