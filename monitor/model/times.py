"""The form of times in messages."""

from __future__ import annotations

import datetime as dt
from typing import Final

_MINUTES_PER_DAY: Final = 24 * 60  # minutes


def local_time(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a time as text, in the timezone `zone` and to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def duration_in_words(duration: dt.timedelta) -> str:
    """Return a duration in its two largest units, to the minute, such as "1 day 2 hours"."""
    minutes = round(duration.total_seconds() / 60)
    days, hours = minutes // _MINUTES_PER_DAY, minutes % _MINUTES_PER_DAY // 60
    units = ((days, "day"), (hours, "hour"), (minutes % 60, "minute"))
    return " ".join([f"{number:,} {unit}{'' if number == 1 else 's'}" for number, unit in units if number][:2])
