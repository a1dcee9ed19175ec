"""Concepts: named lists of terms that mean the same. A concept may use another by its name, never in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from monitor.errors import RuleError
from monitor.rules.patterns import Pattern, Unusable, identity_of, patterns_of, search_key
from monitor.rules.problems import RuleWarning, suggestion
from monitor.rules.starter import PREFIX, STARTER
from monitor.rules.tree import FIRST_QUOTES, QUOTES, Term

_NAME = re.compile(rf"(?:{PREFIX})?\w[\w.-]*")
_OPERATOR = re.compile(r"\s(AND|OR|NOT)\s")
_LISTED = re.compile(r"[;；，、|｜]|,(?!\d{3})")  # 1,500 is one number


@dataclass(frozen=True, slots=True)
class Concepts:
    """All concepts, each with its terms; and the probable mistakes in them.

    `written` has the terms in the form by which the meaning of a concept is compared: with the quotes of later
    versions, if they have these.
    """

    terms: Mapping[str, tuple[Term, ...]]
    written: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


def resolve(lists: Mapping[str, Sequence[str]]) -> Concepts:
    """Read the lists as the configuration has them; those that come with the program join them.

    A term of a list is a word or a phrase, with or without quotes and `*`, or `@name` of another concept. Errors and
    warnings name the concept as the rule, the number of the term in its list as the line.

    Raises:
        RuleError: a name or a term cannot be used, a concept is empty or not known, or they go in a circle.
    """
    for name, entries in lists.items():
        if not _NAME.fullmatch(name):
            raise RuleError(
                f"@{name}", 1, 1, f'"{name}" is not a name for a concept', "use letters, digits and hyphens"
            )
        if not entries:
            raise RuleError(f"@{name}", 1, 1, "the concept has no terms", "list at least one")
    known = {**STARTER, **lists}
    own = {name: tuple(_entries(name, entries, known)) for name, entries in known.items()}
    all_of: dict[str, tuple[_ListedTerm, ...]] = {}
    for name in _sort_by_use(own):
        distinct: dict[object, _ListedTerm] = {}
        for entry in own[name]:
            for one in all_of[entry] if isinstance(entry, str) else (entry,):
                distinct.setdefault(identity_of(one.written), one)
        all_of[name] = tuple(distinct.values())
    warnings = (warning for name in lists for warning in _warn_of_slips(name, own[name]))
    terms = {name: tuple(one.term for one in entries) for name, entries in all_of.items()}
    written = {name: tuple(one.written for one in entries) for name, entries in all_of.items()}
    return Concepts(terms, written, tuple(warnings))


class _ListedTerm(NamedTuple):
    """A term of a list without its quotes, and as it is written there."""

    term: Term
    written: str


def suggest_concept(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown name of a concept."""
    shipped = name.startswith(PREFIX)
    hint = suggestion(name, [each for each in known if each.startswith(PREFIX) == shipped], "@{}")
    return f"{hint}; @{PREFIX}{name} comes with the program" if PREFIX + name in STARTER else hint


def _entries(name: str, entries: Sequence[str], lists: Mapping[str, Sequence[str]]) -> Iterator[_ListedTerm | str]:
    """Yield the terms of one concept, and the names of those that it uses."""
    for line, entry in enumerate(entries, start=1):
        text = entry.strip()
        if text.startswith("@"):
            if text[1:] not in lists:
                raise RuleError(f"@{name}", line, 1, f"there is no concept {text}", suggest_concept(text[1:], lists))
            yield text[1:]
            continue
        text, written = _unquote(text, QUOTES), _unquote(text, FIRST_QUOTES)
        try:
            patterns_of(text)
        except Unusable as error:
            raise RuleError(f"@{name}", line, 1, error.message, error.hint) from None
        yield _ListedTerm(Term(text, phrase=True, at=(line, 1)), written)


def _unquote(text: str, quotes: Sequence[tuple[str, str]]) -> str:
    pairs = (pair for pair in quotes if text[0] in pair[0] and text[-1] in pair[1]) if len(text) > 1 else iter(())
    return text[1:-1] if next(pairs, None) else text


def _sort_by_use(own: Mapping[str, tuple[_ListedTerm | str, ...]]) -> list[str]:
    """Return the names, each after those that it uses."""
    uses = {name: [entry for entry in entries if isinstance(entry, str)] for name, entries in own.items()}
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        line = own[circle[0]].index(circle[1]) + 1
        way = " → ".join(f"@{name}" for name in circle)
        raise RuleError(f"@{circle[0]}", line, 1, f"the concept uses itself: {way}", "leave one of them out") from None


def _warn_of_slips(name: str, entries: Sequence[_ListedTerm | str]) -> Iterator[RuleWarning]:
    """Warn of terms that folding makes equal, and of terms that look like expressions of the rule language."""
    first: dict[frozenset[Pattern], Term] = {}
    for term in (entry.term for entry in entries if isinstance(entry, _ListedTerm)):
        twin = first.setdefault(search_key(term.text), term)
        if twin is not term:
            message = f'"{term.text}" is the same as "{twin.text}" to the search'
            yield RuleWarning(f"@{name}", *term.at, message, "leave one of them out")
        if _OPERATOR.search(term.text):
            message = f'"{term.text}" is read as one phrase, its operators as words'
            yield RuleWarning(f"@{name}", *term.at, message, "list the terms one by one; operators belong in rules")
        elif len(several := _split_list(term.text)) > 1:
            listed = ", ".join(f'"{one}"' for one in several)
            message = f'"{term.text}" is read as one phrase, its signs literally'
            yield RuleWarning(f"@{name}", *term.at, message, f"for several terms write {listed}")


def _split_list(text: str) -> list[str]:
    """Return the parts of a term that looks like a list. A name may have a comma and a blank (`Chongqing, China`)."""
    parts = [part.strip() for part in _LISTED.split(text)]
    if _LISTED.findall(text) == [","] and ", " in text:
        return []
    return parts if all(parts) else []
