"""Restart waits that began while the clock was ahead. Each wait keeps its original length.

Times that were recorded while the clock was ahead are in the future. Until these times, a source would not be polled
again, a failed delivery would not be retried, and a failing source would still count as read. Only the times that
decide this are corrected. The present clock may also be wrong, for example on a machine that starts in 1970. So the
times of events are corrected only if the clock was ahead by a few days at most.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from monitor.model.delivery import WAITING_STATES
from monitor.store.database import Database
from monitor.store.schema import attempt, delivery, edition, entry, holder, notice, source

TOLERANCE: Final = dt.timedelta(minutes=1)
"""A time may be so far in the future without a correction, because clocks are often adjusted by less."""

_MAX_LEAD: Final = dt.timedelta(days=7)  # if a time is further ahead, the present clock is probably wrong
_INSTANT: Final = dt.timedelta(microseconds=1)
_EVENT_COLUMNS: Final = (
    "last_success_at",
    "last_new_at",
    "newest_at",
    "unmodified_since",
    "cut_since",
    "gap_since",
    "storm_since",
)


class WaitStore(Database):
    """Corrects times that were set while the clock was ahead."""

    def shorten_waits(self, now: dt.datetime) -> dt.timedelta:
        """Restart waits that began while the clock was ahead of `now`; return by how much it was ahead.

        If it was not ahead by more than a minute, nothing is written and zero is returned. Each wait keeps its length,
        for example the interval of a source, a wait that a server asked for, or the backoff of a delivery or a page.
        """
        with self._reading() as connection:
            lead = _clock_lead(connection, now)
            has_late_holder = _has_late_holder(connection, now)
        if not lead and not has_late_holder:
            return lead
        with self._transaction() as connection:
            lead = _clock_lead(connection, now)
            if TOLERANCE < lead <= _MAX_LEAD:
                _correct_events(connection, now)
                _correct_notices(connection, now, lead)
            _restart_poll_waits(connection, now)
            _restart_delivery_waits(connection, now)
            _correct_holders(connection, now, self._holder)
            if lead <= _MAX_LEAD:
                _release_early_slots(connection, now)
        return lead


def _clock_lead(connection: Connection, now: dt.datetime) -> dt.timedelta:
    """Return how far the latest start of a wait is after `now`; zero if it is within the tolerance."""
    waits = delivery.c.state.in_(WAITING_STATES)
    last = and_(attempt.c.delivery_id == delivery.c.id, attempt.c.number == delivery.c.attempts)
    latest = (
        select(func.max(source.c.last_polled_at)),
        select(func.max(delivery.c.created_at)).where(waits),
        select(func.max(attempt.c.ended_at)).select_from(delivery.join(attempt, last)).where(waits),
    )
    found = (connection.execute(query).scalar() for query in latest)
    lead = max((at for at in found if at is not None), default=now) - now
    return lead if lead > TOLERANCE else dt.timedelta()


def _restart_poll_waits(connection: Connection, now: dt.datetime) -> None:
    """Restart the waits of sources that were polled later than `now`, and of the pages of their articles.

    The wait until a pause of a source is judged is one of them.
    """
    columns = (source.c.id, source.c.last_polled_at, source.c.next_poll_at, source.c.quiet_check_at)
    for row in connection.execute(select(*columns).where(source.c.last_polled_at > now + TOLERANCE)).all():
        lead = row.last_polled_at - now
        times = {
            "last_polled_at": now,
            "next_poll_at": _move_due_time(row.next_poll_at, lead, now),
            "quiet_check_at": _move_due_time(row.quiet_check_at, lead, now),
        }
        connection.execute(update(source).where(source.c.id == row.id).values(times))
        pages = select(entry.c.id, entry.c.page_due_at).where(entry.c.source_id == row.id, entry.c.page_due_at > now)
        for page in connection.execute(pages).all():
            due = _move_due_time(page.page_due_at, lead, now)
            connection.execute(update(entry).where(entry.c.id == page.id).values(page_due_at=due))


def _correct_events(connection: Connection, now: dt.datetime) -> None:
    """Move the events of a source that are later than `now` to times before `now`, in the same order.

    The new times are at least an instant before `now`, so that a window that starts at `now` does not include them.
    """
    columns = (source.c.id, source.c.last_polled_at, *(source.c[name] for name in _EVENT_COLUMNS))
    late = select(*columns).where(source.c.last_polled_at > now + TOLERANCE)
    for row in connection.execute(late).mappings().all():
        lead = row["last_polled_at"] - now
        later = {name: row[name] for name in _EVENT_COLUMNS if row[name] is not None and row[name] > now}
        times = {name: _move_before(at, lead, now) for name, at in later.items()}
        if times:
            connection.execute(update(source).where(source.c.id == row["id"]).values(times))


def _correct_notices(connection: Connection, now: dt.datetime, lead: dt.timedelta) -> None:
    """Move the times of open notices that are later than `now` to times before `now`.

    These times show since when a source is not read.
    """
    columns = (notice.c.id, notice.c.first_at, notice.c.last_at)
    late = select(*columns).where(notice.c.resolved_at.is_(None), notice.c.last_at > now + TOLERANCE)
    for row in connection.execute(late).all():
        first_at, last_at = (at if at <= now else _move_before(at, lead, now) for at in (row.first_at, row.last_at))
        times = {"first_at": min(first_at, last_at), "last_at": last_at}
        connection.execute(update(notice).where(notice.c.id == row.id).values(times))


def _move_before(at: dt.datetime, by: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """Return a time that is earlier by `by`, and in any case before `now`."""
    return min(at - by, now) - _INSTANT


def _restart_delivery_waits(connection: Connection, now: dt.datetime) -> None:
    """Restart the waits of deliveries that were queued or tried later than `now`.

    Other deliveries of the channel may wait too, because the server asked for that.
    """
    last = and_(attempt.c.delivery_id == delivery.c.id, attempt.c.number == delivery.c.attempts)
    query = select(delivery, attempt.c.ended_at).select_from(delivery.outerjoin(attempt, last))
    rows = connection.execute(query.where(delivery.c.state.in_(WAITING_STATES))).all()
    lead: dict[str, dt.timedelta] = {}
    for row in rows:
        if row.ended_at is not None and row.ended_at > now + TOLERANCE:
            lead[row.channel] = max(lead.get(row.channel, dt.timedelta()), row.ended_at - now)
    for row, times in _corrected_times(rows, lead, now):
        connection.execute(update(delivery).where(delivery.c.id == row.id).values(times))
    for row in rows:
        if row.ended_at is not None and row.ended_at > now + TOLERANCE:
            condition = (attempt.c.delivery_id == row.id, attempt.c.number == row.attempts)
            connection.execute(update(attempt).where(*condition).values(ended_at=now))


def _corrected_times(
    rows: Iterable[Row[Any]], lead: Mapping[str, dt.timedelta], now: dt.datetime
) -> Iterator[tuple[Row[Any], dict[str, dt.datetime | None]]]:
    """Yield the deliveries that must be changed, with their new times.

    `lead` says for each channel how far the clock was ahead.
    """
    for row in rows:
        queued_ahead = row.created_at > now + TOLERANCE
        by = lead.get(row.channel) or (row.created_at - now if queued_ahead else None)
        if by is not None:
            yield row, {"created_at": min(row.created_at, now), "next_at": _move_due_time(row.next_at, by, now)}


def _move_due_time(at: dt.datetime | None, by: dt.timedelta, now: dt.datetime) -> dt.datetime | None:
    """Return a future time moved earlier by `by`, but not before `now`. Other times are not changed."""
    return at if at is None or at <= now else max(at - by, now)


def _has_late_holder(connection: Connection, now: dt.datetime) -> bool:
    """Return whether a holder of the database has a time later than `now`."""
    late = or_(*(column > now + TOLERANCE for column in (holder.c.since, holder.c.beat_at, holder.c.ended_at)))
    return connection.execute(select(holder.c.id).where(late).limit(1)).first() is not None


def _correct_holders(connection: Connection, now: dt.datetime, own: str) -> None:
    """Set the times of all holders to `now` at the latest, so that the present holder (`own`) is the last."""
    for column in (holder.c.since, holder.c.beat_at, holder.c.ended_at):
        late = update(holder).where(column > now + TOLERANCE)
        connection.execute(late.where(holder.c.id == own).values({column: now}))
        connection.execute(late.where(holder.c.id != own).values({column: now - TOLERANCE}))


def _release_early_slots(connection: Connection, now: dt.datetime) -> None:
    """Rename the slots of editions that were built too early, so that editions for these slots are built when due."""
    columns = (edition.c.id, edition.c.slot, edition.c.window_start)
    for row in connection.execute(select(*columns).where(edition.c.built_at > now + TOLERANCE)).all():
        values = {
            "slot": f"{row.slot}, built ahead of time ({row.id})",
            "built_at": now,
            "window_start": min(row.window_start, now - _INSTANT),
            "window_end": now,
        }
        connection.execute(update(edition).where(edition.c.id == row.id).values(values))
