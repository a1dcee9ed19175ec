"""Sources: what is configured, what is due, what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from monitor.errors import StoreError
from monitor.events import publish_all
from monitor.model import Article, KnownEntry, LatePage, Source, SourceState
from monitor.model.lookback import RuleVersion
from monitor.store.backfill import sync_rules
from monitor.store.database import Database
from monitor.store.polls import PollWriter
from monitor.store.rows import article_of, chunks, state_of
from monitor.store.schema import article, entry, poll, source
from monitor.store.sync import resolve_stale_notices, sync_digests, sync_sources
from monitor.store.types import indexable

_POLLED = (source.c.active, source.c.paused.is_(None))
_SLACK: Final = dt.timedelta(hours=1)
_LONGEST_WAIT: Final = dt.timedelta(days=1) + _SLACK  # but for a source whose `every` is longer


class SourceReads(Database):
    """What half 1 asks before it fetches, and the configuration that both halves work by."""

    def sync(
        self,
        sources: Iterable[Source],
        subscriptions: Mapping[str, Sequence[str]],
        now: dt.datetime,
        rules: Iterable[RuleVersion] = (),
    ) -> None:
        """Bring the database to the configuration: sources, by digest the rules that it asks for, and what these mean.

        A source of a changed address is polled at once, and afresh: its entries stay, and the others that the new place
        lists are its baseline. One that is read otherwise (kind, options, zone) loses its validators: the server would
        say "not modified" to a question not yet asked. Sources that are configured no longer rest. A digest is born
        with its first sync, and what it newly asks for it gets from now on: the archive is not sent. What was found
        while it asked for a rule waits for it, also when it asks no more. One that is configured no longer and is put
        back goes on where it was. What the operator was told of things that are configured no longer is over. A rule
        whose meaning is new is to look back: see `look_backs`.
        """
        instance = self.instance_id
        with self._transaction() as connection:
            notices = PollWriter(connection)
            sync_sources(connection, sources, instance, now)
            sync_digests(connection, notices, subscriptions, now)
            sync_rules(connection, rules, now)
            resolve_stale_notices(connection, notices, now)
        publish_all(notices.events)

    def due_sources(self, now: dt.datetime) -> tuple[str, ...]:
        """The names of the sources to poll at `now`: those never polled, then those that wait longest.

        One whose time lies further ahead than any rhythm puts it is due too: a clock that was wrong has set it.
        """
        when = source.c.next_poll_at
        due = when.is_(None) | (when <= now) | (when > now + _LONGEST_WAIT)
        query = select(source.c.name, when, source.c.interval_seconds).where(*_POLLED, due)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(when.is_not(None), when, source.c.id)).all()
        return tuple(row.name for row in rows if not _waits(row, now))

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
                columns = (entry.c.key, entry.c.content_hash, entry.c.article_id, entry.c.tags, entry.c.first_seen_at)
                query = select(*columns)
                rows = connection.execute(query.where(entry.c.source_id == source_id, entry.c.key.in_(chunk)))
                found.update({row.key: _known(row) for row in rows})
        return {key: replace(found[kept], key=key) for key, kept in asked.items() if kept in found}

    def last_entries(self, source_id: int, limit: int) -> list[tuple[str, str]]:
        """Titles and addresses of the entries of a source that came last, those of one poll in their order."""
        query = select(entry.c.title, entry.c.url).where(entry.c.source_id == source_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.first_seen_at.desc(), entry.c.id).limit(limit))
            return [(row.title, row.url) for row in rows]

    def last_titles(self, source_id: int, limit: int) -> list[tuple[str, KnownEntry]]:
        """Return the entries of a source that came last, with their titles."""
        query = select(entry).where(entry.c.source_id == source_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.first_seen_at.desc(), entry.c.id).limit(limit))
            return [(row.title, _known(row)) for row in rows]

    def last_listed(self, source_id: int) -> int:
        """How many entries the last answer of a source had that was read; 0 if there was none."""
        mine = (poll.c.source_id == source_id, poll.c.outcome == "ok")
        query = select(poll.c.entries).where(*mine).order_by(poll.c.id.desc()).limit(1)
        with self._reading() as connection:
            return connection.execute(query).scalar() or 0

    def articles(self, ids: Iterable[int]) -> dict[int, Article]:
        """Those articles of the archive, by id, in their present state."""
        found: dict[int, Article] = {}
        with self._reading() as connection:
            for chunk in chunks(ids):
                rows = connection.execute(select(article).where(article.c.id.in_(chunk)))
                found.update({row.id: article_of(row) for row in rows})
        return found

    def late_pages(self, source_id: int, now: dt.datetime, limit: int) -> tuple[LatePage, ...]:
        """The entries of a source whose pages could not be read and are due again, the longest waiting first."""
        query = select(entry).where(entry.c.source_id == source_id, entry.c.page_due_at <= now)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(entry.c.page_due_at, entry.c.id).limit(limit)).all()
        return tuple(LatePage(_known(row), row.title, row.url, row.page_tries or 0) for row in rows)


def _known(row: Any) -> KnownEntry:
    tags = None if row.tags is None else tuple(row.tags)
    return KnownEntry(row.key, row.content_hash, row.article_id, tags, row.first_seen_at)


def _waits(row: Any, now: dt.datetime) -> bool:
    """Whether the time of a source lies ahead as its own long interval put it there."""
    own = dt.timedelta(seconds=row.interval_seconds or 0)
    return row.next_poll_at is not None and now < row.next_poll_at <= now + own + _SLACK
