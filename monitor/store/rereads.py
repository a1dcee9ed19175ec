"""Pages of sent articles that are read again, because a digest asks for changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, func, insert, or_, select, update

from monitor.model import Difference, Validators
from monitor.model.rereads import DuePage, DueReread, RereadState, WatchedPage, next_reread
from monitor.store.database import Database
from monitor.store.schema import article, digest, edition_article, edition_item, entry, reread, revision, source
from monitor.store.transactions import WriteTransaction
from monitor.store.values import KNOWN_ENTRY, article_of, clean_text, differences_value, index_key, known_entry_of

_OF_ARTICLE: Final = edition_article.c.article_id == article.c.id


class RereadReads(Database):
    """Queries for reading pages again."""

    def due_pages(self, now: dt.datetime) -> tuple[DuePage, ...]:
        """Return the pages that are due, longest waiting first: for each article an entry that leads to its page.

        These are only pages of articles of digests that ask for changes. Their sources must be readable: if a source
        fails, a missing page says nothing about the article, so its pages wait, and the page of another source's entry
        is not read instead. An entry through which the article's page was read before is preferred.
        """
        asks = select(digest.c.name).join(edition_article, edition_article.c.digest == digest.c.name)
        asked = asks.where(digest.c.active, digest.c.changes_after.is_not(None), _OF_ARTICLE).exists()
        fails = or_(source.c.failures > 0, entry.c.page_due_at.is_not(None))
        query = (
            select(article.c.id, entry.c.id.label("entry_id"), source.c.name, entry.c.url, fails.label("fails"))
            .select_from(
                reread.join(article, article.c.id == reread.c.article_id)
                .join(entry, entry.c.article_id == article.c.id)
                .join(source, source.c.id == entry.c.source_id)
            )
            .where(reread.c.due_at <= now, entry.c.url != "", source.c.active, source.c.paused.is_(None), asked)
            .order_by(reread.c.due_at, article.c.id, entry.c.page_read_at.is_(None), entry.c.id)
        )
        chosen: dict[int, Any] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                chosen.setdefault(row.id, row)
        return tuple(DuePage(row.id, row.entry_id, row.name, row.url) for row in chosen.values() if not row.fails)

    def due_reread(self, page: DuePage) -> DueReread | None:
        """Return the article of a page in its present state; None if its entry leads to another article now."""
        entries = (entry.c[name].label(f"entry_{name}") for name in KNOWN_ENTRY)
        states = (reread.c[name].label(f"reread_{name}") for name in reread.c.keys())  # noqa: SIM118 - no mapping
        query = (
            select(article, source.c.name.label("source"), *entries, *states)
            .select_from(
                reread.join(article, article.c.id == reread.c.article_id)
                .join(entry, entry.c.article_id == article.c.id)
                .join(source, source.c.id == entry.c.source_id)
            )
            .where(article.c.id == page.article_id, entry.c.id == page.entry_id)
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _due(row)


class RereadWriter(WriteTransaction):
    """Writes which pages are read again, and the results of reading them again."""

    def schedule_rereading(self, name: str, edition_id: int, now: dt.datetime) -> None:
        """Plan to read the pages of the articles that an edition shows again, as long as a digest asks for changes."""
        lead = func.coalesce(article.c.lead_id, article.c.id)
        shown = and_(
            edition_item.c.digest == name, edition_item.c.lead_id == lead, edition_item.c.headline.is_not(None)
        )
        watched = select(reread.c.article_id).where(reread.c.article_id == article.c.id).exists()
        query = (
            select(article.c.id, article.c.first_seen_at)
            .select_from(article.join(edition_article, _OF_ARTICLE).join(edition_item, shown))
            .where(edition_article.c.digest == name, edition_article.c.edition_id == edition_id, ~watched)
        )
        new = [
            {"article_id": row.id, "due_at": due, "times": 0, "title": ""}
            for row in self._connection.execute(query)
            if (due := next_reread(row.first_seen_at, now)) is not None
        ]
        if new:
            self._connection.execute(insert(reread), new)

    def is_unchanged(self, due: DueReread) -> bool:
        """Return whether the article and its entry are still recorded as `due` has them.

        A poll may have revised the article, or given the key of the entry to another one.
        """
        of_entry = and_(entry.c.source_id == source.c.id, entry.c.key == index_key(due.known.key))
        query = (
            select(article.c.title, article.c.text, entry.c.article_id, entry.c.content_hash, entry.c.page_due_at)
            .select_from(
                article.join(entry, entry.c.article_id == article.c.id).join(source, source.c.name == due.source)
            )
            .where(article.c.id == due.article_id, of_entry)
        )
        row = self._connection.execute(query).first()
        said = (clean_text(due.article.title), clean_text(due.article.text), due.known.content_hash, None)
        return row is not None and (row.title, row.text, row.content_hash, row.page_due_at) == said

    def withdraw_article(self, article_id: int, how: str, at: dt.datetime) -> None:
        """Record that an article was withdrawn. Its title and text are kept. `how` says in words how this is known."""
        said = self._connection.execute(select(article.c.title, article.c.text).where(article.c.id == article_id)).one()
        values = {"article_id": article_id, "title": said.title, "text": said.text}
        differences = differences_value([Difference("withdrawn", "", how)])
        self._connection.execute(insert(revision), {**values, "replaced_at": at, "differences": differences})

    def watched_pages(self, gone_after: dt.datetime) -> tuple[WatchedPage, ...]:
        """Return the pages that are still read again, or are gone since a later time, those of new articles first."""
        query = (
            select(article.c.id, article.c.url, reread.c.gone_since)
            .join_from(reread, article)
            .where(or_(reread.c.due_at.is_not(None), reread.c.gone_since >= gone_after))
            .order_by(article.c.id.desc())
        )
        rows = self._connection.execute(query)
        return tuple(WatchedPage(row.id, row.url, row.gone_since is not None) for row in rows)

    def read_soon(self, article_ids: Collection[int], now: dt.datetime) -> None:
        """Let pages be due now."""
        waits = and_(reread.c.article_id.in_(article_ids), reread.c.due_at > now)
        self._connection.execute(update(reread).where(waits).values(due_at=now))

    def unread_pages(self, source_id: int, limit: int) -> int:
        """Return how many of the last pages of a source, up to `limit`, no reading said anything about."""
        known = ("etag", "last_modified", "body_hash", "gone_since")
        query = (
            select(reread.c.title, *(reread.c[name] for name in known))
            .join_from(reread, article)
            .where(article.c.source_id == source_id, reread.c.times > 0)
            .order_by(article.c.id.desc())
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        return sum(not row.title and all(getattr(row, name) is None for name in known) for row in rows)

    def save_reread(self, article_id: int, state: RereadState, due: dt.datetime | None) -> None:
        """Write what is known about a page, and when it is read again next (None: never)."""
        values = {
            "due_at": due,
            "times": state.times,
            "title": state.title,
            "etag": state.validators.etag,
            "last_modified": state.validators.last_modified,
            "body_hash": state.validators.body_hash,
            "gone_since": state.gone_since,
        }
        self._connection.execute(update(reread).where(reread.c.article_id == article_id).values(values))


def _due(row: Any) -> DueReread:
    known = {name: getattr(row, f"entry_{name}") for name in KNOWN_ENTRY}
    validators = Validators(row.reread_etag, row.reread_last_modified, row.reread_body_hash)
    return DueReread(
        row.id,
        article_of(row),
        row.first_seen_at,
        row.source,
        known_entry_of(SimpleNamespace(**known)),
        row.entry_url,
        RereadState(row.reread_times, validators, row.reread_title, row.reread_gone_since),
    )
