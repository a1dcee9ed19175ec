"""Turn the parts of a date into a moment, and read time zones and offsets."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from monitor.model import Moment, Precision
from monitor.text.dates.regions import DateFieldOrder, order_of

_FIRST_YEAR: Final = 1990
_MAX_TIME_IN_FUTURE: Final = dt.timedelta(days=1)
_MAX_YEARS_BACK: Final = 9  # the longest time without a 29 February

# --- zones

Zone = dt.timedelta | str
"""A time zone as stated: an offset from UTC, or a name that `moment_of_local_time` knows."""

# Minutes from UTC. The North American zones are from RFC 5322, 4.3; the others are as commonly used.
_ZONE_MINUTES: Final = {
    name: minutes
    for minutes, names in {
        0: "z ut utc gmt wet uct",
        60: "west bst cet met mez wat",
        120: "cest mest mesz eet sast cat",
        180: "eest msk мск trt eat idt",
        210: "irst",
        240: "gst msd samt azt",
        270: "aft irdt",
        300: "pkt uzt yekt",
        330: "ist slst",
        345: "npt",
        360: "omst btt",
        390: "mmt",
        420: "wib ict novt krat hovt",
        480: "北京时间 hkt sgt myt pht awst wita irkt",
        540: "jst kst wit yakt",
        570: "acst",
        600: "aest chst vlat pgt",
        630: "acdt",
        660: "aedt magt",
        720: "nzst fjt",
        780: "nzdt",
        -60: "azot cvt",
        -120: "brst",
        -150: "ndt",
        -180: "adt art brt uyt clst pyst",
        -210: "nst",
        -240: "ast edt clt bot vet",
        -300: "est cdt pet cot",
        -360: "cst mdt",
        -420: "mst pdt",
        -480: "pst akdt",
        -540: "akst hdt",
        -600: "hst",
    }.items()
    for name in names.split()
}
# Names for both winter and summer time, and names in full.
_ZONE_REGIONS: Final = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "greenwich mean": "Etc/GMT",
    "coordinated universal": "UTC",
    "central european": "Europe/Paris",
    "eastern european": "Europe/Athens",
    "western european": "Europe/Lisbon",
    "british": "Europe/London",
    "uk": "Europe/London",
    "london": "Europe/London",
    "moscow": "Europe/Moscow",
    "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata",
    "china": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
    "hong kong": "Asia/Hong_Kong",
    "taipei": "Asia/Taipei",
    "singapore": "Asia/Singapore",
    "japan": "Asia/Tokyo",
    "tokyo": "Asia/Tokyo",
    "korea": "Asia/Seoul",
    "seoul": "Asia/Seoul",
}
_SHORT_ZONE_NAMES: Final = frozenset({"et", "ct", "mt", "pt"})
# Abbreviations that are also words: they are zones only if no other word follows.
_ZONE_NAMES_THAT_ARE_WORDS: Final = frozenset(
    {"art", "bot", "cat", "cot", "eat", "met", "pet", "pgt", "vet", "west", "wit"}
)
_OFFSET_PATTERN = re.compile(r" ?[(\[|]?(?:utc|gmt|ut)? ?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_ZONE_NAME = re.compile(r" ?[(\[|]?(北京时间|[a-zа-я]{1,4})(?![a-zа-я0-9/_])[)\]|]?")
_IANA_NAME = re.compile(r" ?[(\[|]?([a-z][a-z0-9_]*(?:[/+-][a-z0-9_]+)+)[)\]|]?(?![a-z])")
_COUNTRY_NAME = re.compile(r" ?[(\[|]?([a-z][a-z0-9-]{1,9})[)\]|]?[ .;]*$")
_ZONE_IN_FULL = re.compile(r" ?[(\[|]?([a-z]+(?: [a-z]+)??) (?:(?:standard|daylight|summer) )?time(?![a-z])[)\]|]?")
_CLOCK_WORD = re.compile(r" ?uhr(?![a-z])")
_ANOTHER_WORD = re.compile(r"[)\]]? ?[^\W\d_]")
_WESTERN_HALF_HOUR_ZONES: Final = frozenset({2, 3, 9})
_MAX_OFFSET_HOURS: Final = 14
_POSSIBLE_OFFSET_MINUTES: Final = (0, 30, 45)


@cache
def _iana_names() -> dict[str, str]:
    """Return the zone names of the IANA database by their lower-case form, except `Factory`, which is no place."""
    return {name.lower(): name for name in available_timezones() - {"Factory"}}


def read_zone(text: str) -> tuple[Zone | None, str]:
    """Return the zone at the start of `text`, and the rest of the text; None and the whole text if there is no zone.

    Offsets, names of the IANA database, common abbreviations and full names ("Eastern Time") are known.
    """
    if word := _CLOCK_WORD.match(text):
        text = text[word.end() :]
    if (found := _IANA_NAME.match(text)) and found[1] in _iana_names():
        return _iana_names()[found[1]], text[found.end() :]
    if found := _OFFSET_PATTERN.match(text):
        west, hours, minutes = found[1] == "-", int(found[2]), int(found[3] or 0)
        odd = minutes not in _POSSIBLE_OFFSET_MINUTES or (west and minutes and hours not in _WESTERN_HALF_HOUR_ZONES)
        if hours <= _MAX_OFFSET_HOURS and not odd:  # otherwise no place has this offset: an error or something else
            offset = dt.timedelta(hours=hours, minutes=minutes)
            return -offset if west else offset, text[found.end() :]
    return _read_zone_name(text)


def _read_zone_name(text: str) -> tuple[Zone | None, str]:
    """Return the zone that is named by the first one or two words of `text`, and the rest of the text.

    Return None and the whole text if they name no zone.
    """
    if (found := _ZONE_IN_FULL.match(text)) and found[1] in _ZONE_REGIONS:
        return found[1], text[found.end() :]
    found = _ZONE_NAME.match(text)
    if found and (found[1] in _ZONE_MINUTES or found[1] in _SHORT_ZONE_NAMES):
        rest = text[found.end() :]
        if found[1] not in _ZONE_NAMES_THAT_ARE_WORDS or not _ANOTHER_WORD.match(rest):
            return found[1], rest
    if (found := _COUNTRY_NAME.match(text)) and found[1] in _iana_names():
        return _iana_names()[found[1]], text[found.end() :]
    return None, text


# --- parts of a date


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a date: the present moment in UTC, and the zone of its source.

    `language` is the BCP 47 tag of the text; "" if it is not known.
    """

    now: dt.datetime
    zone: ZoneInfo
    language: str = ""

    @property
    def order(self) -> DateFieldOrder:
        """The order of day, month and year in ambiguous dates."""
        return order_of(self.language, self.zone.key)

    @property
    def today(self) -> dt.date:
        """The date in the source's zone."""
        return self.now.astimezone(self.zone).date()


