"""The terms of a text, by which reports of events are compared: English word stems, and bigrams of Han characters.

Chinese text is not segmented: every two neighbouring Han characters are a term. Figures are not terms, because they are
compared as facts (`monitor.stories.figures`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache
from operator import add
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.fold import fold_text
from monitor.text.kinds import HAN

_WORD_RUN: Final = lazy_pattern(f"[{HAN}]+|[^\\W_{HAN}]+(?:\\.[0-9]+)?")
_HAN_RUN: Final = lazy_pattern(f"[{HAN}]")
_UNITED_STATES: Final = lazy_pattern(r"\bU\.S\.(?:A\.)?|\bUS\b")  # after folding, it would be the pronoun "us"
_MAX_TERM_LENGTH: Final = 32  # maximum number of code points of a word that are compared
_MAX_UNSTEMMED_LENGTH: Final = 4  # maximum length of a word that is its own stem
_VOWEL: Final = lazy_pattern("[aeiouy]")
_ENDINGS: Final = (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""))
_SINGULAR_ENDINGS: Final = ("ss", "us", "is")
_DOUBLED_CONSONANT: Final = lazy_pattern(r"([bdfgmnprt])\1\Z")


def terms_of(text: str) -> list[str]:
    """Return the terms of a text in order, each as often as it occurs."""
    return list(_terms(fold_text(_UNITED_STATES.sub("usa", text))))


def _terms(plain: str) -> Iterator[str]:
    for run in _WORD_RUN.findall(plain):
        if not run.isascii() and _HAN_RUN.match(run):
            yield from map(add, run, run[1:])
        elif len(run) > 1 and not run[0].isdigit():
            yield stem(run[:_MAX_TERM_LENGTH])


@lru_cache(maxsize=1 << 16)
def term_code(term: str) -> int:
    """Return the CRC-32 of a term. A window of many articles stores terms as numbers, to save memory."""
    return zlib.crc32(term.encode())


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """Return a folded word without its grammatical ending: `releases`, `released`, `releasing` → `releas`.

    This is a light stemmer like Harman's (How effective is suffixing?, 1991). Its results need not be real stems: forms
    of the same word must only get the same result.
    """
    if len(word) <= _MAX_UNSTEMMED_LENGTH or not word.isascii():
        return (
            word[:-1]
            if len(word) == _MAX_UNSTEMMED_LENGTH and word.endswith("s") and not word.endswith(_SINGULAR_ENDINGS)
            else word
        )
    for ending, replacement in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and _may_drop_ending(word, ending, rest):
            word = _DOUBLED_CONSONANT.sub(r"\1", rest) if ending in {"ing", "ed"} else rest + replacement
            break
    return word[:-1] if len(word) > _MAX_UNSTEMMED_LENGTH and word.endswith("e") else word


def _may_drop_ending(word: str, ending: str, rest: str) -> bool:
    if ending in {"ing", "ed"}:
        return len(rest) > 2 and _VOWEL.search(rest) is not None  # noqa: PLR2004 - "red" and "king" keep their endings
    return ending != "s" or not word.endswith(_SINGULAR_ENDINGS)
