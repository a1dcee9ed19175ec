"""Notices when the clock jumps: it is compared with the time that passes."""

from __future__ import annotations

import datetime as dt
from threading import Lock
from typing import Final

from monitor.clock import Clock

JUMP: Final = dt.timedelta(minutes=1)
"""A clock that differs from the time that passed by less is being corrected, as clocks are all the time."""

SETTLES: Final = 120.0
"""Seconds after a jump until what is overdue by the new time has had its turn, and may be judged."""


class ClockWatch:
    """Compares a clock with its own monotonic seconds, which do not run while a machine is asleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._seen = clock.now(), clock.monotonic()
        self._jump = dt.timedelta()
        self._jumped_at: float | None = None

    @property
    def jump(self) -> dt.timedelta:
        """By how much the clock has jumped that was not acted on yet: zero, or a minute or more, either way."""
        with self._lock:
            self._look()
            return self._jump

    def acted_on(self, jump: dt.timedelta) -> None:
        """Note that all that follows from a jump is done."""
        with self._lock:
            self._jump -= jump

    @property
    def settled(self) -> bool:
        """Whether no jump is so recent that everything seems to be late, or not to have happened yet."""
        with self._lock:
            self._look()
            return self._jumped_at is None or self._clock.monotonic() - self._jumped_at >= SETTLES

    def _look(self) -> None:
        now, seconds = self._clock.now(), self._clock.monotonic()
        passed = dt.timedelta(seconds=seconds - self._seen[1])
        jump = now - self._seen[0] - passed
        if abs(jump) >= JUMP:
            self._jump += jump
            self._jumped_at = seconds
            self._seen = now, seconds
        elif passed >= JUMP:
            self._seen = now, seconds
