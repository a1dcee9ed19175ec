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


def test_the_language_of_what_states_a_date_decides_its_order() -> None:
    dates = Dates(NOW, "UTC")
    found = [dates.moment("03/04/2026", language=language) for language in ("fr-FR", "en-GB", "en-US", None)]
    assert [moment and (moment.at.month, moment.at.day) for moment in found] == [(4, 3), (4, 3), (3, 4), (3, 4)]


def test_the_language_says_nothing_about_the_forms_of_machines() -> None:
    dates = Dates(NOW, "UTC")
    for text in ("Tue, 03 Mar 2026 10:00:00 GMT", "2026-03-04T10:00:00Z", "20260304", "3 Mar 2026 10:00 +0100"):
        assert len({dates.moment(text, language=language) for language in ("fr", "en-GB", "hu", "zh-CN", None)}) == 1


def test_dates_are_read_in_linear_time() -> None:
    """Each text is looked at twice at most, and no list of them is searched."""
    compared: list[str] = []

    class Text(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def strip(self, _characters: str | None = None, /) -> str:
            return self

        def __eq__(self, other: object) -> bool:
            compared.append(self)
            return str(self) == other

    dates = Dates(NOW, "UTC")
    ahead = [Text((NOW + dt.timedelta(days=400, seconds=at)).isoformat()) for at in range(300)]
    for text in ahead:
        dates.moment(text)
    assert dates.problems() == (f"300 dates are in the future and were ignored, for instance {str(ahead[0])!r}",)
    assert len(compared) < 10 * len(ahead)


def test_a_date_in_the_future_is_not_said_to_be_unreadable() -> None:
    dates = Dates(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "UTC")
    for text in ("2096-01-01", "soon"):
        assert dates.moment(text) is None
    assert dates.problems() == (
        "1 dates could not be read, for instance 'soon'",
        "1 dates are in the future and were ignored, for instance '2096-01-01'",
    )
