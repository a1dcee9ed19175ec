"""What the outbox says about channels becomes notices."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from monitor.deliver import OUTBOX_KINDS, outbox_notices
from monitor.deliver.watch import FAILING_AFTER, SETTLED_AFTER
from monitor.model import ChannelReport, LateDeliveries, Notice
from monitor.notices import severity_of

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def notices(**report: object) -> list[Notice]:
    return list(outbox_notices([ChannelReport("team", **report)], SHANGHAI, NOW))  # type: ignore[arg-type]  # any field


def test_a_channel_of_which_all_is_sent_needs_no_notice() -> None:
    assert notices() == []


def test_a_channel_that_fails_for_long_is_a_problem_that_says_since_when_why_and_how_much_waits() -> None:
    (notice,) = notices(waiting=3, failing_since=NOW - dt.timedelta(days=2), reason="connection refused")
    assert (notice.kind, notice.subject) == ("channel", "channel team")
    assert severity_of(notice.kind) == "problem"
    for said in ("2026-11-19 20:00", "connection refused", "3 deliveries"):
        assert said in notice.message


def test_a_short_failure_is_no_notice() -> None:
    assert notices(waiting=1, failing_since=NOW - FAILING_AFTER + SECOND, reason="busy") == []


def test_what_is_parked_or_stuck_is_a_problem_with_its_number() -> None:
    stuck, parked = notices(parked=2, parked_reason="no such user", stuck=1, stuck_since=NOW - dt.timedelta(hours=1))
    assert (stuck.kind, parked.kind) == ("stuck", "parked")
    assert "1 attempt has not ended" in stuck.message
    assert "2 deliveries are parked: no such user" in parked.message
    assert {severity_of(stuck.kind), severity_of(parked.kind)} == {"problem"}


@pytest.mark.parametrize(("ago", "number"), [(SETTLED_AFTER, 1), (SETTLED_AFTER - SECOND, 0)])
def test_what_went_out_late_is_said_once_no_more_of_it_comes(ago: dt.timedelta, number: int) -> None:
    found = notices(late=LateDeliveries(4, NOW - dt.timedelta(days=5), NOW - ago, ("morning", "flash")))
    assert len(found) == number
    for notice in found:
        assert severity_of(notice.kind) == "information"
        assert "4 deliveries of morning, flash" in notice.message


def test_its_kinds_are_all_that_it_makes() -> None:
    long = NOW - dt.timedelta(days=1)
    every = notices(
        waiting=1, failing_since=long, parked=1, stuck=1, stuck_since=long, late=LateDeliveries(1, long, long)
    )
    assert {notice.kind for notice in every} == set(OUTBOX_KINDS)
