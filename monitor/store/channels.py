"""The state of sending through each channel, and the notices about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select

from monitor.events import publish_all
from monitor.model import ChannelReport, LateDeliveries, Notice, NoticeKind
from monitor.model.delivery import WAITING_STATES
from monitor.store import schema
from monitor.store.database import Database
from monitor.store.outbox import MAX_ATTEMPT
from monitor.store.polls import PollWriter
from monitor.store.schema import attempt, delivery, edition
from monitor.store.values import index_key

LATE_AFTER: Final = dt.timedelta(hours=1)
"""A delivery is late if it was sent at least this long after it was queued."""

_LATE_PERIOD: Final = dt.timedelta(days=3)
_MAX_SENDING_TIME: Final = dt.timedelta(minutes=10)  # within this time an edition is sent to all of its recipients
_UNSENT_STATES: Final = (*WAITING_STATES, "claimed")
_FAILED_OUTCOMES: Final = ("retry", "ambiguous")


class ChannelReads(Database):
    """Queries of the outbox about channels."""

    def channel_works_since(self, delivery_id: int) -> dt.datetime | None:
        """Return when the channel of a delivery first sent anything after the first attempt to send this delivery.

        None: the channel has not sent anything since then.
        """
        began = select(func.min(attempt.c.started_at)).where(attempt.c.delivery_id == delivery_id).scalar_subquery()
        channel = select(delivery.c.channel).where(delivery.c.id == delivery_id).scalar_subquery()
        query = select(func.min(delivery.c.sent_at)).where(delivery.c.channel == channel, delivery.c.sent_at >= began)
        with self._reading() as connection:
            first: dt.datetime | None = connection.execute(query).scalar()
        return first

    def channel_reports(self, now: dt.datetime) -> tuple[ChannelReport, ...]:
        """Return the state of every channel with unsent deliveries, or with deliveries that were sent late recently."""
        with self._reading() as connection:
            waiting, parked = _count_by_channel(connection, _UNSENT_STATES), _count_by_channel(connection, ("parked",))
            stuck, late = _stuck_by_channel(connection, now), _late_by_channel(connection, now)
            reports = []
            for channel in sorted({*waiting, *parked, *late}):
                failing_since, reason = _failing_since(connection, channel, now) if channel in waiting else (None, "")
                number, since = stuck.get(channel, (0, None))
                report = ChannelReport(
                    channel,
                    waiting=waiting.get(channel, 0),
                    failing_since=failing_since,
                    reason=reason,
                    parked=parked.get(channel, 0),
                    parked_reason=_parked_reason(connection, channel) if channel in parked else "",
                    refuses=channel in parked and _has_refused(connection, channel, now),
                    stuck=number,
                    stuck_since=since,
                    late=late.get(channel),
                )
                reports.append(report)
        return tuple(reports)

    def overdue_deliveries(self, before: dt.datetime) -> int:
        """Return how many deliveries were due before a time and have not been tried since."""
        late = (delivery.c.state.in_(WAITING_STATES), delivery.c.next_at < before)
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(delivery).where(*late)).scalar_one()

    def expire_notices(self, kind: NoticeKind, shown_for: dt.timedelta, now: dt.datetime) -> None:
        """Resolve the open notices of a kind that were last raised `shown_for` ago or longer."""
        columns = schema.notice.c
        old = (columns.kind == kind, columns.resolved_at.is_(None), columns.last_at <= now - shown_for)
        with self._reading() as connection:
            subjects = connection.execute(select(columns.subject).where(*old)).scalars().all()
        if not subjects:
            return
        with self._transaction() as connection:
            writer = PollWriter(connection)
            for subject in subjects:
                writer.resolve_notice(kind, subject, now, reason="it was shown for long enough", quiet_for=shown_for)
        publish_all(writer.events)

    def replace_notices(
        self,
        kinds: Collection[NoticeKind],
        wanted: Collection[Notice],
        now: dt.datetime,
        *,
        reason: str = "the outbox no longer shows it",
    ) -> None:
        """Make `wanted` the open notices of these kinds: raise new and changed notices, and resolve all others.

        `reason` says why a notice is resolved. If nothing changed, nothing is written.
        """
        with self._reading() as connection:
            known = _open_notices(connection, kinds)
        to_raise = [one for one in wanted if known.get((one.kind, index_key(one.subject))) != (one.message, one.remedy)]
        to_resolve = known.keys() - {(one.kind, index_key(one.subject)) for one in wanted}
        if not to_raise and not to_resolve:
            return
        with self._transaction() as connection:
            writer = PollWriter(connection)
            for kind, subject in sorted(to_resolve):
                writer.resolve_notice(kind, subject, now, reason=reason)
            for notice in to_raise:
                writer.raise_notice(notice, now)
        publish_all(writer.events)


def _count_by_channel(connection: Connection, states: Collection[str]) -> dict[str, int]:
    query = select(delivery.c.channel, func.count()).where(delivery.c.state.in_(states)).group_by(delivery.c.channel)
    return {row[0]: row[1] for row in connection.execute(query)}


def _last_sent(connection: Connection, channel: str, now: dt.datetime) -> dt.datetime | None:
    """Return when the channel last sent a delivery. Times after `now`, set by a clock that was ahead, are ignored."""
    condition = (delivery.c.channel == channel, delivery.c.sent_at <= now)
    last: dt.datetime | None = connection.execute(select(func.max(delivery.c.sent_at)).where(*condition)).scalar()
    return last


def _failing_since(connection: Connection, channel: str, now: dt.datetime) -> tuple[dt.datetime | None, str]:
    """Return since when all attempts to send waiting deliveries have failed, and why the last attempt failed."""
    last_sent = _last_sent(connection, channel, now)
    failed = and_(
        delivery.c.channel == channel, delivery.c.state.in_(_FAILED_OUTCOMES), attempt.c.outcome.in_(_FAILED_OUTCOMES)
    )
    if last_sent is not None:
        failed = and_(failed, attempt.c.ended_at > last_sent)
    attempts = select(attempt.c.ended_at, attempt.c.reason).select_from(attempt.join(delivery)).where(failed)
    first = connection.execute(attempts.order_by(attempt.c.ended_at).limit(1)).first()
    last = connection.execute(attempts.order_by(attempt.c.ended_at.desc()).limit(1)).first()
    return (None, "") if first is None or last is None else (first.ended_at, last.reason or "")


def _parked_reason(connection: Connection, channel: str) -> str:
    condition = (delivery.c.channel == channel, delivery.c.state == "parked")
    query = select(delivery.c.last_error).where(*condition).order_by(delivery.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def _has_refused(connection: Connection, channel: str, now: dt.datetime) -> bool:
    """Return whether the channel's last answer was a permanent refusal, and it accepted nothing shortly before."""
    condition = delivery.c.channel == channel
    refused = select(func.max(attempt.c.ended_at)).select_from(attempt.join(delivery)).where(condition)
    last = connection.execute(refused.where(delivery.c.state == "parked", attempt.c.outcome == "parked")).scalar()
    sent = _last_sent(connection, channel, now)
    return last is not None and (sent is None or sent < last - _MAX_SENDING_TIME)


