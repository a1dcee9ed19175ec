"""Sources: what is configured, what is due, what is known."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.errors import StoreError
from monitor.model import Article, KnownEntry, Source, SourceState, Validators
from monitor.store.database import Database
from monitor.store.rows import article_of, chunks, state_of, state_values
from monitor.store.schema import article, digest, entry, match, source, subscription
from monitor.store.types import indexable

_POLLED = (source.c.active, source.c.paused.is_(None))


class SourceReads(Database):
    """What half 1 asks before it fetches, and the configuration that both halves work by."""

    def sync(self, sources: Iterable[Source], subscriptions: Mapping[str, Sequence[str]], now: dt.datetime) -> None:
        """Bring the database to the configuration: sources, and by digest the rules that it asks for.

        A source of a changed address is polled afresh and at once; its entries stay. One that is read otherwise (kind,
        options, zone) loses its validators: the server would say "not modified" to a question not yet asked. Sources
        that are configured no longer rest. A digest is born with its first sync, and what it newly asks for it gets
        from now on: the archive is not sent.
        """
        instance = self.instance_id
        with self._transaction() as connection:
            _sync_sources(connection, sources, instance)
            _sync_digests(connection, subscriptions, now)

    def due_sources(self, now: dt.datetime) -> tuple[str, ...]:
        """The names of the sources to poll at `now`: those never polled, then those that wait longest."""
        due = source.c.next_poll_at.is_(None) | (source.c.next_poll_at <= now)
        first = source.c.next_poll_at.is_not(None)
        query = select(source.c.name).where(*_POLLED, due).order_by(first, source.c.next_poll_at, source.c.id)
        with self._reading() as connection:
            return tuple(connection.execute(query).scalars())

    def next_source_due(self) -> dt.datetime | None:
        """When the next source is to be polled: now, if one never was; None if there is none."""
        query = select(func.count(), func.count(source.c.next_poll_at), func.min(source.c.next_poll_at)).where(*_POLLED)
        with self._reading() as connection:
            polled, dated, soonest = connection.execute(query).one()
        when: dt.datetime | None = soonest if polled == dated else self._clock.now()
        return when

    def source_state(self, name: str) -> SourceState:
        """What is known of a source; its `url` is the form that may be shown. Raises StoreError if it is unknown."""
        with self._reading() as connection:
            row = connection.execute(select(source).where(source.c.name == name)).first()
        if row is None:
            raise StoreError(f'no source "{name}" is in the database')
        return state_of(row)

    def known_entries(self, source_id: int, keys: Iterable[str]) -> dict[str, KnownEntry]:
        """Those of the entries `keys` of a source that were recorded before, by key."""
        asked = {key: indexable(key) for key in keys}
        found: dict[str, KnownEntry] = {}
        with self._reading() as connection:
            for chunk in chunks(asked.values()):
                query = select(entry.c.key, entry.c.content_hash, entry.c.article_id)
                rows = connection.execute(query.where(entry.c.source_id == source_id, entry.c.key.in_(chunk)))
                found.update({row.key: KnownEntry(row.key, row.content_hash, row.article_id) for row in rows})
        return {
            key: KnownEntry(key, found[kept].content_hash, found[kept].article_id)
            for key, kept in asked.items()
            if kept in found
        }

    def articles(self, ids: Iterable[int]) -> dict[int, Article]:
        """Those articles of the archive, by id, in their present state."""
        found: dict[int, Article] = {}
        with self._reading() as connection:
            for chunk in chunks(ids):
                rows = connection.execute(select(article).where(article.c.id.in_(chunk)))
                found.update({row.id: article_of(row) for row in rows})
        return found

    def article(self, article_id: int) -> Article:
        """One article of the archive. Raises StoreError if there is none of that id."""
        found = self.articles([article_id])
        if not found:
            raise StoreError(f"no article {article_id} is in the database")
        return found[article_id]


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _configured(one: Source, instance: str) -> dict[str, Any]:
    """The columns that the configuration fills. An address may be a secret: of it only a salted hash is kept."""
    return {
        "name": one.name,
        "kind": one.kind,
        "url": one.shown_url or one.url,
        "url_hash": _hash(instance, one.url),
        "reading_hash": _hash(one.kind, one.timezone, dict(one.options)),
        "active": True,
    }


def _sync_sources(connection: Connection, sources: Iterable[Source], instance: str) -> None:
    known = {row.name: row for row in connection.execute(select(source))}
    wanted = {one.name: _configured(one, instance) for one in sources}
    new = [
        {**values, **state_values(SourceState(id=0, name=name, url=""))}
        for name, values in wanted.items()
        if name not in known
    ]
    if new:
        connection.execute(insert(source), new)
    for name in wanted.keys() & known.keys():
        if changed := _changed(known[name], wanted[name]):
            connection.execute(update(source).where(source.c.name == name).values(**changed))
    gone = [row.id for row in known.values() if row.active and row.name not in wanted]
    for chunk in chunks(gone):
        connection.execute(update(source).where(source.c.id.in_(chunk)).values(active=False))


def _changed(row: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """What to write for a source that is known: nothing if it is as configured."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if "url_hash" in changed or "reading_hash" in changed or "active" in changed:
        changed["next_poll_at"] = None
    if "url_hash" in changed or "reading_hash" in changed:
        blank = Validators()
        changed |= {"etag": blank.etag, "last_modified": blank.last_modified, "body_hash": blank.body_hash}
    if "url_hash" in changed:
        changed |= {"failures": 0, "interval_seconds": None, "last_error": None, "paused": None}
    return changed


def _sync_digests(connection: Connection, subscriptions: Mapping[str, Sequence[str]], now: dt.datetime) -> None:
    born = set(connection.execute(select(digest.c.name)).scalars())
    if new := [{"name": name, "born_at": now} for name in subscriptions if name not in born]:
        connection.execute(insert(digest), new)
    had = {(row.digest, row.rule) for row in connection.execute(select(subscription.c.digest, subscription.c.rule))}
    wanted = {(name, rule) for name, rules in subscriptions.items() for rule in rules}
    for name, rule in sorted(had - wanted):
        connection.execute(delete(subscription).where(subscription.c.digest == name, subscription.c.rule == rule))
    if not wanted - had:
        return
    floor = connection.execute(select(func.coalesce(func.max(match.c.id), 0))).scalar_one()
    added = [{"digest": name, "rule": rule, "after_match_id": floor} for name, rule in sorted(wanted - had)]
    connection.execute(insert(subscription), added)
