"""Lengths of time: what is one, what is not, and what to write instead."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.durations import MAX_DURATION, SECONDS_PER_UNIT, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("0s", 0), ("90s", 90), ("30m", 1800), ("2h", 7200), ("3d", 259_200), ("1w", 604_800), ("007m", 420)],
)
def test_a_number_and_a_unit_are_a_length_of_time(text: str, seconds: int) -> None:
    assert parse_duration(text) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("30 minutes", 'did you mean "30m"?'),
        ("30 min", 'did you mean "30m"?'),
        ("1.5h", 'did you mean "90m"?'),
        ("2H", 'did you mean "2h"?'),
        (" 5m", 'did you mean "5m"?'),
        ("1 day", 'did you mean "1d"?'),
        ("2 months", "write a whole number"),
        ("30", "write a whole number"),
        ("", "write a whole number"),
        ("-5m", "write a whole number"),
        ("1h30m", "write a whole number"),
        ("0.0001s", "write a whole number"),
        ("９０s", "write a whole number"),
        ("5m\n", 'did you mean "5m"?'),
        ("999999999999 weeks", "write a whole number"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str, remedy: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time") as wrong:
        parse_duration(text)
    assert remedy in str(wrong.value)


@pytest.mark.parametrize("text", ["3661d", "9" * 5000 + "w", "1" + "0" * 30 + "s"])
def test_what_no_calendar_holds_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match="the longest is ten years"):
        parse_duration(text)


@given(st.integers(0, int(MAX_DURATION.total_seconds())))
def test_a_length_that_is_written_reads_as_itself(seconds: int) -> None:
    length = dt.timedelta(seconds=seconds)
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize("unit", SECONDS_PER_UNIT)
def test_the_largest_whole_unit_is_written(unit: str) -> None:
    assert format_duration(dt.timedelta(seconds=SECONDS_PER_UNIT[unit])) == f"1{unit}"
