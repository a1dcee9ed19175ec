"""The index words that an article must have for a rule to match. Words are required only if no match can be lost.

An index cannot decide about regular expressions, fields other than title and text, anything under NOT, and terms that
may begin within a word. Such a part requires no words: an AND then requires those of its other parts, and an OR
requires nothing. The rule itself decides about every article found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from monitor.model import AllOf, AnyOf, IndexWord, Need
from monitor.rules.patterns import Pattern
from monitor.rules.tree import DEFAULT_FIELDS
from monitor.text.words import words_of_term

_MAX_WORDS = 500  # words searched in an index at once; with more words, reading the whole archive is as fast
_MAX_DEPTH = 12  # levels of groups


def indexable_need(need: Need | None) -> Need | None:
    """Return `need` itself if an index can answer it; None if it is nested too deeply."""
    return need if need is None or _depth_of(need) <= _MAX_DEPTH else None


def any_need(needs: Iterable[Need | None]) -> Need | None:
    """Return the need of several alternatives; None if one of them requires no words."""
    parts = list(needs)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or sum(map(_count_words, known)) > _MAX_WORDS:
        return None
    return _combine(AnyOf, known)


def all_needs(needs: Iterable[Need | None]) -> Need | None:
    """Return the need of several parts that must all match; None if none of them requires words."""
    known = sorted((part for part in needs if part is not None), key=_count_words)
    chosen: list[Need] = []
    for part in known:
        if sum(map(_count_words, chosen)) + _count_words(part) <= _MAX_WORDS:
            chosen.append(part)
    return _combine(AllOf, chosen)


def need_of_patterns(field_patterns: Iterable[tuple[str, object]]) -> Need | None:
    """Return the words needed for any of these terms (each a field and a pattern) to occur; None: not known.

    The index does not distinguish title and text, so a term in both fields counts once.
    """
    distinct = dict.fromkeys(field_patterns)
    if not all(isinstance(searchable, Pattern) and field in DEFAULT_FIELDS for field, searchable in distinct):
        return None
    patterns = dict.fromkeys(searchable for _, searchable in distinct if isinstance(searchable, Pattern))
    return any_need(all_needs(dict.fromkeys(_words_of_pattern(pattern))) for pattern in patterns)


def _words_of_pattern(pattern: Pattern) -> Iterator[IndexWord]:
    sides = [pattern.begins, *(not gap.startswith("[") for gap in pattern.gaps), pattern.ends]
    for part, begins, ends in zip(pattern.parts, sides, sides[1:], strict=False):
        yield from words_of_term(part, begins=begins, ends=ends)


def count_of_needs(count: int, needs: Sequence[Need | None]) -> Need | None:
    """Return the need of a condition that at least `count` of several parts match.

    Then at most `len(needs) - count` parts may fail. So in each group with one part more than that, at least one part
    must match. Parts that require no words are put into the last group, or into none.
    """
    size = len(needs) - count + 1
    sorted_needs = sorted(needs, key=lambda need: need is None)
    groups = (sorted_needs[first : first + size] for first in range(0, len(sorted_needs) - size + 1, size))
    return all_needs([any_need(group) for group in groups])


def _combine(kind: type[AllOf | AnyOf], parts: Iterable[Need]) -> Need | None:
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def _count_words(need: Need) -> int:
    return 1 if isinstance(need, IndexWord) else sum(map(_count_words, need.parts))


def _depth_of(need: Need) -> int:
    return 0 if isinstance(need, IndexWord) else 1 + max(map(_depth_of, need.parts))
