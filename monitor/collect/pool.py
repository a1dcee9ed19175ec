"""Poll several sources in parallel. An unexpected error in one poll does not affect the others."""

from __future__ import annotations

import datetime as dt
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from monitor.clock import Clock
from monitor.collect.poll import Collector
from monitor.collect.result import Collected
from monitor.errors import DatabaseFailed, Stopped
from monitor.events import PollCrashed, PollFinished, publish
from monitor.executor import Executor, Job, KeyedExecutor, SpareThreads
from monitor.fetch import HANGING_PER_HOST, HANGING_SECONDS, MAX_REQUESTS_PER_HOST
from monitor.log import logger
from monitor.model import PollRecord, Source
from monitor.text.address import host_of

WORKERS = 64
"""Maximum number of polls at the same time, not counting those that hang."""

SPARE_THREADS = 64
"""Maximum number of polls that run in the place of polls that hang."""

HUNG_AFTER = 10.0
"""Seconds of waiting after which a source counts as one that hung the last time: a third of a request's deadline."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
"""Seconds without polls after the database rejected a result: the first pause, and the longest.

Each pause is twice the pause before.
"""

LOG_INTERVAL = 60.0
"""Minimum seconds between two log lines about rejected results."""

PollCallback = Callable[[Collected | None], object]
"""A function that is called at the end of a poll with the poll's record, or with None if nothing was recorded."""

_log = logger("collect")


def poll_executor() -> KeyedExecutor:
    """Return the threads in which polls run, for each host only as many as the gate allows.

    More threads for one host would only wait, and other hosts could not use them.
    """
    spare = SpareThreads(SPARE_THREADS, HANGING_PER_HOST, HANGING_SECONDS, HUNG_AFTER)
    return KeyedExecutor(WORKERS, MAX_REQUESTS_PER_HOST, name="poll", spare=spare)


class DatabaseBackoff:
    """Decides whether polls may begin after the database rejected a result, for example because the disk is full.

    Nothing of such a poll is kept, so its source stays due and would be polled again every second. Instead no poll
    begins for `FIRST_PAUSE` seconds. Then a single poll tests the database. If that fails, too, the next pause is twice
    as long, up to `LONGEST_PAUSE`. The first accepted result ends the pauses.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = self._until = 0.0
        self._logged_at: float | None = None

    def allows_poll(self, busy: Callable[[], Collection[str]]) -> bool:
        """Return whether a poll may begin now. `busy` returns the sources that are being polled."""
        with self._lock:
            if not self._pause:
                return True
            is_over = self._clock.monotonic() >= self._until
        return is_over and not busy()

    def note_failure(self, source: str, error: DatabaseFailed) -> None:
        """Note that the database rejected the result of a poll. Log this at most once in `LOG_INTERVAL` seconds."""
        with self._lock:
            at = self._clock.monotonic()
            if at >= self._until:  # polls that began together fail together and count as one failure
                self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
                self._until = at + self._pause
            if self._logged_at is not None and at - self._logged_at < LOG_INTERVAL:
                return
            self._logged_at = at
        _log.error("unrecorded", source=source, reason=str(error), seconds=self._pause)

    def note_success(self) -> None:
        """Note that the database accepted a result."""
        with self._lock:
            self._pause = self._until = 0.0
            self._logged_at = None


class PollPool:
    """Runs all polls, for `once`, the daemon, the demonstration and the tests.

    `stopping` returns whether the program is stopping. From then on no poll begins, and due sources wait for the next
    start.
    """

    def __init__(self, executor: Executor, clock: Clock, stopping: Callable[[], bool]) -> None:
        self._executor = executor
        self._clock = clock
        self._stopping = stopping
        self._backoff = DatabaseBackoff(clock)

    @property
    def busy_keys(self) -> frozenset[str]:
        """The names of the sources that are being polled."""
        return self._executor.busy_keys

    def start(self, collector: Collector, source: Source, when_done: PollCallback = lambda _: None) -> bool:
        """Start to poll `source`, unless it is already being polled or no thread is free. Return whether it started."""
        return self._executor.start(_job(collector, source, lambda: when_done(self._poll_and_log(collector, source))))

    def start_due(self, collector: Collector, sources: Iterable[Source]) -> None:
        """Start to poll these sources, as long as threads are free and the database accepts results."""
        for source in sources:
            if not self._executor.has_room or not self._backoff.allows_poll(lambda: self.busy_keys):
                return
            self.start(collector, source)

    def run(self, collector: Collector, sources: Sequence[Source]) -> tuple[Collected, ...]:
        """Poll all `sources`, and wait for the last poll. Failures of sources are in the results.

        If a result could not be recorded, raises the error for that, such as StoreError.
        """
        done: dict[str, Collected | None] = {}
        errors: list[BaseException] = []

        def poll(source: Source) -> None:
            try:
                done[source.name] = self._poll(collector, source)
            except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits
                errors.append(error)

        self._executor.run([_job(collector, source, partial(poll, source)) for source in sources])
        for error in errors:
            raise error
        return tuple(collected for source in sources if (collected := done.get(source.name)) is not None)

    def close(self) -> None:
        """Wait for the polls that are running."""
        self._executor.close()

    def _poll_and_log(self, collector: Collector, source: Source) -> Collected | None:
        """Poll `source`. If the result cannot be recorded, log the error; the source stays due."""
        try:
            collected = self._poll(collector, source)
        except DatabaseFailed as error:
            self._backoff.note_failure(source.name, error)
            return None
        except BaseException as error:  # noqa: BLE001 - the boundary of a thread: `when_done` must be called in any case
            _log.error("unrecorded", source=source.name, trace="".join(traceback.format_exception(error)))
            return None
        if collected is not None and not collected.stopped:
            self._backoff.note_success()
        return collected

    def _poll(self, collector: Collector, source: Source) -> Collected | None:
        return None if self._stopping() else poll_contained(collector, source, self._clock.now(), self._clock.monotonic)


def _job(collector: Collector, source: Source, work: Callable[[], object]) -> Job:
    return Job(source.name, host_of(source.url), work, collector.per_host)


def poll_contained(
    collector: Collector, source: Source, now: dt.datetime, monotonic: Callable[[], float] = time.monotonic
) -> Collected:
    """Poll `source`. An unexpected error becomes a failure of this source, with the traceback in the log.

    The duration in the log is measured with `monotonic`.
    """
    started = monotonic()
    try:
        collected = collector.collect(source, now)
    except Stopped:  # nothing is recorded, and the next start polls the source again
        return Collected(source.name, PollRecord(now, "failed", "stopped"), stopped=True)
    except DatabaseFailed:
        raise  # the database failed: nothing of the poll is kept, and the source stays due
    except Exception as error:  # noqa: BLE001 - the boundary of a source: a bug in one must not stop the others
        publish(PollCrashed(source.name, "".join(traceback.format_exception(error))))
        collected = collector.crashed(source, error, now)
    poll = collected.poll
    decisions = {one.kind: one.reason for one in poll.decisions}
    seconds = monotonic() - started
    publish(PollFinished(source.name, poll.outcome, poll.reason, poll.new, poll.matches, decisions, seconds))
    return collected
