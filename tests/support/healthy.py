"""Healthy sources of six kinds of rhythm: when each publishes in simulated years, made from a seed.

Each is a function from a random generator, the first day and a number of years to times of publication, in order. The
pauses have causes that real sources have: nights, weekends, public holidays, holidays of the office, weeks left out.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)

_NEW_YEAR = {2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6)}
_FREE_DAYS = {(1, 1), (4, 4), (4, 5), (4, 6), *((5, day) for day in range(1, 6)), (6, 10), (6, 11), (9, 15)}


def _days(first: dt.date, years: float) -> Iterator[dt.date]:
    return (first + number * DAY for number in range(int(365.25 * years)))


def _at(day: dt.date, hour: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE) + hour * HOUR


def _after_new_year(day: dt.date) -> int:
    return (day - dt.date(day.year, *_NEW_YEAR[day.year])).days


def is_free(day: dt.date) -> bool:
    """Return whether offices in China are closed on this day for a public holiday."""
    return -1 <= _after_new_year(day) <= 7 or (day.month, day.day) in _FREE_DAYS or (day.month == 10 and day.day <= 7)


def _works(day: dt.date) -> bool:
    return day.weekday() < 5 and not is_free(day)


def many_a_day(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of a newspaper: every day, less on weekends and holidays, little at night."""
    times = []
    for day in _days(first, years):
        share = (0.5 if day.weekday() >= 5 else 1.0) * (0.4 if is_free(day) else 1.0)
        hours = (hour for hour in range(24) if random.random() < share * (0.7 if 7 <= hour <= 22 else 0.1))
        times += [_at(day, hour + random.random()) for hour in hours]
    return times


def weekdays_only(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of an office: on three of four working days, once or more often, at its hours."""
    days = (day for day in _days(first, years) if _works(day) and random.random() < 0.75)
    return sorted(_at(day, 9 + 8 * random.random()) for day in days for _ in range(random.choice((1, 1, 2, 4))))


def weekly(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of a weekly: on Wednesdays or, sometimes, Thursdays; now and then a week is left out."""
    days = (day for day in _days(first, years) if day.weekday() == 2 and not is_free(day) and random.random() < 0.96)
    return [_at(day, 10 + random.gauss(0, 1.5)) + (DAY if random.random() < 0.1 else 0 * DAY) for day in days]


def monthly(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of a monthly: about the tenth; every other August is left out."""
    days = (day for day in _days(first, years) if day.day == 10 and not (day.month == 8 and random.random() < 0.5))
    return sorted(_at(day, 9 + 8 * random.random()) + random.randrange(-4, 8) * DAY for day in days)


def irregular(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of a project: bursts of some hours; between them a week on average, at times a month or two."""
    at, times = _at(first, 0), list[dt.datetime]()
    while at < _at(first, 24 * 365.25 * years):
        times.append(at)
        if random.random() < 0.75:
            at += random.expovariate(1 / 3) * HOUR
        else:
            at += random.lognormvariate(math.log(7) - 0.5, 1.0) * DAY
    return times


def seasonal(random: Random, first: dt.date, years: float) -> list[dt.datetime]:
    """Return the times of a court: on most working days; closed in summer, around New Year, at the Spring Festival."""

    def is_closed(day: dt.date) -> bool:
        date = (day.month, day.day)
        return (7, 25) < date < (9, 1) or date >= (12, 19) or date < (1, 8) or -3 <= _after_new_year(day) <= 15

    days = (day for day in _days(first, years) if _works(day) and not is_closed(day))
    return sorted(_at(day, 9 + 9 * random.random()) for day in days for _ in range(random.choice((0, 1, 1, 2, 3))))


RHYTHMS: dict[str, Callable[[Random, dt.date, float], list[dt.datetime]]] = {
    "many a day": many_a_day,
    "weekdays only": weekdays_only,
    "weekly": weekly,
    "monthly": monthly,
    "irregular": irregular,
    "seasonal": seasonal,
}
