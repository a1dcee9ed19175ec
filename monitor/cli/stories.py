"""`monitor stories`, `split` and `join`: show which articles were joined, and change it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
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
    load_config,
    print_error,
    show,
    show_json,
    with_count,
)
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.app.stories import RegroupResult
    from monitor.model.stories import JoinedArticle

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The article's address, or its number.")]

_RELATION_WORDS = {"near_copy": "near copy", "event": "report of an event"}


def stories(
    *,
    days: Annotated[
        float, typer.Option("--days", metavar="N", min=0, help="Only articles first seen in the last N days.")
    ] = 30,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show which articles were joined to others and why, the least certain first."""
    from monitor.app.opening import open_store
    from monitor.app.stories import joined_articles

    loaded = load_config(config, without_secrets=True)
    clock = clock_at(now, loaded.timezone)
    with open_store(loaded, clock, create=False) as store:
        found = joined_articles(store, clock.now(), days)
    if json:
        show_json({"joined": found})
    elif found:
        show("\n".join(line for one in found for line in _lines(one, ZoneInfo(loaded.timezone))))
    else:
        print_error(f"nothing of the last {counted_days(days)} was joined")
    finish(EXIT_DONE)


def split(url: UrlArgument, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Take an article out of its story, and send it to the digests that left it out."""
    from monitor.app import stories
    from monitor.app.opening import open_store

    loaded = load_config(config, without_secrets=True)
    clock = SystemClock()
    with open_store(loaded, clock, create=False) as store:
        done = stories.split(store, url, clock.now())
    _show(done, "kept apart from", json=json)


def join(
    url: UrlArgument,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The address, or the number, of an article of the other story.")
    ],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Move an article into the story of another one, as a report of the same event."""
    from monitor.app import stories
    from monitor.app.opening import open_store

    loaded = load_config(config, without_secrets=True)
    clock = SystemClock()
    with open_store(loaded, clock, create=False) as store:
        done = stories.join(store, url, other, clock.now())
    _show(done, "joined to", json=json)


def counted_days(days: float) -> str:
    """Return "day" for 1 and "2.5 days" for 2.5, to be put after "the last"."""
    return "day" if days == 1 else f"{days:g} days"


def _lines(one: JoinedArticle, zone: ZoneInfo) -> Iterator[str]:
    would = "would be a " if one.shadow else ""
    yield f"{would}{_RELATION_WORDS.get(one.relation, one.relation)}, {one.score:.2f}: {one.reason}"
    yield f"  {one.title or '(no title)'} ({one.source}, {format_time(one.first_seen_at, zone)})"
    yield f"  {one.url or '(no address)'}"
    if one.of_url is not None:
        yield f"  of: {one.of_title or '(no title)'} ({one.of_source})"
        yield f"      {one.of_url or '(no address)'}"
    if one.shadow and one.url and one.of_url:
        yield f"  to join them: monitor join {shlex.quote(one.url)} {shlex.quote(one.of_url)}"
    elif one.url and not one.shadow:
        yield f"  to undo it: monitor split {shlex.quote(one.url)}"


def _show(done: RegroupResult, how: str, *, json: bool) -> None:
    if json:
        show_json(done)
        return
    show(done.title or "(no title)")
    show(f"  {done.url}")
    show(f"  now in story {done.story}, before in {done.former_story}; {how} {done.other_title} ({done.other_url})")
    if done.copies:
        show(f"  with {with_count(done.copies, 'copy', 'copies')} of it")
    if done.digests:
        show(f"  the next edition sends it: {', '.join(done.digests)}")