def _stuck_by_channel(connection: Connection, now: dt.datetime) -> dict[str, tuple[int, dt.datetime]]:
    is_stuck = and_(delivery.c.state == "claimed", delivery.c.claimed_at < now - MAX_ATTEMPT)
    query = select(delivery.c.channel, func.count(), func.min(delivery.c.claimed_at)).where(is_stuck)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query.group_by(delivery.c.channel))}


def _late_by_channel(connection: Connection, now: dt.datetime) -> dict[str, LateDeliveries]:
    joined = delivery.join(edition, edition.c.id == delivery.c.edition_id)
    columns = (delivery.c.channel, delivery.c.created_at, delivery.c.sent_at, edition.c.digest)
    recent = delivery.c.sent_at > now - _LATE_PERIOD
    rows: dict[str, list[Any]] = {}
    for row in connection.execute(select(*columns).select_from(joined).where(recent).order_by(delivery.c.id)):
        if row.sent_at - row.created_at >= LATE_AFTER:
            rows.setdefault(row.channel, []).append(row)
    return {channel: _late_deliveries(found) for channel, found in rows.items()}


def _late_deliveries(rows: list[Any]) -> LateDeliveries:
    digests = tuple(dict.fromkeys(row.digest for row in rows))
    return LateDeliveries(len(rows), min(row.created_at for row in rows), max(row.sent_at for row in rows), digests)


def _open_notices(connection: Connection, kinds: Collection[str]) -> Mapping[tuple[str, str], tuple[str, str]]:
    columns = schema.notice.c
    query = select(schema.notice).where(columns.kind.in_(kinds), columns.resolved_at.is_(None))
    return {(row.kind, row.subject): (row.message, row.remedy) for row in connection.execute(query)}
