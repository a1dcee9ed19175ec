"""Lengths of time as the file has them: "90s", "30m", "2h", "3d", "1w", "0"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

SECONDS_PER_UNIT: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
MAX_DURATION: Final = dt.timedelta(days=3660)
DURATION_PATTERN: Final = "^(0|[0-9]+[smhdw])$"

_DURATION: Final = re.compile(r"([0-9]+)([smhdw])", re.ASCII)
_DURATION_LIKE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)", re.ASCII)
_FORMS_REMEDY: Final = 'write a whole number and s, m, h, d or w, as in "90s", "30m", "2h", "3d", "1w"'


def parse_duration(text: str) -> dt.timedelta:
    """Return the length of time that `text` states. Raises ValueError, which says what to write instead.

    `text` must be a whole number and one of s, m, h, d, w; only "0" may have no unit. The maximum is ten years, so that
    adding a duration to a date never overflows.
    """
    if text == "0":
        return dt.timedelta(0)
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not a length of time; {_remedy(text)}')
    seconds = int(found[1][:12]) * SECONDS_PER_UNIT[found[2]]
    if seconds > MAX_DURATION.total_seconds():
        raise ValueError(f'"{text}" is too long; the longest is ten years')
    return dt.timedelta(seconds=seconds)


def format_duration(duration: dt.timedelta) -> str:
    """Return `duration` as the file has it, in the largest unit that gives a whole number.

    Below a second, return "0".
    """
    seconds = int(duration.total_seconds())
    if seconds == 0:
        return "0"
    unit, size = next((unit, size) for unit, size in reversed(SECONDS_PER_UNIT.items()) if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _remedy(text: str) -> str:
    """Return a remedy: the length of time that was probably meant or, if that is not clear, the possible forms."""
    loose = _DURATION_LIKE.fullmatch(text.strip().lower())
    if loose is None:
        return _FORMS_REMEDY
    unit = "month" if loose[2].startswith("mo") else loose[2][:1]
    if unit not in SECONDS_PER_UNIT:
        return _FORMS_REMEDY
    seconds = float(loose[1]) * SECONDS_PER_UNIT[unit]
    if seconds != int(seconds) or seconds > MAX_DURATION.total_seconds():
        return _FORMS_REMEDY
    return f'did you mean "{format_duration(dt.timedelta(seconds=seconds))}"?'
