"""The index words of a text, and the words that a text must have if a term occurs in it.

Both are taken from the form in which terms are looked for (`monitor.text.matching`), so that they agree. A run of
letters and digits of a script that parts words by blanks is a word. In a run of characters of other scripts, every two
neighbours are a word, and so is the last character: a Chinese term of two characters is one word of the index, and a
single character the beginning of one.

The words of a term show where it may occur, not where it does: the rule itself decides about each result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from operator import add
from typing import Final

from monitor.model import IndexWord
from monitor.text.kinds import UNSPACED, is_in_spaced_word
from monitor.text.matching import Matchable

WORDS_VERSION: Final = 2
"""The version of what this module and `monitor.text.matching` do. Increase it when a text gets other words."""

WORD_OF_OVERSIZED_TEXT: Final = "\ue000"
"""The word of a text that is too large for an index: every search finds it."""

_MAX_WORD_LENGTH: Final = 40  # code points of a word that are kept
_MAX_INDEX_SIZE: Final = 400_000  # bytes of words; PostgreSQL takes a megabyte of them with what else it needs
_UNSPACED_RUN: Final = re.compile(f"[{UNSPACED}]+")
_SPACED_WORD: Final = re.compile(f"[^\\x00-/:-`{{-\x7f{UNSPACED}]+")  # of ASCII: a to z, 0 to 9; others are looked at
_WORD_PATTERN: Final = re.compile("[^ ]+")
_ASCII_WORD: Final = re.compile("[a-z0-9]+")


def index_version() -> int:
    """Return the version of the index words: this module's version, and the Unicode version that defines letters."""
    major, minor, _ = unicodedata.unidata_version.split(".")
    return WORDS_VERSION * 1_000_000 + int(major) * 1_000 + int(minor)


class _WordCharacters(dict[int, str]):
    """Maps each character to itself, or to a blank if it is in no word; caches only the basic plane."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = char if is_in_spaced_word(char) else " "
        if code <= 0xFFFF:  # noqa: PLR2004 - the last one of the basic plane
            self[code] = kept
        return kept


_WORD_CHARACTERS: Final = _WordCharacters()


def index_words(*texts: str) -> set[str]:
    """Return the words of an article's texts; `WORD_OF_OVERSIZED_TEXT` alone if they are too many."""
    words: set[str] = set()
    for text in (Matchable(each).text for each in texts):
        if text.isascii():
            words.update(word[:_MAX_WORD_LENGTH] for word in set(_ASCII_WORD.findall(text)))
            continue
        words.update(
            word[:_MAX_WORD_LENGTH]
            for run in set(_SPACED_WORD.findall(text))
            for word in ((run,) if run.isascii() else run.translate(_WORD_CHARACTERS).split())
        )
        for run in set(_UNSPACED_RUN.findall(text)):
            words.update(map(add, run, run[1:]))
            words.add(run[-1])
    if sum(map(len, words)) > _MAX_INDEX_SIZE // 4 and sum(len(word.encode()) for word in words) > _MAX_INDEX_SIZE:
        return {WORD_OF_OVERSIZED_TEXT}
    return words


def words_of_term(text: str, *, begins: bool, ends: bool) -> Iterator[IndexWord]:
    """Yield the words that a text must have if a part of a term occurs in it.

    `text` is in the form of the texts. `begins` and `ends` say that a word must begin where it does, or end where it
    does; else its first and last letters may be the inner ones of a longer word.
    """
    for run in _SPACED_WORD.finditer(text):
        for word in _WORD_PATTERN.finditer(run[0].translate(_WORD_CHARACTERS)):
            if begins or run.start() + word.start() > 0:
                open_end = not ends and run.start() + word.end() == len(text)
                yield IndexWord(word[0][:_MAX_WORD_LENGTH], prefix=open_end)
    for run in _UNSPACED_RUN.finditer(text):
        if len(run[0]) == 1:
            yield IndexWord(run[0], prefix=True)
        yield from map(IndexWord, map(add, run[0], run[0][1:]))
