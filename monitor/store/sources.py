"""Sources: which sources are due, and the state of sources and of their sitemaps."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from monitor.errors import StoreError
from monitor.model import DayOfPolls, Publication, SitemapState, SourceState, Validators
from monitor.store.database import Database
from monitor.store.schema import article, entry, match, part, poll, source
from monitor.store.values import moment_of, state_of

_STORM_DECISION: Final = "notice storm"  # the decision of a poll whose new entries were held
_IS_POLLED = (source.c.active, source.c.paused.is_(None))
_TOLERANCE: Final = dt.timedelta(hours=1)
_MAX_WAIT: Final = dt.timedelta(days=1) + _TOLERANCE  # longer waits only if `every` of the source is longer
_SELECT_SOURCE: Final = select(source).where(source.c.name == bindparam("named"))


class SourceReads(Database):
    """Queries about sources before they are fetched."""

    def due_sources(self, now: dt.datetime) -> tuple[str, ...]:
        """Return the names of the sources that are due at `now`: never polled first, then those that do not fail.

        Of these, those that have waited longest come first. A source that fails may hang until its deadline, and the
        others of its host should not wait for it.
        A source is also due if its time is further in the future than any schedule: then a wrong clock has set it.
        """
        when = source.c.next_poll_at
        due = when.is_(None) | (when <= now) | (when > now + _MAX_WAIT)
        query = select(source.c.name, when, source.c.interval_seconds).where(*_IS_POLLED, due)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(when.is_not(None), source.c.failures > 0, when, source.c.id)).all()
        return tuple(row.name for row in rows if not _is_waiting(row, now))

    def overdue_polls(self, before: dt.datetime) -> int:
        """Return how many sources were due before a time and are not polled yet; 0 if any source was polled since."""
        waiting = func.coalesce(source.c.next_poll_at, source.c.added_at) < before
        with self._reading() as connection:
            last = connection.execute(select(func.max(source.c.last_polled_at)).where(*_IS_POLLED)).scalar()
            if last is not None and last >= before:
                return 0
            return connection.execute(select(func.count()).select_from(source).where(*_IS_POLLED, waiting)).scalar_one()

    def source_state(self, name: str) -> SourceState:
        """Return the state of a source. Its `url` has no secrets. Raises StoreError if the source is unknown."""
        with self._reading() as connection:
            row = connection.execute(_SELECT_SOURCE, {"named": name}).first()
        if row is None:
            raise StoreError(f'no source "{name}" is in the database')
        return state_of(row)

    def days_with_answers(self) -> frozenset[str]:
        """Return the dates, in ISO 8601, of the last two weeks of each source on which it gave a usable answer."""
        query = select(source.c.days).where(source.c.days.is_not(None))
        with self._reading() as connection:
            days = [DayOfPolls(*one) for found in connection.execute(query).scalars() for one in found or ()]
        return frozenset(one.day for one in days if one.failed < one.polls)

    def last_entry_count(self, source_id: int) -> int:
        """Return the number of entries in the last answer of a source that was read; 0 if there is no such answer."""
        condition = (poll.c.source_id == source_id, poll.c.outcome == "ok")
        query = select(poll.c.entries).where(*condition).order_by(poll.c.id.desc()).limit(1)
        with self._reading() as connection:
            return connection.execute(query).scalar() or 0

    def max_new_entries(self, source_id: int) -> int:
        """Return the largest number of new entries in one poll of a source, except its first poll and held entries."""
        condition = (poll.c.source_id == source_id, poll.c.outcome == "ok")
        with self._reading() as connection:
            rows = connection.execute(select(poll.c.new, poll.c.decisions).where(*condition).order_by(poll.c.id)).all()
        usual = (row for row in rows[1:] if all(kind != _STORM_DECISION for kind, _ in row.decisions or ()))
        return max((row.new for row in usual), default=0)

    def suppressed_articles(self, source_id: int, reason: str) -> frozenset[int]:
        """Return the ids of a source's articles whose matches are not sent for this reason."""
        query = select(match.c.article_id).join(entry, entry.c.article_id == match.c.article_id)
        with self._reading() as connection:
            rows = connection.execute(query.where(entry.c.source_id == source_id, match.c.held == reason))
            return frozenset(rows.scalars())

    def publications(self, source_id: int, limit: int) -> list[Publication]:
        """Return when the latest entries of a source were published and first seen."""
        joined = entry.join(article, entry.c.article_id == article.c.id)
        dates = (article.c.published_at, article.c.published_offset, article.c.published_precision)
        query = select(entry.c.first_seen_at, entry.c.baseline, *dates).select_from(joined)
        newest_first = query.where(entry.c.source_id == source_id).order_by(entry.c.first_seen_at.desc(), entry.c.id)
        with self._reading() as connection:
            rows = connection.execute(newest_first.limit(limit)).all()
        return [Publication(moment_of(row), row.first_seen_at, row.baseline) for row in rows]

    def sitemaps(self, source_id: int) -> dict[str, SitemapState]:
        """Return the sitemaps of a source that were seen before, by key."""
        with self._reading() as connection:
            rows = connection.execute(select(part).where(part.c.source_id == source_id))
            return {
                row.key: SitemapState(row.stated, row.read_at, Validators(row.etag, row.last_modified, row.body_hash))
                for row in rows
            }


def _is_waiting(row: Any, now: dt.datetime) -> bool:
    """Return whether a source still waits: its next poll is in the future, at most its interval and an hour ahead."""
    own = dt.timedelta(seconds=row.interval_seconds or 0)
    return row.next_poll_at is not None and now < row.next_poll_at <= now + own + _TOLERANCE
