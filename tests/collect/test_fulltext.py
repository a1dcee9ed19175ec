"""The article of an entry and its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from monitor.articles import article_of
from monitor.collect.fulltext import WAITS, Page, PageReader, completed
from monitor.errors import ReaderFailed
from monitor.fetch import Answer, Fetched, FetchError, NotModified
from monitor.model import PLAIN, Article, Entry, Moment, Request, Source, Validators

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
DAY = Moment(dt.datetime(2026, 11, 20, tzinfo=dt.UTC), "day")
MINUTE = Moment(dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC), "minute")
OTHER = Moment(dt.datetime(2026, 11, 3, 8, 30, tzinfo=dt.UTC), "minute")
URL = "https://a.example/1"


def joined(entry: Entry, page: Article) -> Article:
    return completed(entry, article_of(entry), page)


@pytest.mark.parametrize(
    ("listed", "on_page", "by", "taken"),
    [
        (DAY, OTHER, "JSON-LD datePublished", OTHER),
        (MINUTE, DAY, "meta date", MINUTE),
        (DAY, MINUTE, "meta date", MINUTE),
        (DAY, OTHER, "a date on the page", DAY),
        (None, OTHER, "a date on the page", OTHER),
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

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = PLAIN) -> Answer:
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


def reader(answer: Answer, reason: str = "", *, full_text: bool = True) -> PageReader:
    return PageReader(Door(answer), Children(reason), Source("s", URL, "feed", full_text=full_text), NOW)


@pytest.mark.parametrize("tries", range(len(WAITS) + 1))
def test_each_try_waits_longer_and_the_last_is_the_last(tries: int) -> None:
    page = reader(FetchError("connect", "no")).read(URL, tries)
    assert page.tries == tries + 1
    assert page.due == (NOW + WAITS[tries] if tries < len(WAITS) else None)


@pytest.mark.parametrize("answer", [FetchError("stopped", "stopped"), fetched()])
def test_after_a_stop_no_page_is_asked_for(answer: Answer) -> None:
    pages = reader(answer, "stopped")
    assert pages.read(URL).stopped
    assert pages.stopped
    assert pages.read(URL) == Page()
    assert pages.complaints == ()


def test_a_reader_that_fails_is_a_page_to_try_again() -> None:
    pages = reader(fetched(), "took longer than 20 s")
    assert pages.read(URL).due is not None
    assert pages.complaints == ("1 article pages could not be read (reading it took longer than 20 s)",)


def test_a_page_without_text_is_to_be_tried_again() -> None:
    assert "no text" in reader(fetched(b"<html><body></body></html>")).read(URL).reason


def test_an_answer_to_a_question_not_asked_is_none() -> None:
    assert "was not asked" in reader(NotModified(304, Validators(), 0.0)).read(URL).reason


@pytest.mark.parametrize(("url", "full_text"), [("", True), (URL, False)])
def test_there_may_be_no_page(url: str, full_text: bool) -> None:
    pages = reader(FetchError("connect", "no"), full_text=full_text)
    assert pages.read(url) == Page()
    assert bool(pages.room) is full_text


def test_a_page_is_asked_for_as_its_source_is() -> None:
    door = Door(FetchError("connect", "no"))
    asked = Request(method="POST", body=b"{}", headers=(("Content-Type", "a/b"), ("Cookie", "c=1")), tls="legacy")
    source = Source("s", "https://a.example/api", "api", full_text=True, request=asked)
    PageReader(door, Children(), source, NOW).read(URL)
    assert door.asked == [Request(headers=(("Cookie", "c=1"),), tls="legacy", home="https://a.example/api")]
