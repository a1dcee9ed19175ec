"""The weeks in which many sources publish little."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.collect.holidays import (
    HOLIDAY_WEIGHT,
    LUNAR_NEW_YEAR,
    SUMMER_WEIGHT,
    day_weight,
    day_weights,
    easter_sunday,
)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)],
)
def test_easter_is_where_the_calendar_has_it(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == dt.date(year, month, day)


def test_the_lunar_new_year_is_a_new_moon() -> None:
    new_moon, month = dt.datetime(2000, 1, 6, 18, 14, tzinfo=dt.UTC), 29.530588861  # days
    for year, date in LUNAR_NEW_YEAR.items():
        midday = dt.datetime(year, *date, 4, tzinfo=dt.UTC)  # noon in Beijing, as UTC
        age = ((midday - new_moon) / dt.timedelta(days=1) + month / 2) % month - month / 2
        assert abs(age) < 1.3, (year, date)


def test_the_years_from_2020_to_2040_have_their_lunar_new_year() -> None:
    assert sorted(LUNAR_NEW_YEAR) == list(range(2020, 2041))


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-17",  # the Lunar New Year
        "2027-02-12",
        "2026-10-01",  # the National Day of China
        "2025-12-25",
        "2027-01-01",
        "2026-04-06",  # Easter Monday
        "2026-05-04",
        "2055-02-10",  # a year for which there is no table
    ],
)
def test_a_holiday_counts_little(day: str) -> None:
    assert day_weight(dt.date.fromisoformat(day), rests_in_summer=False) == HOLIDAY_WEIGHT


def test_summer_counts_little_only_for_sources_that_rest() -> None:
    day = dt.date(2026, 8, 12)
    assert (day_weight(day, rests_in_summer=True), day_weight(day, rests_in_summer=False)) == (SUMMER_WEIGHT, 1)


@pytest.mark.parametrize("year", [2023, 2024])
def test_most_days_of_a_year_are_usual_days(year: int) -> None:
    weights = day_weights(year, rests_in_summer=False)
    assert len(weights) == (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    assert weights.count(1.0) > 290
