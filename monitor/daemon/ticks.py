"""APScheduler ticks, signals, heartbeat. When anything is due is data in the database; this only ticks.

A tick begins what is due and waits for nothing: polls and sends run in executors, so that a source that drips or a mail
server that hangs delays only itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Final

from monitor.app.program import Program
from monitor.daemon.contain import Boundary
from monitor.daemon.jumps import ClockWatch
from monitor.daemon.orders import Orders
from monitor.daemon.reload import Reload
from monitor.daemon.ticker import RealTicker, Tick, Ticker
from monitor.errors import LockLost, StoreError
from monitor.executor import Executor, Job, KeyedExecutor
from monitor.log import logger

POLL_TICK: Final = 1.0
"""Seconds between looks for sources that are due."""

DELIVER_TICK: Final = 1.0
"""Seconds between looks for digests and deliveries that are due."""

PING_TICK: Final = 60.0
"""Seconds between calls of the address that `[operator] ping` names."""

PATIENCE: Final = 10.0
"""Seconds that a digest which is sent as news comes waits for polls in flight, so that their news is one edition."""

RELOAD_TICK: Final = 1.0
"""Seconds between looks at the configuration; a change counts at the second look that finds it."""

INDEX_TICK: Final = 60.0
"""Seconds between looks for articles that another version indexed."""

CLOCK_TICK: Final = 1.0
"""Seconds between looks whether the clock jumped."""

ORDERS_TICK: Final = 1.0
"""Seconds between looks for orders of commands, which wait ten seconds for the daemon to take them."""

CLAIMS_TICK: Final = 20.0
"""Seconds between looks for deliveries that are claimed and that nobody sends."""

WATCH_TICK: Final = 60.0
"""Seconds between looks at how sending through each channel goes, and at what the operator should know."""

CHANNELS: Final = 64
"""Channels that send side by side, at the most. Threads are made as they are needed."""

BEAT: Final = 20.0
"""Seconds between heartbeats, by which `monitor status --health` knows that the daemon lives."""

SIGNAL_LOOK: Final = 1.0
"""Seconds between looks for signals while the main thread waits.

