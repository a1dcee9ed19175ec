"""Notices to the operator: which notices must be reported, and the messages that report them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, insert, or_, select, update

from monitor.model import NewDelivery, Notice, NoticeRecord, OperatorMessage
from monitor.store.editions import queued_values
from monitor.store.schema import delivery, notice, operator_message, payload
from monitor.store.status import notice_of
from monitor.store.transactions import Transaction, WriteTransaction
from monitor.store.values import chunks, index_key


class OperatorReads(Transaction):
    """Queries for a message to the operator."""

    def unnotified_notices(self) -> tuple[NoticeRecord, ...]:
        """Return the open notices, and the notices that were closed after the operator was notified of them."""
        columns = notice.c
        ended = (columns.notified_at.is_not(None), columns.end_notified_at.is_(None))
        wanted = or_(columns.resolved_at.is_(None), and_(*ended))
        query = select(notice, columns["count"].label("times")).where(wanted).order_by(columns.first_at, columns.id)
        return tuple(
            NoticeRecord(row.id, notice_of(row), row.notified_at, row.resolved_at)
            for row in self._connection.execute(query)
        )

    def last_message_at(self) -> dt.datetime | None:
        """Return when the newest message to the operator was made; None if there is no message."""
        last: dt.datetime | None = self._connection.execute(select(func.max(operator_message.c.created_at))).scalar()
        return last


class OperatorWriter(OperatorReads, WriteTransaction):
    """Queues messages to the operator, and records their notices, in one transaction."""

    def add_operator_message(
        self,
        message: OperatorMessage,
        open_ids: Collection[int],
        closed_ids: Collection[int],
        deliveries: Sequence[NewDelivery],
    ) -> int:
        """Queue the message, due at once, and record which open and closed notices it contains; return its id."""
        table, at = operator_message, message.at
        values = {"created_at": at, "subject": message.subject}
        message_id: int = self._connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
        bodies: dict[str, int] = {}
        for new in deliveries:
            if new.channel not in bodies:
                row = {"operator_message_id": message_id, "channel": new.channel, "part": new.payload.part}
                added = insert(payload).values(**row, body=new.payload.body).returning(payload.c.id)
                bodies[new.channel] = self._connection.execute(added).scalar_one()
            queued = queued_values(None, bodies[new.channel], new, at)
            self._connection.execute(insert(delivery), {**queued, "operator_message_id": message_id})
        self.mark_notified(open_ids, closed_ids, at)
        return message_id

    def add_past_notice(
        self, past: Notice, first_at: dt.datetime, notified_at: dt.datetime, resolved_at: dt.datetime
    ) -> None:
        """Record a past problem. The operator was notified of it at a time when it could not be recorded."""
        words = {
            "kind": past.kind,
            "subject": index_key(past.subject),
            "message": past.message,
            "remedy": past.remedy,
        }
        times = {"first_at": first_at, "last_at": resolved_at, "notified_at": notified_at, "resolved_at": resolved_at}
        self._connection.execute(insert(notice), {**words, **times, "count": 1})

    def mark_notified(self, open_ids: Collection[int], closed_ids: Collection[int], at: dt.datetime) -> None:
        """Record that the operator was notified that some notices are open, and that others are closed."""
        for ids, column in ((open_ids, "notified_at"), (closed_ids, "end_notified_at")):
            for chunk in chunks(sorted(ids)):
                self._connection.execute(update(notice).where(notice.c.id.in_(chunk)).values({column: at}))
