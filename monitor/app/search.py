"""Search the archive in the rule language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.app.expression import Expression
from monitor.config import Config
from monitor.errors import UsageError
from monitor.search import Hit, look_up
from monitor.store import Store

_MAX_PERIOD: Final = dt.timedelta(days=36_500)  # longer than any archive, and `now` minus this is still a valid date


def search_archive(
    store: Store,
    config: Config,
    expression: Expression,
    now: dt.datetime,
    *,
    days: float | None = None,
    sources: Sequence[str] = (),
) -> Iterator[Hit]:
    """Yield the articles that the expression matches, newest first, as soon as they are found.

    With `days`, only articles of the last `days` before `now`. With `sources`, only articles that one of these sources
    lists. Raises UsageError for a source that the archive does not have.
    """
    known = store.source_names() if sources else ()
    if unknown := [name for name in sources if name not in known]:
        raise UsageError(f'no source is called "{unknown[0]}"; sources are: {", ".join(known)}', argument="source")
    since = None if days is None or days > _MAX_PERIOD.days else now - dt.timedelta(days=days)
    return look_up(store, expression.rules, tags_by_source(config), since=since, sources=sources)


def tags_by_source(config: Config) -> dict[str, tuple[str, ...]]:
    """Return the tags of each configured source."""
    return {source.name: source.tags for source in config.sources}
