"""Ticks come at real intervals, whatever happens to the clock."""

from __future__ import annotations

import datetime as dt
import threading

from monitor.clock import SystemClock
from monitor.daemon.ticker import RealTicker, Tick
from tests.support.waiting import SOON

DAY = dt.timedelta(days=1)


class ClockAhead(SystemClock):
    """The machine's clock, `ahead` of the time."""

    ahead = DAY

    def now(self) -> dt.datetime:
        """Return a time that is `ahead` of the machine's."""
        return super().now() + self.ahead


def test_a_clock_that_is_set_back_by_a_day_stops_no_tick() -> None:
    clock, called = ClockAhead(), threading.Event()
    ticker = RealTicker(clock)
    ticker.start([Tick("one", 0.1, called.set)])
    try:
        assert not called.is_set()  # the scheduler waits for tomorrow
        clock.ahead = dt.timedelta()
        assert called.wait(SOON)
    finally:
        ticker.stop()


def test_a_clock_that_is_set_forward_from_1970_stops_no_tick() -> None:
    clock, called = ClockAhead(), threading.Event()
    clock.ahead = -20_000 * DAY
    ticker = RealTicker(clock)
    ticker.start([Tick("one", 0.1, called.set)])
    try:
        clock.ahead = dt.timedelta()
        for _ in range(3):
            called.clear()
            assert called.wait(SOON)
    finally:
        ticker.stop()
