"""Material edits of articles that a digest has sent, and which of these edits the digest has reported.

A digest that asks for changes has the id of the last revision that it has handled (`changes_after`). Each of its
editions reports all later material revisions of articles that the digest has sent. Then `changes_after` becomes the id
of the last revision of all: articles that this edition or a later one sends are sent in their present state, so their
earlier revisions are not changes for a reader.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update

from monitor.model import PendingChange
from monitor.store.schema import article, digest, edition_item, revision, source
from monitor.store.transactions import Transaction, WriteTransaction
from monitor.store.values import differences_of

_LAST_REVISION = select(func.coalesce(func.max(revision.c.id), 0)).scalar_subquery()


class ChangeReads(Transaction):
    """Queries for the changes of an edition."""

    def pending_changes(self, name: str) -> tuple[PendingChange, ...]:
        """Return the material edits of sent articles that a digest has not reported, for each article together.

        The articles are in the order of their first edit. An article that the digest's setting left out was not sent.
        """
        found: dict[int, PendingChange] = {}
        for row in self._connection.execute(_changes_query(name)):
            before = found[row.id].edits if row.id in found else ()
            found[row.id] = PendingChange(
                row.lead_id or row.id,
                row.id,
                row.title,
                row.url,
                row.source,
                row.replaced_at,
                (*before, differences_of(row.differences)),
                row.text,
            )
        return tuple(found.values())

    def has_changes(self, name: str) -> bool:
        """Return whether a digest has pending changes."""
        return self._connection.execute(_changes_query(name).limit(1)).first() is not None


class ChangeWriter(WriteTransaction):
    """Writes which edits a digest has handled."""

    def mark_changes_done(self, name: str) -> None:
        """Record that a digest that asks for changes has handled all edits made until now."""
        mine = and_(digest.c.name == name, digest.c.changes_after.is_not(None))
        self._connection.execute(update(digest).where(mine).values(changes_after=_LAST_REVISION))


def _changes_query(name: str) -> Select[Any]:
    lead = func.coalesce(article.c.lead_id, article.c.id)
    shown = and_(edition_item.c.digest == name, edition_item.c.lead_id == lead, edition_item.c.headline.is_not(None))
    columns = (*(article.c[name] for name in ("id", "lead_id", "title", "text", "url")), source.c.name.label("source"))
    return (
        select(*columns, revision.c.replaced_at, revision.c.differences)
        .select_from(
            revision.join(article, article.c.id == revision.c.article_id)
            .join(source, source.c.id == article.c.source_id)
            .join(digest, and_(digest.c.name == name, revision.c.id > digest.c.changes_after))
            .join(edition_item, shown)
        )
        .where(revision.c.differences.is_not(None))
        .order_by(revision.c.id)
    )


def sync_changes(connection: Connection, names: Collection[str]) -> None:
    """Record that the digests with these names ask for changes, and that the other active digests do not.

    A digest that did not ask for changes before gets only changes that are made from now on.
    """
    asks = digest.c.name.in_(names)
    connection.execute(
        update(digest).where(asks, digest.c.changes_after.is_(None)).values(changes_after=_LAST_REVISION)
    )
    connection.execute(
        update(digest).where(~asks, digest.c.active, digest.c.changes_after.is_not(None)).values(changes_after=None)
    )
