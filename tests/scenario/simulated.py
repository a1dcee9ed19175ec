"""Simulated time: a clock that a ticker moves, from one tick to the next."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Sequence
from itertools import count

from monitor.daemon.ticker import Tick


class SimulatedClock:
    """A clock whose time and monotonic seconds move together, and only when the simulation moves them.

    It may be `ahead` of the simulated time, by which its monotonic seconds go on.
    """

    def __init__(self, start: dt.datetime) -> None:
        self._start = self._now = start
        self.ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        """Return the time that it shows."""
        return self._now + self.ahead

    def monotonic(self) -> float:
        """Return the simulated seconds since the start."""
        return (self._now - self._start).total_seconds()

    def move_to(self, at: dt.datetime) -> None:
        """Set the time to `at`, which is not in the past."""
        self._now = max(self._now, at)


class SimulatedTicker:
    """Calls ticks and `events` in the order of their simulated times, until `end`; then calls `stop`.

    Ticks come at most once in `stride` seconds: a simulated day has 86,400 of them.
    """

    def __init__(
        self,
        clock: SimulatedClock,
        end: dt.datetime,
        stop: Callable[[], object],
        events: Sequence[tuple[dt.datetime, Callable[[], object]]] = (),
        stride: float = 60,
    ) -> None:
        self._clock = clock
        self._end = end
        self._stop = stop
        self._stride = stride
        self._order = count()
        self._due: list[tuple[dt.datetime, int, Callable[[], object]]] = []
        for at, event in events:
            self._put(at, event)

    def start(self, ticks: Sequence[Tick]) -> None:
        """Run the whole simulation."""
        for tick in ticks:
            self._repeat(tick, self._clock.now() - self._clock.ahead)
        while self._due and self._due[0][0] < self._end:
            at, _, work = heapq.heappop(self._due)
            self._clock.move_to(at)
            work()
        self._clock.move_to(self._end)
        self._stop()

    def stop(self) -> None:
        """Do nothing: no tick is running."""

    def _repeat(self, tick: Tick, at: dt.datetime) -> None:
        def work() -> None:
            tick.work()
            self._repeat(tick, at + dt.timedelta(seconds=max(tick.seconds, self._stride)))

        self._put(at, work)

    def _put(self, at: dt.datetime, work: Callable[[], object]) -> None:
        heapq.heappush(self._due, (at, next(self._order), work))
