"""One poll of one source, from its endpoint to the decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from random import Random

from monitor.collect.apply import apply, needs_reports
from monitor.collect.articles import read_pages
from monitor.collect.decide import decide
from monitor.collect.diff import diff_entries, read_recorded_state
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import Located, PollContext, locate, relocate_endpoint
from monitor.collect.memory import PollMemory
from monitor.collect.ports import Gate, Readers, StoreWithReports, WriteTransaction
from monitor.collect.reports import RecentReports
from monitor.collect.result import Collected, PollResult
from monitor.collect.retrieve import retrieve
from monitor.collect.robots import Robots, RobotsCheck, refusal
from monitor.collect.schedule import Limits
from monitor.collect.writer import ResultWriter
from monitor.failpoint import failpoint
from monitor.fetch import MAX_REQUESTS_PER_HOST
from monitor.model import Source
from monitor.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Collector:
    """Polls sources, with everything that a poll needs."""

    store: StoreWithReports
    writer: ResultWriter[WriteTransaction]
    gate: Gate
    readers: Readers
    rules: RuleSet
    limits: Limits
    random: Random
    zone: dt.tzinfo = dt.UTC
    """The time zone of the times in messages."""
    reports: RecentReports = field(default_factory=RecentReports)
    """The reports of the last days. Only the writer of polls uses them."""
    robots: Robots | None = None
    """The robots.txt files to ask before pages are requested. None: none is asked."""
    shadow: bool = False
    """Whether near copies and reports of events are only recorded as such, and not joined."""
    per_host: int = MAX_REQUESTS_PER_HOST
    """Maximum number of polls of one host at the same time."""

    def collect(self, source: Source, now: dt.datetime) -> Collected:
        """Poll `source` once and record the result. Raises Stopped, StoreError and unexpected errors."""
        return self.record(self.poll(source, now))

    def crashed(self, source: Source, error: Exception, now: dt.datetime) -> Collected:
        """Record an unexpected error as a failure of this program. The source is polled again later."""
        return self.record(self.crash(source, error, now))

    def record(self, result: PollResult) -> Collected:
        """Write the decisions of a poll."""
        if needs_reports(result.entries):
            self.reports.fill(self.store, result.record.at)
        return self.writer.write(partial(apply, result=result, reports=self.reports, shadow=self.shadow))

    def poll(self, source: Source, now: dt.datetime) -> PollResult:
        """Read `source` once and decide what follows, without writing. Raises Stopped if the program is stopping.

        If the remembered endpoint is dead, another one is discovered and read in the same poll.
        """
        store, gate, readers = self.store, self.gate, self.readers
        context = PollContext.of(source, store.source_state(source.name), now, self.zone)
        check = RobotsCheck(source, context.state, self.robots, gate, readers, now)
        located = locate(context, gate, readers)
        memory = PollMemory(store)
        outcome = self._retrieve(located, check, memory)
        if isinstance(outcome, Failure) and located.context.endpoint_is_dead(outcome):
            located = relocate_endpoint(context, outcome.reason, gate, readers)
            outcome = self._retrieve(located, check, memory)
        context = located.context
        before = read_recorded_state(context, outcome, store, memory)
        changes = diff_entries(context, outcome, before)
        pages = read_pages(context, changes, before, check.guard(articles=True), readers)
        result = decide(
            context,
            outcome,
            changes,
            pages,
            before,
            rules=self.rules,
            limits=self.limits,
            jitter=self.random.random(),
            robots=check.report,
        )
        failpoint("collect.matched")
        return result

    def _retrieve(self, located: Located, check: RobotsCheck, memory: PollMemory) -> Snapshot | Unchanged | Failure:
        """Return the content of the source, or why it could not be read. A page is read only if its site allows that.

        A feed, a sitemap and an API are requested in any case.
        """
        source = located.context.source
        if source.kind != "page":
            return retrieve(located, self.gate, self.readers, memory)
        if located.discovery is not None and not check.allows(source.url):
            return Failure(refusal(source.url), forbidden=True)
        return retrieve(located, check.guard(), self.readers, memory)

    def crash(self, source: Source, error: Exception, now: dt.datetime) -> PollResult:
        """Decide what follows an unexpected error. It is a failure of this program, and retried like other failures."""
        context = PollContext(source, self.store.source_state(source.name), now, source, zone=self.zone)
        failure = Failure(f"the program failed on it: {type(error).__name__}: {error}", crash=True)
        jitter = self.random.random()
        return decide(context, failure, rules=self.rules, limits=self.limits, jitter=jitter)
