"""Which entries of a snapshot are new or changed, and which are no news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from monitor.collect.diff import MAX_PAGES, ChangedEntry, RecordedState, article_of, diff_entries, read_recorded_state
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.model import (
    Activity,
    Article,
    Endpoint,
    Entry,
    KnownEntry,
    Moment,
    PageRetry,
    Publication,
    Reading,
    SitemapState,
    Source,
    SourceState,
    Validators,
)
from monitor.model.articles import Precision
from monitor.model.feeds import FeedSlices
from monitor.model.suppressed import (
    DATED_BEFORE_KNOWN,
    FIRST_POLL_OLD,
    FIRST_POLL_UNDATED,
    KNOWN_TITLE,
    LISTED_BEHIND_KNOWN,
    OLD_SITEMAP_OLD,
    OLD_SITEMAP_UNDATED,
)
from monitor.stories import content_hash

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SOURCE = Source("one", "https://one.example/feed", "feed")
PAGED = replace(SOURCE, full_text=True)
POLLED = SourceState(7, "one", SOURCE.url, last_success_at=NOON - DAY, last_new_at=NOON - DAY, activity=Activity())
NEVER = SourceState(7, "one", SOURCE.url, added_at=NOON)
OLD = Article("https://one.example/p/1", "Web3 first", "Words.")


def says(entry: Entry) -> str:
    return content_hash(entry.title, entry.url, f"{entry.summary}\x00{entry.content}")


def changed(
    entry: Entry,
    *,
    old: Article | None = None,
    state: SourceState = POLLED,
    source: Source = SOURCE,
    suppressed: Mapping[str, str] | None = None,
) -> ChangedEntry:
    """Return what one entry is taken for; with `old`, it is recorded, and said something else."""
    known = {entry.key: KnownEntry(entry.key, "before", 5)} if old else {}
    before = RecordedState(known, (says(entry),), {5: old} if old else {})
    snapshot = Snapshot(Reading("feed", (entry,)), Validators(), suppressed=suppressed or {})
    (change,) = diff_entries(PollContext(source, state, NOON, source), snapshot, before)
    return change


def test_what_is_recorded_as_it_is_is_no_change() -> None:
    entry = Entry("1", "Web3 first", "https://one.example/p/1", summary="Words.")
    before = RecordedState({"1": KnownEntry("1", says(entry), 5)}, (says(entry),))
    snapshot = Snapshot(Reading("feed", (entry,)), Validators())
    assert diff_entries(PollContext(SOURCE, POLLED, NOON, SOURCE), snapshot, before) == ()


def test_an_entry_of_a_key_that_is_not_recorded_is_new() -> None:
    change = changed(Entry("1", "Web3 fund", "https://one.example/p/1"))
    assert (change.known, change.old, change.suppressed_reason, change.decision.kind) == (None, None, None, "new")
    assert change.listed.title == "Web3 fund"


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Web3 first, with a fund", "https://one.example/p/1"),
        ("WEB3  first", "https://one.example/moved"),
        ("Web3 fund", ""),
    ],
    ids=["another title", "another address", "no address"],
)
def test_one_of_title_and_address_changed_is_a_revision(title: str, url: str) -> None:
    old = Article(url, OLD.title, OLD.text) if not url else OLD
    change = changed(Entry("1", title, url, summary="Other words."), old=old)
    assert (change.decision.kind, change.old) == ("changed", old)
    assert change.known is not None


def test_a_key_that_leads_to_another_title_and_address_is_a_new_entry() -> None:
    change = changed(Entry("1", "Web3 second", "https://one.example/p/2"), old=OLD)
    assert (change.decision.kind, change.known, change.old) == ("re-keyed", None, None)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Web3 first …", "changed"),
        ("Web3 fi...", "changed"),
        ("Web3 second …", "re-keyed"),
        ("…", "re-keyed"),
        ("", "re-keyed"),
    ],
)
def test_a_title_that_the_list_cuts_is_no_other_than_the_page_completed(title: str, kind: str) -> None:
    entry = Entry("1", title, "https://one.example/moved")
    assert changed(entry, old=OLD, source=PAGED).decision.kind == kind
    assert changed(entry, old=OLD).decision.kind == "re-keyed", "without pages nothing completes a title"


@pytest.mark.parametrize(
    ("age", "precision", "why"),
    [
        (2 * DAY, "second", None),
        (3.5 * DAY, "second", FIRST_POLL_OLD),
        (3.5 * DAY, "day", None),
        (9 * DAY, "month", None),
        (None, "second", FIRST_POLL_UNDATED),
    ],
)
def test_a_first_poll_holds_back_what_is_older_than_the_backfill(
    age: dt.timedelta | None, precision: Precision, why: str | None
) -> None:
    moment = None if age is None else Moment(NOON - age, precision)
    entry = Entry("1", "Web3", "https://one.example/p/1", published=moment)
    change = changed(entry, state=NEVER)
    assert change.suppressed_reason == why
    assert (why or "not recorded") in change.decision.reason
    assert changed(entry).suppressed_reason is None


def test_the_backfill_counts_back_from_when_the_source_was_first_asked_for() -> None:
    entry = Entry("1", "Web3", "https://one.example/p/1", published=Moment(NOON - 5 * DAY, "second"))
    assert changed(entry, state=replace(NEVER, added_at=NOON - 3 * DAY)).suppressed_reason is None
    assert changed(entry, state=NEVER).suppressed_reason == FIRST_POLL_OLD


def test_no_backfill_holds_everything_back() -> None:
    entry = Entry("1", "Web3", "https://one.example/p/1", published=Moment(NOON, "second"))
    none = replace(SOURCE, backfill=dt.timedelta())
    assert changed(entry, state=NEVER, source=none).suppressed_reason == FIRST_POLL_OLD


@pytest.mark.parametrize(
    "why", [LISTED_BEHIND_KNOWN, DATED_BEFORE_KNOWN, KNOWN_TITLE, OLD_SITEMAP_OLD, OLD_SITEMAP_UNDATED]
)
@pytest.mark.parametrize("state", [POLLED, NEVER])
def test_what_the_retriever_takes_for_old_is_not_sent_for_that_reason(why: str, state: SourceState) -> None:
    change = changed(Entry("1", "Web3", "https://one.example/p/1"), state=state, suppressed={"1": why})
    assert change.suppressed_reason == why
    assert why in change.decision.reason


@pytest.mark.parametrize(("overlap", "suppressed"), [(False, FIRST_POLL_OLD), (True, None)])
def test_what_another_endpoint_lists_is_baseline_unless_something_of_it_is_known(
    *, overlap: bool, suppressed: str | None
) -> None:
    entry = Entry("1", "Web3", "https://one.example/p/1", published=Moment(NOON - 9 * DAY, "second"))
    other = Entry("2", "Other", "https://one.example/p/2")
    configured = replace(SOURCE, kind="")
    context = PollContext(configured, POLLED, NOON, configured).with_endpoint(Endpoint("feed", "", "", NOON), "404")
    before = RecordedState({"2": KnownEntry("2", says(other), 5)} if overlap else {}, (says(entry), says(other)))
    snapshot = Snapshot(Reading("feed", (entry, other)), Validators())
    assert diff_entries(context, snapshot, before)[0].suppressed_reason == suppressed


@pytest.mark.parametrize("outcome", [Failure("no answer"), Unchanged("same_body", Validators())])
def test_without_a_snapshot_there_is_nothing_to_compare(outcome: Failure | Unchanged) -> None:
    assert diff_entries(PollContext(SOURCE, POLLED, NOON, SOURCE), outcome, RecordedState()) == ()


class Memory:
    """A store with one recorded entry, one page that is due, and 9 entries at the last answer."""

    entry = Entry("1", "Web3 first", "https://one.example/p/1", summary="Words.")
    late = PageRetry(KnownEntry("2", "x", 6), "Late", "https://one.example/p/2", 1)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def known_entries(self, source_id: int, keys: Collection[str]) -> Mapping[str, KnownEntry]:
        self.asked.append("entries")
        return {key: KnownEntry(key, says(self.entry), 5) for key in keys if key == "1"}

    def articles(self, ids: Collection[int]) -> Mapping[int, Article]:
        return dict.fromkeys(ids, OLD)

    def page_retries(self, source_id: int, now: dt.datetime, limit: int) -> tuple[PageRetry, ...]:
        assert (source_id, now, limit) == (7, NOON, MAX_PAGES)
        self.asked.append("pages")
        return (self.late,)

    def last_entry_count(self, source_id: int) -> int:
        self.asked.append("last")
        return 9

    def max_new_entries(self, source_id: int) -> int:
        raise AssertionError

    def publications(self, source_id: int, limit: int) -> list[Publication]:
        raise AssertionError

    def suppressed_articles(self, source_id: int, reason: str) -> frozenset[int]:
        raise AssertionError

    def last_entries(self, source_id: int, limit: int) -> list[tuple[str, str]]:
        raise AssertionError

    def last_titles(self, source_id: int, limit: int) -> list[tuple[str, str, KnownEntry]]:
        raise AssertionError

    def last_dates(self, source_id: int, limit: int) -> list[tuple[int, dt.datetime | None]]:
        raise AssertionError

    def feed_slices(self, source_id: int) -> FeedSlices | None:
        raise AssertionError

    def sitemaps(self, source_id: int) -> Mapping[str, SitemapState]:
        raise AssertionError

    def source_state(self, name: str) -> SourceState:
        raise AssertionError


@pytest.mark.parametrize(
    ("entries", "asked", "archive"),
    [
        ((Memory.entry,), ["entries", "pages"], {6}),
        ((replace(Memory.entry, title="Web3 second"),), ["entries", "pages"], {5, 6}),
        ((), ["pages", "last"], {6}),
    ],
    ids=["as it is", "changed", "nothing listed"],
)
def test_the_store_is_asked_once_for_what_matters(
    entries: tuple[Entry, ...], asked: list[str], archive: set[int]
) -> None:
    memory = Memory()
    before = read_recorded_state(
        PollContext(PAGED, POLLED, NOON, PAGED), Snapshot(Reading("feed", entries), Validators()), memory
    )
    assert memory.asked == asked
    assert set(before.archive) == archive
    assert before.last_entry_count == (0 if entries else 9)


def test_after_a_failure_nothing_is_asked_for() -> None:
    memory = Memory()
    assert read_recorded_state(PollContext(PAGED, POLLED, NOON, PAGED), Failure("no answer"), memory) == RecordedState()
    assert memory.asked == []


def test_pages_that_are_due_are_asked_for_when_nothing_was_modified() -> None:
    before = read_recorded_state(
        PollContext(PAGED, POLLED, NOON, PAGED), Unchanged("not_modified", Validators()), Memory()
    )
    assert before.retries == (Memory.late,)


# --- an article as it is listed

DATED = Moment(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC), "minute")


@pytest.mark.parametrize(
    ("summary", "content", "text"),
    [
        ("Short.", "", "Short."),
        ("", "Long.", "Long."),
        ("", "", ""),
        ("The fund opens …", "The fund opens on Friday.", "The fund opens on Friday."),
        ("By our staff", "The fund opens.", "By our staff\n\nThe fund opens."),
    ],
    ids=["only a summary", "only content", "neither", "a cut of the content", "something of its own"],
)
def test_nothing_that_a_rule_may_ask_for_is_dropped(summary: str, content: str, text: str) -> None:
    assert article_of(Entry("k", "T", "https://a.example/1", summary=summary, content=content)).text == text


def test_the_source_speaks_where_the_entry_does_not() -> None:
    article = article_of(
        Entry("k", "T", "https://a.example/1", updated=DATED, author="Li"), site="Gazette", language="zh"
    )
    assert (article.published, article.site, article.language, article.authors) == (DATED, "Gazette", "zh", ("Li",))


def test_the_entrys_own_language_wins() -> None:
    assert article_of(Entry("k", "T", "", language="en"), language="zh").language == "en"


@pytest.mark.parametrize(
    ("titles", "addresses", "kind"),
    [
        (("R&D; labs",), ("https://one.example/?a=1&b;=2",), "changed"),
        (("R&D; labs",), (), "changed"),
        ((), ("https://one.example/?a=1&b;=2",), "changed"),
        ((), (), "re-keyed"),
        (("R&C; labs",), ("https://one.example/?a=1&c;=2",), "re-keyed"),
    ],
)
def test_what_an_earlier_version_read_otherwise_is_no_other_article(
    titles: tuple[str, ...], addresses: tuple[str, ...], kind: str
) -> None:
    entry = Entry("1", "R&D labs", "https://one.example/?a=1&b=2", has_guid=True)
    entry = replace(entry, former_titles=titles, former_addresses=addresses)
    old = Article("https://one.example/?a=1&b;=2", "R&D; labs", "Words.")
    assert changed(entry, old=old).decision.kind == kind


def test_the_only_notice_at_an_address_whose_title_was_read_otherwise_is_the_same() -> None:
    entry = replace(Entry(OLD.url, "Web3 <b>first", OLD.url, summary="More words."), former_titles=(OLD.title,))
    assert changed(entry, old=OLD).decision.kind == "changed"
    assert changed(replace(entry, former_titles=()), old=OLD).decision.kind == "re-keyed"
