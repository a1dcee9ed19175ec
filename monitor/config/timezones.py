"""Check names of time zones."""

from __future__ import annotations

import zoneinfo
from typing import Final

from monitor.config.suggestions import nearest_name

# Names that people write for the zone of Shanghai but that the tz database does not have.
_NAMES_OF_SHANGHAI: Final = ("beijing", "shenzhen", "chengdu", "utc+8", "gmt+8", "utc+08:00", "+08:00")
_INTENDED_ZONES: Final = dict.fromkeys(_NAMES_OF_SHANGHAI, "Asia/Shanghai")


def check_timezone(name: str) -> str:
    """Return `name` itself if the tz database has it. Raises ValueError, with the name that was probably meant."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # OSError: `name` is a directory of the database, such as "Asia".
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
    # Names without a region ("localtime", "Factory") are outdated, or depend on the machine.
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    for zone in zones:
        if zone.rpartition("/")[2].casefold() == words:
            return zone
    return nearest_name(words, zones) if "/" in words else None
