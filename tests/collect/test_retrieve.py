"""Which known rows are pinned above news."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.collect.retrieve import pinned
from monitor.model import Entry, Moment


def entries(order: str, days: str = "") -> list[Entry]:
    """An entry a letter; `days` has a digit for each, or a blank."""
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
    assert pinned(entries(order, days), set(known)) == frozenset(found)
