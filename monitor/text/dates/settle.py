"""What a text states → a moment, or nothing if it cannot be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from monitor.model import Moment, Precision
from monitor.text.dates.regions import Order, order_of
from monitor.text.dates.zones import Zone, offset_of

_FIRST_YEAR: Final = 1990
_AHEAD: Final = dt.timedelta(days=1)
_YEARS_BACK: Final = 9  # the longest time without a 29 February


@dataclass(frozen=True, slots=True)
class Context:
    """What a text leaves unsaid: the moment at which it is read, in UTC, and the zone of its source.

    `language` is the BCP 47 tag of what is read; "" where it is not known.
    """

    now: dt.datetime
    zone: ZoneInfo
    language: str = ""

    @property
    def order(self) -> Order:
        """In which order numbers are written that leave it open."""
        return order_of(self.language, self.zone.key)

    @property
    def today(self) -> dt.date:
        """The date in the source's zone."""
        return self.now.astimezone(self.zone).date()


class Clock(NamedTuple):
    """A time of day. `hour` 24 is the end of the day; None is what was not stated."""

    hour: int
    minute: int | None = None
    second: int | None = None
    microsecond: int = 0

    @property
    def precision(self) -> Precision:
        """Return down to what it was stated."""
        if self.minute is None:
            return "hour"
        return "minute" if self.second is None else "second"


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as it stands: `year` None if it has none, `day` None if only a month; with time and zone if stated.

    `before` and `behind` are what stands around date and time in the line.
    """

    year: int | None
    month: int
    day: int | None
    clock: Clock | None = None
    zone: Zone | None = None
    before: str = ""
    behind: str = ""


def settle(stated: Stated, context: Context) -> Moment | None:
    """Return the moment, or None if there is no such day or nothing can have been published then.

    Without a year it is the latest such day that is not in the future.
    """
    if stated.year is not None:
        date = _day(stated.year, stated.month, stated.day or 1)
    else:
        today = context.today
        days = (_day(today.year - back, stated.month, stated.day or 1) for back in range(_YEARS_BACK))
        date = next((day for day in days if day is not None and day <= today), None)
    if date is None:
        return None
    clock = stated.clock or Clock(0)
    precision: Precision = "month" if stated.day is None else "day"
    if stated.clock and stated.day is not None:
        precision = stated.clock.precision
    whole = dt.datetime.combine(date, dt.time())
    local = whole + dt.timedelta(hours=clock.hour, minutes=clock.minute or 0, seconds=clock.second or 0)
    return moment(local.replace(microsecond=clock.microsecond), precision, stated.zone, context)


def moment(local: dt.datetime, precision: Precision, zone: Zone | None, context: Context) -> Moment | None:
    """Return the naive time `local` in its zone; None if nothing can have been published then."""
    at = local.replace(tzinfo=dt.timezone(offset_of(zone, local, context.zone)))
    if local.year < _FIRST_YEAR or at > context.now + _AHEAD:
        return None
    return Moment(at, precision)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
