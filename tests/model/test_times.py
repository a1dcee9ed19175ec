"""Lengths of time as messages show them."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.model.times import duration_in_words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (125, "2 hours 5 minutes"),
        (24 * 60, "1 day"),
        (24 * 60 + 1, "1 day 1 minute"),
        (3 * 24 * 60 + 61, "3 days 1 hour"),
        (20_000 * 24 * 60, "20,000 days"),
    ],
)
def test_a_length_is_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert duration_in_words(dt.timedelta(minutes=minutes)) == words
