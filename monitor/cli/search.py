"""`monitor search`: the archive in the rule language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
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
from monitor.cli.expression import compiled
from monitor.cli.marked import excerpt, marked
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Candidate, Match, Span
    from monitor.search import Hit
    from monitor.store import Store

_RULE = "search"
_EXCERPTED = 3  # terms of a text around which it is shown
_LONGEST = dt.timedelta(days=36_500)


def search(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A rule, such as '@web3 AND Chongqing'.")],
    *,
    days: Annotated[
        float | None, typer.Option("--days", metavar="N", min=0, help="Only articles of the last N days.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Show at most so many.")] = 20,
    sources: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only what this source lists; repeatable.")
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Search the archive in the rule language, newest first.

    An article is dated by when it was published, or first seen if that is not known or lies ahead.
    """
    from monitor.app.wiring import open_store
    from monitor.search import look_up

    loaded = load_config(config)
    clock = clock_at(now, loaded.timezone)
    rules = compiled(_RULE, expression, loaded.concepts)
    with open_store(loaded, clock, create=False) as store:
        _check(store, sources or ())
        hits = look_up(store, rules, tags_of(loaded), since=ago(clock.now(), days), sources=sources or ())
        found = islice(hits, limit)
        if json:
            documents = [document(hit.archived, hit.matches) for hit in found]
            show_json({"expression": expression, "articles": documents, "more": next(hits, None) is not None})
        else:
            _show(found, hits, ZoneInfo(loaded.timezone))
    finish(DONE)


def tags_of(loaded: Config) -> dict[str, tuple[str, ...]]:
    """The tags of each configured source."""
    return {source.name: source.tags for source in loaded.sources}


def ago(now: dt.datetime, days: float | None) -> dt.datetime | None:
    """So many days before now, the whole archive if that is longer than anyone's."""
    if days is None or days > _LONGEST.days:
        return None
    return now - dt.timedelta(days=days)


def tell_of_index(store: Store) -> None:
    """Say so when a search must do without the index."""
    if not store.index_is_current():
        tell("the search index is another version's, so this takes longer; `monitor db reindex` makes it anew")


def _check(store: Store, names: Sequence[str]) -> None:
    """Raises UsageError for a source that the archive does not have."""
    tell_of_index(store)
    known = store.source_names() if names else ()
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f'--source: no source is called "{unknown[0]}"; sources are: {", ".join(known)}')


def _show(found: Iterator[Hit], rest: Iterator[Hit], zone: ZoneInfo) -> None:
    count = 0
    for hit in found:
        count += 1
        show("\n".join(lines(hit.archived, hit.matches, zone)))
    if not count:
        tell("nothing in the archive has it; `monitor match` tries an expression on a text")
    elif next(rest, None) is not None:
        tell(f"these are the newest {count}; there are more (--limit)")


def document(archived: Candidate, matches: Sequence[Match]) -> dict[str, object]:
    """An article as JSON has it: what it is, and where the terms are."""
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
        "excerpt": excerpt(article.text, _spans_in(matches, "text"), _EXCERPTED),
    }


def lines(archived: Candidate, matches: Sequence[Match], zone: ZoneInfo) -> Iterator[str]:
    """An article for people: date and sources, title, address, and the text around its first terms."""
    article = archived.article
    titled = _spans_in(matches, "title")
    yield f"{_date(archived, zone)}  {', '.join(archived.sources)}"
    yield f"  {(marked(article.title, titled) if titled else article.title) or '(no title)'}"
    yield f"  {article.url or '(no address)'}"
    if article.text:
        yield f"  {excerpt(article.text, _spans_in(matches, 'text'), _EXCERPTED)}"


def _date(archived: Candidate, zone: ZoneInfo) -> str:
    published = archived.article.published
    if published is None:
        return f"{local(archived.first_seen_at, zone)} (seen)"
    if published.precision in {"second", "minute", "hour"}:
        return local(published.at, zone)
    return f"{published.at:%Y-%m-%d}"


def _spans_in(matches: Sequence[Match], field: str) -> list[Span]:
    """Where terms are in one field, whichever rule they are of."""
    return [span for match in matches for span in match.spans if span.field == field]
