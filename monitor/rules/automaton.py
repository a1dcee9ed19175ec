"""One automaton for the terms of all rules: the time depends on the length of the text, not on the number of rules."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from monitor.rules.hits import Hits, Value
from monitor.rules.patterns import Pattern
from monitor.rules.plan import MOST_HITS, Findable
from monitor.rules.regexes import RegexPattern
from monitor.rules.scripts import Readable, begins_word, ends_word

_BEGINS, _ENDS, _EACH = 1, 2, 4
_PIECE = 1 << 18  # folded characters that are scanned at once: bounds what a text full of hits costs in memory


class Automaton:
    """Finds terms in texts. It is built from all terms, each a field and a pattern; a term's number is its index.

    For the terms in `placed` every hit is kept, for others only the first ones.
    """

    def __init__(self, term_ids: Sequence[tuple[str, Findable]], placed: Container[int] = ()) -> None:
        needles: dict[str, int] = {}
        self._placed = placed
        self._wanted: list[list[tuple[Pattern, dict[str, int]]]] = []
        self._regexes: list[tuple[int, str, RegexPattern]] = []
        by_pattern: dict[Pattern, dict[str, int]] = {}
        for term_id, (name, pattern) in enumerate(term_ids):
            if isinstance(pattern, RegexPattern):
                self._regexes.append((term_id, name, pattern))
            if not isinstance(pattern, Pattern):
                continue
            if pattern not in by_pattern:
                needle = needles.setdefault(pattern.parts[0], len(needles))
                if needle == len(self._wanted):
                    self._wanted.append([])
                self._wanted[needle].append((pattern, by_pattern.setdefault(pattern, {})))
            by_pattern[pattern][name] = term_id
        self._borders = bytes(_borders([pattern for pattern, _ in wanted]) for wanted in self._wanted)
        self._longest = max(map(len, needles), default=0)
        self._search = AhoCorasick(list(needles)) if needles else None
        self.fields = frozenset(name for name, _ in term_ids if name)

    def find(self, values: Sequence[Value]) -> Hits:
        """Return the terms that hold, each with its hits in order."""
        hits = Hits(values)
        for index, value in enumerate(values):
            self._find_patterns(index, value, hits)
        for term_id, name, regex in self._regexes:
            named = ((index, value.it.original) for index, value in enumerate(values) if value.field == name)
            places = [(index, start, end) for index, text in named for start, end in regex.find(text)]
            if places:
                hits.put(term_id, places)
        return hits

    def _find_patterns(self, index: int, value: Value, hits: Hits) -> None:
        it, name, wanted, borders, placed = value.it, value.field, self._wanted, self._borders, self._placed
        for needle, start, after in self._occurrences(it.text):
            # Most needles of a large set are parts of other words. What sorts these out is close together in memory.
            asked = borders[needle]
            if not asked & _EACH and not _is_bordered(it, start, after, asked):
                continue
            for pattern, term_ids in wanted[needle]:
                term_id = term_ids.get(name)
                if term_id is None:
                    continue
                if term_id in hits and term_id not in placed and len(hits[term_id]) >= MOST_HITS:
                    continue
                end = pattern.end(it, start) if asked & _EACH else after
                if end is None or (pattern.exact and not pattern.exact.holds(it.written(start, end))):
                    continue
                hits.setdefault(term_id, []).append((index, start, end))

    def _occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (needle, start, end) of all occurrences of all needles; overlapping ones too."""
        if self._search is None:
            return
        for first in range(0, len(text), _PIECE):
            piece = text[first : first + _PIECE + self._longest - 1]
            for needle, start, end in self._search.find_matches_as_indexes(piece, overlapping=True):
                if start < _PIECE:
                    yield needle, first + start, first + end


def _borders(patterns: Sequence[Pattern]) -> int:
    """Return the conditions of all patterns of one needle on its neighbours, as bits; `_EACH`: they differ."""
    asked = {(pattern.begins, pattern.ends) for pattern in patterns}
    if len(asked) > 1 or any(pattern.gaps or pattern.number for pattern in patterns):
        return _EACH
    begins, ends = next(iter(asked))
    return _BEGINS * begins | _ENDS * ends


def _is_bordered(it: Readable, start: int, end: int, asked: int) -> bool:
    """Return whether an occurrence begins and ends at word borders, as far as `asked`."""
    text = it.text
    if asked & _BEGINS and start and text[start - 1] != " " and not begins_word(it, start):
        return False
    return not asked & _ENDS or end == len(text) or text[end] == " " or ends_word(it, end)
