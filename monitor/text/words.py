"""The index words of a text, and the words that a text must have if a term occurs in it.

Both are made from the search form of texts (`monitor.text.matching`), so that they agree. In a script that separates
words by blanks, a run of letters and digits is an index word. In other scripts, every two neighbouring characters are
an index word, and so is the last character of a run. So a Chinese term of two characters is one index word, and a
single Chinese character is the beginning of an index word.

The words of a term only select the texts that may contain it. The rule itself then decides about each of these texts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from operator import add
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.model import IndexWord
from monitor.text.kinds import UNSPACED, is_in_spaced_word
from monitor.text.matching import Matchable

WORDS_VERSION: Final = 2
"""The version of this module and of `monitor.text.matching`. Increase it if a change gives a text other words."""

WORD_OF_OVERSIZED_TEXT: Final = "\ue000"
"""The only index word of a text that is too large for the index. Every search finds such a text."""

_MAX_WORD_LENGTH: Final = 40  # code points; longer words are shortened
_MAX_INDEX_SIZE: Final = 400_000  # bytes of all words; a `tsvector` of PostgreSQL holds a megabyte with its own data
_UNSPACED_RUN: Final = lazy_pattern(f"[{UNSPACED}]+")
_SPACED_WORD: Final = lazy_pattern(f"[^\\x00-/:-`{{-\x7f{UNSPACED}]+")  # in ASCII only a to z, 0 to 9
_WORD_PATTERN: Final = lazy_pattern("[^ ]+")
_ASCII_WORD: Final = lazy_pattern("[a-z0-9]+")


def index_version() -> int:
    """Return the version of the index words: this module's version, and the Unicode version that defines letters."""
    major, minor, _ = unicodedata.unidata_version.split(".")
    return WORDS_VERSION * 1_000_000 + int(major) * 1_000 + int(minor)


class _WordCharacters(dict[int, str]):
    """Maps a character of a word to itself, and any other to a blank. Caches only the Unicode basic plane."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = char if is_in_spaced_word(char) else " "
        if code <= 0xFFFF:  # noqa: PLR2004 - the last code point of the basic plane
            self[code] = kept
        return kept


_WORD_CHARACTERS: Final = _WordCharacters()


def index_words(*texts: str) -> set[str]:
    """Return the index words of `texts`; only `WORD_OF_OVERSIZED_TEXT` if there are too many."""
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
    """Yield the index words that a text must have if a part of a term occurs in it.

    `text` is the part of the term in its search form. `begins` means that a word must begin where this part begins,
    `ends` that a word must end where it ends. Otherwise the part may be in the middle of a longer word.
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
