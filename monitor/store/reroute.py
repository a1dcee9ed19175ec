"""Drop, hold and queue deliveries after their recipients have changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, insert, select, update

from monitor.model import DeliveryReport, NewDelivery, Payload, StoredEdition
from monitor.model.delivery import WAITING_STATES
from monitor.store.editions import EditionWriter, queued_values
from monitor.store.schema import delivery, edition, payload
from monitor.store.status import deliveries_query, delivery_report
from monitor.store.transactions import Transaction
from monitor.store.values import window_of

_OPEN_STATES: Final = (*WAITING_STATES, "parked", "held")


class RerouteReads(Transaction):
    """Queries for waiting deliveries, and their recipients."""

    def open_deliveries(self, *, parked: bool = True) -> tuple[DeliveryReport, ...]:
        """Return all deliveries that are not sent, not dropped and not being sent.

        `parked` False: parked deliveries are left out.
        """
        states = _OPEN_STATES if parked else (*WAITING_STATES, "held")
        return self._reports(deliveries_query().where(delivery.c.state.in_(states)))

    def _reports(self, query: Select[Any]) -> tuple[DeliveryReport, ...]:
        return tuple(delivery_report(row) for row in self._connection.execute(query))


class RerouteWriter(RerouteReads, EditionWriter):
    """Changes the recipients of waiting deliveries, in the transaction in which they were read."""

    def deliveries_of(self, edition_id: int) -> tuple[DeliveryReport, ...]:
        """Return the deliveries of an edition, in any state."""
        return self._reports(deliveries_query().where(delivery.c.edition_id == edition_id))

    def kept_edition(self, edition_id: int) -> StoredEdition:
        """Return an edition as it was stored when it was built."""
        row = self._connection.execute(select(edition).where(edition.c.id == edition_id)).one()
        return StoredEdition(row.id, window_of(row), row.encoded)

    def payloads_of(self, edition_id: int) -> dict[str, list[Payload]]:
        """Return the payloads that were stored with an edition, by channel and in the order of the parts."""
        table = payload
        query = select(table.c.channel, table.c.part, table.c.body).where(table.c.edition_id == edition_id)
        found: dict[str, list[Payload]] = defaultdict(list)
        for row in self._connection.execute(query.order_by(table.c.channel, table.c.part)):
            found[row.channel].append(Payload(row.body, row.part))
        return found

    def drop(self, delivery_id: int, reason: str) -> None:
        """Drop a delivery of `open_deliveries` for good: it is not sent. Its row and its attempts are kept."""
        dropped = {"state": "dropped", "next_at": None, "last_error": reason}
        condition = (delivery.c.id == delivery_id, delivery.c.state.in_(_OPEN_STATES))
        self._connection.execute(update(delivery).where(*condition).values(**dropped))

    def hold(self, delivery_id: int, reason: str, until: dt.datetime) -> None:
        """Hold a waiting delivery: it is not sent, and is dropped at `until`."""
        condition = (delivery.c.id == delivery_id, delivery.c.state.in_(WAITING_STATES))
        self._connection.execute(
            update(delivery).where(*condition).values(state="held", next_at=until, last_error=reason)
        )

    def release(self, delivery_id: int, at: dt.datetime) -> None:
        """Queue a held delivery again, due at `at`. The count of attempts continues."""
        condition = (delivery.c.id == delivery_id, delivery.c.state == "held")
        self._connection.execute(update(delivery).where(*condition).values(state="queued", next_at=at, last_error=None))

    def queue_frozen(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Queue the stored payloads of an edition for further recipients, due at once."""
        frozen = select(payload.c.channel, payload.c.part, payload.c.id).where(payload.c.edition_id == edition_id)
        ids = {(row.channel, row.part): row.id for row in self._connection.execute(frozen)}
        rows = [queued_values(edition_id, ids[new.channel, new.payload.part], new, at) for new in deliveries]
        if rows:
            self._connection.execute(insert(delivery), rows)

    def queue_rendered(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Store and queue payloads for channels for which the edition has no payloads yet, due at once."""
        self._queue_deliveries(edition_id, at, deliveries)
