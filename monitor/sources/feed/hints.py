"""Read how often an XML feed asks to be polled: `ttl`, `skipHours`, `skipDays` (RSS 2.0), and the syndication module.

Many programs write these elements without thought, so values that make no sense are ignored. feedparser keeps only some
of them, so they are read from the text itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from monitor.model import PollHints

_MAX_MINIMUM: Final = dt.timedelta(days=7)  # a longer interval is a mistake, or that of a dead feed
_WORDPRESS_DEFAULT: Final = dt.timedelta(hours=1)  # nobody chose it, and news may come sooner
_MINUTE: Final = dt.timedelta(minutes=1)
_HEAD_SIZE: Final = 64 << 10
_MIDNIGHT: Final = 24  # RSS 0.91 counts hours from 1 to 24
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS: Final = {
    "hourly": dt.timedelta(hours=1),
    "daily": dt.timedelta(days=1),
    "weekly": dt.timedelta(days=7),
    "monthly": dt.timedelta(days=30),
    "yearly": dt.timedelta(days=365),
}
_FIRST_ENTRY: Final = re.compile(r"<(?:[\w.-]{1,60}:)?(?:item|entry)[\s>]", re.IGNORECASE)


def read_hints(text: str) -> PollHints:
    """Return what the feed `text` says before its first entry and after its last one."""
    first = _FIRST_ENTRY.search(text)
    head = text[: first.start() if first else None][:_HEAD_SIZE]
    after_entries = max(text.rfind("</item>"), text.rfind("</entry>"), len(head))
    stated = f"{head}\n{text[after_entries:][:_HEAD_SIZE]}"
    minimum, by = max(_minimums(stated), default=(None, ""), key=lambda one: one[0])
    hours = {int(hour) % _MIDNIGHT for hour in _values_in(stated, "skipHours", "hour") if _is_hour(hour)}
    days = {_DAYS.index(day) for day in map(str.lower, _values_in(stated, "skipDays", "day")) if day in _DAYS}
    return PollHints(minimum, by, frozenset(hours), frozenset(days))


def _minimums(stated: str) -> Iterator[tuple[dt.timedelta, str]]:
    """Yield the intervals that the feed asks for, each with the name of its element."""
    for minutes in _values(stated, "ttl"):
        if minutes.isdecimal() and 0 < int(minutes[:9]) <= _MAX_MINIMUM // _MINUTE:
            yield int(minutes[:9]) * _MINUTE, "ttl"
    periods = map(str.lower, _values(stated, "updatePeriod"))
    period = next((_PERIODS[each] for each in periods if each in _PERIODS), None)
    frequency = next(_values(stated, "updateFrequency"), "1")
    if period is not None and frequency.isdecimal() and int(frequency[:9]) > 0:
        interval = period / int(frequency[:9])
        if _WORDPRESS_DEFAULT < interval <= _MAX_MINIMUM:
            yield interval, "updatePeriod"


def _is_hour(text: str) -> bool:
    return text.isdecimal() and int(text[:9]) <= _MIDNIGHT


def _values_in(stated: str, group: str, name: str) -> Iterator[str]:
    """Yield the texts of the elements `name` inside the first element `group`."""
    start = re.search(rf"<{group}[\s>]", stated, re.IGNORECASE)
    end = re.search(rf"</{group}\s*>", stated, re.IGNORECASE)
    if start and end and start.start() < end.start():
        yield from _values(stated[start.start() : end.start()], name)


def _values(stated: str, name: str) -> Iterator[str]:
    """Yield the texts of the elements `name`, without CDATA marks and blanks around them."""
    pattern = rf"<(?:[\w.-]{{1,60}}:)?{name}(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?\s*([^<>\]]{{0,60}}?)\s*(?:\]\]>\s*)?</"
    for found in re.finditer(pattern, stated, re.IGNORECASE):
        yield found[1]
