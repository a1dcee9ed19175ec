"""Deliveries: each claimed by one, each attempt in the ledger before it is made."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from monitor.channels.base import DEADLINE, STOP_GRACE
from monitor.errors import NotClaimed, StoreError
from monitor.model import DeliveryReport, Outcome, OwnClaim, Payload
from monitor.store import Store
from monitor.store.outbox import MAX_ATTEMPT

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
SENT = Outcome("sent", "250 ok")


def report_of(store: Store, delivery_id: int) -> DeliveryReport:
    """Return all that a trace shows of a delivery: its edition holds the article at this address."""
    trace = store.trace("http://news.example/a")
    assert trace is not None
    return next(one for edition in trace.editions for one in edition.deliveries if one.id == delivery_id)


@pytest.fixture
def outbox(store: Store, world: Any) -> Store:
    """Make one article in one edition, for ann."""
    world.lists("east", world.change("a", "web3"))
    world.build("1", ["ann"])
    return store


def only(store: Store, now: dt.datetime = NOON) -> int:
    (delivery_id,) = store.due_deliveries(now)
    return delivery_id


def test_a_claimed_delivery_says_all_that_is_needed_to_send_it(outbox: Store) -> None:
    delivery = outbox.claim(only(outbox), NOON)
    assert delivery is not None
    assert (delivery.digest, delivery.channel, delivery.recipient) == ("morning", "mail", "ann")
    assert (delivery.message_id, delivery.payload) == ("<morning.1.ann.1@x>", Payload("body 1"))
    assert (delivery.state, delivery.attempts, delivery.created_at) == ("claimed", 1, NOON)


def test_the_attempt_is_in_the_ledger_before_it_is_made(outbox: Store) -> None:
    delivery = outbox.claim(only(outbox), NOON)
    assert delivery is not None
    (attempt,) = report_of(outbox, delivery.id).ledger
    assert (attempt.number, attempt.started_at, attempt.ended_at, attempt.outcome) == (1, NOON, None, None)


def test_a_delivery_is_claimed_once(outbox: Store) -> None:
    delivery_id = only(outbox)
    assert outbox.claim(delivery_id, NOON) is not None
    assert outbox.claim(delivery_id, NOON) is None
    assert outbox.due_deliveries(NOON + 999 * MINUTE) == ()
    assert outbox.claim(12345, NOON) is None


def test_a_sent_delivery_is_sent_for_good(outbox: Store) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    outbox.finish(delivery_id, SENT, NOON + MINUTE)
    assert outbox.claim(delivery_id, NOON + 999 * MINUTE) is None
    report = report_of(outbox, delivery_id)
    assert (report.state, report.sent_at, report.last_error, report.next_at) == ("sent", NOON + MINUTE, None, None)
    assert (report.ledger[0].outcome, report.ledger[0].ended_at) == ("sent", NOON + MINUTE)
    assert outbox.integrity() == ()


@pytest.mark.parametrize("kind", ["retry", "ambiguous"])
def test_what_is_tried_again_is_due_at_its_time_and_not_before(outbox: Store, kind: Any) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    outbox.finish(delivery_id, Outcome(kind, "451 later"), NOON, NOON + 5 * MINUTE)
    assert outbox.claim(delivery_id, NOON + 4 * MINUTE) is None
    again = outbox.claim(only(outbox, NOON + 5 * MINUTE), NOON + 5 * MINUTE)
    assert again is not None
    assert (again.attempts, again.message_id, again.last_error) == (2, "<morning.1.ann.1@x>", "451 later")
    outbox.finish(delivery_id, SENT, NOON + 5 * MINUTE)
    assert [attempt.outcome for attempt in report_of(outbox, delivery_id).ledger] == [kind, "sent"]


def test_a_parked_delivery_waits_for_a_person(outbox: Store) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    outbox.finish(delivery_id, Outcome("parked", "550 unknown"), NOON, NOON + MINUTE)
    assert outbox.due_deliveries(NOON + 999 * MINUTE) == ()
    assert outbox.requeue_parked(NOON + MINUTE) == 1
    assert outbox.requeue_parked(NOON + MINUTE) == 0
    again = outbox.claim(only(outbox, NOON + MINUTE), NOON + MINUTE)
    assert again is not None
    assert again.attempts == 2


def test_only_who_claimed_a_delivery_may_finish_it(outbox: Store, url: str, opened: Callable[[str], Store]) -> None:
    delivery_id = only(outbox)
    with pytest.raises(StoreError, match="not claimed"):
        outbox.finish(delivery_id, SENT, NOON)
    outbox.claim(delivery_id, NOON)
    with pytest.raises(StoreError, match="not claimed"):
        opened(url).finish(delivery_id, SENT, NOON)
    outbox.finish(delivery_id, SENT, NOON)
    with pytest.raises(StoreError, match="not claimed"):
        outbox.finish(delivery_id, SENT, NOON)


def test_what_is_tried_again_needs_a_time(outbox: Store) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    with pytest.raises(ValueError, match="time of its next attempt"):
        outbox.finish(delivery_id, Outcome("retry", "451"), NOON)


def test_what_a_dead_holder_claimed_is_in_doubt_and_due(
    outbox: Store, url: str, opened: Callable[[str], Store]
) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    assert outbox.recover_orphaned_claims(NOON) == 0  # its own
    heir = opened(url)
    with heir.hold("test"):
        assert heir.recover_orphaned_claims(NOON + MINUTE) == 1
        assert heir.recover_orphaned_claims(NOON + MINUTE) == 0
        report = report_of(heir, delivery_id)
        assert (report.state, report.next_at) == ("ambiguous", NOON + MINUTE)
        assert (report.ledger[0].outcome, report.ledger[0].ended_at) == ("ambiguous", NOON + MINUTE)
        again = heir.claim(delivery_id, NOON + MINUTE)
        assert again is not None
        assert (again.attempts, again.message_id) == (2, "<morning.1.ann.1@x>")
        heir.finish(delivery_id, SENT, NOON + MINUTE)
    assert heir.integrity() == ()


def test_deliveries_go_in_the_order_of_editions_and_recipients_and_parts(store: Store, world: Any) -> None:
    world.build("1", ["bob", "ann"], parts=2)
    world.build("2", ["ann"], hours=2)
    claimed = []
    for delivery_id in store.due_deliveries(NOON):
        delivery = store.claim(delivery_id, NOON)
        assert delivery is not None
        claimed.append((delivery.edition_id, delivery.recipient, delivery.payload.part))
        store.finish(delivery_id, SENT, NOON)
    assert claimed == [(1, "ann", 1), (1, "ann", 2), (1, "bob", 1), (1, "bob", 2), (2, "ann", 1)]


def test_a_part_waits_until_the_parts_before_it_are_sent(store: Store, world: Any) -> None:
    world.build("1", ["ann"], parts=3)
    first, second, third = store.due_deliveries(NOON)
    assert store.claim(second, NOON) is None
    assert store.claim(first, NOON) is not None
    assert store.due_deliveries(NOON) == ()
    assert store.claim(second, NOON) is None
    store.finish(first, Outcome("retry", "451"), NOON, NOON + MINUTE)
    assert store.due_deliveries(NOON) == ()
    assert store.due_deliveries(NOON + MINUTE) == (first, second, third)
    store.claim(first, NOON + MINUTE)
    store.finish(first, SENT, NOON + MINUTE)
    assert store.claim(third, NOON + MINUTE) is None
    assert store.claim(second, NOON + MINUTE) is not None
    store.finish(second, Outcome("parked", "550"), NOON + MINUTE)
    assert store.due_deliveries(NOON + MINUTE) == ()


def test_of_two_stores_that_claim_a_delivery_exactly_one_wins(
    outbox: Store, world: Any, url: str, opened: Callable[[str], Store]
) -> None:
    for number in range(2, 12):
        world.build(str(number), ["ann"], hours=number)
    other = opened(url)
    barrier = threading.Barrier(2, timeout=30)
    won: list[int] = []

    def claim_all(own: Store) -> None:
        due = own.due_deliveries(NOON)
        barrier.wait()
        won.extend(one.id for one in (own.claim(delivery_id, NOON) for delivery_id in due) if one is not None)

    threads = [threading.Thread(target=claim_all, args=(own,)) for own in (outbox, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won) == list(range(1, 12))


def test_two_deliveries_cannot_have_one_message_id(store: Store, world: Any) -> None:
    from sqlalchemy.exc import IntegrityError

    world.build("1", ["ann"])
    with pytest.raises(IntegrityError):
        world.build("1", ["ann", "ann"], digest=_other(world))


def _other(world: Any) -> str:
    world.configure({"morning": ["web3"], "evening": ["web3"]})
    return "evening"


def test_status_counts_the_outbox_and_shows_what_is_in_trouble(store: Store, world: Any) -> None:
    world.build("1", ["ann", "bob", "cat", "dan"])
    ann, bob, cat, _ = store.due_deliveries(NOON)
    for delivery_id, outcome in ((ann, SENT), (bob, Outcome("parked", "550 no")), (cat, Outcome("retry", "451 later"))):
        store.claim(delivery_id, NOON)
        store.finish(delivery_id, outcome, NOON, NOON + MINUTE)
    status = store.status(NOON)
    assert status.outbox == {"sent": 1, "parked": 1, "retry": 1, "queued": 1}
    assert [(one.recipient, one.state, one.last_error) for one in status.troubled] == [
        ("bob", "parked", "550 no"),
        ("cat", "retry", "451 later"),
    ]
    assert dataclasses.asdict(status)["troubled"][0]["attempts"] == 1


def test_what_is_due_can_be_asked_of_one_edition(store: Store, world: Any) -> None:
    first, second = world.build("1", ["ann"]), world.build("2", ["ann", "bob"], hours=2)
    assert store.due_channels(NOON, edition=first) == ("mail",)
    assert store.due_channels(NOON, edition=999) == ()
    of_first, of_second = (store.due_deliveries(NOON, edition=one) for one in (first, second))
    assert (len(of_first), len(of_second)) == (1, 2)
    assert store.due_deliveries(NOON) == of_first + of_second
    assert store.due_deliveries(NOON, "mail", second) == of_second
    assert store.due_deliveries(NOON, "hook", second) == ()


def test_a_clock_that_was_ahead_silences_no_delivery(outbox: Store) -> None:
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON + 900 * DAY)
    outbox.finish(delivery_id, Outcome("retry", "451"), NOON + 900 * DAY, NOON + 900 * DAY + MINUTE)
    assert only(outbox) == delivery_id
    assert outbox.claim(delivery_id, NOON) is not None
    outbox.finish(delivery_id, Outcome("retry", "451"), NOON, NOON + 5 * DAY)
    assert outbox.due_deliveries(NOON) == ()


def test_a_claim_of_its_own_is_doubted_only_for_the_attempt_that_is_meant(outbox: Store) -> None:
    delivery_id = only(outbox)
    assert outbox.own_claims() == ()
    outbox.claim(delivery_id, NOON)
    (claim,) = outbox.own_claims()
    assert claim == OwnClaim(delivery_id, "mail", 1)
    assert not outbox.make_ambiguous(dataclasses.replace(claim, attempt=2), NOON)
    assert outbox.make_ambiguous(claim, NOON)
    assert not outbox.make_ambiguous(claim, NOON)
    assert outbox.own_claims() == ()
    report = report_of(outbox, delivery_id)
    assert (report.state, report.next_at, report.ledger[0].outcome) == ("ambiguous", NOON, "ambiguous")
    with pytest.raises(NotClaimed):
        outbox.finish(delivery_id, SENT, NOON)
    assert outbox.claim(delivery_id, NOON) is not None


def test_a_claim_that_has_ended_is_not_doubted(outbox: Store) -> None:
    outbox.claim(only(outbox), NOON)
    (claim,) = outbox.own_claims()
    outbox.finish(claim.delivery_id, SENT, NOON)
    assert not outbox.make_ambiguous(claim, NOON)
    assert report_of(outbox, claim.delivery_id).state == "sent"


def test_what_others_claimed_is_not_its_own(outbox: Store, opened: Callable[[str], Store], url: str) -> None:
    outbox.claim(only(outbox), NOON)
    (claim,) = outbox.own_claims()
    other = opened(url)
    assert other.own_claims() == ()
    assert not other.make_ambiguous(claim, NOON)


def test_a_delivery_that_is_claimed_longer_than_an_attempt_may_last_is_trouble(outbox: Store) -> None:
    assert MAX_ATTEMPT.total_seconds() > DEADLINE + STOP_GRACE
    delivery_id = only(outbox)
    outbox.claim(delivery_id, NOON)
    assert outbox.status(NOON + MAX_ATTEMPT).troubled == ()
    (stuck,) = outbox.status(NOON + MAX_ATTEMPT + MINUTE).troubled
    assert (stuck.id, stuck.state, stuck.claimed_at) == (delivery_id, "claimed", NOON)
    outbox.finish(delivery_id, SENT, NOON + MAX_ATTEMPT)
    assert outbox.status(NOON + MAX_ATTEMPT + MINUTE).troubled == ()
