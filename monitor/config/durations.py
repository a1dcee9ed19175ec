"""Lengths of time as people write them: "90s", "30m", "2h", "3d", "1w", "0"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST: Final = dt.timedelta(days=3660)
PATTERN: Final = "^(0|[0-9]+[smhdw])$"

_FORM: Final = re.compile(r"([0-9]+)([smhdw])", re.ASCII)
_LOOSE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)", re.ASCII)
_FORMS: Final = 'write a whole number and s, m, h, d or w, as in "90s", "30m", "2h", "3d", "1w"'


def parse_duration(text: str) -> dt.timedelta:
    """Return the length of time that `text` states. Raises ValueError, with what to write instead, for anything else.

    A whole number and one of s, m, h, d, w; "0" needs no unit. At most ten years, so that every sum of a date and a
    duration is a date.
    """
    if text == "0":
        return dt.timedelta(0)
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not a length of time; {_remedy(text)}')
    seconds = int(found[1][:12]) * UNITS[found[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f'"{text}" is too long; the longest is ten years')
    return dt.timedelta(seconds=seconds)


def format_duration(length: dt.timedelta) -> str:
    """Return `length` as the file has it, in the largest unit that gives a whole number; under a second it is "0"."""
    seconds = int(length.total_seconds())
    if seconds == 0:
        return "0"
    unit, size = next((unit, size) for unit, size in reversed(UNITS.items()) if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _remedy(text: str) -> str:
    """Return the length of time that was probably meant, or the possible forms."""
    loose = _LOOSE.fullmatch(text.strip().lower())
    if loose is None:
        return _FORMS
    unit = "month" if loose[2].startswith("mo") else loose[2][:1]
    if unit not in UNITS:
        return _FORMS
    seconds = float(loose[1]) * UNITS[unit]
    if seconds != int(seconds) or seconds > LONGEST.total_seconds():
        return _FORMS
    return f'did you mean "{format_duration(dt.timedelta(seconds=seconds))}"?'
