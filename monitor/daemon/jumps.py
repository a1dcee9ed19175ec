"""Detect jumps of the clock by comparing it with the monotonic clock."""

from __future__ import annotations

import datetime as dt
from threading import Lock
from typing import Final

from monitor.clock import Clock

MIN_JUMP: Final = dt.timedelta(minutes=1)
"""The smallest difference that counts as a jump. Smaller corrections of the clock are usual."""

SETTLE_SECONDS: Final = 120.0
"""Seconds after a jump during which nothing counts as overdue: work that is due by the new time must first get done."""


class ClockWatch:
    """Compares a clock with the monotonic clock, which stops while the machine is asleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._measured = clock.now(), clock.monotonic()
        self._jump = dt.timedelta()
        self._jumped_at: float | None = None

    @property
    def jump(self) -> dt.timedelta:
        """The length of the jump that is not handled yet. Negative if the clock was set back; zero without a jump."""
        with self._lock:
            self._measure()
            return self._jump

    def mark_handled(self, jump: dt.timedelta) -> None:
        """Record that a jump was handled."""
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
