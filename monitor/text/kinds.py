"""Kinds of characters: letters of scripts with blanks between words, Chinese characters, and other scripts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

HAN: Final = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, for use inside `[…]` of a regular expression. They include `々` (repetition) and `〇` (zero)."""

UNSPACED: Final = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
"""Characters of scripts that do not separate words by blanks; and Hangul, where particles are joined to words."""

WILDCARD_LETTER: Final = "\ufdd0"
WILDCARD_HAN: Final = "\ufdd1"
"""Noncharacters for the `*` of a term: the first counts as a letter, the second as a Chinese character."""

_UNSPACED_CHARACTER: Final = re.compile(f"[{UNSPACED}]")
_HAN_CHARACTER: Final = re.compile(f"[{HAN}]")


@lru_cache(maxsize=4096)
def is_in_spaced_word(char: str) -> bool:
    """Return whether `char` is a letter, mark or digit of a script with blanks between words."""
    if _UNSPACED_CHARACTER.match(char):
        return False
    return char.isalpha() or char.isdecimal() or unicodedata.category(char) in {"Mn", "Mc"}


def is_han(char: str) -> bool:
    """Return whether `char` is a Chinese character."""
    return bool(_HAN_CHARACTER.match(char))
