"""Translate names of months and weekdays in European languages into English, for the readers of dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from monitor.text.dates.months import MONTHS, WEEKDAYS

_ENGLISH_ABBREVIATIONS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLAIN_LETTERS: Final = str.maketrans("ıłøđ", "ilod")
# The abbreviation `lip` means June in Croatian (`lipanj`) and July in Polish (`lipiec`).
_CROATIAN_LANGUAGE: Final = "hr"
# Irish month names of two words.
_NAMES_OF_TWO_WORDS: Final = (
    (re.compile(r"me[áa]n f[óo]mhair"), "mfómh"),
    (re.compile(r"deireadh f[óo]mhair"), "dfómh"),
    (re.compile(r"(?<=\d )na (?=samhna|nollag)"), ""),
)
# Latin, Greek, Cyrillic, Armenian, Georgian
_LETTER_RANGE: Final = r"a-zA-Z\u00c0-\u024f\u0370-\u058f\u10a0-\u10ff\u1e00-\u1fff"
_WORD = re.compile(rf"[{_LETTER_RANGE}][{_LETTER_RANGE}\u0300-\u036f]{{2,16}}")
_NUMBER_BEFORE = re.compile(r"(?<![:\d])\d{1,4}[^\W\d]{0,3}['°.,/-]{0,3} ?(?:[^\W\d_]{1,3}[ '])?$")
_CLOCK_BEFORE = re.compile(r":\d\d ?$")
_NUMBER_BEHIND = re.compile(r"(?:ko|ren|k)?[.,]{0,2}[ /-]{0,2}(?:[^\W\d_]{1,3}[ '])?'?\d")
_YEAR_BEHIND = re.compile(r"\.?[ /-](?:de )?(?:\d{1,2}, )?\d{4}")
_YEAR_BEFORE = re.compile(r"\d{4}\.?[ -]$")
_AGO_WORD: Final = "ago"
_MAX_NUMBER_DISTANCE: Final = 12
_MIN_WEEKDAY_LENGTH: Final = 4  # letters; shorter names are often words of other languages
_FIRST_WORD = re.compile(r"[^\W\d_]['\w-]{1,16}[.,]{0,2} ?(?=\d)")


def _fold(word: str) -> str:
    """Return `word` in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in plain if not unicodedata.combining(char)).translate(_PLAIN_LETTERS)


def _month_table(tables: Iterable[str]) -> dict[str, str]:
    """Return the English month for each name in `tables`, with and without accents. Earlier tables have priority."""
    found: dict[str, str] = {}
    for table in tables:
        for english, names in zip(_ENGLISH_ABBREVIATIONS, table.split("|"), strict=True):
            for name in names.split():
                found.setdefault(name, found.setdefault(_fold(name), english))
    return found


_ENGLISH_MONTHS: Final = _month_table(MONTHS[language] for language in sorted(MONTHS, key=_CROATIAN_LANGUAGE.__eq__))
_ENGLISH_MONTHS_CROATIAN_FIRST: Final = _ENGLISH_MONTHS | _month_table([MONTHS[_CROATIAN_LANGUAGE]])
_WEEKDAYS: Final = frozenset(WEEKDAYS.split())
_ENGLISH_WEEKDAYS: Final = frozenset(f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun"))
_ENGLISH_WEEKDAY: Final = "mon"  # the readers of dates ignore which weekday it is


def translate_months(text: str, language: str = "") -> str:
    """Return `text` with the English abbreviation for each month next to a number: `3. Dezember` → `3. dec`.

    Weekdays next to numbers become `mon`. `language` (ISO 639-1) decides if a name means different months in two
    languages: `hr` is Croatian.
    """
    if "mhair" in text or "na " in text:
        for two_words, one in _NAMES_OF_TWO_WORDS:
            text = two_words.sub(one, text)
    months = _ENGLISH_MONTHS_CROATIAN_FIRST if language == _CROATIAN_LANGUAGE else _ENGLISH_MONTHS
    return _WORD.sub(lambda found: _translate(found, months), text)


def _translate(match: re.Match[str], months: Mapping[str, str]) -> str:
    word = match[0] if match[0].isascii() and match[0].islower() else _fold(match[0])
    english = months.get(word)
    if english == word:
        return word
    if english is None and word in _WEEKDAYS and len(word) >= _MIN_WEEKDAY_LENGTH:
        english = _ENGLISH_WEEKDAY
    return english if english is not None and _is_next_to_number(match, word) else match[0]


def _is_next_to_number(match: re.Match[str], word: str) -> bool:
    behind = match.string[match.end() : match.end() + _MAX_NUMBER_DISTANCE]
    before = match.string[max(0, match.start() - _MAX_NUMBER_DISTANCE) : match.start()]
    if word == _AGO_WORD:  # also an English word: "3 h ago"
        return bool(_YEAR_BEFORE.search(before) or _YEAR_BEHIND.match(behind))
    if _CLOCK_BEFORE.search(before):  # it is a time zone
        return False
    return bool(_NUMBER_BEFORE.search(before) or _NUMBER_BEHIND.match(behind))


def is_weekday(word: str) -> bool:
    """Return whether `word` is the name of a weekday in a language of Europe."""
    return _fold(word) in _WEEKDAYS | _ENGLISH_WEEKDAYS


def without_weekday(text: str) -> str:
    """Return `text` without a weekday at its start, if a number follows the weekday."""
    found = _FIRST_WORD.match(text)
    return text[found.end() :] if found and _fold(found[0].strip(" .,")) in _WEEKDAYS else text
