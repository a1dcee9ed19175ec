"""Retrieve the documents of a source as one snapshot: the first one, its next pages, the sitemaps of an index.

Between two polls more may be published than one page lists. Then the first page has no entry that was known at the last
poll, and the next pages are read, too, until a page has a known entry. All pages together are one reading.

Two kinds of known entries prove nothing: those pinned above the news, and a few old ones below the news, if most newer
ones have left the list. At a first poll the next pages are read as long as their entries are within `backfill`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor import sources
from monitor.collect.delta import read_first
from monitor.collect.diff import known_entries
from monitor.collect.documents import (
    DocumentFetcher,
    Failure,
    FurtherDocument,
    Listing,
    Snapshot,
    Unchanged,
    same_host,
    shown_address,
    without_fragment,
)
from monitor.collect.locate import Located, PollContext
from monitor.collect.ports import Gate, Memory, Readers
from monitor.collect.relocate import RelocatedList, idle_selectors_in, relocate
from monitor.collect.sitemaps import SitemapIndexReader
from monitor.errors import ReaderFailed
from monitor.failpoint import failpoint
from monitor.fetch import Answer, Fetched, FetchError, NotModified, SameBody
from monitor.model import Entry, Validators
from monitor.model.suppressed import DATED_BEFORE_KNOWN, KNOWN_TITLE, LISTED_BEHIND_KNOWN

MAX_PAGES: Final = 10
"""Maximum number of pages that one poll reads after the first one."""
MAX_ENTRIES: Final = 5_000
"""After more entries than this, no further page is read."""
GAP_RETRY_PERIOD: Final = dt.timedelta(days=3)
"""How long polls try to fill a gap if a page cannot be read."""

_MAX_LISTING_DELAY: Final = dt.timedelta(days=3)  # entries may be listed so long after their own date
_MIN_ENTRIES_UNDER_PINS: Final = 2
_MAX_RECENT: Final = 500  # number of latest entries that are checked for newer entries that left the list
_MAX_WITHDRAWN: Final = 2  # so many newer entries may just have been withdrawn


def retrieve(located: Located, gate: Gate, readers: Readers, memory: Memory) -> Snapshot | Unchanged | Failure:
    """Return the content of all documents at the endpoint, or why they could not be read.

    A document that was fetched by discovery is not fetched again. Raises Stopped.
    """
    if isinstance(located.discovery, Failure):
        return located.discovery
    answer = located.discovery.answer if located.discovery else _fetch_first(located, gate)
    match answer:
        case FetchError():
            return Failure.of(answer)
        case NotModified() | SameBody():
            return Unchanged.of(answer, located.context.source)
        case Fetched():
            return _read(located, answer, gate, readers, memory)


def _fetch_first(located: Located, gate: Gate) -> Answer:
    source, state = located.context.source, located.context.state
    known, accept = state.validators, sources.KINDS[source.kind].accept
    if located.context.is_unconditional:
        known = Validators(body_hash=known.body_hash)
    answer = gate.get(source.url, validators=known, accept=accept, request=source.request)
    failpoint("collect.fetched")
    return answer


def _read(located: Located, answer: Fetched, gate: Gate, readers: Readers, memory: Memory) -> Snapshot | Failure:
    """Read the first document, find its list again if the page was redesigned, and read further documents."""
    context, source, found = located.context, located.context.source, located.discovery
    try:
        feed = read_first(located, answer, readers, memory)
        reading = feed.listing.reading
        first = RelocatedList(feed.listing, idle_selectors_in(source, reading) if reading.problems else None)
        if source.kind == "page" and (found is None or context.is_still_a_page):
            first = relocate(context, answer, feed.listing, memory, readers)
    except ReaderFailed as error:
        return Failure(f"reading it {error.reason}", answer.status)
    failpoint("collect.read")
    if not (reading := first.listing.reading).readable:
        return Failure("; ".join(reading.problems), answer.status, unreadable=True)
    snapshot = Snapshot(
        reading,
        answer.validators,
        answer.status,
        len(answer.body),
        answer.seconds,
        moved_to=shown_address(answer.moved_to, source),
        suppressed=dict.fromkeys(first.suppressed, KNOWN_TITLE),
        relocated=first.notice,
        slices=feed.slices,
        unread=feed.unread,
        fresh_for=answer.fresh_for,
    )
    if first.suppressed:  # all addresses are new: on further pages, old entries would look like news
        return snapshot
    fetcher = DocumentFetcher(gate, readers, source, context.now, context.is_unconditional)
    if first.listing.sitemaps:
        known = memory.sitemaps(context.state.id)
        return SitemapIndexReader(fetcher, known, context).read(snapshot, first.listing.sitemaps, answer.url)
    return Paginator(fetcher, memory, context).follow(snapshot, first.listing, answer.url)


@dataclass(slots=True)
class Paginator:
    """Reads the next pages of one poll."""

    fetcher: DocumentFetcher
    memory: Memory
    context: PollContext
    _pinned_keys: frozenset[str] = frozenset()

    def follow(self, first: Snapshot, listing: Listing, url: str) -> Snapshot:
        """Return `first` with the content of the next pages. Its own document came from `url` and has `listing`."""
        before = self._keys_known_before(first.reading.entries)
        self._pinned_keys = pinned_keys(first.reading.entries, before) if before else frozenset()
        if 0 < 2 * len(before - self._pinned_keys) < len(first.reading.entries):
            self._pinned_keys |= self._old_known_entries(first.reading.entries, before - self._pinned_keys)
        so_far = replace(first, overlap=bool(before - self._pinned_keys))
        if not listing.next_url:
            return so_far
        next_address: str | None = listing.next_url
        requested = {without_fragment(url), without_fragment(self.context.source.url)}
        while next_address and self._has_room(so_far) and self._wants_more(so_far):
            if without_fragment(next_address) in requested or not same_host(next_address, url):
                break
            requested.add(without_fragment(next_address))
            page = self.fetcher.get(next_address)
            failpoint("collect.followed")
            if not isinstance(page, FurtherDocument):
                unread = page.reason if isinstance(page, Failure) else 'the server answered "not modified"'
                return self._with_failure(so_far, unread)
            if not same_host(page.url, url):
                break
            shown, next_address = so_far.reading.entries, page.listing.next_url
            so_far = self._join_page(so_far, page)
            if so_far.reading.entries == shown:  # the page shows only the same entries again
                break
        return self._add_limit_message(so_far) if next_address else so_far

    def _add_limit_message(self, so_far: Snapshot) -> Snapshot:
        """Add a message if the limits ended a first poll before it reached the start of the source's `backfill`."""
        if self._has_room(so_far) or not (self.context.state.first_poll and self._wants_more(so_far)):
            return so_far
        days = self.context.source.backfill.days
        words = f"{so_far.documents} further pages were read; older entries of the last {days} days may be behind them"
        problems = (*so_far.reading.problems, words)
        return replace(so_far, reading=replace(so_far.reading, problems=problems, cuts=(*so_far.reading.cuts, words)))

    def _old_known_entries(self, entries: Sequence[Entry], before: Collection[str]) -> frozenset[str]:
        """Return `before`, the known entries of the list, if they are old and newer entries have left the list.

        That is, if more entries newer than the known ones below the first new entry have left than known ones stayed.
        One or two do not count: they may have been withdrawn.
        """
        first_news = next((number for number, entry in enumerate(entries) if entry.key not in before), 0)
        below = {entry.key for entry in entries[first_news:] if entry.key in before}
        if not below:
            return frozenset()
        known = known_entries(self.memory, self.context.state, entries)
        last = self.memory.last_dates(self.context.state.id, _MAX_RECENT)
        gone = count_gone(last, {one.article_id for one in known.values()}, {known[key].article_id for key in below})
        return frozenset(before) if gone > max(len(before), _MAX_WITHDRAWN) else frozenset()

    @property
    def _complete_until(self) -> dt.datetime:
        """The time up to which all entries are recorded. Entries that came later are news."""
        state, now = self.context.state, self.context.now
        return min(state.gap_since or state.last_success_at or state.added_at or now, now)

    @property
    def _sent_since(self) -> dt.datetime:
        """The date before which entries of further pages are not sent. A first poll stops reading there."""
        backfill = self.context.source.backfill
        return self._complete_until - (backfill if self.context.state.first_poll else max(backfill, _MAX_LISTING_DELAY))

    @staticmethod
    def _has_room(so_far: Snapshot) -> bool:
        return so_far.documents < MAX_PAGES and len(so_far.reading.entries) <= MAX_ENTRIES

    def _wants_more(self, so_far: Snapshot) -> bool:
        reading = so_far.reading
        if so_far.overlap or not reading.entries or not (reading.readable and reading.complete):
            return False
        if not self.context.state.first_poll:
            return True  # their dates do not matter: an entry that is listed late is also news
        last = reading.entries[-max(3, len(reading.entries) // (2 * (so_far.documents + 1))) :]
        dated = [moment for entry in last if (moment := entry.published or entry.updated)]
        backfills = bool(dated and self.context.source.backfill)
        return backfills and all(moment.latest >= self._sent_since for moment in dated)

    def _with_failure(self, so_far: Snapshot, reason: str) -> Snapshot:
        tried = self.context.now - (self.context.state.gap_since or self.context.now)
        since = self._complete_until if tried < GAP_RETRY_PERIOD and not self.context.state.first_poll else None
        return replace(
            so_far,
            failure=f"page {so_far.documents + 2} of the list could not be read ({reason})",
            read_again=since is not None,
            gap_since=since,
        )

    def _join_page(self, so_far: Snapshot, document: FurtherDocument) -> Snapshot:
        page = document.listing.reading
        listed_keys = {entry.key for entry in so_far.reading.entries}
        new_entries = tuple(entry for entry in page.entries if entry.key not in listed_keys)
        before = self._keys_known_before(page.entries)
        reading = replace(
            so_far.reading,
            entries=(*so_far.reading.entries, *new_entries),
            problems=tuple(dict.fromkeys((*so_far.reading.problems, *page.problems))),
            complete=so_far.reading.complete and page.complete,
            cuts=tuple(dict.fromkeys((*so_far.reading.cuts, *page.cuts))),
            shortened=tuple(dict.fromkeys((*so_far.reading.shortened, *page.shortened))),
        )
        last_known = next((entry.key for entry in reversed(page.entries) if entry.key in before), None)
        suppressed = {**so_far.suppressed, **self._suppressed_reasons(new_entries, last_known=last_known)}
        if before:  # entries above a known entry came later, so their dates do not matter
            suppressed = {key: why for key, why in suppressed.items() if why != DATED_BEFORE_KNOWN}
        return replace(
            so_far,
            reading=reading,
            overlap=bool(before),
            suppressed=suppressed,
            documents=so_far.documents + 1,
            size=so_far.size + document.size,
        )

    def _suppressed_reasons(self, entries: Sequence[Entry], *, last_known: str | None) -> Mapping[str, str]:
        """Return why entries of a further page are not sent, by key.

        An entry below the last known entry is not sent, unless its date is new. An entry above it, or on a page without
        a known entry, is not sent if its date is old.
        """
        is_behind, old = False, {}
        for entry in entries:
            moment = entry.published or entry.updated
            if is_behind and (moment is None or moment.latest < self._complete_until):
                old[entry.key] = LISTED_BEHIND_KNOWN
            elif not is_behind and moment is not None and moment.latest < self._sent_since:
                old[entry.key] = DATED_BEFORE_KNOWN
            is_behind = is_behind or entry.key == last_known
        return old

    def _keys_known_before(self, entries: Sequence[Entry]) -> set[str]:
        """Return the keys of `entries` that were known at the last complete answer, without pinned entries."""
        if self.context.state.first_poll:
            return set()
        known = known_entries(self.memory, self.context.state, entries)
        since, now = self._complete_until, self.context.now
        return {
            key
            for key, one in known.items()
            if key not in self._pinned_keys
            and (one.first_seen_at is None or not since < one.first_seen_at <= now)  # after `now`: the clock was ahead
        }


def pinned_keys(entries: Sequence[Entry], known: Collection[str]) -> frozenset[str]:
    """Return the keys of the known entries if they are pinned to the top of the list, else nothing.

    They are pinned if all are at the top, with more new entries below, and the list does not grow at its end.
    """
    new = [number for number, entry in enumerate(entries) if entry.key not in known]
    if not new or new[0] == 0 or new[-1] - new[0] + 1 != len(new) or new[-1] != len(entries) - 1:
        return frozenset()
    if len(new) < _MIN_ENTRIES_UNDER_PINS or new[0] >= len(new):
        return frozenset()
    dates = [moment.at for number in new if (moment := entries[number].published or entries[number].updated)]
    if len(dates) > 1 and dates[0] < dates[-1]:
        return frozenset()
    return frozenset(entries[number].key for number in range(new[0]))


def count_gone(last: Sequence[tuple[int, dt.datetime | None]], listed: Collection[int], stayed: Collection[int]) -> int:
    """Return how many articles are newer than all articles in `stayed` and not `listed` any more.

    `last` are the ids and dates of the latest articles, the newest first. Dates decide which of two articles is newer.
    If the dates are equal or missing, the order decides.
    """
    stayed_dates = [(rank, at) for rank, (article_id, at) in enumerate(last) if article_id in stayed]
    first = min((rank for rank, _ in stayed_dates), default=len(last))
    latest = max((at for _, at in stayed_dates if at is not None), default=None)

    def is_newer(rank: int, at: dt.datetime | None) -> bool:
        return at > latest if at is not None and latest is not None and at != latest else rank < first

    return sum(article_id not in listed and is_newer(rank, at) for rank, (article_id, at) in enumerate(last))
