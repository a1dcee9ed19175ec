"""The figures of a text that identify an event: amounts, counts, percentages and dates, in English and in Chinese.

A figure is its kind and its value, so that `500 million yuan` and `5亿元` are equal, and `May 27` and `5月27日`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from monitor.lazy import lazy_pattern
from monitor.stories.terms import stem
from monitor.text.fold import fold_text
from monitor.text.kinds import HAN

Kind = Literal["count", "percent", "ordinal", "day", "month", "quarter", "year"]


def _number_words(*words: str, start: int = 1) -> dict[str, int]:
    """Return the number of each word, counted from `start`. Words for the same number are separated by blanks."""
    return {word: number for number, same in enumerate(words, start) for word in same.split()}


_SCALES: Final = {
    **dict.fromkeys(("trillion", "trn", "tn", "万亿", "兆"), 1e12),
    **dict.fromkeys(("billion", "bn", "b", "十亿"), 1e9),
    **dict.fromkeys(("million", "mn", "mln", "m", "百万"), 1e6),
    **dict.fromkeys(("thousand", "k", "千"), 1e3),
    **dict(zip(("千亿", "百亿", "亿", "千万", "十万", "万", "百"), (1e11, 1e10, 1e8, 1e7, 1e5, 1e4, 1e2), strict=True)),
}
_HAN_SCALES: Final = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百|兆"
_ENGLISH_SCALES: Final = "trillion|billion|million|thousand"
_MONTHS: Final = _number_words(
    *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug"),
    *("september sept sep", "october oct", "november nov", "december dec"),
)
_AMBIGUOUS_MONTHS: Final = frozenset({"may", "march"})
"""Names of months that are also other words. They count as months only together with a day."""

_NUMBERS_BY_WORD: Final = _number_words(
    *("two 两 二", "three 三", "four 四", "five 五", "six 六", "seven 七", "eight 八", "nine 九", "ten 十"),
    *("eleven 十一", "twelve 十二"),
    start=2,
)
NUMBER_WORDS: Final = frozenset(_NUMBERS_BY_WORD)
_QUARTERS: Final = _number_words("first 1 一", "second 2 二", "third 3 三", "fourth 4 四")
_COUNTED_THINGS: Final = "个|家|名|项|张|款|部门|年|台|批|只|座|条|人|大|国|城|省|市|次|亿|万"

_DAY_PATTERN: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_MONTH_PATTERN: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ENGLISH_WORDS: Final = "|".join(word for word in _NUMBERS_BY_WORD if word.isascii())
_SCALE_PATTERN: Final = rf"(?:\s?-?\s?(?P<scale>{_HAN_SCALES}|(?:{_ENGLISH_SCALES}|trn|tn|bn|mn|mln|k|m|b)\b))?"
# The forms of figures by their first character, so that most characters of a text are rejected by a single comparison.
_DIGITS_FIRST: Final = (
    rf"(?P<year>(?<![\d.])(?:19|20)\d\d)(?=\s?年|(?![\d.,%]|\s?(?:{_ENGLISH_SCALES}|{_HAN_SCALES})))",
    rf"\b(?P<day_before>{_DAY_PATTERN})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month_after>{_MONTH_PATTERN})\b",
    rf"(?P<han_month>1[0-2]|0?[1-9])\s?月(?:\s?(?P<han_day>{_DAY_PATTERN})\s?[日号])?",
    rf"(?P<number>(?<![\d.])\d+(?:,\d{{3}})*(?:\.\d+)?)\s?(?P<percent>%|per ?cent\b|个百分点)?{_SCALE_PATTERN}",
)
_LETTERS_FIRST: Final = (
    rf"(?P<month>{_MONTH_PATTERN})\b\.?(?:\s(?P<day>{_DAY_PATTERN})(?:st|nd|rd|th)?\b(?!\s?(?:million|billion|%|:)))?",
    r"(?P<quarter_word>first|second|third|fourth)[\s-]quarter\b|q(?P<quarter>[1-4])\b",
    r"(?:no|nos|number|vol|issue|phase|round)\b\.?\s?(?P<ordinal>\d+)(?![\d.,]*\d|%)",
    rf"(?P<word>{_ENGLISH_WORDS})\b(?:[\s-](?P<word_scale>{_ENGLISH_SCALES})\b)?",
)
_OTHERS_FIRST: Final = (
    r"(?P<han_quarter>[一二三四])季度",
    r"(?:第\s?|#)(?P<marked_ordinal>\d+)(?![\d.,]*\d|%)",
    rf"(?P<han_word>十[一二]|[两二三四五六七八九十])(?={_COUNTED_THINGS})",
)
_FIGURE_PATTERN: Final = lazy_pattern(
    rf"(?=\d)(?:{'|'.join(_DIGITS_FIRST)})|\b(?=[a-z])(?:{'|'.join(_LETTERS_FIRST)})"
    rf"|(?=[#第一二两三四五六七八九十])(?:{'|'.join(_OTHERS_FIRST)})"
)
_UNIT_PATTERN: Final = lazy_pattern(rf"\s?-?([a-z]{{3,}})(?:\s([a-z]{{4,}}))?|\s?([{HAN}]{{1,2}})")
_TIME_UNITS: Final = ("year", "month", "day", "week", "hour", "minute")
_NOT_UNITS: Final = frozenset(
    (
        *"年月日天时分周岁点",
        *_TIME_UNITS,
        *(f"{word}s" for word in _TIME_UNITS),
        "more",
        "new",
        "and",
        "the",
        "for",
        "per",
        "other",
    )
)
_MAX_SMALL_COUNT: Final = 12.0
_MIN_ROUNDED_DIGITS: Final = 2
"""Minimum number of significant digits of a rounded figure: 150 may be 154 rounded, but 200 is taken as exact."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. Days are month × 100 + day; `digits` is the number of significant digits written."""

    kind: Kind
    value: float
    digits: int

    @property
    def is_common(self) -> bool:
        """Whether the figure is too common to identify an event, such as a year, a month or a small count."""
        if self.kind == "count":
            return self.value <= _MAX_SMALL_COUNT and self.value == int(self.value)
        return self.kind in {"year", "month", "quarter"}

    def agrees(self, other: Figure) -> bool:
        """Return whether the two may be the same figure, possibly with one of them rounded."""
        if self.kind != other.kind:
            return False
        if self.value == other.value or self.kind != "count":
            return self.value == other.value
        rough, fine = sorted((self, other), key=lambda figure: figure.digits)
        return (
            _MIN_ROUNDED_DIGITS <= rough.digits < fine.digits
            and _round_to_digits(fine.value, rough.digits) == rough.value
        )


