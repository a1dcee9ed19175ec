"""Polls side by side, each contained: one source's surprise is its own."""

from __future__ import annotations

import datetime as dt
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from monitor.clock import Clock
from monitor.collect.poll import Collector
from monitor.collect.result import Collected
from monitor.errors import DatabaseFailed, Stopped
from monitor.events import PollCrashed, PollFinished, publish
from monitor.executor import Executor, Job, KeyedExecutor
from monitor.fetch import PER_HOST
from monitor.log import logger
from monitor.model import PollRecord, Source
from monitor.text.address import host_of

WORKERS = 16
"""Polls in flight, at the most."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
"""Seconds without polls after the database took no result: the first pause, which doubles, and the longest."""

SAID_EVERY = 60.0
"""Seconds between two lines of the log about that."""

Then = Callable[[Collected | None], object]
"""Is called at the end of a poll with what was recorded; None if nothing was."""

_log = logger("collect")


def poll_executor() -> KeyedExecutor:
    """Return the threads in which polls run: as many of one host as the gate lets through.

    More would only wait for their turn, and keep other hosts from a thread.
    """
    return KeyedExecutor(WORKERS, PER_HOST, name="poll")


class DatabaseDoubt:
    """Says whether polls may begin after the database took no result, as on a full disk.

    Nothing of such a poll is kept, so its source stays due, and would be asked again every second. Then no poll begins
    for `FIRST_PAUSE` seconds; after that one, which finds out; and as long as it fails too, after pauses that double up
    to `LONGEST_PAUSE`. The first result that is taken ends that.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = self._until = 0.0
        self._said_at: float | None = None

    def admits(self, busy: Callable[[], Collection[str]]) -> bool:
        """Return whether a poll may begin now; `busy` names the polls under way."""
        with self._lock:
            if not self._pause:
                return True
            over = self._clock.monotonic() >= self._until
        return over and not busy()

    def failed(self, source: str, error: DatabaseFailed) -> None:
        """Note that the result of a poll was not taken, and log it, at most once in `SAID_EVERY` seconds."""
        with self._lock:
            at = self._clock.monotonic()
            if at >= self._until:  # polls that began together fail together, and count once
                self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
                self._until = at + self._pause
            if self._said_at is not None and at - self._said_at < SAID_EVERY:
                return
            self._said_at = at
        _log.error("unrecorded", source=source, reason=str(error), seconds=self._pause)

    def ended(self) -> None:
        """Note that the database took a result."""
        with self._lock:
            self._pause = self._until = 0.0
            self._said_at = None


class PollPool:
    """The one driver of polls: `once`, the daemon, the demonstration and the tests poll through it.

    `stopping` says that the program is about to end: a poll that has not begun by then is left for the next time.
    """

    def __init__(self, executor: Executor, clock: Clock, stopping: Callable[[], bool]) -> None:
        self._executor = executor
        self._clock = clock
        self._stopping = stopping
        self._doubt = DatabaseDoubt(clock)

    @property
    def busy(self) -> frozenset[str]:
        """The names of the sources that are being polled."""
        return self._executor.busy

    def start(self, collector: Collector, source: Source, then: Then = lambda _: None) -> bool:
        """Start to poll `source` if it is not being polled and there is room for it; return whether it was started."""
        return self._executor.start(_job(source, lambda: then(self._logged(collector, source))))

    def start_due(self, collector: Collector, sources: Iterable[Source]) -> None:
        """Start to poll these sources as far as there is room, and as the database takes results."""
        for source in sources:
            if not self._doubt.admits(lambda: self.busy):
                return
            self.start(collector, source)

    def run(self, collector: Collector, sources: Sequence[Source]) -> tuple[Collected, ...]:
        """Poll all `sources` and wait for the last one. What went wrong is in the results.

        Raises what kept a result from being recorded, such as StoreError.
        """
        done: dict[str, Collected | None] = {}
        errors: list[BaseException] = []

        def poll(source: Source) -> None:
            try:
                done[source.name] = self._poll(collector, source)
            except BaseException as error:  # noqa: BLE001 - it is raised below, in the thread that waits for the polls
                errors.append(error)

        self._executor.run([_job(source, partial(poll, source)) for source in sources])
        for error in errors:
            raise error
        return tuple(collected for source in sources if (collected := done.get(source.name)) is not None)

    def close(self) -> None:
        """Wait for the polls that are running."""
        self._executor.close()

    def _logged(self, collector: Collector, source: Source) -> Collected | None:
        """Poll `source`; what kept the result from being recorded is logged, and the source stays due."""
        try:
            collected = self._poll(collector, source)
        except DatabaseFailed as error:
            self._doubt.failed(source.name, error)
            return None
        except BaseException as error:  # noqa: BLE001 - the boundary of a thread: `then` must be called in any case
            _log.error("unrecorded", source=source.name, trace="".join(traceback.format_exception(error)))
            return None
        if collected is not None and not collected.stopped:
            self._doubt.ended()
        return collected

    def _poll(self, collector: Collector, source: Source) -> Collected | None:
        return None if self._stopping() else contained(collector, source, self._clock.now())


def _job(source: Source, work: Callable[[], object]) -> Job:
    return Job(source.name, host_of(source.url), work)


def contained(collector: Collector, source: Source, now: dt.datetime) -> Collected:
    """Poll `source`; a surprise becomes a failure of this source, with the trace in the log."""
    try:
        collected = collector.collect(source, now)
    except Stopped:  # nothing is recorded of it: the next start polls it again
        return Collected(source.name, PollRecord(now, "failed", "stopped"), stopped=True)
    except DatabaseFailed:
        raise  # not the source failed: nothing of the poll is kept, and the source stays due
    except Exception as error:  # noqa: BLE001 - the boundary of a source: a bug in one must not stop the others
        publish(PollCrashed(source.name, "".join(traceback.format_exception(error))))
        collected = collector.crashed(source, error, now)
    poll = collected.poll
    decisions = {one.kind: one.reason for one in poll.decisions}
    publish(PollFinished(source.name, poll.outcome, poll.reason, poll.new, poll.matches, decisions))
    return collected
