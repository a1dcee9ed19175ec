"""The two forms that machines write, read at once: most dates of feeds and sitemaps have them."""

from __future__ import annotations

import re
from typing import Final

from monitor.text.dates.clock import Clock
from monitor.text.dates.settle import Stated
from monitor.text.dates.zones import read_zone

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME: Final = (
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.(?P<fraction>\d{1,6})\d{0,9})?)?"
)
# RFC 5322, 3.3, and the profile of ISO 8601 in RFC 3339, with or without time.
_RFC_5322: Final = re.compile(
    rf"(?:[a-z]{{3}}, )?(?P<day>\d\d?) (?P<name>{'|'.join(_MONTHS)}) (?P<year>\d{{4}}) {_TIME}"
    r" (?P<zone>gmt|[+-]\d{4})",
    re.IGNORECASE | re.ASCII,
)
_RFC_3339: Final = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:[t ]{_TIME}(?P<zone>z|[+-]\d\d:\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_DIGITS_OF_MICROSECOND: Final = 6


def read(text: str) -> Stated | None:
    """Return the date that `text` is in one of these forms; None: the other readers must look at it."""
    found = _RFC_3339.fullmatch(text) or _RFC_5322.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    stated = (parts["zone"] or "").lower()
    zone = read_zone(stated)[0] if stated else None
    if stated and zone is None:  # no place has this offset
        return None
    month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
    return Stated(int(parts["year"]), month, int(parts["day"]), _clock(parts), zone)


def _clock(parts: dict[str, str | None]) -> Clock | None:
    hour, minute, second = (int(value) if (value := parts[name]) else None for name in ("hour", "minute", "second"))
    fraction = (parts["fraction"] or "").ljust(_DIGITS_OF_MICROSECOND, "0")
    return Clock(hour, minute, second, int(fraction)) if hour is not None else None
