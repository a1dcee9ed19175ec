"""The connected parts of the program, and what they do together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock
from typing import Final, TypeVar

from monitor.app.ping import Ping
from monitor.app.ports import Readers
from monitor.app.retention import remove_old_texts
from monitor.app.rule_watch import RuleWatch
from monitor.clock import Clock
from monitor.collect import (
    Collected,
    Collector,
    PollPool,
    Sighting,
    decide_reread,
    fingerprint_archive,
    record_reread,
    reread_pages,
    run_backfill,
)
from monitor.deliver import (
    OUTBOX_KINDS,
    BuildResult,
    DatabaseOutage,
    EditionBuilder,
    HoldResult,
    Operator,
    Outbox,
    RerouteResult,
    SendResult,
    StoredEdition,
    build_all,
    hold_removed,
    outbox_notices,
)
from monitor.deliver.reroute import reroute
from monitor.digest import Digest
from monitor.errors import UsageError
from monitor.fetch import Gate
from monitor.model import Source
from monitor.model.rereads import DueReread
from monitor.model.times import duration_in_words, local_time
from monitor.notices import KINDS
from monitor.notices.clock import CLOCK, set_back_notice, went_forward_notice
from monitor.store import Store

_MAX_BATCHES_PER_PASS: Final = 100  # batches of articles to index; the next pass continues


T = TypeVar("T")


def find_active(name: str, table: Mapping[str, T], sort: str) -> T:
    """Return the item of this name in the running configuration. Raises UsageError if there is none."""
    if name not in table:
        raise UsageError(
            f'the configuration of the daemon has no {sort} "{name}"; it reads a changed file within'
            " seconds, and monitor status says why if it cannot"
        )
    return table[name]


@dataclass(frozen=True, slots=True)
class Pass:
    """The result of one pass. `parked` counts all deliveries that a person must look at."""

    collected: tuple[Collected, ...] = ()
    built: tuple[BuildResult, ...] = ()
    sendings: tuple[SendResult, ...] = ()
    parked: int = 0


@dataclass(slots=True)
class Program:
    """The connected parts of the program, which poll, build and send. A pass does all three, one after another."""

    store: Store
    gate: Gate
    readers: Readers
    sources: Mapping[str, Source]
    digests: Sequence[Digest]
    collector: Collector
    builder: EditionBuilder
    outbox: Outbox
    clock: Clock
    polls: PollPool
    stop: Event
    operator: Operator
    ping: Ping | None = None
    retired_gates: list[Gate] = field(default_factory=list)
    switch_lock: Lock = field(default_factory=Lock)
    """Held while the parts are replaced, and by code that needs several parts of the same configuration."""
    outage: DatabaseOutage = field(default_factory=DatabaseOutage)
    fingerprinted: bool = False
    """Whether all articles of the archive have a fingerprint of this program version."""
    keep: dt.timedelta | None = None
    """Texts of articles are removed when they are older. None: they are kept."""
    rule_watch: RuleWatch = field(default_factory=RuleWatch)
    _build_lock: Lock = field(default_factory=Lock)

    def due_sources(self) -> list[Source]:
        """Return the sources that are due to be polled."""
        names = self.store.due_sources(self.clock.now())
        return [self.sources[name] for name in names if name in self.sources]

    def poll(self, chosen: Sequence[Source]) -> tuple[Collected, ...]:
        """Poll these sources and wait for all of them."""
        return self.polls.run(self.collector, chosen)

    def build(self, *, immediate: bool = True) -> tuple[BuildResult, ...]:
        """Build every edition that is due. Without `immediate`, skip digests that are sent as soon as there is news."""
        with self._build_lock:
            with self.switch_lock:
                builder, digests = self.builder, self.digests
            due = [digest for digest in digests if immediate or not digest.schedule.is_immediate]
            return build_all(builder, self.store, due, self.clock.now())

    def hold_removed(self) -> HoldResult:
        """Hold deliveries to recipients who were removed, and release those to recipients who are back."""
        return hold_removed(self.store, self.builder.channels, self.digests, self.clock.now())

    def watch_outbox(self) -> None:
        """Raise and resolve the notices about channels and about rules."""
        now = self.clock.now()
        wanted = tuple(outbox_notices(self.store.channel_reports(now), self.operator.zone, now))
        self.store.replace_notices(OUTBOX_KINDS, wanted, now)
        self.rule_watch.watch(self.store, self.digests, self.operator.zone, now)
        self.store.expire_notices(CLOCK.kind, CLOCK.shown_for, now)

    def notify_operator(self) -> bool:
        """Queue a message to the operator if one is due. Return whether a message was queued."""
        with self.switch_lock:
            operator = self.operator
        return operator.notify(self.clock.now()) is not None

    def clock_jumped(self, by: dt.timedelta = dt.timedelta()) -> None:
        """Raise a notice that the clock jumped by `by`, and shorten waits that began while the clock was ahead.

        Without `by`, check whether the clock was ahead when the program last ran.
        """
        now = self.clock.now()
        ahead = self.store.shorten_waits(now)
        if by := by or -ahead:
            before, after = (local_time(at, self.operator.zone) for at in (now - by, now))
            words = (duration_in_words(abs(by)), before, after)
            notice = set_back_notice(*words) if by < dt.timedelta() else went_forward_notice(*words)
            with self.store.writing() as tx:
                tx.resolve_all([notice.subject], now, reason="it jumped again", kept=set(KINDS) - {CLOCK.kind})
                tx.raise_notice(notice, now)
            self.outbox.clock_jumped(by)

    def database_failed(self, reason: str) -> None:
        """Note that the database did not accept a write. If this lasts, notify the operator without the database."""
        with self.switch_lock:
            operator = self.operator
        self.outage.note_failure(operator, reason, self.clock.now())

    def database_works(self) -> None:
        """Note that the database accepted a write."""
        if self.outage.since is not None:
            self.outage.note_success(self.store, self.clock.now())

    def build_now(self, name: str) -> StoredEdition | None:
        """Build an edition of all that is pending for a digest, whatever its schedule; None if nothing is pending.

        Raises UsageError if the running configuration has no digest of this name.
        """
        with self._build_lock:
            with self.switch_lock:
                builder, digest = self.builder, find_active(name, {one.name: one for one in self.digests}, "digest")
            return builder.build(digest, self.clock.now(), forced=True)

    def run_backfill(self, ready: Callable[[], bool] = lambda: True) -> None:
        """Match rules with a new meaning against the archive, as far back as each rule says, if `ready` returns True.

        The configuration does not change between the call of `ready` and the choice of the rules. So `ready` can check
        that the polls of this configuration are done.
        """
        with self.switch_lock:
            if not ready():
                return
            rules, sources = self.collector.rules, self.sources
        run_backfill(self.store, rules, sources, self.clock.now(), stopping=self.stop.is_set)

    def reread(self) -> None:
        """Read pages of sent articles again if they are due.

        Do nothing unless a digest asks for changes of articles.
        """
        if not any(digest.changes for digest in self.digests):
            return
        with self.switch_lock:
            sources, gate, readers, robots = self.sources, self.gate, self.readers, self.collector.robots
        now = self.clock.now()

        def record(due: DueReread, seen: Sighting) -> None:
            with self.switch_lock:  # with the rules that are active when it is written
                collector, source = self.collector, self.sources.get(due.source)
                if source is not None:
                    found = decide_reread(due, seen, source, collector.rules, now)
                    record_reread(self.store, due, found, now, shadow=collector.shadow)

        reread_pages(self.store, sources, gate, readers, now=now, record=record, robots=robots)

    def renew_index(self, most: int | None = None) -> None:
        """Index the articles again that another program version indexed. Stop after `most` batches if it is given."""
        for _ in count() if most is None else range(most):
            if self.stop.is_set() or not self.store.renew_index():
                return

    def fingerprint_archive(self, most: int | None = None) -> None:
        """Replace the fingerprints that another program version made. Stop after `most` batches if it is given.

        The newest articles come first, so that after a start they have fingerprints before the first poll: new copies
        are mostly copies of recent articles.
        """
        if not self.fingerprinted:
            self.fingerprinted = fingerprint_archive(self.store, pause=self.stop.wait, max_batches=most)

    def remove_old_texts(self, most: int | None = None) -> None:
        """Remove the texts of articles that are older than `keep`. Stop after `most` batches if it is given."""
        if self.keep is not None:
            remove_old_texts(self.store, self.keep, self.clock.now(), pause=self.stop.wait, max_batches=most)

    def once(self, names: Sequence[str] = (), *, send: bool = True) -> Pass:
        """Make one pass: poll the named sources or, without names, those that are due; then build and send.

        Raises UsageError if a named source is not configured.
        """
        chosen = self.find_sources(names) if names else self.due_sources()
        self.run_backfill()
        collected = self.poll(chosen)
        if not names:
            self.reread()
        if not send:
            return Pass(collected)
        built, sendings = self.build(), self.outbox.send_due()
        self.watch_outbox()
        if self.notify_operator():
            sendings = (*sendings, *self.outbox.send_due())
        self.renew_index(_MAX_BATCHES_PER_PASS)
        self.fingerprint_archive(_MAX_BATCHES_PER_PASS)
        self.remove_old_texts(_MAX_BATCHES_PER_PASS)
        outbox = self.store.status(self.clock.now()).outbox or {}
        return Pass(collected, built, sendings, outbox.get("parked", 0))

    def retry_parked(self) -> RerouteResult:
        """Queue parked deliveries again. Send those to removed recipients or channels to the current ones instead."""
        now = self.clock.now()
        changed = reroute(self.store, self.builder.channels, self.digests, now)
        self.store.requeue_parked(now)
        self.watch_outbox()
        return changed

    def find_sources(self, names: Sequence[str]) -> list[Source]:
        """Return the sources with these names, each once. Raises UsageError if a source is not configured."""
        unknown_names = [name for name in names if name not in self.sources]
        if unknown_names:
            raise UsageError(f'no source is called "{unknown_names[0]}"; sources are: {", ".join(self.sources)}')
        return [self.sources[name] for name in dict.fromkeys(names)]

    def halt(self) -> None:
        """Start no new work, and end the network reads in progress. Any thread or signal handler may call it."""
        self.stop.set()
        for gate in (self.gate, *self.retired_gates):
            gate.abort()
        self.readers.abort()

    def adopt(self, new_program: Program) -> None:
        """Replace the parts of this program by those of `new_program`. Running polls keep their old parts.

        The caller must hold `switch_lock`.
        """
        if new_program.gate is not self.gate:
            self.retired_gates.append(self.gate)
        self.gate, self.collector, self.sources = new_program.gate, new_program.collector, new_program.sources
        self.builder, self.digests, self.outbox = new_program.builder, new_program.digests, new_program.outbox
        self.operator, self.ping, self.keep = new_program.operator, new_program.ping, new_program.keep

    def retire(self) -> None:
        """Close the request gates of earlier configurations. Polls that still use them are aborted and repeated."""
        while self.retired_gates:
            self.retired_gates.pop().close()

    def close(self) -> None:
        """Release all resources."""
        self.polls.close()
        self.retire()
        self.gate.close()
        self.readers.close()
