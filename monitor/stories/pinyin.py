"""The sound of Chinese characters, and Latin words made of such sounds: names of people, places, companies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from monitor.text.fold import fold_text

_MAX_SYLLABLE: Final = 6  # letters of a syllable
_NAME: Final = re.compile(r"(?:\b[A-Z][a-z]+(?:['’-]?[A-Za-z]?[a-z]+)*\s?){1,3}")
_MIN_NAME: Final = 5  # letters of a name: shorter ones sound like something in every text


@cache
def _readings() -> dict[str, str]:
    """Return the syllable of each character."""
    text = resources.files("monitor.stories").joinpath("pinyin.txt").read_text(encoding="utf-8")
    rows = (line.split(" ") for line in text.splitlines() if not line.startswith("#"))
    return {char: syllable for syllable, chars in rows for char in chars}


@cache
def _syllables() -> frozenset[str]:
    return frozenset(_readings().values())


def sound_of(text: str) -> str:
    """Return the syllables of the text's Chinese characters without blanks; a blank replaces other text."""
    readings = _readings()
    return re.sub(" +", " ", "".join(readings.get(char, " ") for char in fold_text(text)))


def spoken_names(text: str) -> frozenset[str]:
    """Return the names in a Latin text made of two or more Chinese syllables, without blanks."""
    return frozenset(name for found in _NAME.findall(text) for name in _names_in_run(found))


def _names_in_run(found: str) -> Iterator[str]:
    """Yield a run of capitalised words that are all made of syllables, and each of the words that has two or more."""
    words = [word for word in re.sub(r"['’-]", "", found).lower().split() if _count_syllables(word)]
    whole = "".join(words)
    if len(words) == len(found.split()) and len(words) > 1 and len(whole) >= _MIN_NAME:
        yield whole
    yield from (word for word in words if _count_syllables(word) > 1 and len(word) >= _MIN_NAME)


@lru_cache(maxsize=1 << 13)
def _count_syllables(word: str) -> int:
    """Return the number of syllables of a word, as few as possible; 0 if it is not made of syllables."""
    fewest = [0] + [0] * len(word)
    for end in range(1, len(word) + 1):
        counts = [
            fewest[start] + 1
            for start in range(max(0, end - _MAX_SYLLABLE), end)
            if (start == 0 or fewest[start]) and word[start:end] in _syllables()
        ]
        fewest[end] = min(counts, default=0)
    return fewest[-1]
