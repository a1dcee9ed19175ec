"""The one form in which messages show a time."""

from __future__ import annotations

import datetime as dt


def local_time(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a time in `zone`, to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
