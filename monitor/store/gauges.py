"""The state of the program in numbers, for its metrics. The cost does not grow with what was sent or archived."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import Connection, func, select

from monitor.model import Gauges
from monitor.store.database import Database
from monitor.store.schema import delivery, holder, notice, source

WAITING_STATES: Final = ("queued", "claimed", "retry", "ambiguous", "parked", "held")
"""The states of deliveries that are neither sent nor dropped: rows in these states are few."""


class GaugeReads(Database):
    """The query for the metrics."""

    def gauges(self) -> Gauges:
        """Return the state in numbers."""
        with self._reading() as connection:
            opened = select(notice.c.kind, func.count()).where(notice.c.resolved_at.is_(None)).group_by(notice.c.kind)
            last = select(func.max(holder.c.beat_at)).where(holder.c.ended_at.is_(None))
            polled = (source.c.active, source.c.paused.is_(None))
            due_at = func.min(func.coalesce(source.c.next_poll_at, source.c.added_at))
            return Gauges(
                sources=_sources(connection),
                next_poll_at=connection.execute(select(due_at).where(*polled)).scalar(),
                outbox=_outbox(connection),
                notices={row[0]: row[1] for row in connection.execute(opened.order_by(notice.c.kind))},
                last_heartbeat=connection.execute(last).scalar(),
            )


def _sources(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(source.c.paused, source.c.failures).where(source.c.active)).all()
    paused = sum(row.paused is not None for row in rows)
    failing = sum(row.paused is None and row.failures > 0 for row in rows)
    return {"ok": len(rows) - paused - failing, "failing": failing, "paused": paused}


def _outbox(connection: Connection) -> dict[str, tuple[int, dt.datetime | None]]:
    query = select(delivery.c.state, func.count(), func.min(delivery.c.created_at)).group_by(delivery.c.state)
    found = {row[0]: (row[1], row[2]) for row in connection.execute(query.where(delivery.c.state.in_(WAITING_STATES)))}
    return {state: found.get(state, (0, None)) for state in WAITING_STATES}
