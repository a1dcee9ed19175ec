"""Offsets from UTC and names of zones as they stand behind a time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

Zone = dt.timedelta | str
"""As stated: an offset from UTC, or a name that `offset_of` knows."""

# In minutes from UTC. RFC 5322, 4.3 for the North American ones; the rest as in common use.
_MINUTES: Final = {
    name: minutes
    for minutes, names in {
        0: "z ut utc gmt wet",
        60: "west bst cet met mez",
        120: "cest mest mesz eet sast",
        180: "eest msk trt",
        240: "gst",
        300: "pkt",
        330: "ist",
        420: "wib ict",
        480: "北京时间 hkt sgt myt pht awst",
        540: "jst kst",
        570: "acst",
        600: "aest",
        630: "acdt",
        660: "aedt",
        720: "nzst",
        780: "nzdt",
        -150: "ndt",
        -180: "adt art brt",
        -210: "nst",
        -240: "ast edt clt",
        -300: "est cdt",
        -360: "cst mdt",
        -420: "mst pdt",
        -480: "pst akdt",
        -540: "akst",
        -600: "hst",
    }.items()
    for name in names.split()
}
# Names that leave the season open.
_REGIONS: Final = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_OFFSET = re.compile(r" ?\(?(?:utc|gmt|ut)? ?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_NAME = re.compile(r" ?\(?(北京时间|[a-z]{1,4})(?![a-z0-9])\)?")
_HALF_HOURS_WEST: Final = frozenset({2, 3, 9})
_FURTHEST: Final = 14
_ODD_MINUTES: Final = (0, 30, 45)


def read_zone(text: str) -> tuple[Zone | None, str]:
    """The zone with which `text` begins, and what is left of it. No zone: None and all of it."""
    if found := _OFFSET.match(text):
        offset = _offset(found[1], int(found[2]), int(found[3] or 0))
        if offset is not None:
            return offset, text[found.end() :]
    if (found := _NAME.match(text)) and (found[1] in _MINUTES or found[1] in _REGIONS):
        return found[1], text[found.end() :]
    return None, text


def _offset(sign: str, hours: int, minutes: int) -> dt.timedelta | None:
    """None for what is no offset of any place: it is something else, or a slip."""
    if hours > _FURTHEST or minutes not in _ODD_MINUTES:
        return None
    if sign == "-" and minutes and hours not in _HALF_HOURS_WEST:
        return None
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return -offset if sign == "-" else offset


def offset_of(zone: Zone | None, local: dt.datetime, assumed: ZoneInfo) -> dt.timedelta:
    """The offset that `zone` means at the naive time `local`.

    The assumed zone's own abbreviation goes first: `CST` is China's time for a source in Shanghai, else America's.
    """
    if isinstance(zone, dt.timedelta):
        return zone
    at = local.replace(tzinfo=assumed)
    if zone is None or zone == (at.tzname() or "").lower():
        return at.utcoffset() or dt.timedelta()
    if zone in _REGIONS:
        return local.replace(tzinfo=ZoneInfo(_REGIONS[zone])).utcoffset() or dt.timedelta()
    return dt.timedelta(minutes=_MINUTES[zone])
