"""Read the time of day next to a date."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from monitor.lazy import lazy_pattern
from monitor.text.dates.prepare import JUNK
from monitor.text.dates.settle import ClockTime, Zone, read_zone

_MORNING_WORDS: Final = frozenset({"上午", "凌晨", "早上", "清晨", "早晨", "早", "오전", "am"})
_AFTERNOON_WORDS: Final = frozenset({"下午", "晚上", "傍晚", "夜间", "晚间", "晚", "午后", "오후", "pm"})

CLOCK: Final = (
    r"(?P<part>上午|下午|凌晨|早上|清晨|早晨|中午|午后|傍晚|晚上|晚间|夜间|早|晚|오전|오후|am|pm)? ?"
    r"(?P<hour>\d{1,2})"
    r"(?: ?[:点时h] ?(?P<minute>\d{1,2})(?!\d)"
    r"(?: ?[:分] ?(?P<second>\d{1,2})(?!\d)(?:[.,](?P<fraction>\d{1,6})\d*)? ?秒?)?(?: ?分)?"
    r"|(?P<full> ?(?:[点时][整半]?|h(?![^\W\d_]))))?"
    r"(?: ?(?P<half>[ap]\.?m(?![a-z])\.?|[上下]午(?![\u4e00-\u9fff])))?"
)
_TIME_AFTER_DATE = lazy_pattern(rf"{JUNK}(?P<iso>t)?{CLOCK}")
_ZONE_OF_DAY = lazy_pattern(r"(?:[+-]\d\d:\d\d|z)(?![\w:])")
_TIME_BEFORE_DATE = lazy_pattern(CLOCK)
_JUNK_PATTERN = lazy_pattern(JUNK)
_NOON: Final = 12
_MIDNIGHT: Final = 24
_LAST_MINUTE: Final = 59


class TimeNextToDate(NamedTuple):
    """The time of day and zone found next to a date. `rest` is the remaining text."""

    clock: ClockTime | None
    zone: Zone | None
    rest: str


def read_time_after(text: str) -> TimeNextToDate:
    """Read the time at the start of the text after a date. A zone without a time, as in XML dates, is read too."""
    found = _TIME_AFTER_DATE.match(text)
    clock = _clock_time(found) if found else None
    if found and clock:
        return TimeNextToDate(clock, *read_zone(text[found.end() :]))
    if _ZONE_OF_DAY.match(text):
        return TimeNextToDate(None, *read_zone(text))
    return TimeNextToDate(None, None, text)


def read_time_before(text: str) -> TimeNextToDate:
    """Read the time at the end of the text before a date, as in "10:15 AM ET, Fri …"."""
    for found in _TIME_BEFORE_DATE.finditer(text[-40:]):
        clock = _clock_time(found)
        if clock and clock.minute is not None:
            zone, rest = read_zone(text[-40:][found.end() :])
            if _JUNK_PATTERN.fullmatch(rest):
                return TimeNextToDate(clock, zone, "")
    return TimeNextToDate(None, None, text)


def is_junk(text: str) -> bool:
    """Return whether the text has only signs and words without meaning for a date, such as commas and weekdays."""
    return _JUNK_PATTERN.fullmatch(text) is not None


def _clock_time(match: re.Match[str]) -> ClockTime | None:
    """Return the time that was found; None if it is impossible, or only a number that may not be an hour."""
    parts = match.groupdict()
    part_of_day = (parts["part"] or parts["half"] or "").replace(".", "")
    if parts["minute"] is None and not (parts["full"] or parts["half"] or parts.get("iso")):
        return None
    hour = _to_24_hours(int(parts["hour"]), part_of_day)
    if (parts["full"] or "").endswith("半"):
        parts["minute"] = "30"
    minute, second = (None if parts[name] is None else int(parts[name]) for name in ("minute", "second"))
    if (
        hour > _MIDNIGHT
        or (hour == _MIDNIGHT and (minute or second))
        or (minute or 0) > _LAST_MINUTE
        or (second or 0) > _LAST_MINUTE + 1
    ):
        return None
    leap = second is not None and second > _LAST_MINUTE
    fraction = (parts["fraction"] or "").ljust(6, "0")
    return ClockTime(hour, minute, _LAST_MINUTE if leap else second, int(fraction))


def _to_24_hours(hour: int, part_of_day: str) -> int:
    """Return the hour, 0 … 24. `part_of_day` is the part of the day as stated ("pm", "下午"), or ""."""
    if part_of_day in _AFTERNOON_WORDS:
        return hour + _NOON if hour < _NOON else hour
    if part_of_day == "中午":
        return hour + _NOON if hour in {1, 2} else hour
    return 0 if part_of_day in _MORNING_WORDS and hour == _NOON else hour
