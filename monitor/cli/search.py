"""`monitor search`: search the archive in the rule language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    format_time,
    json_value,
    load_config,
    print_error,
    show,
    show_json,
)
from monitor.cli.expression import compile_argument
from monitor.cli.marked import excerpt, mark_terms

if TYPE_CHECKING:
    from monitor.model import Candidate, Match, Span
    from monitor.search import Hit

_RULE_NAME = "search"
_MAX_DAYS = 36_500  # longer than any archive
_MAX_EXCERPT_TERMS = 3  # terms around which a text is shown


def search(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A rule, such as '@web3 AND Chongqing'.")],
    *,
    days: Annotated[
        float | None, typer.Option("--days", metavar="N", min=0, help="Only articles of the last N days.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Show at most N articles.")] = 20,
    sources: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only what this source lists. May be repeated.")
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Search the archive in the rule language, newest first.

    An article is dated by when it was published, or first seen if that is not known or is in the future.
    """
    from monitor.app.opening import open_store
    from monitor.app.search import search_archive

    loaded = load_config(config, without_secrets=True)
    clock = clock_at(now, loaded.timezone)
    compiled = compile_argument(_RULE_NAME, expression, loaded.concepts)
    with open_store(loaded, clock, create=False) as store:
        warn_of_slow_search(current=store.index_is_current())
        since = None if days is None else clock.now() - dt.timedelta(days=min(days, _MAX_DAYS))
        removed = texts_removed(store.texts_removed_until(), since)
        hits = search_archive(store, loaded, compiled, clock.now(), days=days, sources=sources or ())
        found = islice(hits, limit)
        if json:
            documents = [document(hit.archived, hit.matches) for hit in found]
            more = next(hits, None) is not None
            found_in = {"expression": expression, "texts_removed_until": json_value(removed)}
            show_json({**found_in, "articles": documents, "more": more})
        else:
            zone = ZoneInfo(loaded.timezone)
            _show(found, hits, zone)
            if removed is not None:
                print_error(f"{removed_note(removed, zone)}: they are found only by their titles")
    finish(EXIT_DONE)


def texts_removed(until: dt.datetime | None, since: dt.datetime | None) -> dt.datetime | None:
    """Return `until`, up to which texts were removed, if a search of the articles since `since` is affected."""
    return until if until is not None and (since is None or until >= since) else None


def removed_note(until: dt.datetime, zone: ZoneInfo) -> str:
    """Return the beginning of a note about articles without their texts."""
    return f"texts of articles that were first seen until {format_time(until, zone)} were removed (`keep`)"


def warn_of_slow_search(*, current: bool) -> None:
    """Warn that the search is slow, unless the whole index is `current`."""
    if not current:
        print_error("the daemon is updating the search index, so this search takes longer")


def _show(found: Iterator[Hit], rest: Iterator[Hit], zone: ZoneInfo) -> None:
    count = 0
    for hit in found:
        count += 1
        show("\n".join(lines(hit.archived, hit.matches, zone)))
    if not count:
        print_error("nothing in the archive matches; `monitor match` tries an expression on a text")
    elif next(rest, None) is not None:
        print_error(f"these are the newest {count}; there are more (--limit)")


def document(archived: Candidate, matches: Sequence[Match]) -> dict[str, object]:
    """Return an article as JSON: its data and the places of the terms."""
    article = archived.article
    return {
        "title": article.title,
        "url": article.url,
        "published": article.published.at if article.published else None,
        "precision": article.published.precision if article.published else None,
        "first_seen_at": archived.first_seen_at,
        "sources": archived.sources,
        "story": archived.story_id,
        "spans": [span for match in matches for span in match.spans],
        "text_removed": archived.text_removed,
        "excerpt": excerpt(article.text, _spans_in(matches, "text"), _MAX_EXCERPT_TERMS),
    }


def lines(archived: Candidate, matches: Sequence[Match], zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines about an article: date and sources, title, address, and the text around its first terms."""
    article = archived.article
    titled = _spans_in(matches, "title")
    yield f"{_date(archived, zone)}  {', '.join(archived.sources)}"
    yield f"  {(mark_terms(article.title, titled) if titled else article.title) or '(no title)'}"
    yield f"  {article.url or '(no address)'}"
    if archived.text_removed:
        yield "  (its text was removed)"
    if article.text:
        yield f"  {excerpt(article.text, _spans_in(matches, 'text'), _MAX_EXCERPT_TERMS)}"


def _date(archived: Candidate, zone: ZoneInfo) -> str:
    published = archived.article.published
    if published is None:
        return f"{format_time(archived.first_seen_at, zone)} (seen)"
    if published.precision in {"second", "minute", "hour"}:
        return format_time(published.at, zone)
    return f"{published.at:%Y-%m-%d}"


def _spans_in(matches: Sequence[Match], field: str) -> list[Span]:
    """Return the places in the named field, of all matches."""
    return [span for match in matches for span in match.spans if span.field == field]
