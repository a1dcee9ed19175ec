"""What was found in one article: the atoms that occur, and where; with what measuring distances needs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

from monitor.rules.scripts import words
from monitor.text.matching import Matchable
from monitor.text.sentences import sentence_ends

Hit: TypeAlias = tuple[int, int, int]  # index of the value, start and end in the form in which terms are looked for
Place: TypeAlias = tuple[int, int, int]  # index of the value, start and end in its original
Sentence: TypeAlias = tuple[int, int]  # index of the value, number of the sentence in it


@dataclass(frozen=True, slots=True)
class Value:
    """A text of an article, and the field it belongs to. A field of several values gives several of these."""

    field: str
    it: Matchable


class _Measure:
    """Where the words of a text stand, and what they weigh in half words."""

    __slots__ = ("_ends", "_starts", "_sums")

    def __init__(self, text: str) -> None:
        found = list(words(text))
        self._starts = [start for start, _, _ in found]
        self._ends = [end for _, end, _ in found]
        self._sums = [0, *accumulate(weight for _, _, weight in found)]

    def between(self, start: int, end: int) -> int:
        """Half words that stand wholly within `text[start:end]`."""
        first, last = bisect_left(self._starts, start), bisect_right(self._ends, end)
        return self._sums[last] - self._sums[first] if first < last else 0


class Found(dict[int, list[Hit]]):
    """The atoms that hold, each with its hits in order."""

    __slots__ = ("_borders", "_measures", "_places", "memo", "texts")

    def __init__(self, values: Sequence[Value]) -> None:
        super().__init__()
        self.texts = values
        self.memo: dict[Hashable, Any] = {}  # what parts of rules worked out, by their atoms
        self._places: dict[int, Sequence[Place]] = {}
        self._measures: dict[int, _Measure] = {}
        self._borders: dict[int, list[int]] = {}

    def put(self, atom: int, places: Sequence[Place]) -> None:
        """An atom that was found in the originals."""
        self[atom] = []
        self._places[atom] = places

    def places(self, atom: int) -> Sequence[Place]:
        """Where an atom that holds stands in the originals, in order."""
        if atom not in self._places:
            texts = self.texts
            if all(text.it.even for text in texts):
                return self[atom]
            self._places[atom] = [(n, *texts[n].it.span(start, end)) for n, start, end in self[atom]]
        return self._places[atom]

    def gap(self, value: int, start: int, end: int) -> int:
        """Half words between two places of a value."""
        if value not in self._measures:
            self._measures[value] = _Measure(self.texts[value].it.original)
        return self._measures[value].between(start, end)

    def sentences(self, atom: int) -> list[tuple[Sentence, Place]]:
        """The places of an atom with their sentences, in order; those that span several sentences are left out."""
        inside: list[tuple[Sentence, Place]] = []
        searched, borders = -1, [0]
        for place in self.places(atom):
            value, start, end = place
            if value != searched:
                searched, borders = value, self._ends_in(value)
            number = bisect_right(borders, start)
            if number == len(borders) or end <= borders[number]:
                inside.append(((value, number), place))
        return inside

    def _ends_in(self, value: int) -> list[int]:
        if value not in self._borders:
            self._borders[value] = sentence_ends(self.texts[value].it.original)
        return self._borders[value]

    def part(self, places: dict[int, list[Place]]) -> Found:
        """These places of these atoms alone, in the same texts."""
        found = Found(self.texts)
        found._measures = self._measures
        found._borders = self._borders
        found._places.update(places)
        found.update((atom, []) for atom in places)
        return found
