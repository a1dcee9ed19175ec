"""What goes into a column comes out of it, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from monitor.model import Article, Entry, EntryChange, Match, Moment, Placement, PollRecord, Span
from monitor.store import Store
from monitor.store.values import article_of, clean_text, index_key, moment_values

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANY_TEXT)
def test_a_clean_text_has_a_utf8_form_and_no_nul_and_the_same_length(text: str) -> None:
    assert b"\0" not in clean_text(text).encode()
    assert len(clean_text(text)) == len(text)


@given(ANY_TEXT)
def test_a_text_that_every_database_takes_stays_as_it_is(text: str) -> None:
    if "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text):
        assert clean_text(text) == text


def test_a_long_key_is_shortened_and_stays_apart_from_others() -> None:
    one, other = "k" * 5000, "k" * 4999 + "l"
    assert index_key("short") == "short"
    assert index_key(one) == index_key(one)
    assert index_key(one) != index_key(other)
    assert len(index_key("字" * 5000).encode()) < 2700


@given(
    st.datetimes(
        timezones=st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))),
    )
)
def test_a_moment_keeps_its_time_and_its_offset(at: dt.datetime) -> None:
    class Row:
        def __init__(self, values: dict[str, Any]) -> None:
            self.__dict__ = values

    said = dict.fromkeys(("url", "title", "text", "language", "site", "dated_by", "origin"), "")
    row: Any = Row({**said, "authors": [], **moment_values(Moment(at, "day"))})
    kept = article_of(row).published
    assert kept is not None
    assert kept.precision == "day"
    try:
        expected: dt.datetime | None = at.astimezone(dt.UTC)
    except OverflowError:
        expected = None  # the ends of the calendar have no time in UTC: the end itself is kept
    if expected is not None:
        assert kept.at == expected
        assert kept.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize(
    "at",
    [
        dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=14))),
        dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-12))),
        dt.datetime.min.replace(tzinfo=dt.UTC),
        dt.datetime.max.replace(tzinfo=dt.UTC),
        dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    ],
)
def test_a_date_at_the_ends_of_the_calendar_breaks_no_write(store: Store, world: Any, at: dt.datetime) -> None:
    change = world.change()
    article = Article(change.article.url, "T", "x", Moment(at, "second"))
    added = world.lists("east", EntryChange(change.entry, article, change.address, None, "h"))
    published = world.article(added.id).published
    assert published is not None
    assert abs(published.at.year - at.year) <= 1


def test_a_naive_time_is_refused(store: Store, world: Any) -> None:
    with pytest.raises(StatementError, match="has no zone"), store.writing() as writer:
        writer.record_poll(world.source("east"), PollRecord(dt.datetime(2026, 1, 1), "ok", ""))  # noqa: DTZ001 - naive is the point


def test_a_time_comes_back_in_utc(store: Store, world: Any) -> None:
    at = dt.datetime(2026, 11, 21, 20, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    world.lists("east", world.change(), at=at)
    trace = store.trace("http://news.example/a")
    assert trace is not None
    assert trace.first_seen_at == at
    assert trace.first_seen_at.tzinfo is dt.UTC


def test_nul_and_half_pairs_break_no_write(store: Store, world: Any) -> None:
    bad = "a\0b\ud800c"
    change = EntryChange(
        entry=Entry(bad, bad, f"http://x/{bad}", summary=bad),
        article=Article(f"http://x/{bad}", bad, bad, language=bad, site=bad, authors=(bad,)),
        address=f"http://x/{bad}",
        text_key=None,
        content_hash=bad,
        matches=(Match("web3", (Span("title", 2, 3, bad),)),),
    )
    added = world.lists("east", change)
    assert store.known_entries(world.source("east"), [bad])[bad].article_id == added.id
    with store.writing() as writer:
        (found,) = writer.candidates([change.address], [])
    assert found.id == added.id
    kept = world.article(added.id)
    assert (kept.title, kept.authors) == ("a\ufffdb\ufffdc", ("a\ufffdb\ufffdc",))
    (pending,) = world.pending()
    assert pending.matches[0].spans[0] == Span("title", 2, 3, "a\ufffdb\ufffdc")


def test_long_texts_keys_and_addresses_are_kept_and_found(store: Store, world: Any) -> None:
    key, address, text = "鍵" * 20_000, "http://x/" + "y" * 20_000, "字" * 3_000_000
    change = EntryChange(Entry(key, "T", address), Article(address, "T" * 100_000, text), address, "t", "h")
    added = world.lists("east", change)
    assert store.known_entries(world.source("east"), [key]) != {}
    assert world.article(added.id).text == text
    with store.writing() as writer:
        assert writer.candidates([address], [])[0].address == address
    trace = store.trace(address)
    assert trace is not None
    assert trace.article_id == added.id


def test_an_article_comes_back_as_it_was(store: Store, world: Any) -> None:
    change = world.change("k", "web3")
    assert world.article(world.lists("east", change).id) == change.article


def test_a_placement_is_kept(store: Store, world: Any) -> None:
    first = world.lists("east", world.change("a"))
    with store.writing() as writer:
        placed = Placement(first.story_id, "near_copy", first.url, 0.87, "shares 40 of 46 shingles", of_number=first.id)
        change = world.change("b")
        second = writer.add_article(change, placed, world.source("west"), world.now)
        writer.link_entries(world.source("west"), [(change, second.id)], world.now)
    trace = store.trace(second.url)
    assert trace is not None
    shown = trace.members[1]
    assert (shown.relation, shown.of, shown.score, shown.reason) == ("near_copy", first.url, 0.87, placed.reason)
