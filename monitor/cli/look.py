"""`monitor try` and `monitor why`: what would be read, and what became of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    load_config,
    local,
    show,
    show_json,
    tell,
)
from monitor.cli.progress import working
from monitor.clock import Clock, SystemClock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.app.inspect import Inspection
    from monitor.config import Config
    from monitor.fetch import FetchSettings
    from monitor.model import Article, Reading, Source
    from monitor.model.reports import Trace
    from monitor.secret import Secret
    from monitor.store import Store


def try_(
    *,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="An address (https://…), a file, or the name of a source.")
    ],
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="K", help="Read it as this: feed, page, sitemap, api, article.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", metavar="BASE", help="The address that the file's links are relative to.")
    ] = None,
    content_type: Annotated[
        str | None, typer.Option("--content-type", metavar="T", help="The file's media type, as a server would say it.")
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show what would be read from an address, a file or a source. Nothing is stored.

    Without --kind it is found out: whether it is a feed, a page with a feed or a list, a sitemap or JSON, and why that.
    With --kind article the article on the page is shown.
    """
    loaded = _config_if_any(config)
    clock = clock_at(now, loaded.timezone if loaded else "UTC")
    source = _source(target, kind, url, loaded)
    with working(f"reading {target}"):
        look = _look(target, source, content_type, loaded, clock)
    if json:
        show_json(look)
    else:
        show("\n".join(_lines(look, source.timezone)))
    if look.error:
        tell(f"{look.url}: {look.error}")
    finish(ATTENTION if look.error else DONE)


def _config_if_any(given: Path | None) -> Config | None:
    """The configuration, for its sources and its [fetch] table.

    Trying an address needs none, so a missing default file is no error.
    """
    from monitor import config

    if given is None and not config.config_path(config.environment()).exists():
        return None
    return load_config(given)


def _source(target: str, kind: str | None, base: str | None, loaded: Config | None) -> Source:
    """What to read: a configured source of this name, else one made for the address or the file."""
    from monitor.collect import ARTICLE
    from monitor.config.rsshub import is_rsshub
    from monitor.model import Source
    from monitor.sources import KINDS

    if kind is not None and kind not in (*KINDS, ARTICLE):
        raise UsageError(f'--kind: "{kind}" is not one of: {", ".join((*KINDS, ARTICLE))}')
    known = next((source for source in (loaded.sources if loaded else ()) if source.name == target), None)
    if known is not None:
        return replace(known, kind=kind or known.kind, options=known.options if kind in (None, known.kind) else {})
    zone = loaded.timezone if loaded else "UTC"
    if is_rsshub(target):
        at = _at_instance(target, loaded)
        return Source(target, at.reveal(), kind or "feed", at.origin, timezone=zone)
    address = target if _is_address(target) else base or Path(target).absolute().as_uri()
    return Source(target, address, kind or "", target, timezone=zone)


def _at_instance(route: str, loaded: Config | None) -> Secret:
    """Where the configured RSSHub has `route`. Raises UsageError, with what to do, where that cannot be said."""
    from monitor.config.rsshub import at_instance
    from monitor.secret import Secret

    try:
        return at_instance(Secret(route, route), loaded.fetch.rsshub if loaded else None)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None


def _is_address(target: str) -> bool:
    return target.lower().startswith(("http://", "https://", "rsshub://"))


def _is_host(target: str) -> bool:
    """Whether this may be an address without its https://: it begins as the name of a host does."""
    return re.match(r"(?!\.)[\w.-]+\.[^\W\d_]{2,}(:[0-9]+)?(/|$)", target) is not None


def _look(target: str, source: Source, content_type: str | None, loaded: Config | None, clock: Clock) -> Inspection:
    from monitor.app.inspect import inspect_file

    if source.shown_url == target and not _is_address(target):
        if _is_host(target) and not Path(target).exists():
            raise UsageError(f'{target}: there is no such file; did you mean "https://{target}"?')
        return inspect_file(Path(target), source, content_type, clock)
    return look_live(source, loaded, clock)


def look_live(source: Source, loaded: Config | None, clock: Clock) -> Inspection:
    """Read `source` once, as `[fetch]` of the configuration says."""
    from monitor.app.inspect import inspect_source
    from monitor.fetch import Gate
    from monitor.sandbox import ReaderPool

    with Gate(_settings(loaded), clock=clock) as gate, ReaderPool(workers=1) as readers:
        return inspect_source(source, gate, readers, clock)


