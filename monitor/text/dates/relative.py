"""Read dates relative to now: "3 hours ago", 昨天 08:30, 刚刚."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from monitor.model import Moment, Precision
from monitor.text.dates import clock
from monitor.text.dates.prepare import PreparedLine
from monitor.text.dates.settle import Context, StatedDate, moment_of_local_time, resolve_date

_MAX_LENGTH: Final = 80

_UNITS: Final[dict[str, Precision]] = {
    **dict.fromkeys(("秒", "秒钟", "s", "sec", "second"), "second"),
    **dict.fromkeys(("分", "分钟", "m", "min", "minute"), "minute"),
    **dict.fromkeys(("小时", "钟头", "h", "hr", "hour"), "hour"),
    **dict.fromkeys(("天", "日", "d", "day", "周", "星期", "w", "wk", "week"), "day"),
    **dict.fromkeys(("月", "mo", "month"), "month"),
    **dict.fromkeys(("年", "y", "yr", "year"), "year"),
}
_WEEKS: Final = frozenset({"周", "星期", "w", "wk", "week"})
_UNIT_LENGTHS: Final = {
    "second": dt.timedelta(seconds=1),
    "minute": dt.timedelta(minutes=1),
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
}
_NUMBER_WORDS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}

_HAN_PART: Final = "(?P<{0}number>[0-9]{{1,4}}) ?个?(?P<{0}unit>秒钟?|分钟?|小时|钟头|天|日|周|星期|月|年)"
_LATIN_PART: Final = (
    r"(?<![a-z\d])(?P<{0}number>[0-9]{{1,4}}|an?|one|two|three|four|five|six|seven) ?"
    r"(?P<{0}unit>second|sec|minute|min|hour|hr|day|week|wk|month|mo|year|yr|[smhdwy])s?(?![a-z])\.?"
)
_HAN_AGO = re.compile(f"(?:{_HAN_PART.format('a_')} ?零?)?{_HAN_PART.format('b_')} ?[之以]?前")
_LATIN_AGO = re.compile(rf"(?:{_LATIN_PART.format('a_')},? (?:and )?)?{_LATIN_PART.format('b_')} ago(?![a-z])")
_HALF_HOUR = re.compile("半个?(?:小时|钟头)[之以]?前|half an hour ago")
_JUST_NOW = re.compile(r"刚刚|刚才|just now|(?:a )?moments? ago|(?:a few )?seconds ago")
_NAMED_DAY = re.compile("(大前天|前天|前日|昨天|昨日|今天|今日|the day before yesterday|yesterday|today)")
_DAYS_BACK: Final = {
    **dict.fromkeys(("今天", "今日", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), 1),
    **dict.fromkeys(("前天", "前日", "the day before yesterday"), 2),
    "大前天": 3,
}


def read_relative(line: PreparedLine, context: Context) -> Moment | None:
    """Return the moment of a relative date; None if the text is no relative date, or too long to be only a date."""
    if len(line.text) > _MAX_LENGTH:
        return None
    if found := _HAN_AGO.search(line.text) or _LATIN_AGO.search(line.text):
        return _read_ago(found, context)
    if _HALF_HOUR.search(line.text):
        return _time_ago(dt.timedelta(minutes=30), "minute", context)
    if _JUST_NOW.match(line.core):
        return _time_ago(dt.timedelta(), "minute", context)
    return _read_named_day(line, context)


def _read_ago(match: re.Match[str], context: Context) -> Moment | None:
    """Return the moment for a text such as "1 hour, 5 minutes ago". The last unit gives the precision."""
    precision = _UNITS[match["b_unit"]]
    number = _read_number(match["b_number"])
    if precision in {"month", "year"}:
        year, month = divmod(
            context.today.year * 12 + context.today.month - 1 - (number * (12 if precision == "year" else 1)), 12
        )
        if year < 1:
            return None
        first = dt.date(year, 1 if precision == "year" else month + 1, 1)
        return moment_of_local_time(dt.datetime.combine(first, dt.time()), precision, None, context)
    duration = _UNIT_LENGTHS[precision] * (number * 7 if match["b_unit"] in _WEEKS else number)
    larger = _UNITS[match["a_unit"]] if match["a_unit"] else precision
    if match["a_unit"] and larger in _UNIT_LENGTHS:
        duration += _UNIT_LENGTHS[larger] * _read_number(match["a_number"])
    return _time_ago(duration, precision, context)


def _read_number(number: str) -> int:
    return _NUMBER_WORDS.get(number) or int(number)


def _time_ago(duration: dt.timedelta, precision: Precision, context: Context) -> Moment | None:
    """Return the time `duration` ago, with parts below the precision set to zero."""
    at = (context.now - duration).astimezone(context.zone)
    since_midnight = dt.timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    local = (
        dt.datetime.combine(at.date(), dt.time())
        + since_midnight // _UNIT_LENGTHS[precision] * _UNIT_LENGTHS[precision]
    )
    return moment_of_local_time(local, precision, at.utcoffset(), context)


def _read_named_day(line: PreparedLine, context: Context) -> Moment | None:
    found = _NAMED_DAY.match(line.core)
    if not found:
        return None
    timed = clock.read_time_after(line.core[found.end() :])
    if timed.clock is None and timed.rest[:1].strip() and not clock.is_junk(timed.rest):
        return None
    day = context.today - dt.timedelta(days=_DAYS_BACK[found[1]])
    return resolve_date(StatedDate(day.year, day.month, day.day, timed.clock, timed.zone), context)
