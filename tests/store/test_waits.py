"""Waits that a clock began that was ahead are counted from now; nothing else is changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import create_engine, text

from monitor.model import Outcome
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
NONE = dt.timedelta()


def poll(store: Store, at: dt.datetime, wait: dt.timedelta, name: str = "east") -> None:
    state = dataclasses.replace(store.source_state(name), last_polled_at=at, next_poll_at=at + wait)
    with store.writing() as writer:
        writer.save_state(state)


def fail(store: Store, delivery: int, at: dt.datetime, wait: dt.timedelta) -> None:
    assert store.claim(delivery, at)
    store.finish(delivery, Outcome("retry", "later"), at, at + wait)


def next_tries(store: Store, url: str) -> list[dt.datetime]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT next_at FROM delivery ORDER BY id")).scalars().all()
    engine.dispose()
    times = [dt.datetime.fromisoformat(str(one)) for one in found]
    return [one if one.tzinfo else one.replace(tzinfo=dt.UTC) for one in times]


def test_a_source_waits_as_long_as_it_was_to_wait_from_now_on(store: Store, world: Any) -> None:
    poll(store, NOON + DAY, HOUR)
    poll(store, NOON - MINUTE, 12 * HOUR, "west")
    assert store.shorten_waits(NOON) == DAY
    states = {name: store.source_state(name) for name in ("east", "west")}
    assert (states["east"].last_polled_at, states["east"].next_poll_at) == (NOON, NOON + HOUR)
    assert states["west"].next_poll_at == NOON - MINUTE + 12 * HOUR
    assert store.shorten_waits(NOON + MINUTE) == NONE
    assert store.source_state("east").next_poll_at == NOON + HOUR, "the wait is not begun again"


def test_a_delivery_waits_as_long_as_it_was_to_wait_and_so_do_those_of_its_channel(
    store: Store, world: Any, url: str
) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build(recipients=["ann", "bob", "cleo"])
    first, second, third = store.due_deliveries(NOON)
    fail(store, third, NOON, 12 * HOUR)
    fail(store, first, NOON + DAY, 2 * HOUR)
    store.postpone("mail", NOON + DAY + 2 * HOUR)
    assert store.shorten_waits(NOON + MINUTE) == DAY - MINUTE
    assert next_tries(store, url) == [NOON + MINUTE + 2 * HOUR] * 3
    assert store.shorten_waits(NOON + 2 * MINUTE) == NONE
    assert set(store.due_deliveries(NOON + MINUTE + 2 * HOUR)) == {first, second, third}


def test_what_was_queued_by_a_clock_that_was_ahead_is_due_now(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.now = NOON + DAY
    world.build(recipients=["ann"])
    assert store.due_deliveries(NOON) == ()
    assert store.shorten_waits(NOON) == DAY
    assert len(store.due_deliveries(NOON)) == 1


def test_a_slot_that_was_built_ahead_of_its_time_is_free_again(store: Store, world: Any) -> None:
    world.now = NOON + DAY
    world.build(slot="tomorrow")
    poll(store, NOON + DAY, HOUR)
    store.shorten_waits(NOON)
    with store.reading() as look:
        assert not look.slot_taken("morning", "tomorrow")
        assert look.digest_state("morning").last_end == NOON


def test_a_clock_that_shows_1970_gives_no_slot_back(store: Store, world: Any) -> None:
    world.build(slot="today")
    poll(store, NOON, HOUR)
    store.shorten_waits(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    with store.reading() as look:
        assert look.slot_taken("morning", "today")
        assert look.digest_state("morning").last_end == NOON + HOUR


def test_a_holder_of_tomorrow_is_not_the_last_one(store: Store, clock: Any) -> None:
    clock.advance(DAY)
    with store.hold("monitor run"):
        store.beat(clock.now())
    clock.advance(-DAY)
    with store.hold("monitor run"):
        store.shorten_waits(clock.now())
        found = store.last_holder("monitor run")
    assert found is not None
    assert (found.since, found.ended_at) == (NOON, None)
