"""Have the daemon do what only the process that has locked the database may do, and wait for its answer.

place an order ─► the daemon claims it in time ─► wait for its result
               └► the daemon does not claim it ─► withdraw it
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, Final

from monitor.app.digests import SentEdition
from monitor.app.opening import open_store
from monitor.app.passes import PassReport, decode_report
from monitor.app.status import DAEMON, daemon_of
from monitor.clock import Clock
from monitor.config import Config
from monitor.digest import load
from monitor.errors import LockHeld, OrderFailed, UsageError
from monitor.model.orders import DigestRequest, OrderReport, OrderRequest, PassRequest, SendAttempt
from monitor.store import Store

CLAIM_SECONDS: Final = 10.0
"""Seconds in which a daemon must claim an order. It looks for orders every second."""

ORDER_LIFETIME: Final = dt.timedelta(minutes=1)
"""An older order is not claimed, so that an order is not done if its command was killed before withdrawing it.

It is longer than `CLAIM_SECONDS`, since the clocks of two machines may differ.
"""

_CHECK_INTERVAL: Final = 0.1
"""Seconds between two reads of the order's state."""

Pause = Callable[[float], object]


def order_pass(
    config: Config, clock: Clock, request: PassRequest, lock_held: LockHeld, *, pause: Pause | None = None
) -> PassReport:
    """Have the daemon poll named sources, or retry parked deliveries.

    Raises the same errors as `_place_and_wait`.
    """
    with open_store(config, clock, create=False) as store:
        return decode_report(_place_and_wait(store, clock, request, lock_held, pause))


def order_digest(
    config: Config, clock: Clock, name: str, lock_held: LockHeld, *, pause: Pause | None = None
) -> SentEdition:
    """Have the daemon build and send an edition of all that is pending for a digest.

    Raises the same errors as `_place_and_wait`.
    """
    with open_store(config, clock, create=False) as store:
        result = _place_and_wait(store, clock, DigestRequest(name), lock_held, pause)
        if result["edition"] is None:
            return SentEdition()
        edition = load(store.kept_edition(result["edition"]).encoded)
    return SentEdition(edition, tuple(SendAttempt(**tried) for tried in result["failed"]))


def _place_and_wait(
    store: Store, clock: Clock, request: OrderRequest, lock_held: LockHeld, pause: Pause | None
) -> Mapping[str, Any]:
    """Place an order, wait for the daemon, and return its answer.

    Raises `lock_held` if the process that has locked the database is not a daemon, UsageError for a name that is not in
    the running configuration, and OrderFailed if the daemon does not claim the order, fails, or dies.
    """
    now = clock.now()
    order_id = store.place_order(request, DAEMON, now, now + ORDER_LIFETIME)
    if order_id is None:
        raise lock_held
    try:
        order = _wait(store, clock, order_id, lock_held, pause or Event().wait)
    except BaseException:
        store.withdraw_order(order_id, clock.now())  # nobody is waiting for it any more
        raise
    if order.state == "refused":
        raise UsageError(order.reason)
    if order.state != "done" or order.result is None:
        raise OrderFailed(f"the daemon could not do it: {order.reason}")
    return order.result


def _wait(store: Store, clock: Clock, order_id: int, lock_held: LockHeld, pause: Pause) -> OrderReport:
    until = clock.monotonic() + CLAIM_SECONDS
    while True:
        daemon = daemon_of(store.order_holder(order_id), clock.now())
        order = store.order(order_id)  # read after the daemon's state: a daemon may answer just before it ends
        if order.state == "lost" or (order.state == "claimed" and not daemon.running):
            raise OrderFailed(_daemon_died_message(lock_held))
        if order.state == "waiting" and (clock.monotonic() >= until or not daemon.running):
            if store.withdraw_order(order_id, clock.now()):
                raise OrderFailed(_not_claimed_message(lock_held, running=daemon.running))
        elif order.state not in ("waiting", "claimed"):
            return order
        pause(_CHECK_INTERVAL)


def _daemon_died_message(lock_held: LockHeld) -> str:
    return (
        "the daemon took the order and then died, or no longer answers"
        f" ({lock_held.holder}); what it had recorded is kept, and nothing that it sent is sent again as new."
        " monitor status shows how things are; start it again: monitor run"
    )


def _not_claimed_message(lock_held: LockHeld, *, running: bool) -> str:
    if not running:
        return f"the daemon does not run any more ({lock_held.holder}); nothing was done, try again"
    return (
        f"the daemon did not take the order within {CLAIM_SECONDS:.0f} s ({lock_held.holder}); nothing was done. It"
        " may be busy with other orders, or about to stop: try again, or see monitor status"
    )
