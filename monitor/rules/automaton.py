"""One automaton for the terms of all rules: the cost of a text grows with the text, not with the number of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from monitor.rules.patterns import Pattern
from monitor.text.fold import Folded

_PIECE = 1 << 18  # folded characters that are scanned at once: bounds what a text full of hits costs in memory
_MOST_HITS = 1_000  # that are kept of one term in one article

Hit: TypeAlias = tuple[int, int, int]  # index of the value, start and end in its folded text


@dataclass(frozen=True, slots=True)
class Value:
    """A text of an article, and the field it belongs to. A field of several values gives several of these."""

    field: str
    folded: Folded


class Automaton:
    """Finds atoms in texts. Built from all of them, each a field and a pattern; their numbers are their places."""

    def __init__(self, atoms: Sequence[tuple[str, Pattern]]) -> None:
        needles: dict[str, int] = {}
        self._wanted: list[list[tuple[Pattern, dict[str, int]]]] = []
        by_pattern: dict[Pattern, dict[str, int]] = {}
        for atom, (name, pattern) in enumerate(atoms):
            if pattern not in by_pattern:
                needle = needles.setdefault(pattern.parts[0], len(needles))
                if needle == len(self._wanted):
                    self._wanted.append([])
                self._wanted[needle].append((pattern, by_pattern.setdefault(pattern, {})))
            by_pattern[pattern][name] = atom
        self._longest = max(map(len, needles), default=0)
        self._search = AhoCorasick(list(needles)) if needles else None
        self.fields = frozenset(name for name, _ in atoms)

    def find(self, values: Sequence[Value]) -> Mapping[int, list[Hit]]:
        """The atoms that hold, each with its first hits in order."""
        found: dict[int, list[Hit]] = {}
        for index, value in enumerate(values):
            text = value.folded.text
            for needle, start in self._occurrences(text):
                for pattern, atoms in self._wanted[needle]:
                    atom = atoms.get(value.field)
                    end = pattern.end(text, start) if atom is not None else None
                    if atom is not None and end is not None:
                        hits = found.setdefault(atom, [])
                        if len(hits) < _MOST_HITS:
                            hits.append((index, start, end))
        return found

    def _occurrences(self, text: str) -> Iterator[tuple[int, int]]:
        """(needle, start) of all occurrences of all needles; overlapping ones too."""
        if self._search is None:
            return
        for first in range(0, len(text), _PIECE):
            piece = text[first : first + _PIECE + self._longest - 1]
            for needle, start, _ in self._search.find_matches_as_indexes(piece, overlapping=True):
                if start < _PIECE:
                    yield needle, first + start
