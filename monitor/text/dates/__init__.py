"""Read dates as feeds and pages write them: a moment with its precision.

The forms of RFC 3339 and RFC 5322, which most feeds and sitemaps use, are read directly. Other texts take these steps:
`prepare` normalises the text, `absolute` and `relative` read its parts, and `settle` turns the parts into a moment or
rejects them. `clock` reads times of day, `settle` reads time zones.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from monitor.clock import to_utc
from monitor.model import Moment
from monitor.text.dates import absolute, relative
from monitor.text.dates.prepare import PreparedLine, prepare
from monitor.text.dates.regions import language_of_months
from monitor.text.dates.settle import ClockTime, Context, StatedDate, read_zone, resolve_date

__all__ = ["DateInLine", "Dates", "find_date", "parse_moment"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME_PATTERN: Final = (
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.(?P<fraction>\d{1,6})\d{0,9})?)?"
)
# RFC 5322, 3.3, and the profile of ISO 8601 in RFC 3339, with or without time.
_RFC_5322: Final = re.compile(
    rf"(?:[a-z]{{3}}, )?(?P<day>\d\d?) (?P<name>{'|'.join(_MONTHS)}) (?P<year>\d{{4}}) {_TIME_PATTERN}"
    r" (?P<zone>gmt|[+-]\d{4})",
    re.IGNORECASE | re.ASCII,
)
_RFC_3339: Final = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:[t ]{_TIME_PATTERN}(?P<zone>z|[+-]\d\d:\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_MICROSECOND_DIGITS: Final = 6
_MAX_DISTANCE: Final = dt.timedelta(days=73_000)
_MORE_THAN_A_YEAR: Final = dt.timedelta(days=401)


@dataclass(frozen=True, slots=True)
class DateInLine:
    """A date within a line: its moment, and the text before and after it, normalised by `plain`."""

    moment: Moment
    before: str
    behind: str


def parse_moment(text: str, *, now: dt.datetime, timezone: str = "UTC", language: str = "") -> Moment | None:
    """Return the moment of publication that a text states; None if there is no plausible one.

    These forms are read: RFC 822/2822 with common errors; ISO 8601 / W3CDTF in every precision except a year alone;
    asctime; Chinese dates; dates with month names of any European language, with or without a year; two-digit years;
    dates of the Republic of China; relative dates ("3 hours ago", 昨天 08:30). A date without a year is the latest such
    date that is not in the future. The order of ambiguous numbers depends on `language` (a BCP 47 tag), else on
    `timezone`: the month is first in North America and for zones without a region (UTC); a two-digit year is first in
    China, Japan and Korea.

    `Moment.at` has the stated offset, else the offset of `timezone` (an IANA name); parts below the precision are zero.
    Rejected are a year alone, a moment before 1990 or more than a day after `now`, and dates with a label of another
    kind of date (when the page was made, a deadline, a copyright).

    Only the first 300 characters are read. Never raises for any text. Raises ValueError for a naive `now` and
    zoneinfo.ZoneInfoNotFoundError for an unknown `timezone`.
    """
    context = Context(now=to_utc(now), zone=ZoneInfo(timezone), language=language)
    if exact := read_machine_form(text):
        return resolve_date(exact, context)
    for line in prepare(text, language_of_months(language, timezone)):
        moment = _read_in_any_form(line, context)
        if moment is not None:
            return moment
    return None


@dataclass(slots=True)
class Dates:
    """Reads the dates of one document. Collects texts that could not be read, and texts with a date in the future."""

    now: dt.datetime
    timezone: str
    unread_texts: list[str] = field(default_factory=list)
    future_texts: list[str] = field(default_factory=list)
    texts_in_words: list[tuple[str, str]] = field(default_factory=list)
    """The texts that were read and have no form for machines, each with its language."""

    def moment(self, *texts: str, language: str | None = None) -> Moment | None:
        """Return the moment of the first text that states a date; None if no text does.

        `language` is the BCP 47 tag of the texts; None if it is not known.
        """
        for text in filter(None, (text.strip() for text in texts)):
            found = parse_moment(text, now=self.now, timezone=self.timezone, language=language or "")
            if found is not None:
                if read_machine_form(text) is None:
                    self.texts_in_words.append((text, language or ""))
                return found
            later = parse_moment(text, now=self.now + _MAX_DISTANCE, timezone=self.timezone, language=language or "")
            (self.future_texts if later else self.unread_texts).append(text)
        return None

    def are_fixed(self) -> bool:
        """Return whether each date that was read is the same at any time, unlike "yesterday" or a date without year."""
        return all(
            parse_moment(text, now=self.now, timezone=self.timezone, language=language)
            == parse_moment(text, now=self.now + _MORE_THAN_A_YEAR, timezone=self.timezone, language=language)
            for text, language in self.texts_in_words
        )

    def problems(self) -> tuple[str, ...]:
        """Return messages with the number of unreadable dates and of future dates, each with an example."""
        kinds = (("could not be read", self.unread_texts), ("are in the future and were ignored", self.future_texts))
        return tuple(f"{len(texts)} dates {what}, for instance {texts[0][:60]!r}" for what, texts in kinds if texts)


def find_date(text: str, *, now: dt.datetime, timezone: str = "UTC", language: str = "") -> DateInLine | None:
    """Return the first absolute date in a line, with the text around it; None if `parse_moment` would return None.

    For callers that must know whether the line is only a date, or the date is part of a sentence.
    """
    context = Context(now=to_utc(now), zone=ZoneInfo(timezone), language=language)
    line = prepare(text, language_of_months(language, timezone))[-1]
    date = absolute.find_anywhere(line, context) or absolute.read_whole_text(line, context)
    moment = resolve_date(date, context) if date else None
    return DateInLine(moment, date.before, date.behind) if date and moment else None


def read_machine_form(text: str) -> StatedDate | None:
    """Return the date if `text` has the form of RFC 5322 or RFC 3339; None if other readers must try it."""
    found = _RFC_3339.fullmatch(text) or _RFC_5322.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    fields = (parts["zone"] or "").lower()
    zone = read_zone(fields)[0] if fields else None
    if fields and zone is None:  # no place has this offset
        return None
    month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
    hour, minute, second = (int(value) if (value := parts[name]) else None for name in ("hour", "minute", "second"))
    microsecond = int((parts["fraction"] or "").ljust(_MICROSECOND_DIGITS, "0"))
    clock = ClockTime(hour, minute, second, microsecond) if hour is not None else None
    return StatedDate(int(parts["year"]), month, int(parts["day"]), clock, zone)


def _read_in_any_form(line: PreparedLine, context: Context) -> Moment | None:
    """Return the result of the first reader that knows the form. If its values are impossible, no other one tries."""
    date = absolute.find_anywhere(line, context)
    if date is None:
        counted = relative.read_relative(line, context)
        if counted is not None:
            return counted
        date = absolute.read_whole_text(line, context)
    return resolve_date(date, context) if date is not None else None