A signal that arrives between Python's last look and the wait itself does not end the wait: its handler would run only
when something else does (https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers).
"""

GRACE: Final = 8.0
"""Seconds that work in flight gets after SIGTERM; what is not done by then is found again at the next start."""

_log = logger("daemon")


class Daemon:
    """Runs a program until it is asked to stop."""

    def __init__(
        self,
        program: Program,
        reload: Reload | None = None,
        *,
        ticker: Ticker | None = None,
        sends: Executor | None = None,
        orders: Executor | None = None,
    ) -> None:
        self._program = program
        self._reload = reload
        self._clock = program.clock
        self._ticker = ticker or RealTicker(program.clock)
        self._sends = sends or KeyedExecutor(CHANNELS, 1, name="send")
        self._boundary = Boundary(program.clock, program.store.check_file, self._lost)
        self._orders = Orders(program, self._sends, self._waiting, orders)
        self._jumps = ClockWatch(program.clock)
        self._immediate_at = self._clock.monotonic()
        self._stop_asked = self._started = False
        self._terminal = sys.stderr.isatty()
        self._status = 0

    def run(self) -> int:
        """Tick until the program is asked to stop, and return the exit status."""
        self._ticker.start(self.ticks())
        _log.info("started", sources=len(self._program.sources), digests=len(self._program.digests), pid=os.getpid())
        while not self._program.stop.wait(SIGNAL_LOOK):
            pass
        _log.info("stopping")
        watchdog = threading.Timer(GRACE, self._cut)
        watchdog.daemon = True
        watchdog.start()
        self._ticker.stop()
        self._orders.close()  # they start polls and sends, so they end first
        self._program.polls.close()
        self._sends.close()
        watchdog.cancel()
        _log.info("stopped")
        return self._status

    def poll_tick(self) -> None:
        """Begin the polls that are due and not under way, all with the same configuration."""
        with self._program.switching:
            due = (source for source in self._program.due() if source.name not in self._waiting())
            self._program.polls.start_due(self._program.collector, due)

    def deliver_tick(self) -> None:
        """Build the editions that are due, and begin to send through every channel that has something to send.

        Right after the clock jumped, what is due is polled first: no source is missing because the machine was asleep.
        """
        if self._jumps.settled:
            self._program.build(immediate=self._immediate())
        for channel in self._program.store.due_channels(self._clock.now()):
            send = partial(self._program.outbox.send_channel, channel)
            self._sends.start(Job(channel, channel, partial(self._boundary.contain, send)))

    def claims_tick(self) -> None:
        """Let deliveries be tried again that were claimed here and that nobody sends: the program failed on them.

        A worker that could not yet write how an attempt ended still keeps its channel busy.
        """
        claims = self._program.store.own_claims()
        busy = self._sends.busy  # read after the claims: whoever has ended one in between has written how it ended
        for claim in claims:
            if claim.channel not in busy and self._program.store.doubt_claim(claim, self._clock.now()):
                _log.error("recovered", delivery=claim.delivery_id, channel=claim.channel, attempt=claim.attempt)

    def watch_tick(self) -> None:
        """Hold what is for nobody, bring the notices about channels up to date, and tell the operator what is due."""
        self._program.store.shorten_waits(self._clock.now())  # of polls that were under way when the clock jumped
        if not self._jumps.settled:
            return
        with self._program.switching:
            self._program.hold_gone()
        self._program.watch_outbox()
        self._program.tell_operator()

    def clock_tick(self) -> None:
        """Look whether the clock jumped, and let nothing wait longer for it."""
        if jump := self._jumps.jump:
            self._program.clock_jumped(jump)
            self._jumps.acted_on(jump)
            self._program.store.beat(self._clock.now())

    def reload_tick(self) -> None:
        """Look whether the configuration has changed, and apply it."""
        if self._reload is not None:
            self._reload.tick(lambda: self._program.polls.busy)

    def backfill_tick(self) -> None:
        """Match new rules against the archive, once no poll is under way that does not know them."""
        reload = self._reload
        self._program.run_backfill(ready=lambda: reload is None or not reload.inflight)

    def index_tick(self) -> None:
        """Bring the search index and the fingerprints to this version of the program, in the background."""
        self._program.renew_index()
        self._program.fingerprint_archive()

    def beat_tick(self) -> None:
        """Say that the daemon lives. Raises LockLost when its lock is gone, since another one may be at work then.

        Raises StoreError when it cannot be written: that is no reason to end; the operator is notified.
        """
        try:
            self._program.store.beat(self._clock.now())
        except LockLost:
            raise
        except StoreError as error:
            self._begin("operator", partial(self._program.database_failed, str(error)))
            raise
        self._program.database_works()

    def _lost(self, error: LockLost) -> None:
        """End: the database is no longer this process's own."""
        _log.error("lost", reason=str(error))
        self._status = 1
        self._program.halt()

    def ping_tick(self) -> None:
        """Call the address of `[operator] ping`: that the program starts, then that all is well, or what is not."""
        ping = self._program.ping
        if ping is None or not self._jumps.settled:
            return
        if self._started:
            self._begin("ping", ping.beat)
        else:
            self._started = True
            self._begin("ping", ping.start)

    def _begin(self, key: str, work: Callable[[], object]) -> None:
        """Begin what may take as long as an attempt to send, unless it is under way."""
        key = f" {key}"  # no channel has this name: names do not begin with a space
        self._sends.start(Job(key, key, partial(self._boundary.contain, work)))

    def orders_tick(self) -> None:
        """Begin what commands ask for."""
        self._orders.tick()

    def _waiting(self) -> frozenset[str]:
        """Return the sources that must not be polled as they are, since a change of them waits to come into force."""
        return self._reload.waiting if self._reload is not None else frozenset()

    def _immediate(self) -> bool:
        """Return whether to build digests that are sent as news comes: no poll is under way, or they waited long."""
        now = self._clock.monotonic()
        if self._program.polls.busy and now - self._immediate_at < PATIENCE:
            return False
        self._immediate_at = now
        return True

    def ticks(self) -> tuple[Tick, ...]:
        """Return what is called again and again while the daemon runs."""
        return tuple(
            Tick(tick.__name__, seconds, partial(self._boundary.contain, tick))
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
                (self.beat_tick, BEAT),
            )
        )

    def listen(self) -> None:
        """Take the signals of this process: SIGTERM and SIGINT stop the program, a second one ends it at once.

        SIGHUP has the configuration read again.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        if self._reload is not None:
            signal.signal(signal.SIGHUP, self._on_hangup)

    def _on_hangup(self, number: int, frame: FrameType | None) -> None:
        """Read the configuration again; but end with the terminal that the daemon was started in, if that is gone."""
        if self._terminal and not sys.stderr.isatty():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # nobody reads the log's last lines
            self._on_signal(number, frame)
        elif self._reload is not None:
            self._reload.ask()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stop_asked:
            os._exit(128 + number)
        self._stop_asked = True
        # Another thread does it: it takes locks that the code interrupted here may hold.
        threading.Thread(target=self._program.halt, name="halt", daemon=True).start()

    def _cut(self) -> None:
        _log.warning(
            "cut", reason=f"work in flight took longer than {GRACE:.0f} s; it is found again at the next start"
        )
        os._exit(self._status)
