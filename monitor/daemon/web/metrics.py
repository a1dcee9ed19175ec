"""The metrics of the daemon, in the format of Prometheus. Events are counted; the state is read at each request."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.clock import Clock
from monitor.daemon.web.server import Page
from monitor.errors import StoreError
from monitor.events import DeliveryEnded, EditionBuilt, Event, NoticeRaised, PollCrashed, PollFinished
from monitor.model import Gauges
from monitor.notices import severity_of
from monitor.store import Store

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

MIN_READ_INTERVAL: Final = 1.0
"""Seconds for which one reading of the database answers all requests."""

MAX_READ_WAIT: Final = 2.0
"""Maximum seconds that a request waits for the reading of another one."""

_SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
"""Limits of the classes of poll durations. A request takes at most 30 seconds, and a poll has several."""


class Metrics:
    """Counts events, and makes the page of all metrics."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(name, meaning, labels, namespace="monitor", registry=self._registry)

        self._polls = counter("polls", "Polls by outcome.", "outcome")
        self._seconds = Histogram(
            "poll_duration_seconds",
            "Duration of polls.",
            buckets=_SECONDS,
            namespace="monitor",
            registry=self._registry,
        )
        self._crashes = counter("poll_crashes", "Polls in which the program failed.")
        self._entries = counter("entries", "New entries.")
        self._matches = counter("matches", "New matches of rules.")
        self._editions = counter("editions", "Editions of digests.")
        self._attempts = counter("delivery_attempts", "Attempts to deliver, by outcome.", "outcome")
        self._raised = counter("notices_raised", "Notices that were opened, by kind.", "kind", "severity")
        for outcome in ("ok", "not_modified", "same_body", "failed"):
            self._polls.labels(outcome)
        ProcessCollector(registry=self._registry)
        self._registry.register(_StateCollector(store, clock))

    def count(self, event: Event) -> None:
        """Count an event. Subscribe this function to `monitor.events`."""
        match event:
            case PollFinished():
                self._polls.labels(event.outcome).inc()
                self._seconds.observe(event.seconds)
                self._entries.inc(event.new)
                self._matches.inc(event.matches)
            case PollCrashed():
                self._crashes.inc()
            case EditionBuilt():
                self._editions.inc()
            case DeliveryEnded():
                self._attempts.labels(event.outcome).inc()
            case NoticeRaised():
                self._raised.labels(event.kind, severity_of(event.kind)).inc()
            case _:
                pass

    def page(self) -> Page:
        """Return the page with all metrics."""
        return Page(200, MEDIA_TYPE, generate_latest(self._registry))


class _StateCollector(Collector):
    """Reads the state from the database, at most once in `MIN_READ_INTERVAL` seconds, in one request at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._gauges: Gauges | None = None

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: registering must not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the state. If the database cannot be read, `monitor_database_up` is 0, and the rest is missing."""
        gauges = self._read()
        yield GaugeMetricFamily("monitor_database_up", "Whether the database can be read.", float(gauges is not None))
        if gauges is not None:
            yield from _state(gauges, self._clock.now())

    def _read(self) -> Gauges | None:
        if not self._lock.acquire(timeout=MAX_READ_WAIT):
            return None  # the database hangs, and another request waits for it already
        try:
            now = self._clock.monotonic()
            if self._read_at is None or now - self._read_at >= MIN_READ_INTERVAL:
                try:
                    self._gauges = self._store.gauges()
                except StoreError:
                    self._gauges = None
                self._read_at = now
            return self._gauges
        finally:
            self._lock.release()


def _state(gauges: Gauges, now: dt.datetime) -> Iterator[Metric]:
    sources = GaugeMetricFamily("monitor_sources", "Sources by state.", labels=["state"])
    for state, count in gauges.sources.items():
        sources.add_metric([state], count)
    yield sources
    overdue = max(0.0, (now - gauges.next_poll_at).total_seconds()) if gauges.next_poll_at else 0.0
    yield GaugeMetricFamily("monitor_most_overdue_source_seconds", "How late the most overdue source is.", overdue)
    waiting = GaugeMetricFamily("monitor_outbox_deliveries", "Unsent deliveries, by state.", labels=["state"])
    age = GaugeMetricFamily(
        "monitor_outbox_oldest_seconds", "Age of the oldest unsent delivery, by state.", labels=["state"]
    )
    for state, (count, created_at) in gauges.outbox.items():
        waiting.add_metric([state], count)
        age.add_metric([state], max(0.0, (now - created_at).total_seconds()) if created_at else 0.0)
    yield waiting
    yield age
    notices = GaugeMetricFamily("monitor_open_notices", "Open notices by kind.", labels=["kind", "severity"])
    for kind, count in gauges.notices.items():
        notices.add_metric([kind, severity_of(kind)], count)
    yield notices
    if gauges.last_heartbeat is not None:
        beat = gauges.last_heartbeat.timestamp()
        yield GaugeMetricFamily("monitor_last_heartbeat_timestamp_seconds", "When the daemon last was at work.", beat)
