"""Read the pages of articles, which complete what a source lists.

A page that cannot be read delays nothing. Its article then consists of what the source lists, and later polls of the
source try the page again a few times, at longer and longer intervals. The pages of a long article are joined. If one of
them cannot be read, the article has the text of the others, and all its pages are tried again later. Pages are fetched
before anything is decided. Pages that must be tried again are recorded with the poll.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.articles.joining import append_page
from monitor.articles.paging import is_page_of
from monitor.collect.diff import MAX_PAGES, ChangedEntry, RecordedState, article_of, is_cut
from monitor.collect.documents import read_article
from monitor.collect.locate import PollContext
from monitor.collect.ports import Gate, Readers
from monitor.collect.redact import redact_message
from monitor.errors import ReaderFailed
from monitor.fetch import UNASKED_NOT_MODIFIED, Answer, Fetched, FetchError
from monitor.model import Article, Entry, PageRetry, Validators
from monitor.model.articles import GUESSED_DATE_SOURCES

ACCEPT: Final = "text/html, application/xhtml+xml, */*;q=0.5"

MAX_ARTICLE_PAGES: Final = 10
"""Maximum number of pages of one article that are joined."""

RETRY_DELAYS: Final = tuple(dt.timedelta(hours=hours) for hours in (1, 3, 12, 24, 48))
"""The waits before a page that could not be read is tried again: after the first attempt, after the second …"""

HOST_RESTS: Final = "its server asked for a pause"
"""Why a page was not requested. This counts neither as an attempt nor as a failure."""

_NEXT_POLL: Final = "its turn comes with a later poll"


@dataclass(frozen=True, slots=True)
class Page:
    """The result of reading a page: its article, or the reason why there is no article.

    `due` is when to try again (None: never). An article with a reason is incomplete. If it is tried again, further
    pages could not be read; otherwise its text was too long and was shortened.
    """

    article: Article | None = None
    reason: str = ""
    due: dt.datetime | None = None
    tries: int = 0


NO_PAGE: Final = Page()
"""The result for an entry whose page is not read, for example because the source has no `full_text`."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The results of reading article pages in one poll.

    `read` has a result for each changed entry, in their order; `retried` has the results of pages that were tried
    again. `failures` is the number of articles in a row whose pages could not be read, also in earlier polls.
    `last_failed` is the address of the last failure in this poll ("": no failure), and `why` its reason. `unread` is
    the number of articles in this poll whose pages could not be read; `given_up` of them are not tried again.
    `shortened` is the number of articles whose text was shortened. `shortened_why` has the address of the last of
    them, and says what was shortened. `resting` is the number of articles whose pages were not requested, because their
    server asked for a pause.
    """

    read: tuple[Page, ...] = ()
    retried: tuple[tuple[PageRetry, Page], ...] = ()
    failures: int = 0
    last_failed: str = ""
    why: str = ""
    unread: int = 0
    given_up: int = 0
    shortened: int = 0
    shortened_why: str = ""
    resting: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """The poll's messages about pages that could not be read, or were read only in part."""
        waiting = (f"{self.resting} article pages wait: {HOST_RESTS}",) if self.resting else ()
        return (*self._unread, *waiting, *self.too_long)

    @property
    def _unread(self) -> tuple[str, ...]:
        """The poll's message about pages that could not be read."""
        if not self.unread:
            return ()
        not_retried = f"; {self.given_up} of them will not be tried again" if self.given_up else ""
        return (f"{self.unread} article pages could not be read ({self.why}){not_retried}",)

    @property
    def too_long(self) -> tuple[str, ...]:
        """The poll's message about articles whose text was shortened."""
        if not self.shortened:
            return ()
        number = "1 article is" if self.shortened == 1 else f"{self.shortened} articles are"
        return (f"{number} longer than what is kept ({self.shortened_why})",)


def read_pages(
    context: PollContext,
    changes: Sequence[ChangedEntry],
    before: RecordedState,
    gate: Gate,
    readers: Readers,
) -> Pages:
    """Read the article pages of `changes`, and then pages that must be tried again, up to `MAX_PAGES` in all.

    A page is tried only once in a poll, even if its entry has changed, too. Raises Stopped.
    """
    so_far = Pages(failures=context.state.page_failures)
    if not context.source.full_text:
        return replace(so_far, read=(NO_PAGE,) * len(changes))
    reader = PageReader(context, gate, readers, so_far)
    read = [NO_PAGE if one.suppressed_reason else reader.read(one.entry.url) for one in changes]
    recorded = [before.known.get(one.entry.key) for one in changes]
    changed_articles = {known.article_id for known in recorded if known is not None}
    waiting = before.retries[: reader.room]
    retried = [
        (one, reader.read(one.url, one.tries)) for one in waiting if one.known.article_id not in changed_articles
    ]
    return replace(reader.so_far, read=tuple(read), retried=tuple(retried))


