"""Dates as feeds and pages write them → moments with the precision that was stated.

The way of a text: `prepare` brings it to one form, `absolute` and `relative` read it into what it states, `settle`
turns that into a moment or refuses it. `clock` reads times of day, `zones` their zones.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from monitor.clock import aware
from monitor.model import Moment
from monitor.text.dates import absolute, machine, relative
from monitor.text.dates.prepare import Line, prepare
from monitor.text.dates.regions import months_language
from monitor.text.dates.settle import Context, settle

__all__ = ["Written", "parse_moment", "written"]


@dataclass(frozen=True, slots=True)
class Written:
    """A date within a line: its moment and what stands around it, in the form that `plain` gives a text."""

    moment: Moment
    before: str
    behind: str


def parse_moment(text: str, *, now: dt.datetime, timezone: str = "UTC", language: str = "") -> Moment | None:
    """The moment that a text states; None if it states none, or none that can be when something was published.

    Read are RFC 822/2822 with their usual ills, ISO 8601 / W3CDTF in every precision but the bare year, asctime,
    Chinese dates and those with months of any language of Europe, with and without year, years of two digits, dates
    of the Republic of China, and what is counted from `now` ("3 hours ago", 昨天 08:30). A date without a year is the
    latest that is not in the future. Which of several numbers is day, month or year, `language` (a BCP 47 tag) decides
    where it is known, else `timezone`: the month is first in North America and where the zone says nothing (UTC), a
    year of two digits is first in China, Japan and Korea.

    `at` keeps the offset that the text states, else it has that of `timezone` (an IANA name); what lies below the
    precision is zero. Refused are a bare year, a moment before 1990 or more than a day after `now`, and dates that
    say of themselves that they are something else (when the page was made, a deadline, a copyright).

    Looks at the first 300 characters. Never raises for any text. Raises ValueError for a naive `now` and
    zoneinfo.ZoneInfoNotFoundError for an unknown `timezone`.
    """
    context = Context(now=aware(now), zone=ZoneInfo(timezone), language=language)
    if exact := machine.read(text):
        return settle(exact, context)
    for line in prepare(text, months_language(language, timezone)):
        moment = _read(line, context)
        if moment is not None:
            return moment
    return None


def written(text: str, *, now: dt.datetime, timezone: str = "UTC", language: str = "") -> Written | None:
    """Return the first date that a line states itself, with what stands around it; None as for `parse_moment`.

    For readers that must know whether the date is a line's only matter or part of a sentence.
    """
    context = Context(now=aware(now), zone=ZoneInfo(timezone), language=language)
    line = prepare(text, months_language(language, timezone))[-1]
    stated = absolute.search(line, context) or absolute.whole(line, context)
    moment = settle(stated, context) if stated else None
    return Written(moment, stated.before, stated.behind) if stated and moment else None


def _read(line: Line, context: Context) -> Moment | None:
    """What the first reader that knows the form makes of it: a form with impossible values is not tried as another."""
    stated = absolute.search(line, context)
    if stated is None:
        counted = relative.read(line, context)
        if counted is not None:
            return counted
        stated = absolute.whole(line, context)
    return settle(stated, context) if stated is not None else None
