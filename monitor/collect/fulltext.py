"""The pages behind entries: what a source lists of an article, completed by the article's own page.

A page that cannot be read keeps nothing up: the article is what its source lists of it, and its page is tried again
with a later poll of the source, at ever longer intervals, a few times. An article that goes on on further pages is
joined; when one of these cannot be read, the article is what could be read, and all its pages are tried again later.
Pages are fetched before the transaction of the poll; what is to be tried again is recorded in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, Protocol

from monitor.articles import article_of
from monitor.articles.joining import joined
from monitor.articles.paging import page_of
from monitor.collect.conceal import conceal_page
from monitor.collect.reading import Document, Readers, read_article
from monitor.errors import ReaderFailed
from monitor.fetch import Answer, Fetched, FetchError
from monitor.model import PLAIN, Article, Entry, Request, Source, Validators
from monitor.sandbox import STOPPED

ACCEPT: Final = "text/html, application/xhtml+xml, */*;q=0.5"
MOST_PAGES: Final = 40
"""Pages that one poll of a source fetches. The next polls go on with the rest."""

MOST_OF_ONE: Final = 10
"""Pages of one article that are joined."""

WAITS: Final = tuple(dt.timedelta(hours=hours) for hours in (1, 3, 12, 24, 48))
"""How long a page that could not be read is left alone, by the number of tries before."""

_GUESSED: Final = "a date on the page"


class Gate(Protocol):
    """What reading pages needs of the outbound gate."""

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = PLAIN) -> Answer:
        """Fetch `url` as `request` says, conditionally where there are validators."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """How reading a page went: its article; else why there is none, and when to try again (None: never).

    An article with a reason is one whose further pages could not be read. `at` is the address that gave the page.
    """

    article: Article | None = None
    reason: str = ""
    due: dt.datetime | None = None
    tries: int = 0
    stopped: bool = False
    at: str = ""


UNASKED: Final = Page()
"""The page of an entry whose source asks for none, or that has none."""

_LATER: Final = "its turn comes with a later poll"


@dataclass(slots=True)
class PageReader:
    """Reads the pages of one poll of `source`. `stopped` becomes true when the program is about to end.

    `failures` counts the articles in a row whose pages could not be read, over all polls so far; `last_failed` is the
    address of the last one.
    """

    gate: Gate
    readers: Readers
    source: Source
    now: dt.datetime
    stopped: bool = False
    unread: int = 0
    given_up: int = 0
    why: str = ""
    failures: int = 0
    last_failed: str = ""
    any_read: bool = False
    _asked: int = 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """What the poll is to say of the pages that could not be read."""
        if not self.unread:
            return ()
        ended = f"; {self.given_up} of them will not be tried again" if self.given_up else ""
        return (f"{self.unread} article pages could not be read ({self.why}){ended}",)

    @property
    def room(self) -> int:
        """How many more pages this poll may fetch."""
        return MOST_PAGES - self._asked if self.source.full_text else 0

    def read(self, url: str, tries: int = 0) -> Page:
        """The article at `url`, with its further pages. It was tried `tries` times before."""
        if not self.source.full_text or not url or self.stopped:
            return UNASKED
        if not self.room:
            return Page(reason=_LATER, due=self.now, tries=tries)
        page = self._whole(url)
        self.stopped = page.stopped
        if page.stopped:
            return page
        if page.article is not None:
            self.failures, self.any_read = 0, True
            page = replace(page, article=conceal_page(page.article, self.source))
        if page.reason == _LATER:
            return replace(page, due=self.now, tries=tries)
        return self._failed(url, page, tries) if page.reason else page

    def _failed(self, url: str, page: Page, tries: int) -> Page:
        due = self.now + WAITS[tries] if tries < len(WAITS) else None
        self.unread += 1
        self.given_up += due is None
        self.why = page.reason
        if page.article is None:
            self.failures += 1
            self.last_failed = url
        return replace(page, due=due, tries=tries + 1)

    def _whole(self, url: str) -> Page:
        """The article at `url`, joined from its pages."""
        first = self._page(url)
        if first.article is None:
            return first
        article, seen = first.article, {first.at}
        while (following := article.next_url) and len(seen) < MOST_OF_ONE:
            if following in seen or not page_of(first.at, following):
                break
            if not self.room:
                return Page(article, _LATER)
            seen.add(following)
            further = self._page(following)
            if further.article is None:
                reason = f"page {len(seen)} of it: {further.reason}"
                return Page(article if article.text else None, reason, stopped=further.stopped)
            whole = joined(article, further.article)
            if whole is None:
                break
            article = whole
        if article.text or article.attachments:
            return Page(article)
        return Page(reason="; ".join(article.problems) or "there is no text on it")

    def _page(self, url: str) -> Page:
        self._asked += 1
        request = self.source.request.for_page(self.source.url)
        answer = self.gate.get(url, validators=Validators(), accept=ACCEPT, request=request)
        match answer:
            case Fetched():
                return self._extracted(answer)
            case FetchError():
                return Page(reason=answer.reason, stopped=answer.kind == "stopped")
            case _:
                return Page(reason="the server says that nothing changed, though it was not asked for changes")

    def _extracted(self, answer: Fetched) -> Page:
        document = Document(answer.body, answer.url, answer.content_type)
        try:
            article = read_article(document, self.source, self.readers, self.now)
        except ReaderFailed as error:
            return Page(reason=f"reading it {error.reason}", stopped=error.reason == STOPPED)
        return Page(article, at=answer.url)


def completed(entry: Entry, listed: Article, page: Article) -> Article:
    """The article of `entry`: its page's words, with what only the list says.

    A summary that says something else than the page stays before the text: a rule may ask for just that. The page's
    date counts, unless it is a guess, or the list names the same day more exactly. The address stays the entry's, by
    which the article is known.
    """
    text = article_of(replace(entry, content=page.text)).text if page.text else listed.text
    title = page.title if cut(listed.title) else ""
    return replace(
        page,
        url=listed.url or page.url,
        title=title or listed.title,
        text=text,
        published=_moment(listed, page).published,
        dated_by=_moment(listed, page).dated_by,
        language=page.language or listed.language,
        site=page.site or listed.site,
        authors=page.authors or listed.authors,
    )


def cut(title: str) -> bool:
    """Whether a list gives only the beginning of a title, or none at all."""
    return not title or uncut(title) != title.rstrip()


def uncut(title: str) -> str:
    """What there is of a title that ends in an ellipsis."""
    title = title.rstrip()
    return title.removesuffix("…").removesuffix("...").rstrip()


def _moment(listed: Article, page: Article) -> Article:
    """Which of the two says when the article was published."""
    if page.published is None or listed.published is None:
        return page if page.published else replace(listed, dated_by="its source's list" if listed.published else "")
    exact = {"minute", "second"}
    same_day = page.published.at.date() == listed.published.at.date()
    finer = listed.published.precision in exact and page.published.precision not in exact
    listing = replace(listed, dated_by="its source's list")
    return listing if page.dated_by == _GUESSED or (same_day and finer) else page
