"""Dates as a document states them."""

from __future__ import annotations

import datetime as dt

from monitor.text.dates import Dates

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)


def test_the_first_statement_that_can_be_read_counts() -> None:
    dates = Dates(NOW, "UTC")
    found = dates.moment(" ", "soon", "2026-11-20T10:00:00Z", "2026-11-19")
    assert found is not None
    assert found.at == dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
    assert dates.problems() == ("1 dates could not be read, for instance 'soon'",)


def test_no_statement_is_no_problem() -> None:
    dates = Dates(NOW, "UTC")
    assert dates.moment("", "  ") is None
    assert dates.problems() == ()


def test_the_zone_of_the_source_is_assumed() -> None:
    found = Dates(NOW, "Asia/Shanghai").moment("2026-11-20 10:00")
    assert found is not None
    assert found.at.utcoffset() == dt.timedelta(hours=8)


def test_a_date_in_the_future_is_not_said_to_be_unreadable() -> None:
    dates = Dates(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "UTC")
    for text in ("2096-01-01", "soon"):
        assert dates.moment(text) is None
    assert dates.problems() == (
        "1 dates could not be read, for instance 'soon'",
        "1 dates are in the future and were ignored, for instance '2096-01-01'",
    )
