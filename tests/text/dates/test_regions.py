"""Years of two digits, and day and month that could be either: language, zone and separator decide."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.dates import parse_moment

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LAST_YEARS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 11, 20))
DAY_FIRST = ("de", "fr", "es", "it", "pt-BR", "nl", "ru", "pl", "tr", "en-GB", "en-AU", "cs", "fi", "el")
YEAR_FIRST = ("zh-CN", "zh", "ja", "ko")
DAY_FIRST_ZONES = (
    "Europe/Berlin", "Europe/London", "Africa/Lagos", "Australia/Sydney", "America/Sao_Paulo", "America/Mexico_City",
    "Asia/Kolkata", "Asia/Singapore", "Pacific/Auckland", "America/Argentina/Salta",
)  # fmt: skip
MONTH_FIRST_ZONES = ("America/New_York", "America/Los_Angeles", "America/Toronto", "US/Eastern", "America/Indiana/Knox")


def day(text: str, timezone: str = "UTC", language: str = "") -> dt.date | None:
    moment = parse_moment(text, now=NOW, timezone=timezone, language=language)
    return moment.at.date() if moment else None


@given(LAST_YEARS, st.sampled_from("./-"), st.sampled_from(DAY_FIRST), st.sampled_from(["", "Datum: ", "Le ", "("]))
def test_a_short_year_is_last_behind_day_and_month_by_language(
    date: dt.date, mark: str, language: str, before: str
) -> None:
    assert day(before + date.strftime(f"%d{mark}%m{mark}%y"), language=language) == date


@given(LAST_YEARS, st.sampled_from("./-"), st.sampled_from(DAY_FIRST_ZONES), st.sampled_from(["%d", "%-d"]))
def test_a_short_year_is_last_behind_day_and_month_by_zone(date: dt.date, mark: str, zone: str, number: str) -> None:
    assert day(date.strftime(f"{number}{mark}%m{mark}%y"), zone) == date


@given(LAST_YEARS, st.sampled_from("./-"), st.sampled_from(YEAR_FIRST), st.sampled_from(["", "发布时间：", "["]))
def test_a_short_year_is_first_in_east_asia(date: dt.date, mark: str, language: str, before: str) -> None:
    text = before + date.strftime(f"%y{mark}%m{mark}%d")
    assert day(text, language=language) == day(text, "Asia/Shanghai") == date


@given(LAST_YEARS, st.sampled_from("/-"), st.sampled_from(MONTH_FIRST_ZONES))
def test_the_month_is_first_in_north_america(date: dt.date, mark: str, zone: str) -> None:
    assert day(date.strftime(f"%m{mark}%d{mark}%y"), zone) == date
    assert day(date.strftime(f"%m{mark}%d{mark}%Y"), zone) == date
    assert day(date.strftime("%d.%m.%y"), zone) == date  # with points it is a European date


@given(LAST_YEARS, st.sampled_from(("de", "fr", "es", "it", "pt", "en-GB", "hu", "lt")))
def test_the_language_of_a_page_decides_where_the_zone_says_nothing(date: dt.date, language: str) -> None:
    assert day(date.strftime("%d/%m/%Y"), language=language) == date


@pytest.mark.parametrize("language", ["en", "en-US", "EN_us", "xx"])
def test_a_language_that_builders_of_sites_leave_as_it_is_says_nothing(language: str) -> None:
    assert day("10/11/26", "Europe/Berlin", language) == dt.date(2026, 11, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.11.26", dt.date(2026, 11, 10)),
        ("26-11-10", dt.date(2026, 11, 10)),
        ("10-11-26", dt.date(2026, 11, 10)),
        ("10/11/26", dt.date(2026, 10, 11)),
        ("25/08/23", dt.date(2023, 8, 25)),
        ("10.11.26 14:30", dt.date(2026, 11, 10)),
        ("31.12.26", None),  # it is in the future in every order
        ("10.31.26", None),
        ("99.99.99", None),
        ("1.10.2", None),
        ("version 10.11.26", None),
        ("10.11-26", None),
    ],
)
def test_without_any_hint_the_separator_and_the_last_years_decide(text: str, expected: dt.date | None) -> None:
    assert day(text) == expected
