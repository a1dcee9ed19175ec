"""Detect jumps of the clock, by comparing it with the monotonic time."""

from __future__ import annotations

import datetime as dt
from threading import Lock
from typing import Final

from monitor.clock import Clock

MIN_JUMP: Final = dt.timedelta(minutes=1)
"""A smaller difference from the elapsed time is no jump: clocks are corrected all the time."""

SETTLE_SECONDS: Final = 120.0
"""Seconds after a jump in which everything that is due by the new time gets its turn: only then it can be overdue."""


class ClockWatch:
    """Compares a clock with monotonic seconds, which stop while a machine is asleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._measured = clock.now(), clock.monotonic()
        self._jump = dt.timedelta()
        self._jumped_at: float | None = None

    @property
    def jump(self) -> dt.timedelta:
        """Return the length of a jump of the clock that was not handled yet: zero, or a minute or more, either way."""
        with self._lock:
            self._measure()
            return self._jump

    def mark_handled(self, jump: dt.timedelta) -> None:
        """Note that a jump was handled."""
        with self._lock:
            self._jump -= jump

    @property
    def is_settled(self) -> bool:
        """Whether the last jump is long enough ago that due times can be trusted again."""
        with self._lock:
            self._measure()
            return self._jumped_at is None or self._clock.monotonic() - self._jumped_at >= SETTLE_SECONDS

    def _measure(self) -> None:
        now, seconds = self._clock.now(), self._clock.monotonic()
        passed = dt.timedelta(seconds=seconds - self._measured[1])
        jump = now - self._measured[0] - passed
        if abs(jump) >= MIN_JUMP:
            self._jump += jump
            self._jumped_at = seconds
            self._measured = now, seconds
        elif passed >= MIN_JUMP:
            self._measured = now, seconds