@dataclass(slots=True)
class PageReader:
    """Reads the article pages of one poll, and counts the results in `so_far`.

    `answers` are answers that were already fetched, by address.
    """

    context: PollContext
    gate: Gate
    readers: Readers
    so_far: Pages = Pages()
    answers: dict[str, Answer] = field(default_factory=dict)
    _requested: int = 0
    _rest: dt.timedelta = dt.timedelta()

    @property
    def room(self) -> int:
        """The number of pages that this poll may still fetch."""
        return MAX_PAGES - self._requested

    def read(self, url: str, tries: int = 0) -> Page:
        """Return the article at `url`, with its further pages. `tries` is the number of earlier attempts."""
        if not url:
            return NO_PAGE
        page = self._read_pages(url) if self.room else Page(reason=_NEXT_POLL)
        if page.article is not None:
            self.so_far = replace(self.so_far, failures=0)
        if page.reason == _NEXT_POLL:
            return replace(page, due=self.context.now, tries=tries)
        if page.reason == HOST_RESTS:
            self.so_far = replace(self.so_far, resting=self.so_far.resting + 1)
            return replace(page, due=self.context.now + self._rest, tries=tries)
        if page.reason:
            return self._count_failure(url, page, tries)
        if page.article is not None and page.article.shortened:
            why, number = f"{url}: {page.article.shortened}", self.so_far.shortened + 1
            self.so_far = replace(self.so_far, shortened=number, shortened_why=why)
            return replace(page, reason=page.article.shortened)
        return page

    def _count_failure(self, url: str, page: Page, tries: int) -> Page:
        due = self.context.now + RETRY_DELAYS[tries] if tries < len(RETRY_DELAYS) else None
        before = self.so_far
        self.so_far = replace(
            before,
            why=page.reason,
            unread=before.unread + 1,
            given_up=before.given_up + (due is None),
            failures=before.failures + (page.article is None),
            last_failed=url if page.article is None else before.last_failed,
        )
        return replace(page, due=due, tries=tries + 1)

    def _read_pages(self, url: str) -> Page:
        """Return the article at `url`, joined from all its pages."""
        first = self._read_page(url)
        if isinstance(first, str):
            return Page(reason=first)
        article, begins_at = first
        seen = {begins_at}
        while (next_address := article.next_url) and len(seen) < MAX_ARTICLE_PAGES:
            if next_address in seen or not is_page_of(begins_at, next_address):
                break
            if not self.room:
                return Page(article, _NEXT_POLL)
            seen.add(next_address)
            next_page = self._read_page(next_address)
            if next_page == HOST_RESTS:
                return Page(article if article.text else None, HOST_RESTS)
            if isinstance(next_page, str):
                return Page(article if article.text else None, f"page {len(seen)} of it: {next_page}")
            joined = append_page(article, next_page[0])
            if joined is None:
                break
            article = joined
        if (
            len(seen) == MAX_ARTICLE_PAGES
            and next_address
            and next_address not in seen
            and is_page_of(begins_at, next_address)
        ):
            article = replace(article, shortened=f"only the first {MAX_ARTICLE_PAGES} of its pages were read")
        if article.text or article.attachments:
            return Page(article)
        return Page(reason="; ".join(article.problems) or "there is no text on it")

    def _read_page(self, url: str) -> tuple[Article, str] | str:
        """Return the article on one page, and the address that answered; or the reason why it cannot be read."""
        source = self.context.source
        request = source.request.for_page(source.url)
        answer = self.answers.get(url) or self.gate.get(url, validators=Validators(), accept=ACCEPT, request=request)
        if isinstance(answer, FetchError) and answer.kind == "resting":
            self._rest = answer.retry_after or self._rest
            return HOST_RESTS
        self._requested += 1
        if isinstance(answer, FetchError):
            return redact_message(answer.reason, source)
        if not isinstance(answer, Fetched):
            return UNASKED_NOT_MODIFIED
        try:
            return read_article(answer, source, self.readers, self.context.now), answer.url
        except ReaderFailed as error:
            return f"reading it {error.reason}"


def merge_page(entry: Entry, listed: Article, page: Article) -> Article:
    """Return the article of `entry`, from its `page` and from the list (`listed`).

    The text is that of the page. If the entry's summary is different, it is put before the text, because a rule may
    look for its words. The date is that of the page, unless it is only a guess, or the list states the same day more
    exactly. The address is that of the entry, which identifies the article.
    """
    text = article_of(replace(entry, content=page.text)).text if page.text else listed.text
    title = page.title if is_cut(listed.title) else ""
    return replace(
        page,
        url=listed.url or page.url,
        title=title or listed.title,
        text=text,
        published=_choose_date(listed, page).published,
        dated_by=_choose_date(listed, page).dated_by,
        language=page.language or listed.language,
        site=page.site or listed.site,
        authors=page.authors or listed.authors,
    )


def _choose_date(listed: Article, page: Article) -> Article:
    """Return the article whose publication date is more reliable, with `dated_by` set."""
    if page.published is None or listed.published is None:
        return page if page.published else replace(listed, dated_by="its source's list" if listed.published else "")
    exact = {"minute", "second"}
    same_day = page.published.at.date() == listed.published.at.date()
    list_is_exacter = listed.published.precision in exact and page.published.precision not in exact
    dated_by_list = replace(listed, dated_by="its source's list")
    return dated_by_list if page.dated_by in GUESSED_DATE_SOURCES or (same_day and list_is_exacter) else page
