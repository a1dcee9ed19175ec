"""Contain unexpected errors of the daemon's repeated work: an error ends one tick and not the daemon."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from threading import Lock
from typing import Final

from monitor.clock import Clock
from monitor.errors import LockLost, StoreError
from monitor.log import logger

LOG_INTERVAL: Final = 60.0
"""Minimum seconds between two log lines that the database cannot be used. Some ticks notice it every second."""

_log = logger("daemon")


def run_contained(work: Callable[[], object]) -> None:
    """Do `work`. An unexpected error is logged and ends it; the rest of the work is due again at the next tick."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the boundary of a tick: the next one must come
        _log.error("crash", trace="".join(traceback.format_exception(error)))


class ErrorBoundary:
    """Contains errors of ticks. A failing database is logged once a minute, even if many ticks notice it.

    `check` raises LockLost if this process no longer holds the lock of the database. `end` is then called with this
    error, but only once.
    """

    def __init__(self, clock: Clock, check: Callable[[], object], end: Callable[[LockLost], object]) -> None:
        self._clock = clock
        self._check = check
        self._end = end
        self._lock = Lock()
        self._said_at: float | None = None
        self._ended = False

    def contain(self, work: Callable[[], object]) -> None:
        """Do `work` if this process still holds the database's lock. Failed work is due again at the next tick."""
        run_contained(lambda: self._run(work))

    def _run(self, work: Callable[[], object]) -> None:
        if self._ended:
            return
        try:
            self._check()
            work()
        except LockLost as lost:
            self._end_for_lost_lock(lost)
        except StoreError as error:
            self._log_failure(error)
        except Exception:
            try:
                self._check()  # a replaced database file causes many kinds of errors
            except LockLost as lost:
                self._end_for_lost_lock(lost)
                return
            raise

    def _end_for_lost_lock(self, lost: LockLost) -> None:
        with self._lock:
            first, self._ended = not self._ended, True
        if first:
            self._end(lost)

    def _log_failure(self, error: StoreError) -> None:
        with self._lock:
            now = self._clock.monotonic()
            if self._said_at is not None and now - self._said_at < LOG_INTERVAL:
                return
            self._said_at = now
        _log.error("database", reason=str(error), meaning="it is tried again; this line comes once a minute")
