"""`monitor try`: show what would be read from an address, a file or a source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    INCOMPLETE,
    ConfigOption,
    JsonOption,
    NowOption,
    apply_masks,
    clock_at,
    finish,
    format_moment,
    load_config,
    print_error,
    set_masks,
    show,
    show_json,
)
from monitor.cli.listing import command_listing, complete
from monitor.cli.progress import working

if TYPE_CHECKING:
    from monitor.app.inspect import Inspection
    from monitor.config import Config
    from monitor.model import Article, Reading


def _kinds() -> tuple[str, ...]:
    from monitor.app.targets import target_kinds

    return target_kinds()


TryCommand = command_listing("kind", _kinds)


def try_(
    *,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="An address (https://…), a file, or the name of a source.")
    ],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Read the target as this kind.", autocompletion=complete(_kinds))
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

    Without --kind, the program finds out whether the target is a feed, a page with a feed or a list, a sitemap or JSON,
    and says why.
    With --kind article the article on the page is shown.
    """
    from monitor.app.arguments import secrets_in_address
    from monitor.app.targets import find_target, inspect_target

    set_masks(secrets_in_address(target))
    loaded = _config_if_any(config)
    clock = clock_at(now, loaded.timezone if loaded else "UTC")
    found = find_target(target, kind, url, loaded)
    with working(apply_masks(f"reading {target}")):
        inspection = inspect_target(found, content_type, loaded, clock)
    if json:
        show_json(inspection)
    else:
        show("\n".join(_lines(inspection, found.source.timezone)))
    if inspection.error:
        print_error(f"{inspection.url}: {inspection.error}")
    finish(EXIT_ATTENTION if inspection.error else EXIT_DONE)


def _config_if_any(given: Path | None) -> Config | None:
    """Return the configuration, for its sources and its `[fetch]` table; None if the default file is missing.

    A missing default file is not an error, since an address can be tried without a configuration.
    """
    from monitor import config

    if given is None and not config.config_path(config.environment()).exists():
        return None
    return load_config(given, without_secrets=True)


def _lines(inspection: Inspection, timezone: str) -> list[str]:
    if inspection.article is not None:
        return article_lines(inspection.article, timezone)
    if inspection.reading is None:
        return []
    if not inspection.reading.readable:
        return found_lines(inspection)  # the error says what was found instead
    return [heading(inspection.reading, timezone), *found_lines(inspection), *entry_lines(inspection.reading, timezone)]


def heading(reading: Reading, timezone: str) -> str:
    """Return a line with the kind, the title and the number of entries, and a line with the zone of the times below."""
    counted = f"{len(reading.entries)} entries"
    dated = any(entry.published or entry.updated for entry in reading.entries)
    return f"{reading.kind}: {reading.title or '(no title)'}: {counted}" + (f"; times in {timezone}" if dated else "")


def found_lines(inspection: Inspection) -> list[str]:
    """Return the lines about what was discovered, and about other addresses that were tried."""
    lines, found = [], inspection.found
    if found is not None:
        lines.append(f"  found: {found.kind} at {found.url or 'this address'}: {found.reason}")
    return [*lines, *(f"  tried: {tried}" for tried in inspection.tried)]


def article_lines(article: Article, timezone: str) -> list[str]:
    """Return the lines about an article: a line for each of its data, and its text. Times are in `timezone`."""
    published = article.published
    when = published and format_moment(published, ZoneInfo(timezone))
    dated = f"{when} (to the {published.precision}, by {article.dated_by})" if published else None
    details = {
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
        *(f"  {name + ':':<11}{value or '(none)'}" for name, value in details.items()),
        *(f"  document:  {document}" for document in article.attachments),
        *((f"  next page: {article.next_url}",) if article.next_url else ()),
        "",
        *article.text.splitlines(),
    ]


def entry_lines(reading: Reading, timezone: str, limit: int | None = None) -> list[str]:
    """Return the lines about the problems and the first `limit` entries of a reading, with times in `timezone`."""
    zone = ZoneInfo(timezone)
    lines = [f"  note: {problem}" for problem in reading.problems]
    if not reading.complete:
        lines.append(f"  note: {INCOMPLETE}; a poll does not take an entry that is cut off")
    if reading.entries and not any(entry.published or entry.updated for entry in reading.entries):
        lines.append("  note: no entry has a date: the first poll sends none of them, later ones send what is new")
    for entry in reading.entries[:limit]:
        at = entry.published or entry.updated
        date = at and format_moment(at, zone)
        lines.append(f"  {date or '(no date)':<16}  {entry.title or '(no title)'}")
        lines.append(f"  {'':<16}  {entry.url or '(no address)'}")
    if reading.next_url:
        lines.append(f"  next page: {reading.next_url}")
    return lines
