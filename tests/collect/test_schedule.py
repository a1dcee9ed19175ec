"""When a source is polled again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.collect.schedule import FIRST_INTERVAL, MAX_WAIT, Limits, PollSchedule, after_failure, after_success

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LIMITS = Limits()


def success(
    interval: dt.timedelta | None, *, every: dt.timedelta | None = None, first_poll: bool = False, news: bool = False
) -> PollSchedule:
    return after_success(interval, every=every, limits=LIMITS, first_poll=first_poll, has_news=news, now=NOW)


def failure(
    failures: int, *, interval: dt.timedelta | None = 30 * MINUTE, retry_after: dt.timedelta | None = None
) -> PollSchedule:
    return after_failure(
        interval, every=None, limits=LIMITS, failures=failures, retry_after=retry_after, now=NOW, jitter=0.1
    )


def test_a_first_poll_starts_at_thirty_minutes() -> None:
    assert success(None, first_poll=True, news=True).interval == FIRST_INTERVAL


def test_a_first_poll_of_a_source_with_an_interval_starts_there() -> None:
    assert success(None, every=2 * MINUTE * 60, first_poll=True).interval == 2 * MINUTE * 60


def test_news_makes_it_more_often_and_none_less_often() -> None:
    assert success(60 * MINUTE, news=True).interval == 30 * MINUTE
    assert success(60 * MINUTE).interval == 90 * MINUTE


def test_the_floor_and_the_ceiling_hold() -> None:
    assert success(6 * MINUTE, news=True).interval == LIMITS.floor
    assert success(LIMITS.ceiling).interval == LIMITS.ceiling


def test_its_own_interval_is_a_ceiling() -> None:
    assert success(30 * MINUTE, every=30 * MINUTE).interval == 30 * MINUTE
    assert success(30 * MINUTE, every=30 * MINUTE, news=True).interval == 15 * MINUTE


def test_failures_back_off_to_a_day_and_no_further() -> None:
    waits = [failure(count).next_at - NOW for count in range(1, 12)]
    assert waits[0] < waits[2] < waits[4]
    assert MAX_WAIT * 0.8 <= waits[-1] <= MAX_WAIT


def test_a_failure_leaves_the_interval_of_success_alone() -> None:
    assert failure(5, interval=45 * MINUTE).interval == 45 * MINUTE


def test_the_servers_wish_is_the_least() -> None:
    assert failure(1, retry_after=5 * 60 * MINUTE).next_at == NOW + 5 * 60 * MINUTE
    assert failure(1, retry_after=MINUTE).next_at > NOW + 20 * MINUTE


def test_a_server_cannot_ask_for_more_than_a_day() -> None:
    assert failure(1, retry_after=dt.timedelta(days=30)).next_at == NOW + MAX_WAIT


@given(
    interval=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400)),
    every=st.none() | st.timedeltas(min_value=LIMITS.floor, max_value=dt.timedelta(days=30)),
    first_poll=st.booleans(),
    news=st.booleans(),
)
def test_success_never_leaves_the_limits(
    interval: dt.timedelta | None, every: dt.timedelta | None, *, first_poll: bool, news: bool
) -> None:
    schedule = after_success(interval, every=every, limits=LIMITS, first_poll=first_poll, has_news=news, now=NOW)
    assert LIMITS.floor <= schedule.interval <= max(every or LIMITS.ceiling, LIMITS.floor)
    assert schedule.next_at == NOW + schedule.interval


@given(
    failures=st.integers(1, 10_000),
    jitter=st.floats(0, 1),
    interval=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400)),
)
def test_failure_always_polls_again_within_a_day(failures: int, jitter: float, interval: dt.timedelta | None) -> None:
    schedule = after_failure(
        interval, every=None, limits=LIMITS, failures=failures, retry_after=None, now=NOW, jitter=jitter
    )
    assert NOW + LIMITS.floor <= schedule.next_at <= NOW + MAX_WAIT


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_no_jitter_undercuts_the_floor(jitter: float) -> None:
    schedule = after_failure(MINUTE, every=None, limits=LIMITS, failures=1, retry_after=MINUTE, now=NOW, jitter=jitter)
    assert schedule.next_at >= NOW + LIMITS.floor


@pytest.mark.parametrize(
    ("news", "first_poll", "reason"),
    [(True, True, "first poll"), (True, False, "news: sooner"), (False, False, "no news: later")],
)
def test_a_decision_has_its_reason(*, news: bool, first_poll: bool, reason: str) -> None:
    assert success(FIRST_INTERVAL, news=news, first_poll=first_poll).reason == reason
