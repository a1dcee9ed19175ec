"""Names of time zones."""

from __future__ import annotations

import zoneinfo
from typing import Final

from monitor.config.suggestions import nearest_name

# What people write for the zones of this program's theme and is no name in the tz database.
_NAMES_OF_SHANGHAI: Final = ("beijing", "shenzhen", "chengdu", "utc+8", "gmt+8", "utc+08:00", "+08:00")
_INTENDED_ZONES: Final = dict.fromkeys(_NAMES_OF_SHANGHAI, "Asia/Shanghai")


def check_timezone(name: str) -> str:
    """Return `name` itself if the tz database knows it. Raises ValueError with what was probably meant."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: the name of a directory of the database, as in "Asia".
        meant = _suggest_zone(name)
        remedy = (
            f'did you mean "{meant}"?'
            if meant
            else 'write a name from the tz database, such as "Asia/Shanghai" or "UTC"'
        )
        raise ValueError(f'unknown time zone "{name}"; {remedy}') from None
    return name


def _suggest_zone(name: str) -> str | None:
    words = name.strip().casefold().replace(" ", "_")
    if (meant := _INTENDED_ZONES.get(words.rpartition("/")[2])) is not None:
        return meant
    # Names without a region ("localtime", "Factory") are of the machine, or of old.
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    for zone in zones:
        if zone.rpartition("/")[2].casefold() == words:
            return zone
    return nearest_name(words, zones) if "/" in words else None
