"""When a source published, and the results of its last days, as they are kept."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from monitor.model.activity import MAX_AGE_DAYS, MAX_DAYS, SHOWN_DAYS, Activity, DayOfPolls, with_poll

START = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def test_entries_of_the_same_hour_count_as_one() -> None:
    burst = Activity().with_moments((START, START + 10 * dt.timedelta(minutes=1), START + HOUR))
    assert list(burst.hours()) == [START.replace(minute=0), START.replace(minute=0) + HOUR]


def test_the_order_in_which_entries_become_known_does_not_matter() -> None:
    times = [START + number * 7 * HOUR for number in range(100)]
    one_by_one = Activity()
    for at in reversed(times):
        one_by_one = one_by_one.with_moments((at,))
    assert one_by_one == Activity().with_moments(times)


def test_what_is_kept_is_bounded_and_is_the_latest() -> None:
    daily = Activity().with_moments(START + number * DAY for number in range(2 * MAX_DAYS))
    assert len(daily.days) == MAX_DAYS
    assert max(daily.hours()).date() == (START + (2 * MAX_DAYS - 1) * DAY).date()
    old = Activity().with_moments((START, START + (MAX_AGE_DAYS + 1) * DAY))
    assert len(old.days) == 1


def test_the_busiest_source_fits_in_its_row() -> None:
    busy = Activity().with_moments(START + number * HOUR for number in range(24 * 2 * MAX_DAYS))
    assert len(json.dumps(busy.encoded())) < 4_000


@pytest.mark.parametrize("count", [0, 1, 500])
def test_what_is_written_is_read_again(count: int) -> None:
    activity = Activity().with_moments(START + number * 13 * HOUR for number in range(count))
    assert Activity.decoded(json.loads(json.dumps(activity.encoded()))) == activity


def test_hours_of_a_clock_that_was_ahead_can_be_left_out() -> None:
    ahead = Activity().with_moments((START, START + 30 * DAY))
    assert list(ahead.until(START + DAY).hours()) == [START.replace(minute=0)]
    assert ahead.until(START + 31 * DAY) == ahead


def test_the_results_of_polls_are_counted_by_day_and_old_days_are_dropped() -> None:
    today = START.date()
    days = with_poll(with_poll((), today, new=3), today, failed=True)
    assert days == (DayOfPolls(today.isoformat(), polls=2, failed=1, new=3),)
    for number in range(1, SHOWN_DAYS + 1):
        days = with_poll(days, today + number * DAY)
    assert [one.day for one in days] == [(today + number * DAY).isoformat() for number in range(1, SHOWN_DAYS + 1)]
