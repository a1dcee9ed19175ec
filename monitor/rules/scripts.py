"""Word borders, by script.

Spaced scripts separate words by blanks: Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari and others; digits count as
one of them. A term that begins or ends with such a character matches only whole words: no other such character may be
next to it. Unspaced scripts are Chinese characters, Kana, Bopomofo, Thai, Lao, Khmer, Burmese, Tibetan, and Hangul,
which appends particles to words. Their terms match anywhere, and a Latin word ends where they begin. Signs belong to
no word: at an end of a term that is a sign (`C++`, `U.S.`), any neighbour is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from monitor.lazy import lazy_pattern
from monitor.text.kinds import is_in_spaced_word

_MIN_DIGITS_OF_NEW_NUMBER = 4  # fewer digits continue a number: 1.5亿; but 1.2023年 is item 1 of a list


class SearchText(Protocol):
    """A text in its search form, which can also return the original text."""

    @property
    def text(self) -> str:
        """The search form of the text."""
        ...

    def written(self, start: int, end: int) -> str:
        """Return the original text of `text[start:end]`."""
        ...


def begins_word(search_text: SearchText, start: int) -> bool:
    """Return whether a whole word may begin at `start`, where a character of a spaced script is.

    The 5 of `1.5` and of `1,500` does not begin a number. A full-width comma separates numbers.
    """
    if start == 0:
        return True
    text = search_text.text
    character_before = text[start - 1]
    if character_before == " ":
        return True
    if is_in_spaced_word(character_before):
        return False
    return not (
        character_before in ".," and _continues_number(text, start) and not _is_wide_comma(search_text, start - 1)
    )


def _continues_number(text: str, start: int) -> bool:
    digits = text[start : start + _MIN_DIGITS_OF_NEW_NUMBER]
    follows_digit = start > 1 and text[start - 2].isdecimal()
    return (
        follows_digit
        and digits[0].isdecimal()
        and not (len(digits) == _MIN_DIGITS_OF_NEW_NUMBER and digits.isdecimal())
    )


def _is_wide_comma(search_text: SearchText, index: int) -> bool:
    return search_text.text[index] == "," and search_text.written(index, index + 1) == "，"


def ends_word(search_text: SearchText, end: int) -> bool:
    """Return whether a whole word may end at `end`, after a character of a spaced script.

    A number goes on after a comma with exactly three digits: `500` is not found in `500,000`. A single letter goes on
    in `C++` and `C#`, so that `C` is not found there.
    """
    text = search_text.text
    if end == len(text):
        return True
    character_after = text[end]
    if character_after not in _CONTINUING_SIGNS:
        return not is_in_spaced_word(character_after)
    if character_after == ",":
        thousands = text[end - 1].isdecimal() and _THOUSANDS_GROUP.match(text, end)
        return not thousands or _is_wide_comma(search_text, end)
    if not _NAME_SUFFIX.match(text, end):
        return True
    is_single_letter = end == 1 or not is_in_spaced_word(text[end - 2])
    return not (is_single_letter and text[end - 1].isalpha())


def is_followed_by_decimals(text: str, end: int) -> bool:
    """Return whether the number that ends at `end` goes on with decimals (`500` in `500.75`).

    Four or more digits after the point are not decimals but another number (`1.2023年`). If a second point and a digit
    follow, the whole is a date or a version.
    """
    return bool(_DECIMALS.match(text, end))


_CONTINUING_SIGNS = ",#+"
_THOUSANDS_GROUP = lazy_pattern(r",[0-9]{3}(?![0-9])")
_NAME_SUFFIX = lazy_pattern(r"#|\+\+")
_DECIMALS = lazy_pattern(r"\.[0-9]{1,3}(?![0-9]|\.[0-9])")


_HALF_WORD_CHARACTER = (
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30fa\u30fc-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
_WORD_LETTERS = f"(?:(?!{_HALF_WORD_CHARACTER})[^\\W_][\u0300-\u036f]*)+"
_WEIGHTED_WORD = lazy_pattern(f"({_HALF_WORD_CHARACTER})|{_WORD_LETTERS}(?:['\u2019.,]{_WORD_LETTERS})*")


def weighted_words(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, length in half words) of each word, to measure distances.

    A character of an unspaced script counts as half a word. A number with its points and commas is one word, and so is
    a word with an apostrophe. A hyphen separates two words.
    """
    return ((*found.span(), 1 if found[1] else 2) for found in _WEIGHTED_WORD.finditer(text))
