"""APScheduler ticks, signals, heartbeat. The database says when work is due, and this module only starts the work.

A tick starts due work without waiting for its end. Polls and sends run in executors, so a slow source or a mail server
that does not answer delays no other work.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

from monitor.app.program import Program
from monitor.collect import StartSpread
from monitor.daemon.contain import ErrorBoundary
from monitor.daemon.intervals import (
    BEAT_TICK,
    CLAIMS_TICK,
    CLOCK_TICK,
    DELIVER_TICK,
    INDEX_TICK,
    MAX_CHANNELS,
    MAX_POLL_WAIT,
    MAX_RETENTION_BATCHES,
    ORDERS_TICK,
    PING_TICK,
    POLL_TICK,
    RELOAD_TICK,
    REREAD_TICK,
    RETENTION_TICK,
    SHUTDOWN_GRACE,
    SIGNAL_CHECK_SECONDS,
    WATCH_TICK,
)
from monitor.daemon.jumps import ClockWatch
from monitor.daemon.orders import Orders
from monitor.daemon.reload import Reload
from monitor.daemon.systemd import ServiceManager
from monitor.daemon.ticker import RealTicker, Tick, Ticker
from monitor.daemon.vitals import VITAL_TICKS, Vitals
from monitor.daemon.web import StatusPages
from monitor.errors import LockLost, StoreError
from monitor.executor import Executor, Job, KeyedExecutor
from monitor.log import logger

_log = logger("daemon")


class Daemon:
    """Runs a program until it is asked to stop. `service` is the service manager that started this process."""

    def __init__(
        self,
        program: Program,
        reload: Reload | None = None,
        *,
        ticker: Ticker | None = None,
        sends: Executor | None = None,
        orders: Executor | None = None,
        service: ServiceManager | None = None,
    ) -> None:
        self._program = program
        self._reload = reload
        self._clock = program.clock
        self._ticker = ticker or RealTicker(program.clock)
        self._sends = sends or KeyedExecutor(MAX_CHANNELS, 1, name="send")
        self._boundary = ErrorBoundary(program.clock, program.store.check_file, self._stop_for_lost_lock)
        self._orders = Orders(program, self._sends, self._waiting_sources, orders)
        self._jumps = ClockWatch(program.clock)
        self.vitals = Vitals(program.clock)
        self._service = service or ServiceManager()
        self._pages = StatusPages(program.store, self.vitals, program.clock)
        self._spread = StartSpread(program.clock, program.collector.random)
        self._immediate_at = self._started_at = self._clock.monotonic()
        self._stop_asked = self._started = False
        self._terminal = sys.stderr.isatty()
        self._status = 0

    def run(self) -> int:
        """Call the ticks until the program is asked to stop, and return the exit status."""
        self._service.ready()  # the database is open, and the configuration was applied to it
        self._ticker.start(self.ticks())
        _log.info("started", sources=len(self._program.sources), digests=len(self._program.digests), pid=os.getpid())
        while not self._program.stop.wait(SIGNAL_CHECK_SECONDS):
            pass
        _log.info("stopping")
        self._service.stopping()
        watchdog = threading.Timer(SHUTDOWN_GRACE, self._abort)
        watchdog.daemon = True
        watchdog.start()
        self._ticker.stop()
        self._pages.close()
        self._orders.close()  # orders start polls and sends, so orders must end first
        self._program.polls.close()
        self._sends.close()
        watchdog.cancel()
        _log.info("stopped")
        return self._status

    def poll_tick(self) -> None:
        """Start the polls that are due and not yet running, all with the same configuration."""
        with self._program.switch_lock:
            due = [source for source in self._program.due_sources() if source.name not in self._waiting_sources()]
            self._program.polls.start_due(self._program.collector, self._spread.ready(due))

    def deliver_tick(self) -> None:
        """Build the editions that are due, and start to send through every channel with due deliveries.

        Right after a jump of the clock, due sources are polled first. So after the machine was asleep, an edition does
        not lack the news of that time.
        """
        if self._jumps.is_settled:
            self._program.build(immediate=self._builds_immediate())
        for channel in self._program.store.due_channels(self._clock.now()):
            send = partial(self._program.outbox.send_channel, channel)
            self._sends.start(Job(channel, channel, partial(self._boundary.contain, send)))

    def claims_tick(self) -> None:
        """Retry deliveries that this process has claimed but that no thread is sending, because of an error.

        While a worker has not yet recorded the result of an attempt, its channel counts as busy.
        """
        claims = self._program.store.own_claims()
        busy = self._sends.busy_keys  # read after the claims: an attempt that ends in between has written its result
        for claim in claims:
            if claim.channel not in busy and self._program.store.make_ambiguous(claim, self._clock.now()):
                _log.error("recovered", delivery=claim.delivery_id, channel=claim.channel, attempt=claim.attempt)

    def watch_tick(self) -> None:
        """Hold deliveries whose recipient was removed, update notices about channels, and notify the operator."""
        self._program.store.shorten_waits(self._clock.now())  # of polls that were running when the clock jumped
        if not self._jumps.is_settled:
            return
        with self._program.switch_lock:
            self._program.hold_removed()
        self._program.watch_outbox()
        self._program.notify_operator()

    def clock_tick(self) -> None:
        """Check whether the clock jumped, and correct waits that would be too long after the jump."""
        if jump := self._jumps.jump:
            self._program.clock_jumped(jump)
            self._jumps.mark_handled(jump)
            self._program.store.record_heartbeat(self._clock.now())

    def reload_tick(self) -> None:
        """Check whether the configuration has changed, and apply it if it has."""
        if self._reload is not None:
            self._reload.tick(lambda: self._program.polls.busy_keys)

    def backfill_tick(self) -> None:
        """Match new rules against the archive as soon as no poll with the old rules is running."""
        reload = self._reload
        self._program.run_backfill(ready=lambda: reload is None or not reload.inflight)

    def index_tick(self) -> None:
        """Update the search index and the fingerprints to this version of the program, in the background."""
        self._program.renew_index()
        self._program.fingerprint_archive()

    def retention_tick(self) -> None:
        """Remove texts that are older than the configuration keeps them, in the background.

        Nothing is removed right after a start or a jump of the clock, when a machine may not have the right time yet.
        `remove_old_texts` also waits for a week after a long jump.
        """
        if self._jumps.is_settled and self._clock.monotonic() - self._started_at >= RETENTION_TICK / 2:
            self._program.remove_old_texts(MAX_RETENTION_BATCHES)

    def reread_tick(self) -> None:
        """Read pages of sent articles again, in a thread that delays neither polls nor sends."""
        if self._jumps.is_settled:
            self._program.reread()

    def beat_tick(self) -> None:
        """Record a heartbeat.

        Raises LockLost if the lock is gone, because another process may then be working. Raises StoreError if the
        heartbeat cannot be written: the daemon continues, and the operator is notified.
        """
        try:
            self._program.store.record_heartbeat(self._clock.now())
        except LockLost:
            raise
        except StoreError as error:
            self._start_job("operator", partial(self._program.database_failed, str(error)))
            raise
        self._program.database_works()
        self.vitals.note_write()
        if self.vitals.has_advanced():
            self._service.keep_alive()

    def _stop_for_lost_lock(self, error: LockLost) -> None:
        """Stop the daemon, because this process no longer holds the lock of the database."""
        _log.error("lost", reason=str(error))
        self._status = 1
        self._program.halt()

    def ping_tick(self) -> None:
        """Call the address in `[operator] ping`.

        The first call reports the start. Later calls report that all is well, or what is wrong.
        """
        ping = self._program.ping
        if ping is None or not self._jumps.is_settled:
            return
        if self._started:
            self._start_job("ping", ping.beat)
        else:
            self._started = True
            self._start_job("ping", ping.start)

    def _start_job(self, key: str, work: Callable[[], object]) -> None:
        """Start the work called `key` in a thread of the executor for sends, unless it is already running."""
        key = f" {key}"  # not the name of a channel: names never begin with a space
        self._sends.start(Job(key, key, partial(self._boundary.contain, work)))

    def web_tick(self) -> None:
        """Serve the pages for monitoring where the active configuration says, and nowhere else."""
        if self._reload is not None:
            self._pages.serve(self._reload.config.web.listen)

    def orders_tick(self) -> None:
        """Start the orders of commands."""
        self._orders.tick()

    def _waiting_sources(self) -> frozenset[str]:
        """Return the sources that must not be polled, because a change of their tables waits to be applied."""
        return self._reload.waiting if self._reload is not None else frozenset()

    def _builds_immediate(self) -> bool:
        """Return whether to build digests with `at = "now"`: no poll is running, or they have waited long enough."""
        now = self._clock.monotonic()
        if self._program.polls.busy_keys and now - self._immediate_at < MAX_POLL_WAIT:
            return False
        self._immediate_at = now
        return True

    def ticks(self) -> tuple[Tick, ...]:
        """Return the ticks that are called while the daemon runs."""
        return tuple(
            Tick(tick.__name__, seconds, partial(self._run_tick, tick.__name__, tick))
            for tick, seconds in (
                (self.clock_tick, CLOCK_TICK),
                (self.poll_tick, POLL_TICK),
                (self.deliver_tick, DELIVER_TICK),
                (self.claims_tick, CLAIMS_TICK),
                (self.watch_tick, WATCH_TICK),
                (self.ping_tick, PING_TICK),
                (self.orders_tick, ORDERS_TICK),
                (self.reload_tick, RELOAD_TICK),
                (self.backfill_tick, RELOAD_TICK),
                (self.index_tick, INDEX_TICK),
                (self.reread_tick, REREAD_TICK),
                (self.retention_tick, RETENTION_TICK),
                (self.web_tick, RELOAD_TICK),
                (self.beat_tick, self._service.beat_seconds(BEAT_TICK)),
            )
        )

    def _run_tick(self, name: str, tick: Callable[[], object]) -> None:
        """Run a tick. A tick that fails also counts as a sign of life: its failure is reported elsewhere."""
        self._boundary.contain(tick)
        if name in VITAL_TICKS:
            self.vitals.note_tick(name)

    def handle_signals(self) -> None:
        """Install the signal handlers of this process.

        SIGTERM and SIGINT stop the program; a second such signal ends it at once. SIGHUP reloads the configuration.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        if self._reload is not None:
            signal.signal(signal.SIGHUP, self._on_hangup)

    def _on_hangup(self, number: int, frame: FrameType | None) -> None:
        """Reload the configuration. But stop the program if the terminal that started it is gone."""
        if self._terminal and not sys.stderr.isatty():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # the last log lines have no reader
            self._on_signal(number, frame)
        elif self._reload is not None:
            self._reload.request()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stop_asked:
            os._exit(128 + number)
        self._stop_asked = True
        # Stopping takes locks that the interrupted code may hold, so another thread does it.
        threading.Thread(target=self._program.halt, name="halt", daemon=True).start()

    def _abort(self) -> None:
        _log.warning(
            "cut", reason=f"running work took longer than {SHUTDOWN_GRACE:.0f} s; it is done after the next start"
        )
        os._exit(self._status)
