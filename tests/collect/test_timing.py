"""What an answer says about the next poll: how soon the list is replaced, and whether all of it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.schedule import Limits, PollSchedule
from monitor.collect.timing import hints_of, schedule_next
from monitor.model import Entry, Moment, PollHints, Reading, Source, SourceState, Validators

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOURCE = Source("s", "https://a.example/feed", "feed")
STATE = SourceState(1, "s", SOURCE.url, last_success_at=NOON - HOUR, interval=HOUR)
CONTEXT = PollContext.of(SOURCE, STATE, NOON)


def listed(ages: Sequence[int | None], *, read_again: bool = False) -> Snapshot:
    """Return an answer whose entries are so many hours old, and fresh for a day."""
    entries = tuple(
        Entry(str(n), "Title", "", None if age is None else Moment(NOON - age * HOUR, "second"))
        for n, age in enumerate(ages)
    )
    reading = Reading("feed", entries)
    return Snapshot(reading, Validators(), 200, overlap=True, fresh_for=dt.timedelta(days=1), read_again=read_again)


@pytest.mark.parametrize(
    ("ages", "hours"),
    [
        (range(20), 10),
        ([-9000, *range(1, 20)], 10),
        ([*range(19), 90_000], 10),
        ([5] * 20, 0),
        ([1, 2, 3], None),
        ([*range(9), *[None] * 11], None),
    ],
    ids=["an entry an hour", "one of the future", "one of long ago", "one date", "few entries", "mostly undated"],
)
def test_the_turnover_of_a_list_is_the_age_of_its_half(ages: Sequence[int | None], hours: int | None) -> None:
    found = hints_of(CONTEXT, listed(ages)).turnover
    assert found == (None if hours is None else hours * HOUR)


def test_an_unchanged_answer_has_the_hints_of_the_last_one() -> None:
    hints = PollHints(turnover=7 * HOUR)
    state = SourceState(1, "s", SOURCE.url, last_success_at=NOON - HOUR, hints=hints)
    assert hints_of(PollContext.of(SOURCE, state, NOON), Unchanged("not_modified", Validators())) == hints


def scheduled(answer: Snapshot) -> PollSchedule:
    return schedule_next(CONTEXT, answer, Limits(), 0.0, has_news=False)


def test_a_list_that_is_soon_replaced_is_polled_before_whatever_the_server_says() -> None:
    assert scheduled(listed(range(20))).next_at == NOON + 10 * HOUR
    assert scheduled(listed(range(0, 2000, 100))).next_at == NOON + 24 * HOUR


def test_what_is_read_on_at_the_next_poll_does_not_wait_for_the_server() -> None:
    assert scheduled(listed(range(0, 2000, 100), read_again=True)).next_at == NOON + 1.5 * HOUR
