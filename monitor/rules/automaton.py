"""One automaton for the terms of all rules: the time depends on the length of the text, not on the number of rules."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from monitor.rules.hits import Hits, Value
from monitor.rules.patterns import Pattern
from monitor.rules.plan import MAX_HITS, Searchable
from monitor.rules.regexes import RegexPattern
from monitor.rules.scripts import SearchText, begins_word, ends_word

_FLAG_BEGINS_WORD, _FLAG_ENDS_WORD, _FLAG_CHECK_EACH = 1, 2, 4
_CHUNK_LENGTH = 1 << 18  # folded characters scanned at once: limits the memory for a text that is full of hits


class Automaton:
    """Finds terms in texts. It is built from the list of all terms, each a field and a pattern.

    The number of a term is its index in that list. All hits are kept for the terms in `keeps_all_places`, and only the
    first hits for other terms.
    """

    def __init__(self, term_ids: Sequence[tuple[str, Searchable]], keeps_all_places: Container[int] = ()) -> None:
        needles: dict[str, int] = {}
        self._keeps_all_places = keeps_all_places
        self._patterns_of_needle: list[list[tuple[Pattern, dict[str, int]]]] = []
        self._regexes: list[tuple[int, str, RegexPattern]] = []
        by_pattern: dict[Pattern, dict[str, int]] = {}
        for term_id, (name, pattern) in enumerate(term_ids):
            if isinstance(pattern, RegexPattern):
                self._regexes.append((term_id, name, pattern))
            if not isinstance(pattern, Pattern):
                continue
            if pattern not in by_pattern:
                needle = needles.setdefault(pattern.parts[0], len(needles))
                if needle == len(self._patterns_of_needle):
                    self._patterns_of_needle.append([])
                self._patterns_of_needle[needle].append((pattern, by_pattern.setdefault(pattern, {})))
            by_pattern[pattern][name] = term_id
        self._flags_of_needle = bytes(
            _border_flags([pattern for pattern, _ in patterns]) for patterns in self._patterns_of_needle
        )
        self._longest_needle = max(map(len, needles), default=0)
        self._search = AhoCorasick(list(needles)) if needles else None
        self.fields = frozenset(name for name, _ in term_ids if name)

    def find(self, values: Sequence[Value]) -> Hits:
        """Return the terms that occur, each with its hits in order."""
        hits = Hits(values)
        for index, value in enumerate(values):
            self._find_patterns(index, value, hits)
        for term_id, name, regex in self._regexes:
            texts_of_field = (
                (index, value.search_text.original) for index, value in enumerate(values) if value.field == name
            )
            places = [(index, start, end) for index, text in texts_of_field for start, end in regex.find(text)]
            if places:
                hits.add_places(term_id, places)
        return hits

    def _find_patterns(self, index: int, value: Value, hits: Hits) -> None:
        search_text, name, patterns_of_needle, flags_of_needle, keeps_all_places = (
            value.search_text,
            value.field,
            self._patterns_of_needle,
            self._flags_of_needle,
            self._keeps_all_places,
        )
        for needle, start, after in self._occurrences(search_text.text):
            # Most needles found are parts of longer words. The flags that exclude these are close together in memory.
            flags = flags_of_needle[needle]
            if not flags & _FLAG_CHECK_EACH and not _has_borders(search_text, start, after, flags):
                continue
            for pattern, term_ids in patterns_of_needle[needle]:
                term_id = term_ids.get(name)
                if term_id is None:
                    continue
                if term_id in hits and term_id not in keeps_all_places and len(hits[term_id]) >= MAX_HITS:
                    continue
                end = pattern.end(search_text, start) if flags & _FLAG_CHECK_EACH else after
                condition = pattern.exact_condition
                if end is None or (condition and not condition.holds(search_text.written(start, end))):
                    continue
                hits.setdefault(term_id, []).append((index, start, end))

    def _occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (needle, start, end) for each occurrence of each needle, also for overlapping occurrences."""
        if self._search is None:
            return
        for first in range(0, len(text), _CHUNK_LENGTH):
            chunk = text[first : first + _CHUNK_LENGTH + self._longest_needle - 1]
            for needle, start, end in self._search.find_matches_as_indexes(chunk, overlapping=True):
                if start < _CHUNK_LENGTH:
                    yield needle, first + start, first + end


def _border_flags(patterns: Sequence[Pattern]) -> int:
    """Return the word borders that all patterns of one needle need, as bits; `_FLAG_CHECK_EACH` if they differ."""
    conditions = {(pattern.begins, pattern.ends) for pattern in patterns}
    if len(conditions) > 1 or any(pattern.gaps or pattern.is_number for pattern in patterns):
        return _FLAG_CHECK_EACH
    begins, ends = next(iter(conditions))
    return _FLAG_BEGINS_WORD * begins | _FLAG_ENDS_WORD * ends


def _has_borders(search_text: SearchText, start: int, end: int, flags: int) -> bool:
    """Return whether an occurrence begins and ends at word borders where `flags` ask for this."""
    text = search_text.text
    if flags & _FLAG_BEGINS_WORD and start and text[start - 1] != " " and not begins_word(search_text, start):
        return False
    return not flags & _FLAG_ENDS_WORD or end == len(text) or text[end] == " " or ends_word(search_text, end)
