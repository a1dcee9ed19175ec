"""The article of an entry and its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from monitor.collect.articles import NO_PAGE, RETRY_DELAYS, PageReader, Pages, merge_page, read_pages
from monitor.collect.diff import MAX_PAGES, ChangedEntry, RecordedState, article_of
from monitor.collect.locate import PollContext
from monitor.errors import ReaderFailed, Stopped
from monitor.fetch import Answer, Fetched, FetchError, NotModified
from monitor.model import (
    DEFAULT_REQUEST,
    Article,
    Decision,
    Entry,
    KnownEntry,
    Moment,
    PageRetry,
    Request,
    Source,
    SourceState,
    Validators,
)
from monitor.model.suppressed import FIRST_POLL_OLD

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
DAY = Moment(dt.datetime(2026, 11, 20, tzinfo=dt.UTC), "day")
MINUTE = Moment(dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC), "minute")
OTHER = Moment(dt.datetime(2026, 11, 3, 8, 30, tzinfo=dt.UTC), "minute")
URL = "https://a.example/1"
SOURCE = Source("s", URL, "feed", full_text=True)
TEXT = b"<p>The office opens its laboratory in spring and hires forty people for it.</p>" * 4


def joined(entry: Entry, page: Article) -> Article:
    return merge_page(entry, article_of(entry), page)


@pytest.mark.parametrize(
    ("listed", "on_page", "by", "taken"),
    [
        (DAY, OTHER, "JSON-LD datePublished", OTHER),
        (MINUTE, DAY, "meta date", MINUTE),
        (DAY, MINUTE, "meta date", MINUTE),
        (DAY, OTHER, "a date on the page", DAY),
        (None, OTHER, "a date on the page", OTHER),
        (DAY, OTHER, "its last change, the only date on the page", DAY),
        (DAY, None, "", DAY),
        (None, None, "", None),
    ],
)
def test_the_page_dates_the_article_unless_it_guesses_or_is_vaguer(
    listed: Moment | None, on_page: Moment | None, by: str, taken: Moment | None
) -> None:
    article = joined(Entry("k", "T", URL, listed), Article(URL, "T", "Text.", on_page, dated_by=by))
    assert article.published == taken
    assert article.dated_by == (by if taken is on_page and taken else "its source's list" if taken else "")


@pytest.mark.parametrize(
    ("listed", "on_page", "title"),
    [
        ("A title", "Another", "A title"),
        ("A title that is …", "A title that is cut", "A title that is cut"),
        ("A title that is...", "", "A title that is..."),
        ("", "Page", "Page"),
    ],
)
def test_a_title_that_the_list_cuts_is_the_pages(listed: str, on_page: str, title: str) -> None:
    assert joined(Entry("k", listed, URL), Article(URL, on_page, "Text.")).title == title


def test_the_address_stays_the_one_by_which_the_article_is_known() -> None:
    assert joined(Entry("k", "T", URL), Article("https://a.example/other", "T", "Text.")).url == URL


def test_a_document_keeps_the_words_of_the_list() -> None:
    page = Article(URL, "", "", attachments=(f"{URL}.pdf",))
    article = joined(Entry("k", "T", URL, summary="Said in the list."), page)
    assert article.text == "Said in the list."
    assert article.attachments == (f"{URL}.pdf",)


class Door:
    """A gate that gives one answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Request] = []

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        self.asked.append(request)
        return self.answer


class Children:
    """Readers that fail for one reason, or do the work here."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if self.reason:
            raise ReaderFailed(self.reason)
        return function(*args, **kwargs)


def fetched(body: bytes = b"<p>x") -> Fetched:
    return Fetched(URL, 200, body, "text/html", Validators())


def context_of(source: Source) -> PollContext:
    return PollContext(source, SourceState(7, source.name, source.url), NOW, source)


def reader(answer: Answer, reason: str = "") -> PageReader:
    return PageReader(context_of(SOURCE), Door(answer), Children(reason))


@pytest.mark.parametrize("tries", range(len(RETRY_DELAYS) + 1))
def test_each_try_waits_longer_and_the_last_is_the_last(tries: int) -> None:
    page = reader(FetchError("connect", "no")).read(URL, tries)
    assert page.tries == tries + 1
    assert page.due == (NOW + RETRY_DELAYS[tries] if tries < len(RETRY_DELAYS) else None)


def test_a_reader_that_fails_is_a_page_to_try_again() -> None:
    pages = reader(fetched(), "took longer than 20 s")
    assert pages.read(URL).due is not None
    assert pages.so_far.problems == ("1 article pages could not be read (reading it took longer than 20 s)",)


def test_a_page_without_text_must_be_tried_again() -> None:
    assert "no text" in reader(fetched(b"<html><body></body></html>")).read(URL).reason


def test_an_answer_to_a_question_not_asked_is_none() -> None:
    assert "had no conditions" in reader(NotModified(304, Validators(), 0.0)).read(URL).reason


def test_an_entry_without_an_address_has_no_page() -> None:
    pages = reader(FetchError("connect", "no"))
    assert pages.read("") == NO_PAGE
    assert pages.room == MAX_PAGES


def test_a_page_is_asked_for_as_its_source_is() -> None:
    door = Door(FetchError("connect", "no"))
    asked = Request(method="POST", body=b"{}", headers=(("Content-Type", "a/b"), ("Cookie", "c=1")), tls="legacy")
    source = Source("s", "https://a.example/api", "api", full_text=True, request=asked)
    PageReader(context_of(source), door, Children()).read(URL)
    assert door.asked == [Request(headers=(("Cookie", "c=1"),), tls="legacy", trusted_url="https://a.example/api")]


def test_an_article_that_begins_in_its_midst_is_not_followed() -> None:
    links = b"<a href=/s/4711>1</a><a href=/s/4711/3>Next page</a>"
    text = b"<p>The office opens its laboratory in spring and hires forty people for it.</p>" * 4
    answer = Fetched("https://a.example/s/4711/2", 200, b"<html><body>" + text + links, "text/html", Validators())
    pages = reader(answer)
    article = pages.read("https://a.example/s/4711/2").article
    assert article is not None
    assert article.next_url == "https://a.example/s/4711/3"
    assert pages.room == MAX_PAGES - 1


class Site:
    """A gate to a site where every address gives a text, but for those that fail; keeps what it was asked for."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.asked: list[str] = []

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        self.asked.append(url)
        if url in self.failing:
            return FetchError("http", "the server answers 403", 403)
        return Fetched(url, 200, b"<html><body>" + TEXT, "text/html", Validators())


