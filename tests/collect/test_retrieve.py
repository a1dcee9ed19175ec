"""Which known rows are pinned above news."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.collect.retrieve import count_gone, pinned_keys
from monitor.model import Entry, Moment


def entries(order: str, days: str = "") -> list[Entry]:
    """Return an entry for each letter; `days` has a digit for each, or a blank."""
    dates = [
        Moment(dt.datetime(2026, 11, int(day), tzinfo=dt.UTC), "day") if day != " " else None
        for day in days.ljust(len(order))
    ]
    return [
        Entry(key, f"Title {key}", f"https://a.example/{key}", date) for key, date in zip(order, dates, strict=True)
    ]


@pytest.mark.parametrize(
    ("order", "days", "known", "found"),
    [
        ("kabc", "", "k", "k"),
        ("klabcd", "119876", "kl", "kl"),
        ("kabc", "1567", "k", ""),  # it grows at its end
        ("kabc", "1555", "k", "k"),
        ("abck", "", "k", ""),
        ("kablc", "", "kl", ""),
        ("kla", "", "kl", ""),
        ("klab", "", "kl", ""),
        ("ka", "", "k", ""),
        ("kl", "", "kl", ""),
        ("abc", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_known_rows_are_pinned_where_most_of_the_page_is_new_below_them(
    order: str, days: str, known: str, found: str
) -> None:
    assert pinned_keys(entries(order, days), set(known)) == frozenset(found)


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 11, number, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("last", "listed", "stayed", "gone"),
    [
        ([(5, day(9)), (4, day(8)), (3, day(7))], {5}, {5}, 0),  # the newest one is still there
        ([(5, day(9)), (4, day(8)), (3, day(7))], {3}, {3}, 2),
        ([(5, day(9)), (4, day(8)), (3, day(7))], {3, 4}, {3, 4}, 1),
        ([(3, day(7)), (5, day(9)), (4, day(8))], {3}, {3}, 2),  # it came late, and is older all the same
        ([(5, day(2)), (4, day(1)), (3, day(7))], {3}, {3}, 0),  # those that came later are older
        ([(5, day(7)), (4, day(7)), (3, day(7))], {3}, {3}, 2),  # of one day: the order decides
        ([(5, None), (4, None), (3, None)], {4}, {4}, 1),
        ([(5, None), (4, day(1))], {1}, {1}, 2),  # it came before all that is looked at
        ([], {1}, {1}, 0),
    ],
)
def test_newer_ones_are_gone_by_their_dates_and_else_by_their_order(
    last: list[tuple[int, dt.datetime | None]], listed: set[int], stayed: set[int], gone: int
) -> None:
    assert count_gone(last, listed, stayed) == gone
