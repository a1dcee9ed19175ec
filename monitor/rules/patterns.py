"""What a term asks of a folded text: letters in a row, and at which ends a word must begin or end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from monitor.rules.scripts import begins_word, ends_word, in_spaced_word
from monitor.text.fold import cased, folded

_REST_OF_WORD = re.compile(r"[^\W_]{0,64}")  # bounded: a text that is one endless word must not cost its square
_NEIGHBOURS = (("", " ", "a", "1", "1."), ("", " ", "a", "1", "0000"))  # every case that `begins_word` tells apart


class Unusable(ValueError):
    """A term that cannot be searched for. `hint` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Pattern:
    """A folded term. Between its `parts`, the rest of a word may stand (`"smart cit* plan"` has two).

    `begins` and `ends` say that a word must begin or end there; they are false where the term has a `*`, and where
    its script or sign asks nothing.
    """

    parts: tuple[str, ...]
    begins: bool
    ends: bool
    cased: tuple[str, ...] | None = None  # the parts with their capitals, where these count

    def end(self, text: str, start: int) -> int | None:
        """Where the occurrence ends whose first part stands at `start`; None if it is none after all."""
        if self.begins and start and text[start - 1] != " " and not begins_word(text, start):
            return None
        parts = self.parts
        end = start + len(parts[0])
        for part in parts[1:] if len(parts) > 1 else ():
            rest = _REST_OF_WORD.match(text, end)
            end = rest.end() if rest else end
            if not text.startswith(part, end):
                return None
            end += len(part)
        return None if self.ends and not ends_word(text, end) else end

    def spelt(self, written: str) -> bool:
        """Has an occurrence, as the original writes it, the capitals and small letters that are asked for?"""
        if self.cased is None:
            return True
        text = written if written.isascii() and written.isalnum() else cased(written)
        return text == self.cased[0] if len(self.cased) == 1 else bool(_spelling(self.cased).fullmatch(text))

    def implies(self, other: Pattern) -> bool:
        """Does every text that has this term have the other too? Sure when true; false may mean "not known"."""
        if self == other or replace(self, cased=None) == other:
            return True
        if len(self.parts) > 1 or other.cased is not None or other.parts[0] not in self.parts[0]:
            return False
        word = self.parts[0]
        around = [(left + word + right, len(left)) for left, right in product(*_NEIGHBOURS)]
        return all(other.within(text, at, at + len(word)) for text, at in around if self.end(text, at) is not None)

    def within(self, text: str, first: int, last: int) -> bool:
        """Does the term occur in `text[first:last]`, with its neighbours outside taken into account?"""
        start = text.find(self.parts[0], first, last)
        while start >= 0:
            end = self.end(text, start)
            if end is not None and end <= last:
                return True
            start = text.find(self.parts[0], start + 1, last)
        return False


@lru_cache(maxsize=4096)
def cased_pattern_of(term: str) -> Pattern:
    """The pattern of a term within CASE. Raises what `pattern_of` raises."""
    parts = tuple(cased(term).strip(" ").strip("*").split("*"))
    return replace(pattern_of(term), cased=parts)


@lru_cache(maxsize=1024)
def _spelling(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_REST_OF_WORD.pattern.join(map(re.escape, parts)))


@lru_cache(maxsize=4096)
def pattern_of(term: str) -> Pattern:
    """The pattern of a term as a rule or a concept writes it, without quotes.

    Raises:
        Unusable: it has no letter or digit, or a `*` stands where none may.
    """
    text = folded(term).strip(" ")
    if not any(char.isalnum() for char in text):
        raise Unusable(f'"{term}" has no letter or digit', _INSTEAD.get(text, "leave it out"))
    if any(_misplaced(text, at) for at, char in enumerate(text) if char == "*"):
        raise Unusable(f'the "*" in "{term}" stands where it opens nothing', _STARS)
    parts = tuple(text.strip("*").split("*"))
    begins = not text.startswith("*") and in_spaced_word(parts[0][0])
    return Pattern(parts, begins, not text.endswith("*") and in_spaced_word(parts[-1][-1]))


_STARS = "it may open the beginning or the end of a term, or the end of a word in a phrase"
_INSTEAD = {
    "&": "write AND",
    "&&": "write AND",
    "+": "write AND, or leave it out",
    "|": "write OR",
    "||": "write OR",
    "!": "write NOT",
    "-": 'write NOT, or "-" directly before the term',
    "--": 'write NOT, or "-" directly before the term',
}


def _misplaced(text: str, star: int) -> bool:
    """A `*` touches what it opens: the beginning or the end of the term, or the end of a word within."""
    before, after = text[star - 1 : star], text[star + 1 : star + 2]
    if before and after:
        return not before.isalnum() or after.isalnum() or after == "*"
    return (before or after) in {" ", "*"}