def change(number: int, *, suppressed: str | None = None) -> ChangedEntry:
    entry = Entry(str(number), f"Title {number}", f"https://a.example/{number}")
    return ChangedEntry(entry, article_of(entry), "hash", Decision("new", ""), suppressed_reason=suppressed)


def late(number: int, article_id: int = 99) -> PageRetry:
    known = KnownEntry(str(number), "hash", article_id)
    return PageRetry(known, f"Title {number}", f"https://a.example/{number}", 1)


def read(
    site: Site, *changes: ChangedEntry, before: RecordedState | None = None, source: Source = SOURCE, failures: int = 0
) -> Pages:
    context = PollContext(source, SourceState(7, "s", URL, page_failures=failures), NOW, source)
    return read_pages(context, changes, before or RecordedState(), site, Children())


def test_each_changed_entry_has_its_page_in_order_and_what_is_suppressed_has_none() -> None:
    site = Site()
    pages = read(site, change(1), change(2, suppressed=FIRST_POLL_OLD), change(3))
    assert site.asked == ["https://a.example/1", "https://a.example/3"]
    assert [page.article is not None for page in pages.read] == [True, False, True]


def test_a_source_that_asks_for_no_pages_reads_none() -> None:
    site = Site()
    pages = read(site, change(1), before=RecordedState(retries=(late(9),)), source=replace(SOURCE, full_text=False))
    assert (site.asked, pages.read, pages.retried) == ([], (NO_PAGE,), ())


def test_pages_that_are_due_again_come_after_those_of_the_poll() -> None:
    site = Site()
    pages = read(site, change(1), before=RecordedState(retries=(late(9),)))
    assert site.asked == ["https://a.example/1", "https://a.example/9"]
    assert [(one.known.key, page.article is not None) for one, page in pages.retried] == [("9", True)]


def test_a_page_is_not_tried_again_for_an_article_that_is_listed_otherwise_now() -> None:
    known = {"1": KnownEntry("1", "before", 99)}
    assert read(Site(), change(1), before=RecordedState(known, retries=(late(9),))).retried == ()


def test_there_is_room_for_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.collect.articles.MAX_PAGES", 2)
    site = Site()
    pages = read(site, change(1), change(2), change(3), before=RecordedState(retries=(late(9),)))
    assert len(site.asked) == 2
    assert (pages.read[2].due, pages.read[2].tries, pages.retried) == (NOW, 0, ())
    assert (pages.unread, pages.failures) == (0, 0), "what waits its turn has not failed"


@pytest.mark.parametrize(
    ("failing", "failures", "last"),
    [((1, 2), 5, 2), ((1,), 0, 1), ((2,), 1, 2), ((), 0, None)],
)
def test_failures_are_counted_in_a_row_over_all_polls(
    failing: tuple[int, ...], failures: int, last: int | None
) -> None:
    site = Site(*(f"https://a.example/{number}" for number in failing))
    pages = read(site, change(1), change(2), failures=3)
    assert (pages.failures, pages.unread) == (failures, len(failing))
    assert pages.last_failed == (f"https://a.example/{last}" if last else "")


def test_a_page_shows_none_of_the_secrets_that_it_was_asked_with() -> None:
    asked = Request(headers=(("Cookie", "CANARY=1"),), secrets=("CANARY",))

    class Echo(Site):
        def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
            return Fetched(url, 200, b"<html><body><p>CANARY</p>" + TEXT, "text/html", Validators())

    (page,) = read(Echo(), change(1), source=replace(SOURCE, request=asked)).read
    assert page.article is not None
    assert "laboratory" in page.article.text
    assert "CANARY" not in repr(page)


def test_the_end_of_the_program_is_no_failure_of_a_page() -> None:
    class Aborted(Site):
        def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
            raise Stopped

    with pytest.raises(Stopped):
        read(Aborted(), change(1))


def test_pages_of_a_host_that_rests_wait_without_counting_as_attempts() -> None:
    pause = dt.timedelta(minutes=10)
    pages = reader(FetchError("resting", "not requested", retry_after=pause))
    for _ in range(MAX_PAGES + 1):
        page = pages.read(URL, tries=len(RETRY_DELAYS))
        assert (page.due, page.tries) == (NOW + pause, len(RETRY_DELAYS))
    assert (pages.room, pages.so_far.failures, pages.so_far.unread) == (MAX_PAGES, 0, 0)
    assert pages.so_far.problems == (f"{MAX_PAGES + 1} article pages wait: its server asked for a pause",)
