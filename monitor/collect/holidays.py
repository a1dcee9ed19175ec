"""Weeks in which many sources publish little or nothing. Pure.

A pause in such a week says little about a source, so time in it counts less when the length of a pause is judged. The
windows are wide: offices close before a holiday and open after it. No country is configured, so all windows hold for
all sources (docs/decisions/0029).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

HOLIDAY_WEIGHT: Final = 0.05
"""A day of a holiday window counts as this part of a usual day."""

SUMMER_WEIGHT: Final = 0.1
"""A day of the quiet weeks of summer counts as this part of a usual day, for a source that is quiet in them."""

LUNAR_NEW_YEAR: Final = {
    2020: (1, 25),
    2021: (2, 12),
    2022: (2, 1),
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
    2036: (1, 28),
    2037: (2, 15),
    2038: (2, 4),
    2039: (1, 24),
    2040: (2, 12),
}
"""Month and day of the Lunar New Year, from the Gregorian–lunar conversion tables of the Hong Kong Observatory."""

_LUNAR_NEW_YEAR_RANGE: Final = ((1, 21), (2, 20))  # the New Year is in it in each year of this century
_BEFORE_LUNAR_NEW_YEAR, _AFTER_LUNAR_NEW_YEAR = dt.timedelta(days=4), dt.timedelta(days=16)  # the 15th day is a feast
_BEFORE_EASTER, _AFTER_EASTER = dt.timedelta(days=3), dt.timedelta(days=2)

_FIXED_WINDOWS: Final = (
    ((1, 1), (1, 9)),  # New Year, and the Christmas of 7 January
    ((4, 28), (5, 6)),  # Labour Day in China, Golden Week in Japan
    ((9, 29), (10, 9)),  # the National Day of China, with the days around it
    ((12, 20), (12, 31)),  # Christmas
)
_SUMMER: Final = ((7, 20), (8, 31))


def day_weight(day: dt.date, *, rests_in_summer: bool) -> float:
    """Return how much of a usual day a day counts as, for sources that rest in summer or do not."""
    return day_weights(day.year, rests_in_summer=rests_in_summer)[day.timetuple().tm_yday - 1]


@cache
def day_weights(year: int, *, rests_in_summer: bool) -> tuple[float, ...]:
    """Return how much of a usual day each day of a year counts as."""
    first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    days = map(dt.date.fromordinal, range(first, last + 1))
    holidays, summer = _holidays(year), SUMMER_WEIGHT if rests_in_summer else 1.0
    return tuple(
        HOLIDAY_WEIGHT if day in holidays else summer if _SUMMER[0] <= (day.month, day.day) <= _SUMMER[1] else 1.0
        for day in days
    )


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    """Return all days of the holiday windows of a year."""
    fixed = ((dt.date(year, *first), dt.date(year, *last)) for first, last in _FIXED_WINDOWS)
    earliest = latest = LUNAR_NEW_YEAR.get(year)
    if earliest is None or latest is None:
        earliest, latest = _LUNAR_NEW_YEAR_RANGE
    spring = (dt.date(year, *earliest) - _BEFORE_LUNAR_NEW_YEAR, dt.date(year, *latest) + _AFTER_LUNAR_NEW_YEAR)
    easter = easter_sunday(year)
    windows = (*fixed, spring, (easter - _BEFORE_EASTER, easter + _AFTER_EASTER))
    days = (first + dt.timedelta(number) for first, last in windows for number in range((last - first).days + 1))
    return frozenset(days)


def easter_sunday(year: int) -> dt.date:
    """Return the date of Easter in the Gregorian calendar.

    The algorithm is the anonymous one of 1876, as in Jean Meeus, Astronomical Algorithms, chapter 8.
    """
    century, of_century = divmod(year, 100)
    golden = year % 19
    leaps, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)
