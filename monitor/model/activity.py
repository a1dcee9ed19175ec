"""When a source published, and what its polls gave on the last days, small enough for the source's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from monitor.model.articles import Moment

MAX_DAYS: Final = 260
"""Maximum number of days with entries that are kept, the latest ones. They are a year of working days."""

MAX_AGE_DAYS: Final = 6 * 366
"""Days that are older than the latest day by more than this number of days are dropped."""

_HOURS_PER_DAY: Final = 24
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HOUR: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Activity:
    """The hours in which a source published at least one entry. Entries of the same hour count as one.

    `days` are the days in UTC with at least one such hour, the earliest first: the number of the day since 1970, and a
    number whose bit N is set if something came in hour N.
    """

    days: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.days)

    def hours(self) -> Iterator[dt.datetime]:
        """Yield the beginning of each hour in UTC, the earliest first."""
        for day, mask in self.days:
            for hour in range(_HOURS_PER_DAY):
                if mask >> hour & 1:
                    yield _EPOCH + (day * _HOURS_PER_DAY + hour) * _HOUR

    def with_moments(self, moments: Iterable[dt.datetime]) -> Activity:
        """Return the activity with the hours of these moments added, without the days that are too many or too old."""
        days = dict(self.days)
        for moment in moments:
            day, hour = divmod((moment - _EPOCH) // _HOUR, _HOURS_PER_DAY)
            days[day] = days.get(day, 0) | 1 << hour
        latest = max(days, default=0)
        kept = sorted(day for day in days if latest - day <= MAX_AGE_DAYS)[-MAX_DAYS:]
        return Activity(tuple((day, days[day]) for day in kept))

    def until(self, at: dt.datetime) -> Activity:
        """Return the activity without the hours that begin after `at`, which were recorded while a clock was wrong."""
        return (
            self
            if not self.days or self.days[-1][0] <= (at - _EPOCH).days
            else Activity().with_moments(hour for hour in self.hours() if hour <= at)
        )

    def encoded(self) -> list[int]:
        """Return the activity as numbers: for each day its distance from the day before, and its hours."""
        numbers, before = [], 0
        for day, mask in self.days:
            numbers += [day - before, mask]
            before = day
        return numbers

    @classmethod
    def decoded(cls, numbers: Iterable[int]) -> Activity:
        """Return the activity that `encoded` made into these numbers."""
        days, day = [], 0
        iterator = iter(numbers)
        for distance, mask in zip(iterator, iterator, strict=True):
            day += distance
            days.append((day, mask))
        return cls(tuple(days))


class Publication(NamedTuple):
    """When an entry was published, as its source says, and when it was first seen.

    `baseline`: it was already listed when it could first be read, so that `first_seen_at` says nothing about it.
    """

    published: Moment | None
    first_seen_at: dt.datetime
    baseline: bool


@dataclass(frozen=True, slots=True)
class Quiet:
    """A pause of a source that is longer than its rhythm explains. `since`: when the last entry came.

    `longest` is the longest pause in the time `observed` before, holidays apart; None if the rhythm is not known. So
    long a pause is expected once in `years`; None if that is not known.
    """

    since: dt.datetime
    longest: dt.timedelta | None = None
    observed: dt.timedelta = dt.timedelta()
    years: float | None = None


SHOWN_DAYS: Final = 14
"""The number of days for which the results of polls are kept."""


class DayOfPolls(NamedTuple):
    """The results of a day's polls: the number of polls, of those that failed, and of new entries.

    `day` is the date in ISO 8601.
    """

    day: str
    polls: int = 0
    failed: int = 0
    new: int = 0


def with_poll(
    days: tuple[DayOfPolls, ...], day: dt.date, *, new: int = 0, failed: bool = False
) -> tuple[DayOfPolls, ...]:
    """Return the results of the last days with one more poll, which was on `day`. Older days are dropped."""
    today, oldest = day.isoformat(), (day - dt.timedelta(days=SHOWN_DAYS - 1)).isoformat()
    last = next((one for one in days if one.day == today), DayOfPolls(today))
    counted = DayOfPolls(today, last.polls + 1, last.failed + failed, last.new + new)
    others = (one for one in days if one.day != today and oldest <= one.day)
    return tuple(sorted((*others, counted)))
