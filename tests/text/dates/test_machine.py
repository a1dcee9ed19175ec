"""What machines write is read at once, and just as the other readers would read it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.dates import parse_moment, read_machine_form

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
MOMENTS = st.datetimes(min_value=dt.datetime(1990, 1, 2), max_value=dt.datetime(2026, 11, 20))  # noqa: DTZ001 - bounds
OFFSETS = st.sampled_from(["", "Z", "+08:00", "-03:30", "+05:45", "-05:00"])
FORMS = ("%Y-%m-%dT%H:%M:%S{}", "%Y-%m-%d %H:%M{}", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%f{}")


@given(MOMENTS, OFFSETS, st.sampled_from(FORMS), st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_the_short_way_reads_what_the_long_way_reads(at: dt.datetime, offset: str, form: str, zone: str) -> None:
    text = at.strftime(form).format(offset)
    assert read_machine_form(text) is not None
    long_way = parse_moment(f"({text})", now=NOW, timezone=zone)  # in brackets it is no machine's
    assert parse_moment(text, now=NOW, timezone=zone) == long_way


@given(MOMENTS, st.sampled_from(["GMT", "+0800", "-0330", "-0530", "+9999"]), st.booleans())
def test_the_same_of_the_form_of_mails(at: dt.datetime, offset: str, weekday: bool) -> None:
    text = at.strftime(("%a, " if weekday else "") + "%d %b %Y %H:%M:%S ") + offset
    assert parse_moment(text, now=NOW) == parse_moment(f"({text})", now=NOW)


@pytest.mark.parametrize(
    "text",
    ["2023-13-45", "2023-02-30T10:00:00Z", "Fri, 31 Feb 2023 10:00:00 GMT", "2027-01-01", "1989-01-01T00:00:00Z"],
)
def test_an_impossible_date_is_refused(text: str) -> None:
    assert parse_moment(text, now=NOW) is None


@pytest.mark.parametrize(
    "text", ["2023-08-25T24:00:00Z", "2023-08-25T10:61", "25 août 2023 10:00:00 GMT", "２０２３-08-25"]
)
def test_what_is_not_plain_is_left_to_the_others(text: str) -> None:
    assert read_machine_form(text) is None
