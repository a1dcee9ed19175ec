"""Where a word ends, by script.

Scripts that part words by blanks (Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari …) and digits are of one kind: a
term that begins or ends with such a character matches whole words, so no other of them may stand beside it. Scripts
without blanks (Chinese characters, Kana, Bopomofo, Thai, Lao, Khmer, Burmese, Tibetan), and Hangul, which appends its
particles to words, are the other kind: their terms match anywhere, and they end the word of a Latin neighbour. Signs
belong to no word: an end of a term that is a sign (`C++`, `U.S.`) asks nothing of its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.text.words import in_spaced_word

__all__ = ["begins_word", "ends_word", "in_spaced_word", "words"]

_DIGITS_AFTER_A_POINT = 4  # fewer of them continue a number: 1.5亿, 1,500亿; but 1.2023年 counts the item of a list


def begins_word(text: str, start: int) -> bool:
    """May a whole word begin at `start`, whose character is one of a spaced word?

    A digit does not begin a number behind a point or comma that itself follows a digit.
    """
    if start == 0:
        return True
    before = text[start - 1]
    return not (in_spaced_word(before) or (before in ".," and _continues_number(text, start)))


def _continues_number(text: str, start: int) -> bool:
    digits = text[start : start + _DIGITS_AFTER_A_POINT]
    follows_digit = start > 1 and text[start - 2].isdecimal()
    return follows_digit and digits[0].isdecimal() and not (len(digits) == _DIGITS_AFTER_A_POINT and digits.isdecimal())


def ends_word(text: str, end: int) -> bool:
    """May a whole word end at `end`, before which stands a character of a spaced word?"""
    return end == len(text) or not in_spaced_word(text[end])


_HALF = (
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30fa\u30fc-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
_LETTERS = f"(?:(?!{_HALF})[^\\W_][\u0300-\u036f]*)+"
_WORDS = re.compile(f"({_HALF})|{_LETTERS}(?:['\u2019.,]{_LETTERS})*")


def words(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, weight in half words) of each word, for distances.

    A character of a script without blanks weighs half a word. A number with its points and commas is one word, and so
    is a word with an apostrophe; a hyphen parts two words.
    """
    return ((*found.span(), 1 if found[1] else 2) for found in _WORDS.finditer(text))
