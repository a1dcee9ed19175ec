"""The sound of Chinese characters, and names of people, places or companies in Latin letters made of such sounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from monitor.text.fold import fold_text

_MAX_SYLLABLE_LENGTH: Final = 6  # maximum number of letters of a syllable
_LATIN_NAME: Final = re.compile(r"(?:\b[A-Z][a-z]+(?:['’-]?[A-Za-z]?[a-z]+)*\s?){1,3}")
_MIN_NAME_LENGTH: Final = 5  # letters: every text has something that sounds like a shorter name


@cache
def _syllable_by_character() -> dict[str, str]:
    """Return the syllable of each character."""
    text = resources.files("monitor.stories").joinpath("pinyin.txt").read_text(encoding="utf-8")
    rows = (line.split(" ") for line in text.splitlines() if not line.startswith("#"))
    return {char: syllable for syllable, chars in rows for char in chars}


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(_syllable_by_character().values())


def sound_of(text: str) -> str:
    """Return the syllables of the text's Chinese characters without blanks; a blank replaces other text."""
    readings = _syllable_by_character()
    return re.sub(" +", " ", "".join(readings.get(char, " ") for char in fold_text(text)))


def spoken_names(text: str) -> frozenset[str]:
    """Return those names in a Latin text that consist of two or more Chinese syllables, without blanks."""
    return frozenset(name for found in _LATIN_NAME.findall(text) for name in _names_in_run(found))


def _names_in_run(found: str) -> Iterator[str]:
    """Yield a run of capitalised words as one name, if all of them are made of Chinese syllables.

    Also yield each of its words that has two or more syllables.
    """
    words = [word for word in re.sub(r"['’-]", "", found).lower().split() if _count_syllables(word)]
    whole = "".join(words)
    if len(words) == len(found.split()) and len(words) > 1 and len(whole) >= _MIN_NAME_LENGTH:
        yield whole
    yield from (word for word in words if _count_syllables(word) > 1 and len(word) >= _MIN_NAME_LENGTH)


@lru_cache(maxsize=1 << 13)
def _count_syllables(word: str) -> int:
    """Return the smallest number of Chinese syllables of which a word can be made; 0 if it cannot."""
    fewest = [0] + [0] * len(word)
    for end in range(1, len(word) + 1):
        counts = [
            fewest[start] + 1
            for start in range(max(0, end - _MAX_SYLLABLE_LENGTH), end)
            if (start == 0 or fewest[start]) and word[start:end] in _known_syllables()
        ]
        fewest[end] = min(counts, default=0)
    return fewest[-1]
