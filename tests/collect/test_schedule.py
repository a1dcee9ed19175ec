"""When a source is polled again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.collect.schedule import (
    FIRST_INTERVAL,
    MAX_WAIT,
    Limits,
    PollSchedule,
    PollWishes,
    after_failure,
    after_rest,
    after_success,
)
from monitor.model import NO_HINTS, PollHints

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


def test_a_host_that_rests_for_days_is_looked_at_daily() -> None:
    schedule = after_rest(MINUTE, 3 * MAX_WAIT, now=NOW, jitter=1.0)
    assert (schedule.interval, schedule.next_at) == (MINUTE, NOW + MAX_WAIT)


# --- what servers, feeds and users ask for

HOUR = dt.timedelta(hours=1)


def wished(
    *,
    fresh_for: dt.timedelta | None = None,
    hints: PollHints = NO_HINTS,
    every: dt.timedelta | None = None,
    interval: dt.timedelta = 20 * MINUTE,
) -> PollSchedule:
    wishes = PollWishes(fresh_for, hints if hints.turnover else replace(hints, turnover=400 * MAX_WAIT))
    return after_success(interval, every=every, limits=LIMITS, first_poll=False, has_news=False, now=NOW, wishes=wishes)


@pytest.mark.parametrize(
    ("fresh_for", "minimum", "every", "wait", "reason"),
    [
        (2 * HOUR, None, None, 2 * HOUR, "Cache-Control"),
        (None, HOUR, None, HOUR, "(ttl)"),
        (2 * HOUR, HOUR, None, 2 * HOUR, "Cache-Control"),
        (HOUR, 2 * HOUR, None, 2 * HOUR, "(ttl)"),
        (MINUTE, MINUTE, None, 30 * MINUTE, ""),
        (2 * HOUR, None, HOUR, HOUR, "Cache-Control"),
        (400 * MAX_WAIT, None, None, MAX_WAIT, "Cache-Control"),
        (400 * MAX_WAIT, None, 7 * MAX_WAIT, MAX_WAIT, "Cache-Control"),
    ],
)
def test_the_longest_wish_delays_a_poll_but_not_beyond_the_users_own_or_a_day(
    fresh_for: dt.timedelta | None,
    minimum: dt.timedelta | None,
    every: dt.timedelta | None,
    wait: dt.timedelta,
    reason: str,
) -> None:
    schedule = wished(fresh_for=fresh_for, hints=PollHints(minimum, "ttl" if minimum else ""), every=every)
    assert schedule.next_at == NOW + wait
    assert schedule.reason.startswith("no news: later")
    assert reason in schedule.reason
    assert (";" in schedule.reason) is bool(reason)


@pytest.mark.parametrize("asked", ["server", "feed"])
def test_a_wish_delays_no_poll_beyond_the_replacement_of_half_of_the_list(asked: str) -> None:
    fresh_for = MAX_WAIT if asked == "server" else None
    minimum = MAX_WAIT if asked == "feed" else None
    fast = PollHints(minimum, "ttl", turnover=5 * HOUR)
    assert wished(fresh_for=fresh_for, hints=fast).next_at == NOW + 5 * HOUR
    unknown = PollWishes(fresh_for, PollHints(minimum, "ttl"))
    assert unknown.minimum[0] == HOUR


def test_a_wish_does_not_change_the_interval() -> None:
    assert wished(fresh_for=5 * HOUR).interval == wished().interval


def test_a_poll_in_an_hour_that_the_feed_skips_comes_after_it() -> None:
    schedule = wished(hints=PollHints(skip_hours=frozenset({0, 1, 2})))
    assert schedule.next_at == NOW + 3 * HOUR
    assert "skipHours" in schedule.reason


def test_days_that_a_feed_skips_are_polled_daily_all_the_same() -> None:
    saturday_and_sunday = PollHints(skip_days=frozenset({5, 6}))
    assert wished(hints=saturday_and_sunday).next_at == NOW + MAX_WAIT
    assert wished(hints=saturday_and_sunday, every=HOUR).next_at == NOW + HOUR


@given(
    jitter=st.floats(0, 1),
    fresh_for=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400)),
    hours=st.frozensets(st.integers(0, 23)),
    every=st.none() | st.timedeltas(min_value=LIMITS.floor, max_value=dt.timedelta(days=30)),
)
def test_no_wish_and_no_jitter_leaves_the_limits(
    jitter: float, fresh_for: dt.timedelta | None, hours: frozenset[int], every: dt.timedelta | None
) -> None:
    wishes = PollWishes(fresh_for, PollHints(skip_hours=hours))
    schedule = after_success(
        None, every=every, limits=LIMITS, first_poll=True, has_news=True, now=NOW, wishes=wishes, jitter=jitter
    )
    assert NOW + LIMITS.floor <= schedule.next_at
    assert schedule.next_at <= NOW + max(schedule.interval, min(every or MAX_WAIT, MAX_WAIT))


def test_sources_with_the_same_interval_are_not_always_polled_together() -> None:
    def at(jitter: float) -> dt.datetime:
        return after_success(
            HOUR, every=HOUR, limits=LIMITS, first_poll=True, has_news=True, now=NOW, jitter=jitter
        ).next_at

    assert at(0.0) == NOW + HOUR
    assert NOW + 54 * MINUTE == at(1.0) < at(0.5) < at(0.0)


@pytest.mark.parametrize("interval", [MINUTE * 10, HOUR, MAX_WAIT])
def test_a_failure_that_may_pass_is_retried_soon_and_backs_off_to_a_day_too(interval: dt.timedelta) -> None:
    def wait(failures: int, *, may_pass: bool) -> dt.timedelta:
        return (
            after_failure(
                interval,
                every=None,
                limits=LIMITS,
                failures=failures,
                retry_after=None,
                now=NOW,
                jitter=0.0,
                may_pass=may_pass,
            ).next_at
            - NOW
        )

    assert wait(1, may_pass=True) == min(interval, FIRST_INTERVAL)
    assert wait(1, may_pass=False) == interval
    assert wait(12, may_pass=True) == wait(12, may_pass=False) == MAX_WAIT
