"""Word borders, by script.

Scripts that separate words by blanks (Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari …) and digits are of one kind:
a term that begins or ends with such a character matches whole words, so no other of them may be next to it. Scripts
without blanks (Chinese characters, Kana, Bopomofo, Thai, Lao, Khmer, Burmese, Tibetan), and Hangul, which appends its
particles to words, are the other kind: their terms match anywhere, and they end the word of a Latin neighbour. Signs
belong to no word: an end of a term that is a sign (`C++`, `U.S.`) asks nothing of its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from monitor.text.kinds import is_in_spaced_word

_MIN_DIGITS_OF_NEW_NUMBER = 4  # fewer of them continue a number: 1.5亿, 1,500亿; but 1.2023年 counts the item of a list


class SearchText(Protocol):
    """A text in its search form, which can return the original."""

    @property
    def text(self) -> str:
        """The search form of the text."""
        ...

    def written(self, start: int, end: int) -> str:
        """Return the original text of `text[start:end]`."""
        ...


def begins_word(search_text: SearchText, start: int) -> bool:
    """Return whether a whole word may begin at `start`, whose character is one of a spaced word.

    A digit after a point or comma that follows a digit does not begin a number. A full-width comma separates numbers.
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
    """Return whether a whole word may end at `end`, before which is a character of a spaced word.

    A number continues after a comma with exactly three digits: `500` is not in `500,000`. A single letter continues in
    `C++` and `C#`.
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

    Four or more digits after the point are not decimals but another number (`1.2023年`); and if a second point and
    digit follow, the whole is a date or a version.
    """
    return bool(_DECIMALS.match(text, end))


_CONTINUING_SIGNS = ",#+"
_THOUSANDS_GROUP = re.compile(r",[0-9]{3}(?![0-9])")
_NAME_SUFFIX = re.compile(r"#|\+\+")
_DECIMALS = re.compile(r"\.[0-9]{1,3}(?![0-9]|\.[0-9])")


_HALF_WORD_CHARACTER = (
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30fa\u30fc-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
_WORD_LETTERS = f"(?:(?!{_HALF_WORD_CHARACTER})[^\\W_][\u0300-\u036f]*)+"
_WEIGHTED_WORD = re.compile(f"({_HALF_WORD_CHARACTER})|{_WORD_LETTERS}(?:['\u2019.,]{_WORD_LETTERS})*")


def weighted_words(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, weight in half words) of each word, for distances.

    A character of a script without blanks weighs half a word. A number with its points and commas is one word, and so
    is a word with an apostrophe; a hyphen separates two words.
    """
    return ((*found.span(), 1 if found[1] else 2) for found in _WEIGHTED_WORD.finditer(text))
