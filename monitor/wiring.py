"""The composition root: configuration → a program of live parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Lock
from typing import Protocol

from monitor import channels as channel_kinds
from monitor import collect
from monitor import sources as source_kinds
from monitor.channels import Channel, Seams
from monitor.clock import Clock
from monitor.collect import Collected, Collector, Document, Limits, collect_all, look_back, read_document
from monitor.config import Config
from monitor.deliver import Built, EditionBuilder, Outbox, Sending, build_all
from monitor.digest import Digest
from monitor.errors import ReaderFailed, StoreError, UsageError
from monitor.fetch import Fetched, FetchError, FetchSettings, Gate
from monitor.model import Reading, Source
from monitor.model.lookback import RuleVersion
from monitor.model.reports import Trace
from monitor.rules import Explanation
from monitor.sandbox import ReaderPool
from monitor.store import Store, exists


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did; `parked` counts the deliveries that wait for a person, whenever they were given up."""

    collected: tuple[Collected, ...] = ()
    built: tuple[Built, ...] = ()
    sendings: tuple[Sending, ...] = ()
    parked: int = 0

    @property
    def needs_attention(self) -> bool:
        """A source failed, a digest could not be built, a delivery did not get through or is parked."""
        return (
            self.parked > 0
            or any(collected.failed for collected in self.collected)
            or any(built.crash for built in self.built)
            or any(sending.outcome.kind != "sent" for sending in self.sendings)
        )


class Readers(collect.Readers, Protocol):
    """Readers that can be ended."""

    def close(self) -> None:
        """Finish, and give everything back."""
        ...

    def abort(self) -> None:
        """End at once."""
        ...


@dataclass(slots=True)
class Program:
    """The live parts, and what is done with them: poll, build, send. A pass does all three and waits for each."""

    store: Store
    gate: Gate
    readers: Readers
    sources: Mapping[str, Source]
    digests: Sequence[Digest]
    collector: Collector
    builder: EditionBuilder
    outbox: Outbox
    clock: Clock
    stop: Event = field(default_factory=Event)
    retired: list[Gate] = field(default_factory=list)
    switching: Lock = field(default_factory=Lock)
    """Held while the parts are exchanged, and by whoever must see parts that belong together."""
    _building: Lock = field(default_factory=Lock)

    def due(self) -> list[Source]:
        """The sources to poll now."""
        names = self.store.due_sources(self.clock.now())
        return [self.sources[name] for name in names if name in self.sources]

    def poll(self, chosen: Sequence[Source]) -> tuple[Collected, ...]:
        """Poll these sources and wait for all of them."""
        return collect_all(self.collector, chosen, self.clock.now(), stopping=self.stop.is_set)

    def build(self, *, immediate: bool = True) -> tuple[Built, ...]:
        """Build every edition that is due; those of digests that are sent as news comes only if `immediate`."""
        with self._building:
            with self.switching:
                builder, digests = self.builder, self.digests
            due = [digest for digest in digests if immediate or not digest.schedule.immediate]
            return build_all(builder, self.store, due, self.clock.now())

    def look_back(self) -> None:
        """Ask the rules whose meaning is new of what was recorded before, as far as they want it."""
        with self.switching:
            rules, sources = self.collector.rules, self.sources
        look_back(self.store, rules, sources, self.clock.now(), stopping=self.stop.is_set)

    def once(self, names: Sequence[str] = (), *, send: bool = True) -> Pass:
        """One pass: poll the sources that are due, or those named, due or not; then deliver. Raises UsageError."""
        chosen = self._named(names) if names else self.due()
        self.look_back()
        collected = self.poll(chosen)
        if not send:
            return Pass(collected)
        built, sendings = self.build(), self.outbox.send_due()
        outbox = self.store.status(self.clock.now()).outbox or {}
        return Pass(collected, built, sendings, outbox.get("parked", 0))

    def _named(self, names: Sequence[str]) -> list[Source]:
        unknown = [name for name in names if name not in self.sources]
        if unknown:
            raise UsageError(f'no source is called "{unknown[0]}"; sources are: {", ".join(self.sources)}')
        return [self.sources[name] for name in dict.fromkeys(names)]

    def halt(self) -> None:
        """Let nothing new begin and end the network reads in flight. For another thread, or a signal handler."""
        self.stop.set()
        for gate in (self.gate, *self.retired):
            gate.abort()
        self.readers.abort()

    def adopt(self, fresh: Program) -> None:
        """Go on with the parts of `fresh`, for who holds `switching`. Polls under way end with what they began with."""
        if fresh.gate is not self.gate:
            self.retired.append(self.gate)
        self.gate, self.collector, self.sources = fresh.gate, fresh.collector, fresh.sources
        self.builder, self.digests, self.outbox = fresh.builder, fresh.digests, fresh.outbox

    def retire(self) -> None:
        """Close the gates of former configurations. What still reads through them is cut short, and begun again."""
        while self.retired:
            self.retired.pop().close()

    def close(self) -> None:
        """Give everything back."""
        self.retire()
        self.gate.close()
        self.readers.close()


