"""Find the order of day, month and year from all dates of a page: a single date may be ambiguous."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

_MAX_DATES: Final = 2000
_MONTHS_IN_YEAR: Final = 12
_MAX_DAY: Final = 31
_SHORT_YEAR_DIGITS: Final = 2  # digits
_MAX_YEARS_BACK: Final = 20  # the greatest age of an entry in a list, in years
_NUMERIC_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/.-])")
_REPUBLIC_DATE = re.compile(r"(?<![\d/.-])(1\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d/.-])")
_REPUBLIC_FOUNDED: Final = 1911  # the year before year 1 of the Republic of China
_MIN_DATES: Final = 2
_YEAR_FIRST_LANGUAGES: Final = frozenset({"zh", "ja", "ko"})
_Numbers = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DateOrder:
    """The order of numbers in the dates of a page, if it is known.

    `counts_republic_years` means that a date such as `115-11-20` has a year of the Republic of China.
    """

    day_first: bool = False
    year_first: bool = False
    counts_republic_years: bool = False

    def normalize(self, text: str) -> str:
        """Return `text` with its first date of this order rewritten: `20/11/2026` becomes `2026-11-20`."""
        if self.counts_republic_years:
            text = _REPUBLIC_DATE.sub(
                lambda found: f"{int(found[1]) + _REPUBLIC_FOUNDED}-{found[3]}-{found[4]}", text, count=1
            )
        return _NUMERIC_DATE.sub(self._rewrite, text, count=1) if self.day_first or self.year_first else text

    def _rewrite(self, found: re.Match[str]) -> str:
        first, second, third = _numbers_of(found)
        short = len(found[4]) == _SHORT_YEAR_DIGITS
        if self.year_first and short:
            return f"{2000 + first}-{second:02d}-{third:02d}"
        if self.day_first:
            return f"{third + 2000 * short}-{second:02d}-{first:02d}"
        return found[0]


def order_of(texts: Iterable[str], year: int, language: str = "") -> DateOrder:
    """Return the order of numbers that all dates in `texts` share. `year` is the current year."""
    text_list = list(texts)
    republic = _counts_republic_years(text_list, year)
    dates = list(islice(chain.from_iterable(map(_NUMERIC_DATE.finditer, text_list)), _MAX_DATES))
    long = [_numbers_of(date) for date in dates if len(date[4]) > _SHORT_YEAR_DIGITS]
    short = [_numbers_of(date) for date in dates if len(date[4]) == _SHORT_YEAR_DIGITS]
    if _is_year_first(short, year % 100, is_usual=language[:2] in _YEAR_FIRST_LANGUAGES):
        return DateOrder(year_first=True, counts_republic_years=republic)
    return DateOrder(
        day_first=_is_day_first(long) or (not long and _is_day_first(short)), counts_republic_years=republic
    )


def _counts_republic_years(texts: list[str], year: int) -> bool:
    """Return whether the texts have dates of the Republic of China. A single date is not enough."""
    found = [
        (int(match[1]), int(match[3]), int(match[4]))
        for match in islice(chain.from_iterable(map(_REPUBLIC_DATE.finditer, texts)), _MAX_DATES)
    ]
    last = year - _REPUBLIC_FOUNDED
    return len(found) >= _MIN_DATES and all(
        last - _MAX_YEARS_BACK <= counted <= last + 1 and 1 <= month <= _MONTHS_IN_YEAR and 1 <= day <= _MAX_DAY
        for counted, month, day in found
    )


def _numbers_of(match: re.Match[str]) -> _Numbers:
    return int(match[1]), int(match[3]), int(match[4])


def _is_day_first(dates: list[_Numbers]) -> bool:
    """Return whether the day is first: a first number cannot be a month, and all second numbers can."""
    return any(first > _MONTHS_IN_YEAR for first, _, _ in dates) and all(
        second <= _MONTHS_IN_YEAR for _, second, _ in dates
    )


def _is_year_first(dates: list[_Numbers], year: int, *, is_usual: bool) -> bool:
    """Return whether the year is first: the first numbers can be years, and vary less than the last numbers (days).

    `is_usual` means that the language usually has the year first. Then the first numbers may vary as much as the last.
    """
    if not dates or not all(
        year - _MAX_YEARS_BACK <= first <= year and 1 <= second <= _MONTHS_IN_YEAR for first, second, _ in dates
    ):
        return False
    return len({first for first, _, _ in dates}) < len({third for _, _, third in dates}) + is_usual
