"""Answers that are read without a fault and are doubtful all the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.collect.articles import Page, Pages
from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.doubts import MIN_ALIKE, after_doubts
from monitor.collect.locate import PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.model import Article, Entry, Moment, Reading, Source, SourceState, Validators
from monitor.model.articles import Precision

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SOURCE = Source("one", "https://one.example/feed", "feed")
TAG = Validators(b'"1"', b"Sat, 21 Nov 2026 00:00:00 GMT", "old")
STATE = SourceState(7, "one", SOURCE.url, TAG, last_polled_at=NOON - HOUR, last_success_at=NOON - HOUR)
UNMODIFIED = replace(STATE, unmodified_since=NOON - 5 * HOUR)


def entries(number: int = MIN_ALIKE) -> list[Entry]:
    moments = (Moment(NOON - each * HOUR, "second") for each in range(number))
    return [
        Entry(
            str(each), f"Title {each}", f"https://one.example/{each}", moment, summary=f"The summary of entry {each}."
        )
        for each, moment in enumerate(moments)
    ]


def doubts(
    listed: Sequence[Entry],
    *,
    state: SourceState = STATE,
    validators: Validators = TAG,
    new: int = 1,
    pages: Pages | None = None,
    unread: Sequence[str] = (),
) -> list[str]:
    """Return the messages of the notices that are raised, and "resolved" for each that is resolved."""
    snapshot = Snapshot(Reading("feed", tuple(listed)), validators, unread=dict.fromkeys(unread, "hash"))
    changes = after_doubts(PollContext(SOURCE, state, NOON, SOURCE), snapshot, pages or Pages(), new)
    return [one.notice.message if isinstance(one, RaiseNotice) else "resolved" for one in changes]


def test_entries_that_differ_resolve_the_notice() -> None:
    assert doubts(entries()) == ["resolved"]


def test_entries_that_were_not_read_again_do_not_resolve_the_notice() -> None:
    unread = [Entry(one.key, "", "", one.published) for one in entries()]
    new = Entry("new", "Read more", "https://one.example/new", Moment(NOON, "second"), summary="A summary.")
    assert doubts([new, *unread], unread=[one.key for one in unread]) == []


def test_an_answer_with_few_entries_says_nothing() -> None:
    assert doubts(entries(MIN_ALIKE - 1)) == []
    assert doubts([]) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "Read more"}, 'all 5 entries have the title "Read more"'),
        ({"summary": "Log in to read this text."}, 'all 5 entries have the text "Log in to read this text."'),
        ({"content": "Please enable  JavaScript " * 9}, 'all 5 entries have the text "Please enable JavaScript'),
        ({"published": Moment(NOON, "second")}, "all 5 entries have the date 2026-11-21 12:00:00"),
        ({"published": None, "updated": Moment(NOON, "minute")}, "all 5 entries have the date 2026-11-21 12:00:00"),
    ],
)
def test_one_value_in_all_entries_is_reported(values: dict[str, object], message: str) -> None:
    (found,) = doubts([replace(entry, **values) for entry in entries()])  # type: ignore[arg-type]  # a table of fields
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("at", "precision"), [(NOON, "day"), (NOON.replace(hour=0), "second"), (NOON, "month"), (NOON, "hour")]
)
def test_many_entries_may_be_of_one_day(at: dt.datetime, precision: Precision) -> None:
    assert doubts([replace(entry, published=Moment(at, precision)) for entry in entries()]) == ["resolved"]


def test_short_texts_may_be_the_same() -> None:
    assert doubts([replace(entry, summary="Chongqing") for entry in entries()]) == ["resolved"]


def test_entries_of_one_address_are_one_entry() -> None:
    assert doubts([replace(entry, title="Live", url="https://one.example/") for entry in entries()]) == ["resolved"]


def test_one_text_on_all_article_pages_is_reported() -> None:
    read = tuple(Page(Article("", f"Title {number}", "Subscribe to read this article.")) for number in range(MIN_ALIKE))
    (message,) = doubts(entries(), pages=Pages(read))
    assert message.startswith('all 5 article pages have the text "Subscribe')
    assert doubts(entries(), pages=Pages(read[1:])) == ["resolved"]


@pytest.mark.parametrize(
    ("before", "after", "header"),
    [
        (TAG, TAG, "ETag"),
        (TAG, Validators(b'"2"', TAG.last_modified), ""),
        (replace(TAG, etag=None), replace(TAG, etag=None), "Last-Modified"),
        (replace(TAG, etag=None), Validators(None, b"Sat, 21 Nov 2026 01:00:00 GMT"), ""),
        (replace(TAG, etag=None), TAG, ""),
        (Validators(), Validators(), ""),
    ],
)
def test_new_entries_with_the_same_validator_show_that_it_says_nothing(
    before: Validators, after: Validators, header: str
) -> None:
    found = doubts(entries(), state=replace(UNMODIFIED, validators=before), validators=after)
    messages = [message for message in found if message != "resolved"]
    said = 'the server said "not modified" since 2026-11-21 07:00, but has 1 new entry'
    assert messages == ([f"{said}: its {header} is the same as before"] if header else [])


def test_a_server_that_ignores_validators_and_a_list_without_news_are_no_fault() -> None:
    assert doubts(entries(), state=STATE) == ["resolved"]
    assert doubts(entries(), state=UNMODIFIED, new=0) == ["resolved"]


def test_what_was_not_read_shows_nothing() -> None:
    context = PollContext(SOURCE, UNMODIFIED, NOON, SOURCE)
    assert after_doubts(context, Unchanged("not_modified", TAG), Pages(), 0) == ()


@pytest.mark.parametrize(
    ("polled", "succeeded", "unconditional"),
    [
        (NOON - DAY, NOON - DAY, True),
        (NOON - dt.timedelta(minutes=1), NOON - dt.timedelta(minutes=1), False),
        (NOON - dt.timedelta(minutes=1), NOON - 3 * DAY, False),  # the request of today failed
        (NOON - DAY, None, False),  # it never answered: there are no validators
    ],
)
def test_a_day_has_one_request_without_validators_also_if_that_fails(
    polled: dt.datetime, succeeded: dt.datetime | None, *, unconditional: bool
) -> None:
    source = replace(SOURCE, name="feed")  # its day does not begin at noon
    state = replace(STATE, last_polled_at=polled, last_success_at=succeeded)
    assert PollContext(source, state, NOON, source).is_unconditional is unconditional


def test_each_resolution_has_a_reason() -> None:
    snapshot = Snapshot(Reading("feed", tuple(entries())), TAG)
    (change,) = after_doubts(PollContext(SOURCE, STATE, NOON, SOURCE), snapshot, Pages(), 1)
    assert isinstance(change, ResolveNotice)
    assert change.reason
