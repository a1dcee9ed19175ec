"""Read absolute dates: those that state a day or a month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.dates import clock
from monitor.text.dates.clock import TimeNextToDate
from monitor.text.dates.labels import OTHER_LABELS
from monitor.text.dates.others import is_label_of_other_date
from monitor.text.dates.prepare import WEEKDAY, PreparedLine
from monitor.text.dates.settle import Context, StatedDate

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_MONTH_NAME = lazy_pattern("|".join(_MONTHS))
_DAY: Final = r"(?P<day>\d{1,2})(?:-?(?:st|nd|rd|th|er|го|η|ης|e|o|a)(?![^\W\d_])|°)?(?![\d:])"
_ZONE: Final = r"(?: [a-z+0-9:-]{1,9})?"
_SEPARATOR: Final = r"[ .,-]{0,3}"
_PREPOSITION: Final = r"(?:(?:of|de|den|di|del|do|da|du|ta|as?) |d'|ta' ?)?"
"""A pattern for the word between a day and its month, or a month and its year: `3 de novembro de 2026`."""
_YEAR_SUFFIX: Final = r"(?:\.|-?ko|-?ren| ?m\.| gada)?"
_ROC_YEAR_ZERO: Final = 1911
_TAIPEI_ZONE: Final = "Asia/Taipei"
_MONTHS_IN_YEAR: Final = 12
_CENTURY_PIVOT: Final = 50
_THIS_CENTURY: Final = 2000
_LAST_CENTURY: Final = 1900
_RECENT_PERIOD: Final = dt.timedelta(days=3 * 365)

# Forms that are certainly dates, also in the middle of other text.
_FORMS_WITH_MONTH_NAME: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![a-z]){_MONTH} {_DAY} (?P<inner>\d\d?:\d\d(?::\d\d)?(?: [ap]m)?{_ZONE}) (?P<year>\d{{4}})(?!\d)",
        rf"(?<![\d:]){_DAY}{_SEPARATOR}{_PREPOSITION}{_MONTH}{_SEPARATOR}(?:{_PREPOSITION}(?=\d{{4}})|'?)(?P<year>\d{{4}}|\d{{2,3}})(?![\d:])",
        rf"(?<![a-z]){_MONTH}{_SEPARATOR}{_DAY}{_SEPARATOR}(?P<year>\d{{4}})(?![\d:])",
        rf"(?<!\d)(?P<year>\d{{4}}){_YEAR_SUFFIX},?[ -]{_MONTH}(?:ren)?[ -]{_DAY}",
        rf"(?<!\d)(?P<year>\d{{4}})\.? gada {_DAY}{_SEPARATOR}{_MONTH}",
    )
)
_FORMS_WITH_NUMBERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:民国|中华民国) ?(?P<roc>\d{1,3}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?!\d) ?日?",
        r"(?<![\d.])(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?!\d) ?[日号]?",
        r"(?<!\d)(?P<roc>1\d{2}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]",
        r"(?<!\d)(?P<year>\d{2}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]",
        r"(?<![\d./-])(?P<first>\d{1,2})(?P<mark>[-/.]| \|) ?(?P<second>\d{1,2})(?P=mark) ?(?P<year>\d{4})(?!\d)",
        r"(?<![\d年])(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]",
    )
)
# Forms that may mean something else. They count only if the text has nothing else but a time.
_FORMS_OF_WHOLE_TEXT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?P<compact>[t ]?\d{4}(?:\d\d(?:[.,]\d{1,9})?)?)?(?!\d)",
        r"(?P<year>\d{4})-?w(?P<week>\d{2})-?(?P<weekday>\d)(?!\d)",
        r"(?P<year>\d{4})-(?P<ordinal>\d{3})(?!\d)",
        r"(?P<roc>1\d{2})(?P<mark>[-./])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?P<short>\d{1,2}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2})(?![\d./-])",
        r"(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2})(?!\d) ?(?:月份?)?",
        rf"{_MONTH},? ?{_PREPOSITION}(?P<year>\d{{4}})(?!\d)",
        r"(?P<first>\d{1,2})(?P<mark>[-/])(?P<second>\d{1,2})(?![\d/-])",
        r"(?P<first>\d{1,2})(?P<mark>\.)(?P<second>\d{1,2})\.(?!\d)",
        rf"{_MONTH} ?{_DAY}",
        rf"{_DAY}{_SEPARATOR}{_PREPOSITION}{_MONTH}",
    )
)
_COMPACT_TIME = lazy_pattern(r"[t ]?(\d\d)(\d\d)(\d\d(?:[.,]\d{1,9})?)?")
_OTHER_LABEL = lazy_pattern(OTHER_LABELS)
_MAX_LABEL_DISTANCE: Final = 30
_TIME_OF_DAY = lazy_pattern(rf"(?:(?:{WEEKDAY}|\d\d?:\d\d(?: ?[ap]m)?(?![^\W\d_]))[ ,]*)+$")
"""A pattern for weekdays and times between a label and its date."""


def find_anywhere(line: PreparedLine, context: Context) -> StatedDate | None:
    """Find a date in an unambiguous form anywhere in the line."""
    for form in (
        (*_FORMS_WITH_MONTH_NAME, *_FORMS_WITH_NUMBERS) if _MONTH_NAME.search(line.text) else _FORMS_WITH_NUMBERS
    ):
        if found := form.search(line.text):
            head = line.text[: found.start()]
            if _names_other_date(head):
                return None
            inner = found.groupdict().get("inner")  # asctime has the time between day and year
            time = clock.read_time_after(inner or line.text[found.end() :])
            date = _read_match(
                found,
                time if time.clock or time.zone else clock.read_time_before(head),
                context,
            )
            return replace(date, before=head, behind=time.rest) if date else None
    return None


def read_whole_text(line: PreparedLine, context: Context) -> StatedDate | None:
    """Read a date that is the whole text except a label, brackets, a weekday and a time."""
    for form in _FORMS_OF_WHOLE_TEXT:
        if found := form.match(line.core):
            # `115-11-20` is a date only in Taiwan (years of the Republic of China); elsewhere it is a number.
            parts = found.groupdict()
            if parts.get("roc") and parts.get("mark") == "-" and str(context.zone) != _TAIPEI_ZONE:
                continue
            head = line.text.partition(line.core)[0]
            if _names_other_date(head):
                return None
            time = _read_compact_time(found, line.core[found.end() :]) or clock.read_time_after(
                line.core[found.end() :]
            )
            if clock.is_junk(time.rest):
                date = _read_match(found, time, context)
                return replace(date, before=head) if date else None
    return None


def _names_other_date(head: str) -> bool:
    """Return whether the text before a date shows that it is not the date of publication."""
    return bool(_OTHER_LABEL.search(head[-_MAX_LABEL_DISTANCE:])) or is_label_of_other_date(_TIME_OF_DAY.sub("", head))


def _read_compact_time(match: re.Match[str], rest: str) -> TimeNextToDate | None:
    """Read a time without colons, as in `20230825T090203Z`; None if there is none."""
    digits = _COMPACT_TIME.fullmatch(match.groupdict().get("compact") or "")
    return clock.read_time_after(":".join(part for part in digits.groups() if part) + rest) if digits else None


def _read_match(match: re.Match[str], time: TimeNextToDate, context: Context) -> StatedDate | None:
    parts = match.groupdict()
    if parts.get("week") or parts.get("ordinal"):
        return _read_week_or_ordinal(int(parts["year"]), parts, time)
    if parts.get("short"):
        date = _read_short_date(parts["short"].split(parts["mark"]), parts["mark"], context)
        return StatedDate(date.year, date.month, date.day, time.clock, time.zone) if date else None
    year = _read_year(parts)
    if parts.get("first"):
        month, day = _order_month_and_day(int(parts["first"]), int(parts["second"]), parts, context)
        return StatedDate(year, month, day, time.clock, time.zone)
    name = parts["month"]
    month = int(name) if name.isdigit() else _MONTHS.index(name[:3]) + 1
    return StatedDate(year, month, int(parts["day"]) if parts.get("day") else None, time.clock, time.zone)


def _read_year(parts: dict[str, str]) -> int | None:
    """Return the year. By RFC 5322, 4.3, 00 … 49 mean 2000 … 2049, and 1900 is added to 50 … 999."""
    if parts.get("roc"):
        return int(parts["roc"]) + _ROC_YEAR_ZERO
    digits = parts.get("year")
    if digits is None:
        return None
    if len(digits) == len("2023"):
        return int(digits)
    return int(digits) + (_THIS_CENTURY if int(digits) < _CENTURY_PIVOT else _LAST_CENTURY)


def _order_month_and_day(first: int, second: int, parts: dict[str, str], context: Context) -> tuple[int, int]:
    """Return month and day. With points the day is first, and a number above 12 is the day; else the source decides."""
    if parts.get("mark") in {".", " |"}:
        return second, first
    day_first = context.order.long_year_order == "dmy" and (parts.get("year") or parts.get("mark") == "/")
    if first > _MONTHS_IN_YEAR or (day_first and second <= _MONTHS_IN_YEAR):
        return second, first
    return first, second


def _read_short_date(numbers: Sequence[str], separator: str, context: Context) -> dt.date | None:
    """Return the date that three numbers of two digits mean; None if no order of them gives a valid date.

    Of the usual orders, the first one whose date is not in the future is used. With points the month is never first.
    With dashes, if the order of the source is not known, a date of the last three years is preferred.
    """
    orders = list(context.order.short_year_orders)
    if separator == "." and "mdy" in orders:
        orders.remove("mdy")
    elif separator == "-" and not context.order.is_known:
        orders = ["ymd", "dmy", "mdy"]
    dates = [date for order in orders if (date := _date_in_order(numbers, order))]
    past = [date for date in dates if date <= context.today + dt.timedelta(days=1)]
    recent = [
        date
        for date in past
        if not context.order.is_known and separator == "-" and date >= context.today - _RECENT_PERIOD
    ]
    return next(iter((*recent, *past, *dates)), None)


def _date_in_order(numbers: Sequence[str], order: str) -> dt.date | None:
    """Return the date that `numbers` mean in this order; None if it is invalid or the year has not two digits."""
    fields = dict(zip(order, numbers, strict=True))
    if len(fields["y"]) != len("26"):
        return None
    year = int(fields["y"])
    try:
        return dt.date(
            year + (_THIS_CENTURY if year < _CENTURY_PIVOT else _LAST_CENTURY), int(fields["m"]), int(fields["d"])
        )
    except ValueError:
        return None


def _read_week_or_ordinal(year: int, parts: dict[str, str], time: TimeNextToDate) -> StatedDate | None:
    """Return an ISO 8601 date with a week (`2026-W48-1`) or a day of the year (`2026-334`); None if it is invalid."""
    try:
        if parts.get("week"):
            date = dt.date.fromisocalendar(year, int(parts["week"]), int(parts["weekday"]))
        else:
            date = dt.date(year, 1, 1) + dt.timedelta(days=int(parts["ordinal"]) - 1)
    except (ValueError, OverflowError):
        return None
    return StatedDate(date.year, date.month, date.day, time.clock, time.zone) if date.year == year else None
