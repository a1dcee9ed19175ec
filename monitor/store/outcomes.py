"""The results of a period of work: the editions built in it, and the attempts to send that ended in it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from monitor.model import DeliveryReport, StoredEdition
from monitor.model.orders import SendAttempt
from monitor.store.database import Database
from monitor.store.schema import attempt, delivery, edition
from monitor.store.status import deliveries_query, delivery_report
from monitor.store.values import window_of


class OutcomeReads(Database):
    """Queries for the answer to an order."""

    def last_edition_id(self) -> int:
        """Return the id of the newest edition; 0 if there is no edition."""
        with self._reading() as connection:
            return connection.execute(select(func.max(edition.c.id))).scalar() or 0

    def editions_after(self, edition_id: int) -> tuple[StoredEdition, ...]:
        """Return the editions that were built after this edition, in the order in which they were built."""
        query = select(edition).where(edition.c.id > edition_id).order_by(edition.c.id)
        with self._reading() as connection:
            return tuple(StoredEdition(row.id, window_of(row), row.encoded) for row in connection.execute(query))

    def kept_edition(self, edition_id: int) -> StoredEdition:
        """Return an edition as it was stored when it was built."""
        with self._reading() as connection:
            row = connection.execute(select(edition).where(edition.c.id == edition_id)).one()
        return StoredEdition(row.id, window_of(row), row.encoded)

    def edition_deliveries(self, edition_id: int) -> tuple[DeliveryReport, ...]:
        """Return the deliveries of an edition, in any state."""
        with self._reading() as connection:
            rows = connection.execute(deliveries_query().where(delivery.c.edition_id == edition_id))
            return tuple(delivery_report(row) for row in rows)

    def attempts_since(self, since: dt.datetime) -> tuple[SendAttempt, ...]:
        """Return the attempts to send that ended at `since` or later, in the order in which they ended."""
        joined = attempt.join(delivery).outerjoin(edition, edition.c.id == delivery.c.edition_id)
        digest = func.coalesce(edition.c.digest, "")
        columns = (digest, delivery.c.channel, delivery.c.recipient, attempt.c.outcome, attempt.c.reason)
        query = select(*columns).select_from(joined).where(attempt.c.ended_at >= since)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(attempt.c.ended_at, attempt.c.delivery_id, attempt.c.number))
            return tuple(SendAttempt(*row) for row in rows)
