"""The state of the program, and the stored editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, or_, select

from monitor.model import (
    DayOfPolls,
    DeliveryReport,
    DigestReport,
    Health,
    Notice,
    SourceReport,
    Status,
    StoredEdition,
)
from monitor.store.database import Database
from monitor.store.editions import EditionReads
from monitor.store.endpoints import endpoint_of
from monitor.store.outbox import MAX_ATTEMPT
from monitor.store.schema import delivery, digest, edition, entry, notice, payload, source, subscription
from monitor.store.values import edition_of, window_of

_TROUBLED_STATES: Final = ("parked", "retry", "ambiguous", "held")
_MAX_SHOWN: Final = 200  # maximum number of troubled deliveries in the report: the latest


class StatusReads(Database):
    """Queries for `monitor status` and `monitor digest`."""

    def status(self, now: dt.datetime) -> Status:
        """Return the present state of sources, open notices, the outbox, and digests."""
        with self._reading() as connection:
            return Status(
                at=now,
                sources=_sources(connection, now),
                notices=_notices(connection),
                outbox=_outbox(connection),
                troubled=_troubled_deliveries(connection, now),
                digests=_digests(connection),
            )

    def editions_in(self, digest_name: str, start: dt.datetime, end: dt.datetime) -> tuple[StoredEdition, ...]:
        """Return the editions of a digest whose windows overlap [start, end), newest first."""
        overlaps = (edition.c.window_start < end, edition.c.window_end > start)
        return self._kept_editions(select(edition).where(edition.c.digest == digest_name, *overlaps))

    def _kept_editions(self, query: Select[Any]) -> tuple[StoredEdition, ...]:
        newest = query.order_by(edition.c.window_end.desc(), edition.c.id.desc())
        with self._reading() as connection:
            return tuple(StoredEdition(row.id, window_of(row), row.encoded) for row in connection.execute(newest))


_FAILURE_NOTICES: Final = ("broken", "crash", "empty")
"""Kinds of notices that a source cannot be used. While such a notice is open, the source's health is not "ok"."""


def _health(row: Any, failing: Collection[str]) -> Health:
    """Return the health of a source. `failing` are the names of the sources with an open notice about a failure."""
    if row.paused is not None:
        return "paused"
    if row.failures or row.name in failing:
        return "failing"
    return "new" if row.last_success_at is None else "ok"


def _sources(connection: Connection, now: dt.datetime) -> tuple[SourceReport, ...]:
    counted = select(entry.c.source_id, func.count().label("entries")).group_by(entry.c.source_id).subquery()
    query = (
        select(source, func.coalesce(counted.c.entries, 0).label("entries"))
        .outerjoin(counted, counted.c.source_id == source.c.id)
        .where(source.c.active)
        .order_by(source.c.id)
    )
    said = select(notice.c.subject).where(notice.c.resolved_at.is_(None), notice.c.kind.in_(_FAILURE_NOTICES))
    failing = frozenset(connection.execute(said).scalars())
    return tuple(
        SourceReport(
            name=row.name,
            kind=row.kind or row.found_kind or "",
            url=row.url,
            health=_health(row, failing),
            entries=row.entries,
            polls=row.polls,
            failures=row.failures,
            last_polled_at=row.last_polled_at,
            last_success_at=row.last_success_at,
            next_poll_at=row.next_poll_at,
            last_error=row.last_error,
            paused=row.paused,
            found=endpoint_of(row),
            newest_at=row.newest_at or row.last_new_at,
            fetch_age=_age(row.last_success_at, now),
            content_age=_age(row.newest_at or row.last_new_at, now),
            days=tuple(DayOfPolls(*one) for one in row.days or ()),
        )
        for row in connection.execute(query)
    )


def _age(at: dt.datetime | None, now: dt.datetime) -> dt.timedelta | None:
    """Return how long ago a time was; None if there is none, zero if it is in the future."""
    return None if at is None else max(now - at, dt.timedelta())


def _notices(connection: Connection) -> tuple[Notice, ...]:
    query = select(notice, notice.c["count"].label("times")).where(notice.c.resolved_at.is_(None))
    return tuple(notice_of(row) for row in connection.execute(query.order_by(notice.c.first_at, notice.c.id)))


def notice_of(row: Any) -> Notice:
    """Return a notice from its row. The column `times` is its count."""
    return Notice(row.kind, row.subject, row.message, row.remedy, row.first_at, row.last_at, row.times)


def _outbox(connection: Connection) -> dict[Any, int]:
    query = select(delivery.c.state, func.count()).group_by(delivery.c.state).order_by(delivery.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def deliveries_query() -> Select[Any]:
    """Return a query for deliveries with the columns of a report, in the order of sending."""
    joined = delivery.join(payload, payload.c.id == delivery.c.payload_id).outerjoin(
        edition, edition.c.id == delivery.c.edition_id
    )
    query = select(delivery, payload.c.part, func.coalesce(edition.c.digest, "").label("digest")).select_from(joined)
    return query.order_by(delivery.c.edition_id, delivery.c.channel, delivery.c.recipient, payload.c.part)


def delivery_report(row: Any) -> DeliveryReport:
    """Return the report of a row of `deliveries_query`."""
    return DeliveryReport(
        id=row.id,
        digest=row.digest,
        edition_id=row.edition_id,
        channel=row.channel,
        recipient=row.recipient,
        part=row.part,
        message_id=row.message_id,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
        claimed_at=row.claimed_at,
    )


def _troubled_deliveries(connection: Connection, now: dt.datetime) -> tuple[DeliveryReport, ...]:
    stuck = and_(delivery.c.state == "claimed", delivery.c.claimed_at < now - MAX_ATTEMPT)
    troubled = or_(delivery.c.state.in_(_TROUBLED_STATES), stuck)
    latest = select(delivery.c.id).where(troubled).order_by(delivery.c.id.desc()).limit(_MAX_SHOWN)
    query = deliveries_query().where(delivery.c.id.in_(latest))
    return tuple(delivery_report(row) for row in connection.execute(query))


def _digests(connection: Connection) -> tuple[DigestReport, ...]:
    rules: dict[str, list[str]] = {}
    asked = select(subscription.c.digest, subscription.c.rule).where(subscription.c.until_match_id.is_(None))
    for row in connection.execute(asked.order_by(subscription.c.digest, subscription.c.rule)):
        rules.setdefault(row.digest, []).append(row.rule)
    newest = select(func.max(edition.c.id)).group_by(edition.c.digest)
    last = {row.digest: row for row in connection.execute(select(edition).where(edition.c.id.in_(newest)))}
    return tuple(
        DigestReport(
            row.name,
            tuple(rules.get(row.name, ())),
            row.born_at,
            edition_of(last[row.name]) if row.name in last else None,
            last[row.name].left_out or 0 if row.name in last else 0,
            EditionReads(connection).count_pending(row.name),
        )
        for row in connection.execute(select(digest).where(digest.c.active).order_by(digest.c.name))
    )
