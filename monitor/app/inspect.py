"""Inspections that store nothing: what a source, an address or a file gives now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor import sources as source_kinds
from monitor.app.wiring import fetch_settings
from monitor.clock import Clock
from monitor.collect import (
    ARTICLE,
    PAGE,
    WORKERS,
    AnyDocument,
    DiscoveryFailed,
    Document,
    DocumentFetcher,
    discover,
    read_article,
    read_list,
    with_newest,
)
from monitor.config import Config
from monitor.config.durations import format_duration
from monitor.errors import ReaderFailed, UsageError
from monitor.fetch import Fetched, FetchError, FetchSettings, Gate
from monitor.model import Article, Endpoint, Reading, Source
from monitor.sandbox import ReaderPool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a source gives now: a reading, or the reason why there is none. Nothing is stored.

    `found` is what was discovered for a source without a kind, `tried` why other addresses are not read. An article has
    no reading.
    """

    source: str
    url: str
    reading: Reading | None = None
    error: str | None = None
    found: Endpoint | None = None
    tried: tuple[str, ...] = ()
    article: Article | None = None

    @property
    def newest(self) -> dt.datetime | None:
        """The latest date among the entries."""
        dates = [entry.published.at for entry in (self.reading.entries if self.reading else ()) if entry.published]
        return max(dates, default=None)


def inspect_all(config: Config, clock: Clock) -> Iterator[Inspection]:
    """Read every source of `config` once, in parallel as polls are. Return them in the order of the file."""
    settings = fetch_settings(config)
    with Gate(settings, clock=clock) as gate, ReaderPool() as readers, ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(lambda source: inspect_source(source, gate, readers, clock), config.sources)


def inspect_live(source: Source, config: Config | None, clock: Clock) -> Inspection:
    """Read `source` once, with the settings of `[fetch]` in `config`."""
    settings = fetch_settings(config) if config else FetchSettings()
    with Gate(settings, clock=clock) as gate, ReaderPool(workers=1) as readers:
        return inspect_source(source, gate, readers, clock)


def inspect_source(source: Source, gate: Gate, readers: ReaderPool, clock: Clock) -> Inspection:
    """Read `source` once."""
    shown = source.shown_url or source.url
    if not source.kind:
        return _look_around(source, shown, gate, readers, clock)
    accept = PAGE if source.kind == ARTICLE else source_kinds.KINDS[source.kind].accept
    answer = gate.get(source.url, accept=accept, request=source.request)
    if isinstance(answer, FetchError):
        return Inspection(source.name, shown, error=answer.reason + _wait(answer.retry_after))
    if not isinstance(answer, Fetched):
        return Inspection(
            source.name, shown, error="the server says that nothing changed, though it was not asked for changes"
        )
    look = _read(source, shown, answer, readers, clock)
    if look.reading is None or not look.reading.parts:
        return look
    fetcher = DocumentFetcher(gate, readers, source, clock.now())
    return replace(look, reading=with_newest(look.reading, answer.url, fetcher))


def _wait(asked: dt.timedelta | None) -> str:
    """Return how long a server asks to wait, in words; "" if it does not ask."""
    return f"; it asks to wait {format_duration(asked)}" if asked else ""


def _look_around(source: Source, shown: str, gate: Gate, readers: ReaderPool, clock: Clock) -> Inspection:
    found = discover(source, gate, readers, clock.now())
    if isinstance(found, DiscoveryFailed):
        asked = _wait(found.error.retry_after) if found.error else ""
        return Inspection(source.name, shown, found.reading, error=found.reason + asked, tried=found.tried)
    return Inspection(source.name, shown, found.listing.reading, found=found.endpoint, tried=found.tried)


def inspect_file(path: Path, source: Source, content_type: str | None, clock: Clock) -> Inspection:
    """Read a file as if `source` had sent it. Raises UsageError if the file does not exist."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give an address (https://…) or a file that can be read") from None
    with ReaderPool(workers=1) as readers:
        return _read(source, str(path), Document(body, source.url, content_type), readers, clock)


def _read(source: Source, shown: str, document: AnyDocument, readers: ReaderPool, clock: Clock) -> Inspection:
    try:
        if source.kind == ARTICLE:
            article = read_article(document, source, readers, clock.now())
            return Inspection(
                source.name, shown, article=article, error=None if article.text else "; ".join(article.problems)
            )
        reading = read_list(document, source, readers, clock.now()).reading
    except ReaderFailed as error:
        return Inspection(source.name, shown, error=f"reading it {error.reason}")
    if not reading.readable:
        return Inspection(source.name, shown, reading, error="; ".join(reading.problems))
    return Inspection(source.name, shown, reading)