@contextmanager
def open_store(config: Config, clock: Clock, *, create: bool = True) -> Iterator[Store]:
    """The database of `config`, at its present schema.

    Raises StoreError when there is none and it is not to be created: who only asks must not be told of an empty one.
    """
    store = Store(config.database_url.reveal(), clock=clock)
    if not create and not exists(config.database_url.reveal()):
        raise StoreError(f"{store.shown_url}: there is no database yet; monitor once or monitor run makes it")
    try:
        store.prepare()
        yield store
    finally:
        store.close()


@contextmanager
def open_program(
    config: Config, clock: Clock, *, command: str, readers: Readers | None = None, fetch: FetchSettings | None = None
) -> Iterator[Program]:
    """The whole program, holding the database's lock as `command`. Raises LockHeld when another process has it.

    `readers` and `fetch` are seams: where hostile bytes are read, and how the gate behaves.
    """
    with open_store(config, clock) as store, store.hold(command):
        bring_into_force(config, store, clock.now())
        store.doubt_claims(clock.now())
        gate = Gate(fetch or fetch_settings(config), clock=clock)
        program = assemble(config, store, gate, readers or ReaderPool(), clock)
        try:
            yield program
        finally:
            program.close()


def bring_into_force(config: Config, store: Store, now: dt.datetime) -> None:
    """Bring the database to `config`, in one transaction."""
    meanings = config.ruleset.meanings
    rules = [RuleVersion(rule.name, meanings[rule.name], rule.backfill) for rule in config.rules]
    store.sync(config.sources, {digest.name: digest.rules for digest in config.digests}, now, rules)


def assemble(
    config: Config, store: Store, gate: Gate, readers: Readers, clock: Clock, *, before: Program | None = None
) -> Program:
    """Join the parts; if there is a program already (`before`), such that it can adopt them."""
    random = Random()  # noqa: S311 - jitter, not cryptography
    stop = before.stop if before else Event()
    held = before.outbox.held if before else {}
    live = live_channels(config, stop)
    limits = Limits(floor=config.fetch.min_every, ceiling=config.fetch.max_every)
    return Program(
        store=store,
        gate=gate,
        readers=readers,
        sources={source.name: source for source in config.sources},
        digests=config.digests,
        collector=Collector(store, gate, readers, config.ruleset, limits, random),
        builder=EditionBuilder(store, live),
        outbox=Outbox(store, live, clock, random, stop.is_set, held),
        clock=clock,
        stop=stop,
    )


def fetch_settings(config: Config) -> FetchSettings:
    """How the outbound gate behaves."""
    return FetchSettings(allow_private=config.fetch.allow_private, proxy=config.fetch.proxy)


def live_channels(config: Config, stopping: Event) -> dict[str, Channel]:
    """The configured channels, ready to send. Once `stopping` is set, attempts end as soon as nothing is in doubt."""
    seams = Seams(stopping=stopping)
    return {
        name: channel_kinds.KINDS[channel.kind].build(name, channel.options, seams)
        for name, channel in config.channels.items()
    }


@dataclass(frozen=True, slots=True)
class Look:
    """What a source gives at this moment, stored nowhere: a reading, or why there is none."""

    source: str
    url: str
    reading: Reading | None = None
    error: str | None = None

    @property
    def newest(self) -> dt.datetime | None:
        """The latest date among the entries."""
        dates = [entry.published.at for entry in (self.reading.entries if self.reading else ()) if entry.published]
        return max(dates, default=None)


def look_at_all(config: Config, clock: Clock) -> tuple[Look, ...]:
    """Read every source of `config` once."""
    with Gate(fetch_settings(config), clock=clock) as gate, ReaderPool() as readers, ThreadPoolExecutor(8) as pool:
        return tuple(pool.map(lambda source: look_at(source, gate, readers, clock), config.sources))


def look_at(source: Source, gate: Gate, readers: ReaderPool, clock: Clock) -> Look:
    """Read `source` once."""
    shown = source.shown_url or source.url
    answer = gate.get(source.url, accept=source_kinds.KINDS[source.kind].accept)
    if isinstance(answer, FetchError):
        return Look(source.name, shown, error=answer.reason)
    if not isinstance(answer, Fetched):
        return Look(
            source.name, shown, error="the server says that nothing changed, though it was not asked for changes"
        )
    return _read(source, shown, Document(answer.body, answer.url, answer.content_type), readers, clock)


def look_at_file(path: Path, source: Source, content_type: str | None, clock: Clock) -> Look:
    """Read a file as if `source` had sent it. Raises UsageError when there is no such file."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give an address (https://…) or a file that can be read") from None
    with ReaderPool(workers=1) as readers:
        return _read(source, str(path), Document(body, source.url, content_type), readers, clock)


def _read(source: Source, shown: str, document: Document, readers: ReaderPool, clock: Clock) -> Look:
    try:
        reading = read_document(document, source, readers, clock.now())
    except ReaderFailed as error:
        return Look(source.name, shown, error=f"reading it {error.reason}")
    if not reading.readable:
        return Look(source.name, shown, reading, error="; ".join(reading.problems))
    return Look(source.name, shown, reading)


def explain_all(config: Config, trace: Trace) -> tuple[Explanation, ...]:
    """What each rule of `config` says of the traced article now, with what its sources add."""
    listing = {entry.source for entry in trace.entries}
    tags = [tag for source in config.sources if source.name in listing for tag in source.tags]
    return tuple(
        config.ruleset.explain(rule.name, trace.article, source=sorted(listing), tag=tags) for rule in config.rules
    )
