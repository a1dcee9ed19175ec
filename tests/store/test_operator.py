"""Messages to the operator in the outbox: no editions, notified in the transaction that queues them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from monitor.channels import KINDS as CHANNEL_KINDS
from monitor.deliver import Operator
from monitor.deliver.operator import MIN_INTERVAL, REPEAT_AFTER
from monitor.model import Notice, Outcome
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
PROBLEM = Notice("broken", "east", "answered 503", "look")


@pytest.fixture
def operator(store: Store) -> Operator:
    kind = CHANNEL_KINDS["file"]
    return Operator(store, {"team": kind.build("team", kind.Options.model_validate({"folder": "/x"}))}, ("team",))


def problem(store: Store, notice: Notice = PROBLEM, at: dt.datetime = NOON) -> None:
    with store.writing() as tx:
        tx.raise_notice(notice, at)


def resolve(store: Store, at: dt.datetime, subject: str = "east") -> None:
    with store.writing() as tx:
        tx.resolve_notice("broken", subject, at, reason="well")


def payloads(store: Store, now: dt.datetime) -> list[str]:
    return [store.payload_of(one).body for one in store.due_deliveries(now)]


def test_a_problem_is_queued_once_for_each_recipient(store: Store, operator: Operator) -> None:
    problem(store)
    assert operator.notify(NOON) is not None
    assert operator.notify(NOON + MINUTE) is None
    (body,) = payloads(store, NOON)
    assert "answered 503" in body


def test_what_nobody_has_to_know_writes_nothing(store: Store, operator: Operator) -> None:
    assert operator.notify(NOON) is None
    assert store.status(NOON).outbox == {}


def test_there_is_at_most_one_message_an_hour_and_nothing_is_left_out(store: Store, operator: Operator) -> None:
    problem(store)
    operator.notify(NOON)
    for name in ("west", "north"):
        problem(store, Notice("broken", name, "gone dark", "look"), NOON + MINUTE)
    assert operator.notify(NOON + MIN_INTERVAL - MINUTE) is None
    assert operator.notify(NOON + MIN_INTERVAL) is not None
    _, second = payloads(store, NOON + MIN_INTERVAL)
    assert all(name in second for name in ("east", "west", "north"))


def test_an_open_problem_is_repeated_daily_and_its_end_is_notified_once(store: Store, operator: Operator) -> None:
    problem(store)
    times = [NOON + n * MIN_INTERVAL for n in range(30)]
    assert [at - NOON for at in times if operator.notify(at)] == [0 * MIN_INTERVAL, REPEAT_AFTER]
    resolve(store, NOON + 2 * REPEAT_AFTER)
    assert operator.notify(NOON + 2 * REPEAT_AFTER) is not None
    assert operator.notify(NOON + 4 * REPEAT_AFTER) is None
    assert "Resolved" in payloads(store, NOON + 4 * REPEAT_AFTER)[-1]


def test_what_came_and_went_between_two_messages_is_not_notified(store: Store, operator: Operator) -> None:
    problem(store)
    resolve(store, NOON + MINUTE)
    assert operator.notify(NOON + MIN_INTERVAL) is None


def test_a_clock_that_was_ahead_silences_nobody(store: Store, operator: Operator) -> None:
    problem(store)
    operator.notify(NOON + REPEAT_AFTER)
    problem(store, Notice("broken", "west", "503", "look"))
    assert operator.notify(NOON) is not None


def test_it_is_claimed_and_ends_as_every_delivery_and_belongs_to_no_digest(store: Store, operator: Operator) -> None:
    problem(store)
    operator.notify(NOON)
    (which,) = store.due_deliveries(NOON)
    claimed = store.claim(which, NOON)
    assert claimed is not None
    assert (claimed.digest, claimed.edition_id, claimed.channel) == ("", None, "team")
    store.finish(which, Outcome("parked", "550 no"), NOON)
    (troubled,) = store.status(NOON).troubled
    assert (troubled.digest, troubled.edition_id, troubled.state) == ("", None, "parked")
    (tried,) = store.attempts_since(NOON)
    assert tried.channel == "team"


def test_it_goes_before_editions_that_wait(store: Store, operator: Operator, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build("1", ["ann"])
    problem(store)
    operator.notify(NOON)
    first, second = (store.claim(one, NOON) for one in store.due_deliveries(NOON))
    assert first is not None
    assert second is not None
    assert (first.digest, second.digest) == ("", "morning")


def test_each_message_has_ids_of_its_own_and_the_database_is_sound(store: Store, operator: Operator) -> None:
    problem(store)
    operator.notify(NOON)
    operator.notify(NOON + REPEAT_AFTER)
    ids = {store.claim(one, NOON + REPEAT_AFTER).message_id for one in store.due_deliveries(NOON + REPEAT_AFTER)}  # type: ignore[union-attr]  # due
    assert len(ids) == 2
    assert store.integrity() == ()


def test_a_problem_that_could_not_be_recorded_is_over_and_its_end_is_notified(store: Store, operator: Operator) -> None:
    with store.writing() as tx:
        tx.add_past_notice(Notice("database", "database", "disk full", "make room"), NOON, NOON, NOON + MIN_INTERVAL)
    assert store.status(NOON).notices == ()
    assert operator.notify(NOON + MIN_INTERVAL) is not None
    assert "disk full" in payloads(store, NOON + MIN_INTERVAL)[0]
