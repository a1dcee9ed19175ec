"""The terms found in one article, with their places, and the distances between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

from monitor.rules.scripts import weighted_words
from monitor.text.matching import Matchable
from monitor.text.sentences import sentence_ends

TermId: TypeAlias = int  # the number of a pattern or regular expression in a field, or of an operator on places
Hit: TypeAlias = tuple[int, int, int]  # index of the value; start and end in its search form
Place: TypeAlias = tuple[int, int, int]  # index of the value; start and end in its original text
SentenceId: TypeAlias = tuple[int, int]  # index of the value, number of the sentence in it
Sentences = frozenset[SentenceId]


@dataclass(frozen=True, slots=True)
class Value:
    """A text of an article, and its field. A field with several values has one `Value` for each of them."""

    field: str
    search_text: Matchable


class _WordPositions:
    """The positions of the words in a text, and their lengths in half words (see `weighted_words`)."""

    __slots__ = ("_ends", "_starts", "_sums")

    def __init__(self, text: str) -> None:
        hits = list(weighted_words(text))
        self._starts = [start for start, _, _ in hits]
        self._ends = [end for _, end, _ in hits]
        self._sums = [0, *accumulate(weight for _, _, weight in hits)]

    def weight_between(self, start: int, end: int) -> int:
        """Return how many half words are wholly within `text[start:end]`."""
        first, last = bisect_left(self._starts, start), bisect_right(self._ends, end)
        return self._sums[last] - self._sums[first] if first < last else 0


class Hits(dict[TermId, list[Hit]]):
    """The terms found in an article, each with its hits in order."""

    __slots__ = ("_borders", "_places", "_word_positions", "memo", "texts")

    def __init__(self, values: Sequence[Value]) -> None:
        super().__init__()
        self.texts = values
        self.memo: dict[Hashable, Any] = {}  # what plans computed for this article, so as to compute it once
        self._places: dict[int, Sequence[Place]] = {}
        self._word_positions: dict[int, _WordPositions] = {}
        self._borders: dict[int, list[int]] = {}

    def add_places(self, term_id: TermId, places: Sequence[Place]) -> None:
        """Add a term that was found in the original texts."""
        self[term_id] = []
        self._places[term_id] = places

    def places(self, term_id: TermId) -> Sequence[Place]:
        """Return the places of a found term, in the original texts, in order."""
        if term_id not in self._places:
            texts = self.texts
            if all(text.search_text.is_aligned for text in texts):
                return self[term_id]
            self._places[term_id] = [(n, *texts[n].search_text.span(start, end)) for n, start, end in self[term_id]]
        return self._places[term_id]

    def half_words_between(self, value: int, start: int, end: int) -> int:
        """Return the distance between two places of a value, in half words."""
        if value not in self._word_positions:
            self._word_positions[value] = _WordPositions(self.texts[value].search_text.original)
        return self._word_positions[value].weight_between(start, end)

    def sentences(self, term_id: TermId) -> list[tuple[SentenceId, Place]]:
        """Return the places of a term with their sentences, in order, without places that span several sentences."""
        inside: list[tuple[SentenceId, Place]] = []
        searched, borders = -1, [0]
        for place in self.places(term_id):
            value, start, end = place
            if value != searched:
                searched, borders = value, self.sentence_ends_in(value)
            number = bisect_right(borders, start)
            if number == len(borders) or end <= borders[number]:
                inside.append(((value, number), place))
        return inside

    def sentence_ends_in(self, value: int) -> list[int]:
        """Return the indexes at which the sentences of a value end, in order."""
        if value not in self._borders:
            self._borders[value] = sentence_ends(self.texts[value].search_text.original)
        return self._borders[value]

    def restricted_to(self, places: dict[int, list[Place]]) -> Hits:
        """Return the hits of the same texts, restricted to these places.

        `places` has the places by the number of their term.
        """
        hits = Hits(self.texts)
        hits._word_positions = self._word_positions
        hits._borders = self._borders
        hits._places.update(places)
        hits.update((term_id, []) for term_id in places)
        return hits
