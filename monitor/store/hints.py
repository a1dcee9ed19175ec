"""The form in which the hints of feeds about polling are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from monitor.model import NO_HINTS, PollHints


def hints_value(hints: PollHints) -> list[Any] | None:
    """Return what a feed says about polling in the form in which it is stored."""
    if hints == NO_HINTS:
        return None
    seconds = None if hints.minimum is None else hints.minimum.total_seconds()
    turnover = None if hints.turnover is None else hints.turnover.total_seconds()
    return [seconds, hints.minimum_by, sorted(hints.skip_hours), sorted(hints.skip_days), turnover]


def hints_of(value: Sequence[Any] | None) -> PollHints:
    """Return the hints stored as `value`."""
    if value is None:
        return NO_HINTS
    minimum, by, hours, days, turnover = value
    return PollHints(_duration(minimum), by, frozenset(hours), frozenset(days), _duration(turnover))


def _duration(seconds: float | None) -> dt.timedelta | None:
    return None if seconds is None else dt.timedelta(seconds=seconds)
