"""What dates that are not exact may mean."""

from __future__ import annotations

import datetime as dt

from monitor.collect.moments import latest
from monitor.model import Moment

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def test_a_day_may_be_its_evening_and_a_second_is_itself() -> None:
    assert latest(Moment(NOON, "day")) == NOON + dt.timedelta(days=1)
    assert latest(Moment(NOON, "second")) == NOON


def test_the_end_of_the_calendar_is_its_own_end() -> None:
    end = dt.datetime.max.replace(tzinfo=dt.UTC)
    assert latest(Moment(end, "year")) == end
