"""The outbox: which deliveries must be sent, which process is sending them, and the outcomes.

    queued ──claim──► claimed ──finish──► sent
                        ▲  │
                        │  ├─► retry      it certainly was not sent: try again at `next_at`
                        │  ├─► ambiguous  it may have been sent, or its process died: try again, same Message-ID
                        └──┴─► parked     a person must act, then `requeue_parked`

    A delivery for a recipient who was removed is held. If the recipient comes back, it is queued again, else dropped. A
    delivery that is neither sent nor claimed is dropped for good when nobody should receive it any more (`reroute`).

A claim is a conditional update: the process that updates the row has the claim. The attempt is written to the ledger
before the first byte is sent.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, func, insert, or_, select, update

from monitor.errors import NotClaimed
from monitor.model import Delivery, Outcome, OwnClaim, Payload
from monitor.model.delivery import WAITING_STATES
from monitor.store import schema
from monitor.store.database import Database
from monitor.store.schema import attempt, delivery, payload

_MAX_WAIT: Final = dt.timedelta(days=5)  # longer than any wait, including those that servers ask for
_PROCESS_DIED: Final = "the process that sent it ended before it could say how it went"
_NOT_FINISHED: Final = "the program failed between the claim and the end of the attempt"

MAX_ATTEMPT: Final = dt.timedelta(minutes=2)
"""Maximum duration of an attempt to send. Channels end attempts after a minute, and the result is written at once."""


class Outbox(Database):
    """Queries and updates of deliveries."""

    def due_channels(self, now: dt.datetime, edition: int | None = None) -> tuple[str, ...]:
        """Return the channels with deliveries that are due at `now`; if `edition` is given, with deliveries of it."""
        query = select(delivery.c.channel).where(_is_due(delivery, now)).distinct().order_by(delivery.c.channel)
        if edition is not None:
            query = query.where(delivery.c.edition_id == edition)
        with self._reading() as connection:
            return tuple(connection.execute(query).scalars())

    def due_deliveries(
        self, now: dt.datetime, channel: str | None = None, edition: int | None = None
    ) -> tuple[int, ...]:
        """Return the ids of due deliveries, sorted by edition, recipient and part. Messages to the operator come first.

        If `channel` or `edition` is given, only deliveries of that channel or edition are returned. A part is included
        only if all earlier parts are sent or due. So each part can be claimed when the part before it was sent.
        """
        order = (delivery.c.operator_message_id.is_(None), delivery.c.operator_message_id, delivery.c.edition_id)
        query = (
            select(delivery.c.id)
            .select_from(delivery.join(payload))
            .where(_is_due(delivery, now), ~_has_earlier_part(lambda earlier: ~_is_due(earlier, now)))
            .order_by(*order, delivery.c.channel, delivery.c.recipient, payload.c.part)
        )
        if channel is not None:
            query = query.where(delivery.c.channel == channel)
        if edition is not None:
            query = query.where(delivery.c.edition_id == edition)
        with self._reading() as connection:
            return tuple(connection.execute(query).scalars())

    def claim(self, delivery_id: int, now: dt.datetime) -> Delivery | None:
        """Claim a due delivery for this process, which then sends it. Return None if it cannot be claimed any more.

        Raises StoreError if this process has lost its lock on the database.
        """
        condition = and_(delivery.c.id == delivery_id, _is_due(delivery, now), ~_has_earlier_part())
        values = {"state": "claimed", "claimed_by": self._holder, "claimed_at": now, "next_at": None}
        with self._transaction() as connection:
            self._check_lock(connection)
            updated = connection.execute(
                update(delivery).where(condition).values(**values, attempts=delivery.c.attempts + 1)
            )
            if updated.rowcount != 1:
                return None
            digest = func.coalesce(schema.edition.c.digest, "").label("digest")
            query = select(delivery, payload.c.part, payload.c.body, digest)
            joined = delivery.join(payload, payload.c.id == delivery.c.payload_id).outerjoin(
                schema.edition, schema.edition.c.id == delivery.c.edition_id
            )
            row = connection.execute(query.select_from(joined).where(delivery.c.id == delivery_id)).one()
            new_attempt = {"delivery_id": delivery_id, "number": row.attempts, "started_at": now}
            connection.execute(insert(attempt), new_attempt)
            return Delivery(
                id=row.id,
                digest=row.digest,
                edition_id=row.edition_id,
                channel=row.channel,
                recipient=row.recipient,
                message_id=row.message_id,
                payload=Payload(row.body, row.part),
                state=row.state,
                attempts=row.attempts,
                created_at=row.created_at,
                next_at=row.next_at,
                last_error=row.last_error,
            )

    def finish(self, delivery_id: int, outcome: Outcome, now: dt.datetime, next_at: dt.datetime | None = None) -> None:
        """Record the outcome of an attempt. `next_at` is the time of the next attempt; None if sent or parked.

        Raises ValueError if the delivery must be tried again but `next_at` is None. Raises NotClaimed if this process
        has not claimed the delivery.
        """
        will_retry = outcome.kind in WAITING_STATES
        if will_retry and next_at is None:
            raise ValueError(f"a delivery that ended {outcome.kind} needs the time of its next attempt")
        sent = outcome.kind == "sent"
        values = {
            "state": outcome.kind,
            "next_at": next_at if will_retry else None,
            "sent_at": now if sent else None,
            "last_error": None if sent else outcome.reason,
            "claimed_by": None,
            "claimed_at": None,
        }
        condition = and_(
            delivery.c.id == delivery_id, delivery.c.state == "claimed", delivery.c.claimed_by == self._holder
        )
        with self._transaction() as connection:
            if connection.execute(update(delivery).where(condition).values(**values)).rowcount != 1:
                raise NotClaimed(f"delivery {delivery_id} is not claimed by this process")
            under_way = and_(attempt.c.delivery_id == delivery_id, attempt.c.ended_at.is_(None))
            values = {"ended_at": now, "outcome": outcome.kind, "reason": outcome.reason}
            connection.execute(update(attempt).where(under_way).values(**values))

    def postpone(self, channel: str, until: dt.datetime) -> int:
        """Postpone all waiting deliveries of a channel to `until`, as its server asked; return their number."""
        early = and_(delivery.c.channel == channel, delivery.c.state.in_(WAITING_STATES), delivery.c.next_at < until)
        with self._transaction() as connection:
            return connection.execute(update(delivery).where(early).values(next_at=until)).rowcount

    def recover_orphaned_claims(self, now: dt.datetime) -> int:
        """Make the deliveries that other holders have claimed ambiguous and due; return how many.

        The other holders have ended, because this process has the lock.
        """
        others = and_(delivery.c.state == "claimed", delivery.c.claimed_by.is_distinct_from(self._holder))
        with self._transaction() as connection:
            self._check_lock(connection)
            return _make_ambiguous(connection, others, _PROCESS_DIED, now)

    def own_claims(self) -> tuple[OwnClaim, ...]:
        """Return the claims of this process that have no recorded outcome."""
        columns = (delivery.c.id, delivery.c.channel, delivery.c.attempts)
        query = select(*columns).where(*self._is_own_claim).order_by(delivery.c.id)
        with self._reading() as connection:
            return tuple(OwnClaim(*row) for row in connection.execute(query))

    def make_ambiguous(self, claim: OwnClaim, now: dt.datetime) -> bool:
        """Make a claim of this process ambiguous and due; return False if it has ended or been replaced by another."""
        condition = and_(*self._is_own_claim, delivery.c.id == claim.delivery_id, delivery.c.attempts == claim.attempt)
        with self._transaction() as connection:
            self._check_lock(connection)
            return _make_ambiguous(connection, condition, _NOT_FINISHED, now) == 1

    @property
    def _is_own_claim(self) -> tuple[ColumnElement[bool], ...]:
        return delivery.c.state == "claimed", delivery.c.claimed_by == self._holder

    def requeue_parked(self, now: dt.datetime) -> int:
        """Queue parked deliveries again, due at once; return how many. The count of attempts continues."""
        parked = update(delivery).where(delivery.c.state == "parked")
        with self._transaction() as connection:
            return connection.execute(parked.values(state="queued", next_at=now)).rowcount


def _make_ambiguous(connection: Connection, which: ColumnElement[bool], reason: str, now: dt.datetime) -> int:
    """Make claimed deliveries ambiguous and due, and end their attempts; return how many."""
    doubted = {"ended_at": now, "outcome": "ambiguous", "reason": reason}
    free = {"state": "ambiguous", "next_at": now, "last_error": reason, "claimed_by": None, "claimed_at": None}
    under_way = and_(attempt.c.ended_at.is_(None), attempt.c.delivery_id.in_(select(delivery.c.id).where(which)))
    connection.execute(update(attempt).where(under_way).values(**doubted))
    return connection.execute(update(delivery).where(which).values(**free)).rowcount


def _is_due(table: FromClause, now: dt.datetime) -> ColumnElement[bool]:
    """Return a condition for due deliveries.

    A delivery is also due if its time is so far in the future that only a wrong clock can have set it.
    """
    when = or_(table.c.next_at <= now, table.c.next_at > now + _MAX_WAIT)
    return and_(table.c.state.in_(WAITING_STATES), when)


def _has_earlier_part(unless: Any = None) -> ColumnElement[bool]:
    """Return a condition for deliveries with an unsent earlier part. Parts that meet `unless` do not count."""
    earlier, before, own = delivery.alias("earlier"), payload.alias("before"), payload.alias("own")
    conditions = [
        own.c.id == delivery.c.payload_id,
        earlier.c.edition_id == delivery.c.edition_id,
        earlier.c.channel == delivery.c.channel,
        earlier.c.recipient == delivery.c.recipient,
        before.c.id == earlier.c.payload_id,
        before.c.part < own.c.part,
        earlier.c.state != "sent",
    ]
    if unless is not None:
        conditions.append(unless(earlier))
    return exists(select(earlier.c.id).where(*conditions).correlate(delivery))
