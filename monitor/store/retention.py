"""Remove the texts of old articles. What recognises and explains an article stays: its addresses, its title, its
fingerprints, its matches, and what was sent (docs/decisions/0031).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from monitor.model.suppressed import TOO_MANY_NEW
from monitor.store.backfill import NOT_RELEASED
from monitor.store.database import Database
from monitor.store.fulltext.index import IndexWriter, is_stale
from monitor.store.schema import (
    article,
    article_index,
    digest,
    edition_article,
    edition_item,
    entry,
    match,
    reread,
    revision,
    subscription,
)
from monitor.store.texts import without_sentences

BATCH_SIZE: Final = 100
"""Maximum number of articles whose texts are removed in one transaction, while other writers wait."""

# Not a parameter: with one, SQLite could not use its index of kept texts.
_NO_TEXT: Final[ColumnElement[str]] = literal_column("''")


class RetentionStore(Database):
    """Removes texts, and says which ones are gone."""

    def remove_texts(self, seen_before: dt.datetime, now: dt.datetime) -> int:
        """Remove the texts of some articles that were first seen before a time. Return how many; 0 at the end.

        Articles that wait for an edition, are held, or whose pages are still read, are left out, and so are articles
        whose index words are from another version of the program: their words could not be removed.
        """
        with self._reading() as connection:
            if connection.execute(_removable(connection, seen_before).limit(1)).first() is None:
                return 0
        with self._transaction() as connection:
            oldest = _removable(connection, seen_before).order_by(article.c.first_seen_at).limit(BATCH_SIZE)
            rows = connection.execute(oldest).all()
            if rows:
                _remove(connection, rows, now)
            return len(rows)

    def texts_removed_until(self) -> dt.datetime | None:
        """Return when the newest article was first seen whose text was removed; None if no text was removed."""
        gone = select(func.max(article.c.first_seen_at)).where(article.c.text_removed_at.is_not(None))
        with self._reading() as connection:
            until: dt.datetime | None = connection.execute(gone).scalar()
        return until


def _removable(connection: Connection, seen_before: dt.datetime) -> Any:
    """Return the query for the articles whose texts may be removed: their ids, titles and texts."""
    handled = select(func.min(digest.c.changes_after)).where(digest.c.active, digest.c.changes_after.is_not(None))
    changes_after = connection.execute(handled).scalar()
    query = select(article.c.id, article.c.title, article.c.text).where(
        article.c.text != _NO_TEXT,
        article.c.first_seen_at < seen_before,
        ~_is_awaited(),
        ~select(entry.c.id).where(entry.c.article_id == article.c.id, entry.c.page_due_at.is_not(None)).exists(),
        ~select(reread.c.article_id).where(reread.c.article_id == article.c.id, reread.c.due_at.is_not(None)).exists(),
        select(article_index.c.article_id).where(article_index.c.article_id == article.c.id, ~is_stale()).exists(),
    )
    if changes_after is None:
        return query
    unsent = select(revision.c.id).where(revision.c.article_id == article.c.id, revision.c.id > changes_after)
    return query.where(~unsent.exists())


def _is_awaited() -> ColumnElement[bool]:
    """Return the SQL condition for articles that an edition will send: they are pending, or held until then."""
    bound_article = select(edition_article.c.article_id).where(
        edition_article.c.digest == subscription.c.digest, edition_article.c.article_id == article.c.id
    )
    bound_copy = select(edition_item.c.lead_id).where(
        edition_item.c.digest == subscription.c.digest,
        edition_item.c.lead_id == func.coalesce(article.c.lead_id, article.c.id),
    )
    asked = and_(
        subscription.c.rule == match.c.rule,
        match.c.id > subscription.c.after_match_id,
        or_(subscription.c.until_match_id.is_(None), match.c.id <= subscription.c.until_match_id),
    )
    active = and_(digest.c.name == subscription.c.digest, digest.c.active)
    pending = (
        select(match.c.id)
        .select_from(match.join(subscription, asked).join(digest, active))
        .where(match.c.article_id == article.c.id, match.c.held.is_(None))
        .where(~bound_article.exists(), ~bound_copy.exists())
    )
    held = select(match.c.id).where(match.c.article_id == article.c.id, match.c.held.in_((NOT_RELEASED, TOO_MANY_NEW)))
    return or_(pending.exists(), held.exists())


def _empty_texts(connection: Connection, ids: Sequence[int], now: dt.datetime) -> None:
    """Remove the texts from the rows of articles.

    If a row of SQLite only gets shorter, the rest of its page stays unused until the whole file is written again: of
    15 MiB of texts, 1 MiB could be used again. So the rows are deleted, which merges pages, and inserted again. Rows
    that refer to them are checked at the end of the transaction.
    """
    chosen = article.c.id.in_(ids)
    if connection.dialect.name != "sqlite":
        connection.execute(update(article).where(chosen).values(text="", text_removed_at=now))
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    kept = [dict(row) for row in connection.execute(select(article).where(chosen).order_by(article.c.id)).mappings()]
    connection.execute(delete(article).where(chosen))
    connection.execute(insert(article), [{**row, "text": "", "text_removed_at": now} for row in kept])


def _remove(connection: Connection, rows: Sequence[Any], now: dt.datetime) -> None:
    IndexWriter(connection).remove_texts([(row.id, row.title, row.text) for row in rows])
    ids = [row.id for row in rows]
    _empty_texts(connection, ids, now)
    found = connection.execute(select(match.c.id, match.c.spans).where(match.c.article_id.in_(ids))).all()
    kept = ((row, [span for span in row.spans if span[0] != "text"]) for row in found)  # the others are in a text
    if places := [{"row_id": row.id, "spans": spans} for row, spans in kept if spans != row.spans]:
        connection.execute(update(match).where(match.c.id == bindparam("row_id")), places)
    edits = select(revision.c.id, revision.c.differences).where(revision.c.article_id.in_(ids))
    if texts := [
        {"row_id": row.id, "text": "", "differences": without_sentences(row.differences)}
        for row in connection.execute(edits)
    ]:
        connection.execute(update(revision).where(revision.c.id == bindparam("row_id")), texts)
