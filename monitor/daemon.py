"""The daemon: APScheduler ticks, signals, heartbeat. When anything is due is data in the database; this only ticks."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.clock import Clock
from monitor.log import logger
from monitor.wiring import Program

POLL_TICK: Final = 1.0
"""Seconds between looks for sources that are due."""

DELIVER_TICK: Final = 5.0
"""Seconds between looks for digests and deliveries that are due."""

BEAT: Final = 20.0
"""Seconds between heartbeats, by which `monitor status --health` knows that the daemon lives."""

GRACE: Final = 8.0
"""Seconds that work in flight gets after SIGTERM; what is not done by then is found again at the next start."""

_log = logger("daemon")


class Daemon:
    """Runs a program until it is told to stop."""

    def __init__(self, program: Program, clock: Clock) -> None:
        self._program = program
        self._clock = clock
        self._polling = threading.Lock()
        self._told = False

    def run(self) -> int:
        """Tick until SIGTERM or SIGINT; returns the exit status. A second signal ends the process at once."""
        self._listen()
        scheduler = self._scheduler()
        scheduler.start()
        _log.info("started", sources=len(self._program.sources), digests=len(self._program.digests), pid=os.getpid())
        self._program.stop.wait()
        _log.info("stopping")
        watchdog = threading.Timer(GRACE, self._cut)
        watchdog.daemon = True
        watchdog.start()
        scheduler.shutdown(wait=True)
        watchdog.cancel()
        _log.info("stopped")
        return 0

    def collect_tick(self) -> None:
        """Poll what is due, and deliver when that brought matches."""
        with self._polling:
            polled = self._program.poll(self._clock.now())
        if any(collected.poll.matches for collected in polled):
            self._program.deliver(self._clock.now())

    def deliver_tick(self) -> None:
        """Deliver what is due. While polls are under way, digests that are sent as news comes wait for their end."""
        self._program.deliver(self._clock.now(), immediate=not self._polling.locked())

    def beat_tick(self) -> None:
        """Say that the daemon lives."""
        self._program.store.beat(self._clock.now())

    def _scheduler(self) -> BackgroundScheduler:
        # A tick that is late still counts, several late ones are one, and none overlaps with itself.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults=defaults, executors={"default": ThreadPoolExecutor(3)}
        )
        now = self._clock.now()
        for tick, seconds in (
            (self.collect_tick, POLL_TICK),
            (self.deliver_tick, DELIVER_TICK),
            (self.beat_tick, BEAT),
        ):
            scheduler.add_job(tick, "interval", seconds=seconds, next_run_time=now)
        return scheduler

    def _listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._told:
            os._exit(128 + number)
        self._told = True
        # Another thread does it: it takes locks that the code interrupted here may hold.
        threading.Thread(target=self._program.halt, name="halt", daemon=True).start()

    def _cut(self) -> None:
        _log.warning(
            "cut", reason=f"work in flight took longer than {GRACE:.0f} s; it is found again at the next start"
        )
        os._exit(0)
