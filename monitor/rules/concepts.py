"""Concepts: named lists of terms that mean the same. A concept may use other concepts by name, but not in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from monitor.errors import RuleError
from monitor.rules.patterns import Pattern, UnusableTerm, identity_of, patterns_of, search_key
from monitor.rules.problems import RuleWarning, suggest_name
from monitor.rules.starter import STARTER_CONCEPTS, STARTER_PREFIX
from monitor.rules.tree import QUOTES, QUOTES_OF_FIRST_VERSION, Term

_CONCEPT_NAME = re.compile(rf"(?:{STARTER_PREFIX})?\w[\w.-]*")
_OPERATOR_WORD = re.compile(r"\s(AND|OR|NOT)\s")
_LIST_SEPARATOR = re.compile(r"[;；，、|｜]|,(?!\d{3})")  # not the comma in 1,500


@dataclass(frozen=True, slots=True)
class Concepts:
    """All concepts, each with its terms, and warnings about probable mistakes in them.

    `as_written` has the terms with all their quotes. From it the program computes the meaning of a rule, which must not
    change when a later version of the language knows more quotes.
    """

    terms: Mapping[str, tuple[Term, ...]]
    as_written: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


def resolve_concepts(lists: Mapping[str, Sequence[str]]) -> Concepts:
    """Read the lists of the configuration, and add the concepts that come with the program.

    A term of a list is a word or a phrase, with or without quotes and `*`, or `@name` of another concept. In errors and
    warnings, `rule` is the name of the concept, and `line` is the number of the term in its list.

    Raises:
        RuleError: a name or a term cannot be used, a concept is empty or unknown, or concepts use each other in a
        circle.
    """
    for name, entries in lists.items():
        if not _CONCEPT_NAME.fullmatch(name):
            raise RuleError(
                f"@{name}", 1, 1, f'"{name}" is not a name for a concept', "use letters, digits and hyphens"
            )
        if not entries:
            raise RuleError(f"@{name}", 1, 1, "the concept has no terms", "list at least one")
    known = {**STARTER_CONCEPTS, **lists}
    entries_of = {name: tuple(_read_entries(name, entries, known)) for name, entries in known.items()}
    terms_of: dict[str, tuple[_ConceptTerm, ...]] = {}
    for name in _sort_by_use(entries_of):
        distinct: dict[object, _ConceptTerm] = {}
        for entry in entries_of[name]:
            for term in terms_of[entry] if isinstance(entry, str) else (entry,):
                distinct.setdefault(identity_of(term.as_written), term)
        terms_of[name] = tuple(distinct.values())
    warnings = (warning for name in lists for warning in _warn_of_slips(name, entries_of[name]))
    terms = {name: tuple(term.term for term in entries) for name, entries in terms_of.items()}
    written = {name: tuple(term.as_written for term in entries) for name, entries in terms_of.items()}
    return Concepts(terms, written, tuple(warnings))


class _ConceptTerm(NamedTuple):
    """A term of a list: without its quotes (`term`), and as the list has it (`as_written`)."""

    term: Term
    as_written: str


def suggest_concept(name: str, known: Iterable[str]) -> str:
    """Return a hint for the unknown concept `name`."""
    shipped = name.startswith(STARTER_PREFIX)
    hint = suggest_name(name, [each for each in known if each.startswith(STARTER_PREFIX) == shipped], "@{}")
    return (
        f"{hint}; @{STARTER_PREFIX}{name} comes with the program" if STARTER_PREFIX + name in STARTER_CONCEPTS else hint
    )


def _read_entries(
    name: str, entries: Sequence[str], lists: Mapping[str, Sequence[str]]
) -> Iterator[_ConceptTerm | str]:
    """Yield the terms of one concept, and the names of the concepts that it uses."""
    for line, entry in enumerate(entries, start=1):
        text = entry.strip()
        if text.startswith("@"):
            if text[1:] not in lists:
                raise RuleError(f"@{name}", line, 1, f"there is no concept {text}", suggest_concept(text[1:], lists))
            yield text[1:]
            continue
        text, written = _unquote(text, QUOTES), _unquote(text, QUOTES_OF_FIRST_VERSION)
        try:
            patterns_of(text)
        except UnusableTerm as error:
            raise RuleError(f"@{name}", line, 1, error.message, error.hint) from None
        yield _ConceptTerm(Term(text, phrase=True, at=(line, 1)), written)


def _unquote(text: str, quotes: Sequence[tuple[str, str]]) -> str:
    pairs = (pair for pair in quotes if text[0] in pair[0] and text[-1] in pair[1]) if len(text) > 1 else iter(())
    return text[1:-1] if next(pairs, None) else text


def _sort_by_use(entries_of: Mapping[str, tuple[_ConceptTerm | str, ...]]) -> list[str]:
    """Return the names of the concepts in an order in which each concept comes after the concepts that it uses."""
    uses = {name: [entry for entry in entries if isinstance(entry, str)] for name, entries in entries_of.items()}
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        line = entries_of[circle[0]].index(circle[1]) + 1
        path = " → ".join(f"@{name}" for name in circle)
        raise RuleError(f"@{circle[0]}", line, 1, f"the concept uses itself: {path}", "leave one of them out") from None


def _warn_of_slips(name: str, entries: Sequence[_ConceptTerm | str]) -> Iterator[RuleWarning]:
    """Warn of terms that are equal after folding, and of terms that look like expressions of the rule language."""
    first_with_key: dict[frozenset[Pattern], Term] = {}
    for term in (entry.term for entry in entries if isinstance(entry, _ConceptTerm)):
        first_equal = first_with_key.setdefault(search_key(term.text), term)
        if first_equal is not term:
            message = f'"{term.text}" is the same as "{first_equal.text}" to the search'
            yield RuleWarning(f"@{name}", *term.at, message, "leave one of them out")
        if _OPERATOR_WORD.search(term.text):
            message = f'"{term.text}" is read as one phrase, its operators as words'
            yield RuleWarning(f"@{name}", *term.at, message, "list the terms one by one; operators belong in rules")
        elif len(parts := _split_list(term.text)) > 1:
            listed = ", ".join(f'"{part}"' for part in parts)
            message = f'"{term.text}" is read as one phrase, its signs literally'
            yield RuleWarning(f"@{name}", *term.at, message, f"for several terms write {listed}")


def _split_list(text: str) -> list[str]:
    """Return the parts of a term that looks like a list.

    A single comma with a blank is not a list: `Chongqing, China`.
    """
    parts = [part.strip() for part in _LIST_SEPARATOR.split(text)]
    if _LIST_SEPARATOR.findall(text) == [","] and ", " in text:
        return []
    return parts if all(parts) else []
