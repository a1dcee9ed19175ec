"""When a delivery is tried again."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.outbox import FIRST_DELAY, GIVE_UP_AFTER, MAX_DELAY, MIN_ATTEMPTS, MIN_WORKING_TIME, decide_retry
from monitor.model import Delivery, Outcome, Payload

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def delivery(attempts: int = 1, age: dt.timedelta = dt.timedelta()) -> Delivery:
    return Delivery(1, "d", 1, "mail", "a@example.org", "id", Payload("{}"), "claimed", attempts, created_at=NOW - age)


@pytest.mark.parametrize("kind", ["sent", "parked"])
def test_what_is_over_is_not_tried_again(kind: Literal["sent", "parked"]) -> None:
    outcome = Outcome(kind, "so it is")
    assert decide_retry(delivery(), outcome, now=NOW, random=Random(1)) == (outcome, None)


@pytest.mark.parametrize("kind", ["retry", "ambiguous"])
def test_the_wait_doubles_up_to_four_hours(kind: Literal["retry", "ambiguous"]) -> None:
    waits = []
    for attempts in range(1, 14):
        _, at = decide_retry(delivery(attempts), Outcome(kind, "busy"), now=NOW, random=Random(1))
        assert at is not None
        waits.append(at - NOW)
    assert 0.8 * FIRST_DELAY <= waits[0] <= FIRST_DELAY
    assert waits == sorted(waits)
    assert 0.8 * MAX_DELAY <= waits[-1] <= MAX_DELAY


def test_the_far_ends_wish_is_the_least() -> None:
    _, at = decide_retry(delivery(), Outcome("retry", "slow down", dt.timedelta(hours=9)), now=NOW, random=Random(1))
    assert at == NOW + dt.timedelta(hours=9)


@pytest.mark.parametrize("kind", ["retry", "ambiguous"])
def test_what_fails_for_five_days_while_others_get_through_is_parked_with_the_last_reason(
    kind: Literal["retry", "ambiguous"],
) -> None:
    answer = Outcome(kind, "connection refused")
    outcome, at = decide_retry(
        delivery(40, GIVE_UP_AFTER), answer, now=NOW, random=Random(1), working_since=NOW - MIN_WORKING_TIME
    )
    assert (outcome.kind, at) == ("parked", None)
    assert "connection refused" in outcome.reason


@pytest.mark.parametrize("age", [GIVE_UP_AFTER, 10 * GIVE_UP_AFTER])
@pytest.mark.parametrize("working_since", [None, NOW, NOW - MIN_WORKING_TIME + dt.timedelta(seconds=1)])
def test_nothing_is_given_up_while_nothing_or_only_lately_something_gets_through(
    age: dt.timedelta, working_since: dt.datetime | None
) -> None:
    answer = Outcome("retry", "connection refused")
    outcome, at = decide_retry(delivery(60, age), answer, now=NOW, random=Random(1), working_since=working_since)
    assert outcome == answer
    assert at is not None
    assert at - NOW <= dt.timedelta(hours=6)


def test_before_five_days_nothing_is_given_up_whoever_gets_through() -> None:
    young = delivery(40, GIVE_UP_AFTER - dt.timedelta(seconds=1))
    outcome, _ = decide_retry(
        young, Outcome("retry", "busy"), now=NOW, random=Random(1), working_since=NOW - GIVE_UP_AFTER
    )
    assert outcome.kind == "retry"


@given(attempts=st.integers(0, 10_000), seed=st.integers())
def test_a_retry_is_always_in_the_future(attempts: int, seed: int) -> None:
    _, at = decide_retry(delivery(attempts), Outcome("retry", "busy"), now=NOW, random=Random(seed))
    assert at is not None
    assert NOW < at <= NOW + MAX_DELAY


def test_what_was_tried_a_few_times_is_not_given_up_however_old_it_is() -> None:
    answer, worked = Outcome("retry", "busy"), NOW - 10 * MIN_WORKING_TIME
    for attempts, parked in ((MIN_ATTEMPTS - 1, False), (MIN_ATTEMPTS, True)):
        outcome, _ = decide_retry(
            delivery(attempts, 2 * GIVE_UP_AFTER), answer, now=NOW, random=Random(1), working_since=worked
        )
        assert (outcome.kind == "parked") is parked
