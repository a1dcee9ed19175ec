"""Carry out orders of commands in the daemon, with the daemon's polls, outbox and configuration.

A tick starts waiting orders. Each order has its own thread, because it waits for its polls and sends. The polls and
sends themselves run in the daemon's executors. So a source is never polled twice at the same time, and a channel never
sends twice at the same time.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from queue import SimpleQueue
from typing import Final

from monitor.app.passes import PassReport, encode_report, report_editions, report_polls
from monitor.app.program import Program, find_active
from monitor.collect import Collected
from monitor.daemon.contain import run_contained
from monitor.deliver import BuildResult, RerouteResult
from monitor.deliver.outbox import write_persistently
from monitor.errors import NotClaimed, OrderFailed, Stopped, StoreError, UsageError
from monitor.executor import Executor, Job, KeyedExecutor
from monitor.failpoint import failpoint
from monitor.log import logger
from monitor.model.orders import DigestRequest, OrderRequest, OrderResult, PassRequest, SendAttempt

MAX_RUNNING: Final = 4
"""Maximum number of orders that run at the same time. Other orders wait and are not claimed."""

RETRY_SECONDS: Final = 0.2
"""Seconds until another attempt to start a poll that could not start: no thread was free, or the source was busy."""

_UNCONFIRMED_REASON: Final = "the database failed while the daemon took it, and nothing was done; try again"

_log = logger("orders")


class Orders:
    """Claims orders and carries them out. `waiting` returns the sources that must not be polled until a reload."""

    def __init__(
        self,
        program: Program,
        sends: Executor,
        waiting: Callable[[], Collection[str]] = frozenset,
        executor: Executor | None = None,
    ) -> None:
        self._program = program
        self._sends = sends
        self._waiting = waiting
        self._executor = executor or KeyedExecutor(MAX_RUNNING, MAX_RUNNING, name="order")

    def tick(self) -> None:
        """Start waiting orders, up to `MAX_RUNNING` at the same time."""
        self._end_unworked()
        for order_id in self._program.store.waiting_orders(self._program.clock.now()):
            work = partial(run_contained, partial(self._carry_out, order_id))
            self._executor.start(Job(str(order_id), "order", work))

    def _end_unworked(self) -> None:
        """End orders that are claimed in the database but that no thread works on, because a claim was not confirmed.

        The database made the claim, but its confirmation got lost.
        """
        store, now = self._program.store, self._program.clock.now()
        claimed = store.claimed_orders()
        busy = self._executor.busy_keys  # read after the claims: an order that ends in between has written its result
        for order_id in claimed:
            if str(order_id) not in busy:
                with suppress(NotClaimed):
                    store.finish_order(order_id, OrderResult("failed", _UNCONFIRMED_REASON), now)

    def close(self) -> None:
        """Wait for the running orders. They end soon after the program was asked to stop."""
        self._executor.close()

    def _carry_out(self, order_id: int) -> None:
        program = self._program
        if program.stop.is_set():
            return
        request = program.store.claim_order(order_id, program.clock.now())
        if request is None:
            return
        failpoint("order.claimed")
        result = self._result_of(request)
        failpoint("order.done")
        write = partial(program.store.finish_order, order_id, result, program.clock.now())
        write_persistently(write, program.stop, f"order {order_id}")
        _log.info("order", kind=type(request).__name__, state=result.state, reason=result.reason)

    def _result_of(self, request: OrderRequest) -> OrderResult:
        """Carry out a request and return its result. Every failure becomes a result: a command waits for a result."""
        try:
            return (
                self._carry_out_digest(request) if isinstance(request, DigestRequest) else self._carry_out_pass(request)
            )
        except UsageError as refused:
            return OrderResult("refused", str(refused))
        except Stopped:
            return OrderResult("failed", "the daemon was stopped before it was done")
        except (StoreError, OrderFailed) as error:
            return OrderResult("failed", str(error))
        except Exception as error:  # noqa: BLE001 - the boundary of an order: the command must not wait for ever
            _log.error("crash", trace="".join(traceback.format_exception(error)))
            return OrderResult("failed", f"the program failed: {type(error).__name__}; its log has the trace")

    def _carry_out_pass(self, request: PassRequest) -> OrderResult:
        program, store = self._program, self._program.store
        began, newest = program.clock.now(), store.last_edition_id()
        with program.switch_lock:
            for name in request.sources:
                find_active(name, program.sources, "source")
            readdressed = program.retry_parked() if request.retry_parked else RerouteResult()
        collected = self._poll(request.sources)
        if not request.send:
            return OrderResult("done", result=encode_report(PassReport(report_polls(collected))))
        built: Sequence[BuildResult] = program.build()
        editions = store.editions_after(newest)  # includes editions that a tick has built meanwhile
        # If a tick is already sending them, nothing is due. The job then waits for the channel, until the tick is done.
        self._send({*store.due_channels(program.clock.now()), *self._channels_of(edition.id for edition in editions)})
        if program.stop.is_set():  # then some deliveries wait for the next start
            raise Stopped
        program.watch_outbox()
        parked = (store.status(program.clock.now()).outbox or {}).get("parked", 0)
        report = PassReport(
            report_polls(collected),
            report_editions(built, editions),
            store.attempts_since(began),
            parked,
            readdressed,
        )
        return OrderResult("done", result=encode_report(report))

    def _carry_out_digest(self, request: DigestRequest) -> OrderResult:
        edition = self._program.build_now(request.digest)
        if edition is None:
            return OrderResult("done", result={"edition": None, "failed": []})
        self._send(self._channels_of([edition.id]), edition.id)
        if self._program.stop.is_set():
            raise Stopped
        tried = [one for one in self._program.store.edition_deliveries(edition.id) if one.attempts]
        failed = [
            SendAttempt(one.digest, one.channel, one.recipient, one.state, one.last_error or "")
            for one in tried
            if one.state != "sent"
        ]
        return OrderResult("done", result={"edition": edition.id, "failed": [asdict(one) for one in failed]})

    def _poll(self, names: Sequence[str]) -> list[Collected]:
        """Poll these sources, each as soon as no other poll of the source is running, and wait for all polls.

        Raises Stopped if the program is stopping, StoreError if a result could not be recorded, and OrderFailed if a
        reload removed one of the sources before its poll began. In the last case the other sources are polled.
        """
        results: SimpleQueue[Collected | None] = SimpleQueue()
        names = waiting = list(dict.fromkeys(names))
        removed: list[str] = []
        while waiting:
            if self._program.stop.is_set():
                raise Stopped
            with self._program.switch_lock:  # no reload between looking up a source and starting its poll
                removed += [name for name in waiting if name not in self._program.sources]
                waiting = [name for name in waiting if name not in removed and not self._start_poll(name, results)]
            if waiting:
                self._program.stop.wait(RETRY_SECONDS)
        started = len(names) - len(removed)
        by_name = {one.source: one for one in (results.get() for _ in range(started)) if one is not None}
        if self._program.stop.is_set() or any(one.stopped for one in by_name.values()):
            raise Stopped
        if unrecorded := [name for name in names if name not in by_name and name not in removed]:
            raise StoreError(
                f"the polls of these sources could not be recorded, the log says why: {', '.join(unrecorded)}"
            )
        if removed:
            raise OrderFailed(f"the configuration was changed meanwhile and no longer has: {', '.join(removed)}")
        return [by_name[name] for name in names]

    def _start_poll(self, name: str, results: SimpleQueue[Collected | None]) -> bool:
        if name in self._waiting():
            return False
        return self._program.polls.start(self._program.collector, self._program.sources[name], results.put)

    def _send(self, channels: Iterable[str], edition: int | None = None) -> None:
        """Send all due deliveries of these channels, or only those of `edition`, and wait until that is done."""
        outbox = self._program.outbox
        sends = [(channel, partial(outbox.send_channel, channel, edition)) for channel in sorted(channels)]
        self._sends.run([Job(channel, channel, partial(run_contained, send)) for channel, send in sends])

    def _channels_of(self, editions: Iterable[int]) -> set[str]:
        store = self._program.store
        return {one.channel for edition in editions for one in store.edition_deliveries(edition)}
