"""Orders: commands write them, the daemon claims them, and writes its answer into the same row.

    waiting ──claim──► claimed ──finish──► done | refused | failed
       │                  └─────────────► lost        its daemon died
       └─────────────────────────────────► withdrawn   the command waited long enough, or its daemon has ended

A claim and a withdrawal are conditional updates of the same state: the one that updates the row has won. An order is
for one holder of the database. A daemon that starts later does not carry it out, even if a clock is wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import and_, delete, insert, select, update

from monitor.errors import NotClaimed
from monitor.model.orders import DigestRequest, OrderReport, OrderRequest, OrderResult, PassRequest
from monitor.model.reports import HolderReport
from monitor.store.database import Database, holder_report
from monitor.store.schema import holder, work_order

_KEEP_FOR: Final = dt.timedelta(days=30)
_DIED_REASON: Final = "the daemon ended before it was done"
_PASS: Final = "pass"  # noqa: S105 - not a password
_DIGEST: Final = "digest"


class OrderStore(Database):
    """Queries and updates of orders, for commands and the daemon."""

    def place_order(self, request: OrderRequest, command: str, now: dt.datetime, expires_at: dt.datetime) -> int | None:
        """Write an order for the holder of the database; return its id. None if no process with `command` is holder.

        After `expires_at` the order cannot be claimed.
        """
        holders = select(holder.c.id, holder.c.command).where(holder.c.ended_at.is_(None))
        kind = _PASS if isinstance(request, PassRequest) else _DIGEST
        with self._transaction() as connection:
            newest = connection.execute(holders.order_by(holder.c.since.desc()).limit(1)).first()
            if newest is None or newest.command != command:
                return None
            row = {
                "holder_id": newest.id,
                "kind": kind,
                "request": asdict(request),
                "state": "waiting",
                "reason": "",
                "created_at": now,
                "expires_at": expires_at,
            }
            return int(connection.execute(insert(work_order).values(**row).returning(work_order.c.id)).scalar_one())

    def waiting_orders(self, now: dt.datetime) -> tuple[int, ...]:
        """Return the ids of the orders that this process may claim, oldest first."""
        query = select(work_order.c.id).where(self._claimable(now)).order_by(work_order.c.id)
        with self._reading() as connection:
            return tuple(connection.execute(query).scalars())

    def claimed_orders(self) -> tuple[int, ...]:
        """Return the ids of the orders that this process has claimed and not finished."""
        query = select(work_order.c.id).where(self._has_state("claimed"), work_order.c.holder_id == self._holder)
        with self._reading() as connection:
            return tuple(connection.execute(query).scalars())

    def claim_order(self, order_id: int, now: dt.datetime) -> OrderRequest | None:
        """Claim an order; return its request. None if the order was withdrawn, has expired, or is already claimed.

        Raises StoreError if this process has lost its lock on the database.
        """
        condition = and_(work_order.c.id == order_id, self._claimable(now))
        with self._transaction() as connection:
            self._check_lock(connection)
            if (
                connection.execute(update(work_order).where(condition).values(state="claimed", claimed_at=now)).rowcount
                != 1
            ):
                return None
            row = connection.execute(select(work_order).where(work_order.c.id == order_id)).one()
        return _request(row)

    def finish_order(self, order_id: int, result: OrderResult, now: dt.datetime) -> None:
        """Write the result of an order that this process claimed. Raises NotClaimed if this process has no claim."""
        condition = and_(
            work_order.c.id == order_id, self._has_state("claimed"), work_order.c.holder_id == self._holder
        )
        values = {"state": result.state, "reason": result.reason, "result": result.result, "ended_at": now}
        with self._transaction() as connection:
            if connection.execute(update(work_order).where(condition).values(**values)).rowcount != 1:
                raise NotClaimed(f"order {order_id} is not claimed by this process")

    def withdraw_order(self, order_id: int, now: dt.datetime) -> bool:
        """Withdraw an order. Return False if it was already claimed: then the caller must wait for its result."""
        unclaimed = and_(work_order.c.id == order_id, self._has_state("waiting"))
        with self._transaction() as connection:
            withdrawn = update(work_order).where(unclaimed).values(state="withdrawn", ended_at=now)
            return connection.execute(withdrawn).rowcount == 1

    def close_orders(self, now: dt.datetime) -> int:
        """End the orders for other holders; return how many. The other holders are dead, as this process has the lock.

        Orders that ended more than a month ago are deleted.
        """
        others = work_order.c.holder_id != self._holder
        lost = {"state": "lost", "reason": _DIED_REASON, "ended_at": now}
        with self._transaction() as connection:
            self._check_lock(connection)
            died = connection.execute(update(work_order).where(others, self._has_state("claimed")).values(**lost))
            late = update(work_order).where(others, self._has_state("waiting"))
            unclaimed = connection.execute(late.values(state="withdrawn", ended_at=now))
            connection.execute(delete(work_order).where(work_order.c.ended_at < now - _KEEP_FOR))
            return died.rowcount + unclaimed.rowcount

    def order(self, order_id: int) -> OrderReport:
        """Return an order and its present state."""
        with self._reading() as connection:
            row = connection.execute(select(work_order).where(work_order.c.id == order_id)).one()
        return OrderReport(row.id, row.state, row.reason, row.result, row.claimed_at)

    def order_holder(self, order_id: int) -> HolderReport:
        """Return the process that should carry out an order: it holds the lock of the database."""
        joined = holder.join(work_order, work_order.c.holder_id == holder.c.id)
        with self._reading() as connection:
            return holder_report(
                connection.execute(select(holder).select_from(joined).where(work_order.c.id == order_id)).one()
            )

    def _claimable(self, now: dt.datetime) -> Any:
        return and_(self._has_state("waiting"), work_order.c.holder_id == self._holder, work_order.c.expires_at > now)

    @staticmethod
    def _has_state(state: str) -> Any:
        return work_order.c.state == state


def _request(row: Any) -> OrderRequest:
    asked = row.request
    if row.kind == _DIGEST:
        return DigestRequest(asked["digest"])
    return PassRequest(tuple(asked["sources"]), asked["retry_parked"], asked["send"])