class ClockTime(NamedTuple):
    """A time of day. `hour` 24 is the end of the day. `minute` and `second` are None if not stated."""

    hour: int
    minute: int | None = None
    second: int | None = None
    microsecond: int = 0


@dataclass(frozen=True, slots=True)
class StatedDate:
    """The parts of a date as stated. `year`, `day`, `clock` and `zone` are None if not stated.

    `before` and `behind` are the text before and after date and time in the line.
    """

    year: int | None
    month: int
    day: int | None
    clock: ClockTime | None = None
    zone: Zone | None = None
    before: str = ""
    behind: str = ""


def resolve_date(date: StatedDate, context: Context) -> Moment | None:
    """Return the moment of a date; None if there is no such day, or it is before 1990 or in the future.

    A date without a year is the latest such day that is not in the future.
    """
    years = [date.year] if date.year is not None else [context.today.year - back for back in range(_MAX_YEARS_BACK)]
    for year in years:
        with suppress(ValueError):  # no such day in that year
            day = dt.date(year, date.month, date.day or 1)
            if date.year is not None or day <= context.today:
                break
    else:
        return None
    clock = date.clock or ClockTime(0)
    precision: Precision = "month" if date.day is None else "day"
    if date.clock and date.day is not None:
        precision = "hour" if clock.minute is None else "minute" if clock.second is None else "second"
    whole = dt.datetime.combine(day, dt.time())
    local = whole + dt.timedelta(hours=clock.hour, minutes=clock.minute or 0, seconds=clock.second or 0)
    return moment_of_local_time(local.replace(microsecond=clock.microsecond), precision, date.zone, context)


def moment_of_local_time(
    local: dt.datetime, precision: Precision, zone: Zone | None, context: Context
) -> Moment | None:
    """Return the naive time `local` in `zone`, else in the zone of the source; None if before 1990 or in the future.

    An abbreviation of the source's own zone has priority: `CST` is China's time for a source in Shanghai, otherwise
    America's.
    """
    if isinstance(zone, dt.timedelta):
        offset: dt.timedelta | None = zone
    elif zone is None or zone == (local.replace(tzinfo=context.zone).tzname() or "").lower():
        offset = local.replace(tzinfo=context.zone).utcoffset()
    elif zone in _ZONE_MINUTES:
        offset = dt.timedelta(minutes=_ZONE_MINUTES[zone])
    else:
        offset = local.replace(tzinfo=ZoneInfo(_ZONE_REGIONS.get(zone, zone))).utcoffset()
    at = local.replace(tzinfo=dt.timezone(offset or dt.timedelta()))
    if local.year < _FIRST_YEAR or at > context.now + _MAX_TIME_IN_FUTURE:
        return None
    return Moment(at, precision)
