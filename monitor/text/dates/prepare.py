"""Prepare a text that may contain a date for the readers of dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from monitor.text.dates.labels import LABEL, PUBLISHED_LABEL
from monitor.text.dates.names import translate_months, without_weekday
from monitor.text.dates.plain import plain

_HAS_WORD = re.compile(r"[^\W\d_]{2}|[^\x00-\x7f]")
"""Two letters, or a character beyond ASCII. Most dates have only numbers and do not match."""
_MAX_SEARCHED_LENGTH: Final = 2000
_MAX_LENGTH: Final = 300

_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_NUMERAL_UNITS: Final = {"十": 10, "廿": 20, "卅": 30, "百": 100}
_NUMERAL = re.compile("[〇零一二三四五六七八九十廿卅百两]{1,6}(?=个?(?:[年月日号点时分秒天周]|小时|星期|钟头))")

WEEKDAY: Final = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?|(?:星期|周|礼拜)[一二三四五六日天]"
)
_LEADING_WEEKDAY = re.compile(rf"^(?:{WEEKDAY})[ ,]*")
_WORDS_BETWEEN: Final = (
    r"(?:a las|o godz\.?|kello|klokken|klo|kl|alle|ore|ora|um|at|on|om|le|il|el|den|vom|as|às|à|o|в|о|u|v|ve|ob|saat"
    r"|r|г|р|року|uhr)(?![^\W\d_])\.?"
)
JUNK: Final = rf"(?>[ ,;|·•()\[\]]|-(?= )|\.(?= )|{_WORDS_BETWEEN}|{WEEKDAY})*"
"""A pattern for text between a date and its time, and after both. It matches in linear time."""
_TIME_WITH_POINT = re.compile(r"(?<=kl\. |klo |lle |ore )\d?\d\.\d\d(?!\d)|(?<!\d)\d\d\.\d\d(?= ?uhr)")
_STRIPPED_CHARACTERS: Final = " []()|·•,;-"


@dataclass(frozen=True, slots=True)
class PreparedLine:
    """A normalised line. In `text` Chinese numerals are digits. `core` is `text` without its label and weekday."""

    text: str
    core: str


def prepare(text: str, language: str = "") -> tuple[PreparedLine, ...]:
    """Return the texts in which to look for a date: first the part from a word such as "published", then all.

    `language` is the language of month names (ISO 639-1), for names that mean different months in two languages.
    """
    head = plain(" ".join(text[:_MAX_SEARCHED_LENGTH].split())[:_MAX_LENGTH])[:_MAX_LENGTH]
    if not _HAS_WORD.search(head):
        return (PreparedLine(head, head.strip(_STRIPPED_CHARACTERS)),)
    head = translate_months(head, language)
    if "." in head:
        head = _TIME_WITH_POINT.sub(lambda found: found[0].replace(".", ":"), head)
    head = _NUMERAL.sub(lambda found: _numeral_to_digits(found[0]), head.replace("民国元年", "民国1年"))
    announced = PUBLISHED_LABEL.search(head)
    whole = _prepare_line(head)
    return (_prepare_line(head[announced.start() :]), whole) if announced else (whole,)


def _prepare_line(text: str) -> PreparedLine:
    core = text.strip(_STRIPPED_CHARACTERS)
    if not core[:1].isdigit():
        core = without_weekday(
            _LEADING_WEEKDAY.sub("", LABEL.sub("", core, count=1), count=1).strip(_STRIPPED_CHARACTERS)
        )
    return PreparedLine(text, core)


def _numeral_to_digits(numeral: str) -> str:
    """Return a Chinese numeral in digits. It has signs for tens and hundreds, or single digits as in years."""
    if not any(character in _NUMERAL_UNITS for character in numeral):
        return "".join(str(_DIGITS[character]) for character in numeral)
    total = digit = 0
    for character in numeral:
        if character in _NUMERAL_UNITS:
            total += max(digit, 1) * _NUMERAL_UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return str(total + digit)
