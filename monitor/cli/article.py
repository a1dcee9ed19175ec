"""`monitor try --kind article`: what would be read from an article's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.clock import Clock
from monitor.collect.fulltext import PageReader, extract_page
from monitor.errors import ReaderFailed, UsageError
from monitor.fetch import FetchSettings, Gate
from monitor.model import Article, Source
from monitor.sandbox import ReaderPool
from monitor.text.address import host_of

if TYPE_CHECKING:
    from monitor.config import Config


@dataclass(frozen=True, slots=True)
class Found:
    """What a page gives at this moment, stored nowhere: an article, and why there is none or not all of it."""

    url: str
    article: Article | None = None
    error: str | None = None


def at_address(url: str, loaded: Config | None, settings: FetchSettings, clock: Clock) -> Found:
    """The article at `url` with its further pages, read as the configured source of that host would read it."""
    source = replace(_source(url, loaded), full_text=True)
    with Gate(settings, clock=clock) as gate, ReaderPool(workers=1) as readers:
        page = PageReader(gate, readers, source, clock.now()).read(url)
    return Found(url, page.article, page.reason or None)


def in_file(path: Path, base: str | None, content_type: str | None, loaded: Config | None, clock: Clock) -> Found:
    """The article in a file, as if it had come from `base`. Raises UsageError when there is no such file."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give an address (https://…) or a file that can be read") from None
    url = base or path.absolute().as_uri()
    source = _source(url, loaded)
    with ReaderPool(workers=1) as readers:
        try:
            article = readers.run(extract_page, body, url, content_type, clock.now(), source.timezone, source.content)
        except ReaderFailed as error:
            return Found(str(path), error=f"reading it {error.reason}")
    empty = not article.text and not article.attachments
    return Found(str(path), article, "; ".join(article.problems) if empty else None)


def _source(url: str, loaded: Config | None) -> Source:
    """The configured source of the page's host, those that read pages first; else a plain one."""
    host = host_of(url)
    configured = [source for source in (loaded.sources if loaded else ()) if host and host_of(source.url) == host]
    configured.sort(key=lambda source: not source.full_text)
    plain = Source("an article", url, "feed", url, timezone=loaded.timezone if loaded else "UTC")
    return next(iter(configured), plain)


def lines(article: Article) -> Iterator[str]:
    """The article in words."""
    yield article.title or "(no title)"
    yield f"  {article.url}"
    if article.published is not None:
        yield f"  published {article.published.at.isoformat()} ({article.published.precision}, by {article.dated_by})"
    for name, told in (
        ("authors", ", ".join(article.authors)), ("site", article.site), ("origin", article.origin),
        ("language", article.language), ("goes on at", article.next_url),
    ):  # fmt: skip
        if told:
            yield f"  {name}: {told}"
    yield from (f"  attached: {address}" for address in article.attachments)
    yield from (f"  note: {problem}" for problem in article.problems)
    yield ""
    yield article.text