def _round_to_digits(value: float, digits: int) -> float:
    """Return the value rounded to `digits` significant digits."""
    return float(f"{value:.{digits - 1}e}")


def figures_of(text: str) -> frozenset[Figure]:
    """Return the figures of a text."""
    return frozenset(figure for found in _FIGURE_PATTERN.finditer(fold_text(text)) if (figure := _read_figure(found)))


def figures_in(plain: str) -> Iterator[tuple[Figure, int, int]]:
    """Yield the figures of a folded text in order, each with its start and end."""
    for found in _FIGURE_PATTERN.finditer(plain):
        if figure := _read_figure(found):
            yield figure, found.start(), found.end()


def quantities_of(text: str) -> dict[str, set[float]]:
    """Return the counts in a text: for each unit (the word after a number) all numbers with this unit."""
    plain = fold_text(text)
    stated: dict[str, set[float]] = defaultdict(set)
    for found, word in _counts_with_units(plain):
        stated[stem(word)].add(_read_count(found).value)
    return dict(stated)


def _counts_with_units(plain: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the counts in a folded text, each with the word or the two words that may be its unit."""
    for found in _FIGURE_PATTERN.finditer(plain):
        if found["number"] or found["word"] or found["han_word"]:
            unit = _UNIT_PATTERN.match(plain, found.end())
            words = filter(None, unit.groups()) if unit else ()
            yield from ((found, word) for word in words if word not in _NOT_UNITS and word[0] not in _NOT_UNITS)


def _read_figure(found: re.Match[str]) -> Figure | None:
    if found["year"]:
        return Figure("year", float(found["year"]), len(found["year"]))
    if name := found["month"] or found["month_after"] or found["han_month"]:
        return _read_date(name, found["day"] or found["day_before"] or found["han_day"])
    if quarter := found["quarter"] or found["quarter_word"] or found["han_quarter"]:
        return Figure("quarter", float(_QUARTERS[quarter]), 1)
    if ordinal := found["ordinal"] or found["marked_ordinal"]:
        return Figure("ordinal", float(ordinal), len(ordinal))
    return _read_count(found)


def _read_date(name: str, day: str | None) -> Figure | None:
    month = _MONTHS.get(name) or int(name)
    if day:
        return Figure("day", month * 100.0 + int(day), 3)
    return None if name in _AMBIGUOUS_MONTHS else Figure("month", float(month), 2)


def _read_count(found: re.Match[str]) -> Figure:
    digits = (found["number"] or "").replace(",", "")
    value = float(digits) if digits else float(_NUMBERS_BY_WORD[found["word"] or found["han_word"]])
    scaled = round(value * _SCALES.get(found["scale"] or found["word_scale"] or "", 1.0), 6)
    return Figure("percent" if found["percent"] else "count", scaled, len(digits.replace(".", "").strip("0")) or 1)
