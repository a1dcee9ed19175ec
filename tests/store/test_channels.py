"""What the outbox says about channels, and the notices that are kept in step with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from monitor.model import ChannelReport, Notice, Outcome
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SENT = Outcome("sent", "250 ok")
BUSY = Outcome("retry", "451 busy")


@pytest.fixture
def outbox(store: Store, world: Any) -> Store:
    """Make one article in one edition, for ann and bob, through the channel `mail`."""
    world.lists("east", world.change("a", "web3"))
    world.build("1", ["ann", "bob"])
    return store


def attempt(store: Store, which: int, outcome: Outcome, at: dt.datetime, next_at: dt.datetime | None = None) -> None:
    """Try one delivery."""
    assert store.claim(which, at) is not None
    store.finish(which, outcome, at, next_at or (at + HOUR if outcome.kind in ("retry", "ambiguous") else None))


def report(store: Store, now: dt.datetime) -> ChannelReport:
    (found,) = store.channel_reports(now)
    return found


def test_it_fails_since_the_first_attempt_after_its_last_success(outbox: Store) -> None:
    ann, bob = outbox.due_deliveries(NOON)
    assert report(outbox, NOON).failing_since is None
    attempt(outbox, ann, BUSY, NOON)
    attempt(outbox, bob, SENT, NOON + HOUR)
    assert report(outbox, NOON + HOUR).failing_since is None
    attempt(outbox, ann, BUSY, NOON + 2 * HOUR)
    attempt(outbox, ann, Outcome("ambiguous", "cut off"), NOON + 4 * HOUR)
    found = report(outbox, NOON + 5 * HOUR)
    assert (found.failing_since, found.reason, found.waiting) == (NOON + 2 * HOUR, "cut off", 1)


def test_a_success_that_a_clock_dated_ahead_hides_no_failure(outbox: Store) -> None:
    ann, bob = outbox.due_deliveries(NOON)
    attempt(outbox, bob, SENT, NOON + DAY)
    attempt(outbox, ann, BUSY, NOON + HOUR)
    assert report(outbox, NOON + 2 * HOUR).failing_since == NOON + HOUR


def test_it_works_since_the_first_success_after_a_deliverys_first_attempt(outbox: Store, world: Any) -> None:
    ann, bob = outbox.due_deliveries(NOON)
    attempt(outbox, bob, SENT, NOON)
    attempt(outbox, ann, BUSY, NOON + HOUR)
    assert outbox.channel_works_since(ann) is None
    for number in (2, 3):
        world.now = NOON + number * DAY
        world.lists("east", world.change(f"a{number}", "web3"))
        world.build(str(number), ["bob"])
        (other,) = (one for one in outbox.due_deliveries(NOON + number * DAY) if one != ann)
        attempt(outbox, other, SENT, NOON + number * DAY)
    assert outbox.channel_works_since(ann) == NOON + 2 * DAY


def test_what_is_parked_is_counted_with_its_last_reason(outbox: Store) -> None:
    for number, which in enumerate(outbox.due_deliveries(NOON)):
        attempt(outbox, which, Outcome("parked", f"550 no {number}"), NOON)
    found = report(outbox, NOON)
    assert (found.waiting, found.parked, found.parked_reason) == (0, 2, "550 no 1")


def test_an_attempt_without_an_end_is_stuck_after_the_time_of_one(outbox: Store) -> None:
    ann, _ = outbox.due_deliveries(NOON)
    outbox.claim(ann, NOON)
    assert report(outbox, NOON + dt.timedelta(minutes=1)).stuck == 0
    found = report(outbox, NOON + HOUR)
    assert (found.stuck, found.stuck_since) == (1, NOON)


def test_what_goes_out_an_hour_after_it_was_due_is_late_for_three_days(outbox: Store) -> None:
    ann, bob = outbox.due_deliveries(NOON)
    attempt(outbox, bob, SENT, NOON + dt.timedelta(minutes=59))
    attempt(outbox, ann, SENT, NOON + 30 * HOUR)
    late = report(outbox, NOON + 31 * HOUR).late
    assert late is not None
    assert (late.number, late.oldest, late.last, late.digests) == (1, NOON, NOON + 30 * HOUR, ("morning",))
    assert outbox.channel_reports(NOON + 30 * HOUR + 3 * DAY) == ()


def test_notices_are_kept_in_step_and_written_only_when_they_change(store: Store) -> None:
    def kept(*wanted: Notice) -> list[tuple[str, str, int]]:
        store.replace_notices(("channel", "late"), wanted, NOON)
        return [(one.subject, one.message, one.count) for one in store.status(NOON).notices]

    first = Notice("channel", "channel team", "1 waiting", "look")
    assert kept(first) == [("channel team", "1 waiting", 1)]
    assert kept(first) == [("channel team", "1 waiting", 1)]
    assert kept(Notice("channel", "channel team", "2 waiting", "look")) == [("channel team", "2 waiting", 2)]
    with store.writing() as tx:
        tx.raise_notice(Notice("broken", "east", "503", "look"), NOON)
    assert kept() == [("east", "503", 1)]


def test_a_long_name_is_kept_in_step_as_well(store: Store) -> None:
    notice = Notice("channel", f"channel {'队' * 800}", "1 waiting", "look")
    for _ in range(2):
        store.replace_notices(("channel",), (notice,), NOON)
    (kept,) = store.status(NOON).notices
    assert kept.count == 1
