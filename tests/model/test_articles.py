"""What dates that are not exact may mean."""

from __future__ import annotations

import datetime as dt

from monitor.model import Moment

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def test_a_day_may_be_its_evening_and_a_second_is_itself() -> None:
    assert Moment(NOON, "day").latest == NOON + dt.timedelta(days=1)
    assert Moment(NOON, "second").latest == NOON


def test_the_end_of_the_calendar_is_its_own_end() -> None:
    end = dt.datetime.max.replace(tzinfo=dt.UTC)
    assert Moment(end, "year").latest == end
