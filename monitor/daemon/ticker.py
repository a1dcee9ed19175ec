"""Call the daemon's ticks, either with APScheduler by the real clock, or in a simulation."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.clock import Clock

CLOCK_CHECK_SECONDS: Final = 1.0
"""Seconds between checks whether the clock was set back."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Work that is called every `seconds`, for the first time at the start. It never raises."""

    name: str
    seconds: float
    work: Callable[[], object]


class Ticker(Protocol):
    """Calls ticks until the ticker is stopped."""

    def start(self, ticks: Sequence[Tick]) -> None:
        """Begin to call `ticks`, each every `seconds`."""
        ...

    def stop(self) -> None:
        """Stop calling ticks, and wait for the running ones."""
        ...


class _IntervalTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types, and takes only subclasses
    """Fires every `seconds`, and skips times that were missed.

    APScheduler's own trigger steps through every missed time. If a clock is set forward from 1970 to today, these are
    almost two thousand million steps.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = dt.timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        """Return the next time after `now`."""
        following = now if previous_fire_time is None else previous_fire_time + self._seconds
        return following if following > now else now + self._seconds


class RealTicker:
    """Calls ticks at real intervals, each in its own thread.

    A late call is still made, but several late calls of the same tick become one call. No tick runs twice at the same
    time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler: BackgroundScheduler | None = None
        self._stopped = threading.Event()

    def start(self, ticks: Sequence[Tick]) -> None:
        """Begin to call `ticks`, each at once and then every `seconds`."""
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            executors={"default": ThreadPoolExecutor(len(ticks))},
        )
        now = self._clock.now()
        for tick in ticks:
            self._scheduler.add_job(tick.work, _IntervalTrigger(tick.seconds), next_run_time=now, id=tick.name)
        self._scheduler.start()
        threading.Thread(target=self._run_after_setback, name="clock", daemon=True).start()

    def _run_after_setback(self) -> None:
        """Call all ticks at once if the clock was set back. The scheduler would wait until the old time is reached."""
        before = self._clock.now()
        while self._scheduler is not None and not self._stopped.wait(CLOCK_CHECK_SECONDS):
            now = self._clock.now()
            if now < before:
                for job in self._scheduler.get_jobs():
                    with suppress(JobLookupError):  # the scheduler is being shut down
                        job.modify(next_run_time=now)
            before = now

    def stop(self) -> None:
        """Stop calling ticks, and wait for the running ones."""
        self._stopped.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
