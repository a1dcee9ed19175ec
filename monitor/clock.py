"""The only module that reads the time. Everything else gets a `Clock` as an argument."""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """The source of the time for the whole program."""

    def now(self) -> dt.datetime:
        """Return the current time in UTC, with its time zone."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, which never go back. Use them for deadlines of I/O."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """Return the machine's time in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


class FixedClock:
    """A clock that returns the time it was set to, and moves only by `advance`. Used by `--now` and by tests."""

    def __init__(self, at: dt.datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._at = at.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        """Return the time that the clock is set to."""
        return self._at

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds: I/O takes real time even if the date is fixed."""
        return time.monotonic()

    def advance(self, by: dt.timedelta) -> None:
        """Move the clock forward by `by`."""
        self._at += by


def to_utc(at: dt.datetime) -> dt.datetime:
    """Return `at` in UTC. Raises ValueError for a time without a time zone, since the zone would be a guess."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no zone")
    return at.astimezone(dt.UTC)
