"""When a source is polled again."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.collect.rhythm import LONGEST, START, Limits, Rhythm, after_failure, after_success

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LIMITS = Limits()


def success(
    interval: dt.timedelta | None, *, every: dt.timedelta | None = None, fresh: bool = False, news: bool = False
) -> Rhythm:
    return after_success(interval, every=every, limits=LIMITS, fresh=fresh, news=news, now=NOW)


def failure(
    failures: int, *, interval: dt.timedelta | None = 30 * MINUTE, retry_after: dt.timedelta | None = None
) -> Rhythm:
    return after_failure(
        interval, every=None, limits=LIMITS, failures=failures, retry_after=retry_after, now=NOW, random=Random(1)
    )


def test_a_first_poll_starts_at_thirty_minutes() -> None:
    assert success(None, fresh=True, news=True).interval == START


def test_a_first_poll_of_a_source_with_an_interval_starts_there() -> None:
    assert success(None, every=2 * MINUTE * 60, fresh=True).interval == 2 * MINUTE * 60


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
    assert LONGEST * 0.8 <= waits[-1] <= LONGEST


def test_a_failure_leaves_the_rhythm_of_success_alone() -> None:
    assert failure(5, interval=45 * MINUTE).interval == 45 * MINUTE


def test_the_servers_wish_is_the_least() -> None:
    assert failure(1, retry_after=5 * 60 * MINUTE).next_at == NOW + 5 * 60 * MINUTE
    assert failure(1, retry_after=MINUTE).next_at > NOW + 20 * MINUTE


def test_a_server_cannot_ask_for_more_than_a_day() -> None:
    assert failure(1, retry_after=dt.timedelta(days=30)).next_at == NOW + LONGEST


@given(
    interval=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400)),
    every=st.none() | st.timedeltas(min_value=LIMITS.floor, max_value=dt.timedelta(days=30)),
    fresh=st.booleans(),
    news=st.booleans(),
)
def test_success_never_leaves_the_limits(
    interval: dt.timedelta | None, every: dt.timedelta | None, *, fresh: bool, news: bool
) -> None:
    rhythm = after_success(interval, every=every, limits=LIMITS, fresh=fresh, news=news, now=NOW)
    assert LIMITS.floor <= rhythm.interval <= max(every or LIMITS.ceiling, LIMITS.floor)
    assert rhythm.next_at == NOW + rhythm.interval


@given(
    failures=st.integers(1, 10_000),
    seed=st.integers(),
    interval=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400)),
)
def test_failure_always_polls_again_within_a_day(failures: int, seed: int, interval: dt.timedelta | None) -> None:
    rhythm = after_failure(
        interval, every=None, limits=LIMITS, failures=failures, retry_after=None, now=NOW, random=Random(seed)
    )
    assert NOW + LIMITS.floor <= rhythm.next_at <= NOW + LONGEST


@pytest.mark.parametrize("seed", range(20))
def test_no_jitter_undercuts_the_floor(seed: int) -> None:
    rhythm = after_failure(
        MINUTE, every=None, limits=LIMITS, failures=1, retry_after=MINUTE, now=NOW, random=Random(seed)
    )
    assert rhythm.next_at >= NOW + LIMITS.floor


@pytest.mark.parametrize(
    ("news", "fresh", "reason"),
    [(True, True, "first poll"), (True, False, "news: sooner"), (False, False, "no news: later")],
)
def test_a_decision_has_its_reason(*, news: bool, fresh: bool, reason: str) -> None:
    assert success(START, news=news, fresh=fresh).reason == reason
