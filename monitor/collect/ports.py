"""The interfaces that collecting needs: the store, the gate, and the readers of untrusted bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ParamSpec, Protocol, TypeVar

from monitor.collect.grouping import Archive
from monitor.collect.reports import ReportArchive, ReportStore
from monitor.events import Event
from monitor.fetch import Answer
from monitor.model import (
    DEFAULT_REQUEST,
    Article,
    EntryChange,
    KnownArticle,
    KnownEntry,
    Match,
    Notice,
    NoticeKind,
    PageRetry,
    Placement,
    PollRecord,
    Publication,
    Request,
    SitemapState,
    SourceState,
    Validators,
)
from monitor.model.feeds import FeedSlices

P = ParamSpec("P")
R = TypeVar("R")


class Gate(Protocol):
    """The only way to fetch from the network."""

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        """Fetch `url` as `request` says, conditionally if there are validators. Raises Stopped."""
        ...


class Readers(Protocol):
    """Runs functions over untrusted bytes, within limits."""

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `function` and return its result. Raises ReaderFailed above a limit, and Stopped if the program ends."""
        ...


class Memory(Protocol):
    """The methods of the store that reading a source uses."""

    def known_entries(self, source_id: int, keys: Collection[str]) -> Mapping[str, KnownEntry]:
        """Return the recorded entries that have one of these keys, by key."""
        ...

    def feed_slices(self, source_id: int) -> FeedSlices | None:
        """Return what is kept of the last answer of a feed; None if nothing is kept."""
        ...

    def last_entries(self, source_id: int, limit: int) -> Sequence[tuple[str, str]]:
        """Return the titles and addresses of the latest entries of a source."""
        ...

    def last_titles(self, source_id: int, limit: int) -> Sequence[tuple[str, str, KnownEntry]]:
        """Return the latest entries of a source: the key, the title and the recorded entry."""
        ...

    def last_dates(self, source_id: int, limit: int) -> Sequence[tuple[int, dt.datetime | None]]:
        """Return, for the latest entries of a source, the ids of their articles and when these were published."""
        ...

    def sitemaps(self, source_id: int) -> Mapping[str, SitemapState]:
        """Return the recorded sitemaps of a source, by key."""
        ...


class Store(Memory, Protocol):
    """The methods of the store that a poll uses."""

    def source_state(self, name: str) -> SourceState:
        """Return the recorded state of a source."""
        ...

    def last_entry_count(self, source_id: int) -> int:
        """Return the number of entries in the source's last answer that was read."""
        ...

    def max_new_entries(self, source_id: int) -> int:
        """Return the largest number of new entries in one poll of a source.

        Its first poll and entries that were held do not count.
        """
        ...

    def suppressed_articles(self, source_id: int, reason: str) -> frozenset[int]:
        """Return the ids of a source's articles whose matches are not sent for this reason."""
        ...

    def publications(self, source_id: int, limit: int) -> Sequence[Publication]:
        """Return when the latest entries of a source were published and first seen."""
        ...

    def page_retries(self, source_id: int, now: dt.datetime, limit: int) -> tuple[PageRetry, ...]:
        """Return the entries whose pages could not be read and are due for another attempt."""
        ...

    def articles(self, ids: Collection[int]) -> Mapping[int, Article]:
        """Return the articles with these ids, by id."""
        ...


class StoreWithReports(Store, ReportStore, Protocol):
    """The methods of the store that a poll uses, including those for the reports of the last days."""


class WriteTransaction(Archive, ReportArchive, Protocol):
    """The methods of the store's write transaction that applying a result uses."""

    events: list[Event]
    """The events to publish after the commit."""

    def candidates(self, addresses: Collection[str], text_keys: Collection[str]) -> tuple[KnownArticle, ...]:
        """Return the articles of the archive with one of these addresses or texts."""
        ...

    def add_article(self, change: EntryChange, placement: Placement, source_id: int, at: dt.datetime) -> KnownArticle:
        """Write a new article, and a new story for it if the placement has no story."""
        ...

    def revise_article(self, article_id: int, change: EntryChange, at: dt.datetime) -> KnownArticle:
        """Write the new state of an article and return it. If the words change, the old state is kept as a revision."""
        ...

    def add_article_address(self, article_id: int, address: str) -> None:
        """Record a further address of an article, in its canonical form, unless too many articles share it."""
        ...

    def link_entries(self, source_id: int, listed: Collection[tuple[EntryChange, int]], at: dt.datetime) -> None:
        """Write new and changed entries, with the ids of their articles."""
        ...

    def save_packed_report(self, article_id: int, form: str, packed: bytes, forget_before: dt.datetime) -> None:
        """Keep the report of a new article, packed in this `form`. Forget reports of articles seen before a time."""
        ...

    def postpone_page(self, source_id: int, key: str, due: dt.datetime | None, tries: int, reason: str) -> None:
        """Record that an entry's page could not be read again, and why."""
        ...

    def add_matches(
        self, article_id: int, matches: Sequence[Match], at: dt.datetime, suppressed_reason: str | None
    ) -> int:
        """Write the matches that are not recorded yet, and return how many there are.

        If `suppressed_reason` is None, recorded matches that were suppressed are released.
        """
        ...

    def release_matches(self, source_id: int, reason: str, at: dt.datetime) -> int:
        """Release the matches of a source that are suppressed for `reason`. Return how many will be sent."""
        ...

    def refresh_matches(self, article_id: int, matches: Sequence[Match]) -> None:
        """Update the positions of recorded matches in the article's new text. Rules that no longer match have none."""
        ...

    def record_poll(self, source_id: int, poll: PollRecord) -> None:
        """Write the record of one poll."""
        ...

    def save_sitemaps(self, source_id: int, sitemaps: Mapping[str, SitemapState]) -> None:
        """Write the new states of the sitemaps of an index."""
        ...

    def save_feed_slices(self, source_id: int, slices: FeedSlices) -> None:
        """Keep `slices` of the last answer of a feed instead of those before."""
        ...

    def save_state(self, state: SourceState) -> None:
        """Write the source's state, including the validators."""
        ...

    def open_notices(self, subject: str) -> Collection[NoticeKind]:
        """Return the kinds of the notices that are open about a subject."""
        ...

    def raise_notice(self, notice: Notice, at: dt.datetime) -> None:
        """Open the notice; if it is already open, count that it was raised again."""
        ...

    def resolve_notice(
        self, kind: NoticeKind, subject: str, at: dt.datetime, *, reason: str, quiet_for: dt.timedelta = dt.timedelta()
    ) -> None:
        """Close the notice if it is open and was not raised within `quiet_for` before `at`."""
        ...
