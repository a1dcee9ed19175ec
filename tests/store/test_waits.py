"""Waits that a clock began that was ahead are counted from now; nothing else is changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from monitor.model import Notice, Outcome, SourceIssue
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
        assert not look.has_slot("morning", "tomorrow")
        assert look.digest_state("morning").last_end == NOON


def test_a_clock_that_shows_1970_gives_no_slot_back(store: Store, world: Any) -> None:
    world.build(slot="today")
    poll(store, NOON, HOUR)
    store.shorten_waits(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    with store.reading() as look:
        assert look.has_slot("morning", "today")
        assert look.digest_state("morning").last_end == NOON + HOUR


def test_a_holder_of_tomorrow_is_not_the_last_one(store: Store, clock: Any) -> None:
    clock.advance(DAY)
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
    clock.advance(-DAY)
    with store.hold("monitor run"):
        store.shorten_waits(clock.now())
        found = store.last_holder("monitor run")
    assert found is not None
    assert (found.since, found.ended_at) == (NOON, None)


EVENTS = (
    "last_success_at",
    "last_new_at",
    "newest_at",
    "unmodified_since",
    "cut_since",
    "gap_since",
    "storm_since",
)


def read(store: Store, name: str, at: dt.datetime, **events: dt.datetime) -> None:
    """Record a poll that was well, and what else happened to the source."""
    times: dict[str, Any] = {"last_polled_at": at, "next_poll_at": at + HOUR, "last_success_at": at, **events}
    with store.writing() as writer:
        writer.save_state(dataclasses.replace(store.source_state(name), **times))


def test_sources_that_fail_after_a_clock_that_was_ahead_are_named_in_the_next_window(store: Store, world: Any) -> None:
    for name in ("east", "west"):
        read(store, name, NOON + 5 * DAY)
    assert store.shorten_waits(NOON) == 5 * DAY
    for name in ("east", "west"):
        state = store.source_state(name)
        with store.writing() as writer:
            writer.save_state(dataclasses.replace(state, failures=3, last_error="answered 503"))
    with store.reading() as look:
        assert [(one.source, one.blind) for one in look.coverage(NOON).issues] == [("east", True), ("west", True)]


def test_what_happened_to_a_source_keeps_its_order_and_is_not_later_than_now(store: Store, world: Any) -> None:
    later = NOON + DAY
    read(store, "east", later, last_new_at=later - HOUR, gap_since=NOON - HOUR, storm_since=later, cut_since=later)
    store.shorten_waits(NOON)
    state = store.source_state("east")
    read_at, new_at = state.last_success_at, state.last_new_at
    assert read_at is not None
    assert NOON - MINUTE < read_at < NOON
    assert (read_at, read_at, read_at - HOUR) == (state.storm_since, state.cut_since, new_at)
    assert state.gap_since == NOON - HOUR, "it was right"


@pytest.mark.parametrize("days", [5, 60])
def test_a_pause_is_judged_as_soon_as_without_the_clock_that_was_ahead(store: Store, world: Any, days: int) -> None:
    later = NOON + days * DAY
    read(store, "east", later, quiet_check_at=later + DAY, newest_at=later, unmodified_since=later)
    store.shorten_waits(NOON)
    state = store.source_state("east")
    assert state.quiet_check_at == NOON + DAY
    assert state.newest_at is not None
    assert (state.newest_at < NOON) == (days == 5), "a poll corrects what is further ahead"
    assert state.newest_at == state.unmodified_since


def test_a_clock_that_shows_1970_moves_nothing_that_happened(store: Store, world: Any) -> None:
    read(store, "east", NOON, **dict.fromkeys(EVENTS, NOON))
    store.shorten_waits(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    state = store.source_state("east")
    assert [getattr(state, name) for name in EVENTS] == [NOON] * len(EVENTS)


def test_an_open_notice_is_not_later_than_now(store: Store, world: Any) -> None:
    for name in ("east", "west"):
        read(store, name, NOON + DAY)
    broken = Notice("broken", "east", "has no entries", "look at it")
    with store.writing() as writer:
        writer.raise_notice(broken, NOON + DAY)
    store.shorten_waits(NOON)
    with store.reading() as look:
        (issue,) = look.coverage(NOON).issues
    assert issue == SourceIssue("east", "has no entries", issue.since, blind=True)
    assert issue.since is not None
    assert NOON - MINUTE < issue.since < NOON
    with store.writing() as writer:
        writer.resolve_notice("broken", "east", NOON + HOUR, reason="it has entries", quiet_for=HOUR)
    with store.reading() as look:
        assert look.coverage(NOON).issues == ()