def _settings(loaded: Config | None) -> FetchSettings:
    from monitor.app.wiring import fetch_settings
    from monitor.fetch import FetchSettings

    return fetch_settings(loaded) if loaded else FetchSettings()


def _lines(look: Inspection, timezone: str) -> list[str]:
    if look.article is not None:
        return article_lines(look.article)
    if look.reading is None:
        return []
    if not look.reading.readable:
        return found_lines(look)  # the error tells what it is instead
    return [heading(look.reading, timezone), *found_lines(look), *entry_lines(look.reading, timezone)]


def heading(reading: Reading, timezone: str) -> str:
    """What was read, how much of it, and the zone of the times below."""
    counted = f"{len(reading.entries)} entries"
    dated = any(entry.published or entry.updated for entry in reading.entries)
    return f"{reading.kind}: {reading.title or '(no title)'}: {counted}" + (f"; times in {timezone}" if dated else "")


def found_lines(look: Inspection) -> list[str]:
    """What was found out, and what was tried."""
    lines = []
    if look.found is not None:
        lines.append(f"  found: {look.found.kind} at {look.found.url or 'this address'}: {look.found.reason}")
    return [*lines, *(f"  tried: {tried}" for tried in look.tried)]


def article_lines(article: Article) -> list[str]:
    """An article with what is known of it, a line each, and its text."""
    published = article.published
    dated = f"{published.at.isoformat()} (to the {published.precision}, by {article.dated_by})" if published else None
    told = {
        "address": article.url,
        "published": dated,
        "site": article.site,
        "authors": ", ".join(article.authors),
        "language": article.language,
        "origin": article.origin,
    }
    return [
        f"article: {article.title or '(no title)'}",
        *(f"  note: {problem}" for problem in article.problems),
        *(f"  {name + ':':<11}{value or '(none)'}" for name, value in told.items()),
        *(f"  document:  {document}" for document in article.attachments),
        *((f"  goes on:   {article.next_url}",) if article.next_url else ()),
        "",
        *article.text.splitlines(),
    ]


def entry_lines(reading: Reading, timezone: str, limit: int | None = None) -> list[str]:
    """What was wrong with a reading, and its entries, or the first of them, with their times in `timezone`."""
    zone = ZoneInfo(timezone)
    lines = [f"  note: {problem}" for problem in reading.problems]
    if reading.entries and not any(entry.published or entry.updated for entry in reading.entries):
        lines.append("  note: no entry has a date: the first poll sends none of them, later ones send what is new")
    for entry in reading.entries[:limit]:
        at = entry.published or entry.updated
        date = at and (local(at.at, zone) if at.precision in ("second", "minute", "hour") else f"{at.at:%Y-%m-%d}")
        lines.append(f"  {date or '(no date)':<16}  {entry.title or '(no title)'}")
        lines.append(f"  {'':<16}  {entry.url or '(no address)'}")
    if reading.next_url:
        lines.append(f"  goes on: {reading.next_url}")
    return lines


def why(
    url: Annotated[str, typer.Argument(metavar="URL", help="The article's address.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show the trace of one article: polls, story, rules, editions, deliveries."""
    from monitor.app.inspect import explain_all
    from monitor.app.wiring import open_store
    from monitor.cli.trace import Known, as_json, as_lines
    from monitor.text.address import canonical_url

    loaded = load_config(config)
    with open_store(loaded, SystemClock(), create=False) as store:
        trace = store.trace(url, canonical_url(url))
        stamps = _message_ids(loaded, store, trace) if trace else {}
    if trace is None:
        if json:
            show_json(as_json(None, ()))
        tell(f"{url}: no source has listed this address; see what they list with `monitor try`, and `monitor status`")
        finish(ATTENTION)
    explained = explain_all(loaded, trace)
    if json:
        show_json(as_json(trace, explained))
    else:
        zones = {digest.name: digest.timezone for digest in loaded.digests}
        show("\n".join(as_lines(trace, explained, Known(loaded.timezone, zones, stamps))))
    finish(DONE)


def _message_ids(loaded: Config, store: Store, trace: Trace) -> dict[int, str]:
    """By delivery, what stands as Message-ID in the mail; other channels, and those that are gone, have none."""
    from monitor.channels import KINDS

    kinds = {name: KINDS[channel.kind] for name, channel in loaded.channels.items()}
    deliveries = [one for edition in trace.editions for one in edition.deliveries if one.channel in kinds]
    found = {one.id: kinds[one.channel].stamp(store.payload_of(one.id), one.message_id) for one in deliveries}
    return {delivery_id: stamp for delivery_id, stamp in found.items() if stamp}
