"""What was dumped loads to the same edition."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.codec import dump, load
from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    Moment,
    Report,
    SeeAlso,
    SourceIssue,
    Window,
)

words = st.text(st.characters(), max_size=12)  # lone surrogates and NUL among them
offsets = st.integers(-86_000, 86_000).map(lambda seconds: dt.timezone(dt.timedelta(seconds=seconds)))
first, last = (dt.datetime.fromisoformat(day) for day in ("0001-01-03", "9999-12-29"))
times = st.datetimes(first, last, timezones=offsets).map(lambda at: at.replace(fold=0))
marks = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
numbers = st.integers(0, 2**63)


def some(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


moments = st.builds(Moment, times, st.sampled_from(["second", "minute", "hour", "day", "month", "year"]))
links = st.builds(AlternateLink, words, words, words)
reports = st.builds(Report, numbers, words, words, words, times, some(links), numbers)
items = st.builds(
    Item, numbers, numbers, words, words, words, times, marks, st.none() | moments, st.none() | words,
    st.none() | st.builds(Excerpt, words, marks), some(words), some(links),
    st.booleans(), some(reports), st.none() | reports, st.none() | words, numbers,
    some(st.builds(SeeAlso, numbers, words, words, words, words, st.booleans())), st.booleans(),
)  # fmt: skip
issues = st.builds(SourceIssue, words, words, st.none() | times)
editions = st.builds(
    Edition, words, st.builds(Window, times, times, words), times, words, some(st.builds(Group, words, some(items))),
    st.builds(Coverage, numbers, some(issues), st.none() | times), some(words), numbers,
    left_out_before=numbers,
)  # fmt: skip


@given(editions)
def test_an_edition_comes_back_as_it_was(edition: Edition) -> None:
    """Equal, and of the same types and offsets: `repr` shows both."""
    back = load(dump(edition))
    assert back == edition
    assert repr(back) == repr(edition)


@given(editions)
def test_the_text_is_one_line_of_ascii(edition: Edition) -> None:
    text = dump(edition)
    assert text.isascii()
    assert "\n" not in text
    assert "\x00" not in text


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", "{}", '{"version":1}', '{"version":1,"window":7}'])
def test_what_is_no_edition_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one, and says enough
        load(text)


def test_an_edition_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="an edition of version 2"):
        load('{"version":2}')


def test_an_edition_of_a_program_that_knew_no_backfill_loads() -> None:
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    edition = Edition("d", Window(at, at, "s"), at, "UTC", (Group("r", (Item(1, 1, "t", "u", "s", at),)),))
    data = json.loads(dump(edition))
    del data["groups"][0]["items"][0]["backfilled"]
    assert load(json.dumps(data)) == edition


def test_a_precision_that_does_not_exist_is_refused() -> None:
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    item = Item(1, 1, "t", "u", "s", at, published=Moment(at, "day"))
    data = json.loads(dump(Edition("d", Window(at, at, "s"), at, "UTC", (Group("r", (item,)),))))
    data["groups"][0]["items"][0]["published"]["precision"] = "week"
    with pytest.raises(ValueError, match="not a precision: 'week'"):
        load(json.dumps(data))
