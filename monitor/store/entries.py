"""The recorded entries of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, select

from monitor.model import KnownEntry, PageRetry
from monitor.store.database import Database
from monitor.store.schema import article, entry
from monitor.store.values import KNOWN_ENTRY, chunks, index_key, known_entry_of

_SELECT_KNOWN: Final = select(*(entry.c[name] for name in KNOWN_ENTRY)).where(
    entry.c.source_id == bindparam("of_source"), entry.c.key.in_(bindparam("keys", expanding=True))
)


class EntryReads(Database):
    """Queries about the entries of a source, and about the articles to which the entries lead."""

    def known_entries(self, source_id: int, keys: Iterable[str]) -> dict[str, KnownEntry]:
        """Return the recorded entries of a source with any of the `keys`, by key."""
        keys_by_index = {key: index_key(key) for key in keys}
        found: dict[str, KnownEntry] = {}
        with self._reading() as connection:
            for chunk in chunks(keys_by_index.values()):
                rows = connection.execute(_SELECT_KNOWN, {"of_source": source_id, "keys": chunk})
                found.update({row.key: known_entry_of(row) for row in rows})
        return {
            key: found[kept] if key == kept else replace(found[kept], key=key)
            for key, kept in keys_by_index.items()
            if kept in found
        }

    def last_entries(self, source_id: int, limit: int) -> list[tuple[str, str]]:
        """Return the titles and addresses of the latest entries of a source. Entries of the same poll are in order."""
        query = select(entry.c.title, entry.c.url).where(entry.c.source_id == source_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.first_seen_at.desc(), entry.c.id).limit(limit))
            return [(row.title, row.url) for row in rows]

    def last_titles(self, source_id: int, limit: int) -> list[tuple[str, str, KnownEntry]]:
        """Return the latest entries of a source, with their titles."""
        query = select(entry).where(entry.c.source_id == source_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.first_seen_at.desc(), entry.c.id).limit(limit))
            return [(row.title, row.url, known_entry_of(row)) for row in rows]

    def last_dates(self, source_id: int, limit: int) -> list[tuple[int, dt.datetime | None]]:
        """Return the ids of the articles of a source's latest entries, and when each article was published."""
        query = select(entry.c.article_id, article.c.published_at).join(article, entry.c.article_id == article.c.id)
        newest_first = query.where(entry.c.source_id == source_id).order_by(entry.c.first_seen_at.desc(), entry.c.id)
        with self._reading() as connection:
            return [(row.article_id, row.published_at) for row in connection.execute(newest_first.limit(limit))]

    def page_retries(self, source_id: int, now: dt.datetime, limit: int) -> tuple[PageRetry, ...]:
        """Return the entries whose pages are due for another try, the longest waiting first."""
        query = select(entry).where(entry.c.source_id == source_id, entry.c.page_due_at <= now)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.page_due_at, entry.c.id).limit(limit)).all()
        return tuple(PageRetry(known_entry_of(row), row.title, row.url, row.page_tries or 0) for row in rows)
