"""Offsets from UTC and names of zones as they stand behind a time."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

Zone = dt.timedelta | str
"""As stated: an offset from UTC, or a name that `offset_of` knows."""

# In minutes from UTC. RFC 5322, 4.3 for the North American ones; the rest as in common use.
_MINUTES: Final = {
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
# Names that leave the season open, and those that are written out.
_REGIONS: Final = {
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
_SHORT: Final = frozenset({"et", "ct", "mt", "pt"})
# Abbreviations that are words, too: zones only where no other word follows.
_WORDS: Final = frozenset({"art", "bot", "cat", "cot", "eat", "met", "pet", "pgt", "vet", "west", "wit"})
_OFFSET = re.compile(r" ?[(\[|]?(?:utc|gmt|ut)? ?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_NAME = re.compile(r" ?[(\[|]?(北京时间|[a-zа-я]{1,4})(?![a-zа-я0-9/_])[)\]|]?")
_AREA = re.compile(r" ?[(\[|]?([a-z][a-z0-9_]*(?:[/+-][a-z0-9_]+)+)[)\]|]?(?![a-z])")
_COUNTRY = re.compile(r" ?[(\[|]?([a-z][a-z0-9-]{1,9})[)\]|]?[ .;]*$")
_WRITTEN_OUT = re.compile(r" ?[(\[|]?([a-z]+(?: [a-z]+)??) (?:(?:standard|daylight|summer) )?time(?![a-z])[)\]|]?")
_CLOCK_WORD = re.compile(r" ?uhr(?![a-z])")
_ANOTHER_WORD = re.compile(r"[)\]]? ?[^\W\d_]")
_HALF_HOURS_WEST: Final = frozenset({2, 3, 9})
_FURTHEST: Final = 14
_ODD_MINUTES: Final = (0, 30, 45)


@cache
def _iana() -> dict[str, str]:
    """Return the names of the IANA database by their lower case, but for the one that is no place's."""
    return {name.lower(): name for name in available_timezones() - {"Factory"}}


def read_zone(text: str) -> tuple[Zone | None, str]:
    """Return the zone with which `text` begins, and what is left of it. No zone: None and all of it.

    Known are offsets, names of the IANA database, common abbreviations, and names written out ("Eastern Time").
    """
    if word := _CLOCK_WORD.match(text):
        text = text[word.end() :]
    if (found := _AREA.match(text)) and found[1] in _iana():
        return _iana()[found[1]], text[found.end() :]
    if found := _OFFSET.match(text):
        west, hours, minutes = found[1] == "-", int(found[2]), int(found[3] or 0)
        odd = minutes not in _ODD_MINUTES or (west and minutes and hours not in _HALF_HOURS_WEST)
        if hours <= _FURTHEST and not odd:  # else it is no offset of any place: something else, or a slip
            offset = dt.timedelta(hours=hours, minutes=minutes)
            return -offset if west else offset, text[found.end() :]
    return _named(text)


def _named(text: str) -> tuple[Zone | None, str]:
    """Read the same for names of one or two words."""
    if (found := _WRITTEN_OUT.match(text)) and found[1] in _REGIONS:
        return found[1], text[found.end() :]
    found = _NAME.match(text)
    if found and (found[1] in _MINUTES or found[1] in _SHORT):
        rest = text[found.end() :]
        if found[1] not in _WORDS or not _ANOTHER_WORD.match(rest):
            return found[1], rest
    if (found := _COUNTRY.match(text)) and found[1] in _iana():
        return _iana()[found[1]], text[found.end() :]
    return None, text


def offset_of(zone: Zone | None, local: dt.datetime, assumed: ZoneInfo) -> dt.timedelta:
    """Return the offset that `zone` means at the naive time `local`.

    The assumed zone's own abbreviation goes first: `CST` is China's time for a source in Shanghai, else America's.
    """
    if isinstance(zone, dt.timedelta):
        return zone
    at = local.replace(tzinfo=assumed)
    if zone is None or zone == (at.tzname() or "").lower():
        return at.utcoffset() or dt.timedelta()
    if zone in _MINUTES:
        return dt.timedelta(minutes=_MINUTES[zone])
    return local.replace(tzinfo=ZoneInfo(_REGIONS.get(zone, zone))).utcoffset() or dt.timedelta()
