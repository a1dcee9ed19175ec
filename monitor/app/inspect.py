"""Read a source, an address or a file once, and store nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

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
    add_newest_entries,
    discover,
    read_article,
    read_list,
)
from monitor.collect.redact import redact_message
from monitor.config import Config
from monitor.config.durations import format_duration
from monitor.errors import ReaderFailed, UsageError
from monitor.fetch import UNASKED_NOT_MODIFIED, Fetched, FetchError, FetchSettings, Gate
from monitor.model import Article, Endpoint, Reading, Source
from monitor.sandbox import ReaderPool
from monitor.text.walls import recognise

_PAGE_KINDS: Final = ("", "page", ARTICLE)
"""The kinds of sources whose document may be a web page ("": no kind)."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of reading a source once: a `reading`, or the `error` because of which there is no reading.

    `found` is what was discovered for a source without a kind, and `tried` says why other addresses were not used. For
    a single article, `article` is set instead of `reading`.
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
        """The latest date of the entries; None if no entry has a date."""
        dates = [entry.published.at for entry in (self.reading.entries if self.reading else ()) if entry.published]
        return max(dates, default=None)

    @property
    def is_incomplete(self) -> bool:
        """Whether the document was cut off, or is broken where entries may be hidden."""
        return self.reading is not None and not self.reading.complete


def inspect_all(config: Config, clock: Clock) -> Iterator[Inspection]:
    """Read every source of `config` once, in parallel like polls. Yield the results in the order of the file."""
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
        return _inspect_by_discovery(source, shown, gate, readers, clock)
    accept = PAGE if source.kind == ARTICLE else source_kinds.KINDS[source.kind].accept
    answer = gate.get(source.url, accept=accept, request=source.request)
    if isinstance(answer, FetchError):
        return Inspection(source.name, shown, error=_error_message(source, answer, answer.reason))
    if not isinstance(answer, Fetched):
        return Inspection(source.name, shown, error=UNASKED_NOT_MODIFIED)
    look = _read(source, shown, answer, readers, clock)
    if look.reading is None or not look.reading.parts:
        return look
    fetcher = DocumentFetcher(gate, readers, source, clock.now())
    return replace(look, reading=add_newest_entries(look.reading, answer.url, fetcher))


def _error_message(source: Source, error: FetchError, reason: str) -> str:
    """Return why nothing could be read, how long the server asks to wait, and what to do about a login or bot wall."""
    wait = f"; it asks to wait {format_duration(error.retry_after)}" if error.retry_after else ""
    remedy = f"; {error.wall.remedy}" if error.wall else ""
    return redact_message(reason, source) + wait + remedy


def _inspect_by_discovery(source: Source, shown: str, gate: Gate, readers: ReaderPool, clock: Clock) -> Inspection:
    found = discover(source, gate, readers, clock.now())
    if isinstance(found, DiscoveryFailed):
        message = _error_message(source, found.error, found.reason) if found.error else found.reason
        return Inspection(source.name, shown, found.reading, error=message, tried=found.tried)
    return Inspection(source.name, shown, found.listing.reading, found=found.endpoint, tried=found.tried)


def inspect_file(path: Path, source: Source, content_type: str | None, clock: Clock) -> Inspection:
    """Read a file as if it were the answer of `source`. Raises UsageError if the file does not exist."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give an address (https://…) or a file that can be read") from None
    wall = recognise(200, (), body, content_type=content_type, page_wanted=source.kind in _PAGE_KINDS)
    if wall is not None:
        return Inspection(source.name, str(path), error=f"it is {wall.name}{wall.quoted}; {wall.remedy}")
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
