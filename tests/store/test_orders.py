"""Orders: for one holder of the database, claimed or withdrawn but never both, answered once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest

from monitor.clock import FixedClock
from monitor.errors import NotClaimed
from monitor.model.orders import DigestRequest, OrderRequest, OrderResult, PassRequest
from monitor.store import Store
from tests.support.waiting import SOON

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
POLL = PassRequest(("east", "west"), retry_parked=True)
DONE = OrderResult("done", result={"edition": None})


@pytest.fixture
def daemon(store: Store, opened: Callable[[str], Store], url: str) -> Iterator[Store]:
    """Another process's store, which holds the database as a daemon."""
    holding = opened(url)
    with holding.hold("monitor run"):
        yield holding


def place(store: Store, request: OrderRequest = POLL, *, at: dt.datetime = NOON) -> int:
    order_id = store.place_order(request, "monitor run", at, at + MINUTE)
    assert order_id is not None
    return order_id


@pytest.mark.parametrize("request_", [POLL, PassRequest(("a",), send=False), DigestRequest("daily")])
def test_an_order_comes_to_the_daemon_as_it_was_placed(store: Store, daemon: Store, request_: OrderRequest) -> None:
    order_id = place(store, request_)
    assert daemon.waiting_orders(NOON) == (order_id,)
    assert daemon.claim_order(order_id, NOON) == request_
    assert store.order(order_id).state == "claimed"
    assert daemon.claimed_orders() == (order_id,)


def test_nobody_takes_orders_while_no_daemon_holds_the_database(
    store: Store, opened: Callable[[str], Store], url: str, clock: FixedClock
) -> None:
    assert store.place_order(POLL, "monitor run", NOON, NOON + MINUTE) is None
    other = opened(url)
    with other.hold("monitor run"):
        pass
    assert store.place_order(POLL, "monitor run", NOON, NOON + MINUTE) is None, "it has signed off"
    clock.advance(MINUTE)
    with other.hold("monitor once"):
        assert store.place_order(POLL, "monitor run", NOON, NOON + MINUTE) is None, "another command holds it"


def test_an_order_is_answered_once(store: Store, daemon: Store) -> None:
    order_id = place(store)
    daemon.claim_order(order_id, NOON)
    daemon.finish_order(order_id, DONE, NOON)
    report = store.order(order_id)
    assert (report.state, report.result, report.reason) == ("done", {"edition": None}, "")
    with pytest.raises(NotClaimed):
        daemon.finish_order(order_id, OrderResult("failed", "no"), NOON)
    assert store.order(order_id).state == "done"
    assert daemon.claimed_orders() == ()


def test_only_who_claimed_an_order_answers_it(store: Store, daemon: Store) -> None:
    order_id = place(store)
    with pytest.raises(NotClaimed):
        daemon.finish_order(order_id, DONE, NOON)
    daemon.claim_order(order_id, NOON)
    with pytest.raises(NotClaimed):
        store.finish_order(order_id, DONE, NOON)


def test_a_withdrawn_order_is_not_claimed_and_a_claimed_one_not_withdrawn(store: Store, daemon: Store) -> None:
    first, second = place(store), place(store)
    assert store.withdraw_order(first, NOON)
    assert daemon.claim_order(first, NOON) is None
    assert daemon.claim_order(second, NOON) is not None
    assert not store.withdraw_order(second, NOON)
    assert [store.order(one).state for one in (first, second)] == ["withdrawn", "claimed"]


def test_of_a_claim_and_a_withdrawal_at_once_one_wins(store: Store, daemon: Store) -> None:
    for _ in range(10):
        order_id = place(store)
        barrier = threading.Barrier(2)
        won: list[str] = []

        def claim(order: int = order_id, barrier: threading.Barrier = barrier, won: list[str] = won) -> None:
            barrier.wait(SOON)
            if daemon.claim_order(order, NOON) is not None:
                won.append("claimed")

        thread = threading.Thread(target=claim)
        thread.start()
        barrier.wait(SOON)
        if store.withdraw_order(order_id, NOON):
            won.append("withdrawn")
        thread.join(SOON)
        assert won == [store.order(order_id).state]


def test_an_order_expires(store: Store, daemon: Store) -> None:
    order_id = place(store)
    assert daemon.waiting_orders(NOON + MINUTE) == ()
    assert daemon.claim_order(order_id, NOON + MINUTE) is None


def test_a_daemon_that_starts_later_ends_what_was_for_the_one_before(
    store: Store, opened: Callable[[str], Store], url: str, clock: FixedClock
) -> None:
    old, new = opened(url), opened(url)
    with old.hold("monitor run"):
        claimed, waiting = place(store), place(store)
        old.claim_order(claimed, NOON)
    clock.advance(MINUTE)
    with new.hold("monitor run"):
        assert new.waiting_orders(NOON) == ()
        assert new.claim_order(waiting, NOON) is None
        assert new.claimed_orders() == ()
        assert new.close_orders(NOON) == 2
        assert new.close_orders(NOON) == 0
        assert [store.order(one).state for one in (claimed, waiting)] == ["lost", "withdrawn"]
        with pytest.raises(NotClaimed):
            old.finish_order(claimed, DONE, NOON)
        mine = place(store)
        assert new.close_orders(NOON) == 0
        assert new.waiting_orders(NOON) == (mine,)


def test_orders_that_ended_a_month_ago_are_deleted(store: Store, daemon: Store) -> None:
    old, younger = place(store), place(store)
    store.withdraw_order(old, NOON)
    store.withdraw_order(younger, NOON + MINUTE)
    daemon.close_orders(NOON + dt.timedelta(days=30) + MINUTE)
    assert store.order(younger).state == "withdrawn"
    with store._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM work_order").scalar() == 1


def test_it_is_known_whose_order_it_is(store: Store, daemon: Store) -> None:
    order_id = place(store)
    assert store.order_holder(order_id) == daemon.last_holder("monitor run")
