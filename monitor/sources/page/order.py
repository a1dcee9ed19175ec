"""The order of day, month and year in the dates of a page: one date may be ambiguous, all together are not."""

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
_MAX_YEARS_BACK: Final = 20  # years that a list reaches back at most
_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/.-])")
_REPUBLIC_DATE = re.compile(r"(?<![\d/.-])(1\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d/.-])")
_REPUBLIC_FOUNDED: Final = 1911  # years of the Republic of China count from the one after
_MIN_DATES: Final = 2
_YEAR_FIRST_LANGUAGES: Final = frozenset({"zh", "ja", "ko"})  # languages that write so
_Numbers = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DateOrder:
    """The order of numbers in the dates of a page, if it is known.

    `counts_republic_years`: dates of three numbers whose first has three digits count years of the Republic, as
    `115-11-20`.
    """

    day_first: bool = False
    year_first: bool = False
    counts_republic_years: bool = False

    def normalize(self, text: str) -> str:
        """Rewrite the first date in `text` that has this order as year, month, day: `20/11/2026` as `2026-11-20`."""
        if self.counts_republic_years:
            text = _REPUBLIC_DATE.sub(
                lambda found: f"{int(found[1]) + _REPUBLIC_FOUNDED}-{found[3]}-{found[4]}", text, count=1
            )
        return _DATE.sub(self._rewrite, text, count=1) if self.day_first or self.year_first else text

    def _rewrite(self, found: re.Match[str]) -> str:
        first, second, third = _numbers(found)
        short = len(found[4]) == _SHORT_YEAR_DIGITS
        if self.year_first and short:
            return f"{2000 + first}-{second:02d}-{third:02d}"
        if self.day_first:
            return f"{third + 2000 * short}-{second:02d}-{first:02d}"
        return found[0]


def order_of(texts: Iterable[str], year: int, language: str = "") -> DateOrder:
    """Return the common order of the dates in `texts`, whose language is `language`; `year` is the present one."""
    text_list = list(texts)
    republic = _counts_republic_years(text_list, year)
    dates = list(islice(chain.from_iterable(map(_DATE.finditer, text_list)), _MAX_DATES))
    long = [_numbers(date) for date in dates if len(date[4]) > _SHORT_YEAR_DIGITS]
    short = [_numbers(date) for date in dates if len(date[4]) == _SHORT_YEAR_DIGITS]
    if _years_first(short, year % 100, is_usual=language[:2] in _YEAR_FIRST_LANGUAGES):
        return DateOrder(year_first=True, counts_republic_years=republic)
    return DateOrder(day_first=_days_first(long) or (not long and _days_first(short)), counts_republic_years=republic)


def _counts_republic_years(texts: list[str], year: int) -> bool:
    """Return whether texts have dates of the Republic of China: a single one proves nothing."""
    found = [
        (int(match[1]), int(match[3]), int(match[4]))
        for match in islice(chain.from_iterable(map(_REPUBLIC_DATE.finditer, texts)), _MAX_DATES)
    ]
    last = year - _REPUBLIC_FOUNDED
    return len(found) >= _MIN_DATES and all(
        last - _MAX_YEARS_BACK <= counted <= last + 1 and 1 <= month <= _MONTHS_IN_YEAR and 1 <= day <= _MAX_DAY
        for counted, month, day in found
    )


def _numbers(match: re.Match[str]) -> _Numbers:
    return int(match[1]), int(match[3]), int(match[4])


def _days_first(dates: list[_Numbers]) -> bool:
    """Return whether some first numbers cannot be months, and all second ones can."""
    return any(first > _MONTHS_IN_YEAR for first, _, _ in dates) and all(
        second <= _MONTHS_IN_YEAR for _, second, _ in dates
    )


def _years_first(dates: list[_Numbers], year: int, *, is_usual: bool) -> bool:
    """Return whether the first numbers can be years: they vary less than the last ones, which are days then.

    If years are usually first (`is_usual`), it is enough that they do not vary more.
    """
    if not dates or not all(
        year - _MAX_YEARS_BACK <= first <= year and 1 <= second <= _MONTHS_IN_YEAR for first, second, _ in dates
    ):
        return False
    return len({first for first, _, _ in dates}) < len({third for _, _, third in dates}) + is_usual
