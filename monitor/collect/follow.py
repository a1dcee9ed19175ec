"""The next pages of a source: read on until what is known appears.

Between two polls more may be published than one page holds. Then no entry of the first page was known at the last poll,
and the pages behind it are read too, as far as one that has a known entry. All of them are one reading. Known rows that
are pinned to the top of a page show nothing: what counts is how it ends. At a first poll the pages are followed as far
as their entries are within `backfill`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol
from urllib.parse import urlsplit

from monitor.collect.conceal import conceal
from monitor.collect.further import Followed, Further, Read, Unread
from monitor.collect.moments import latest
from monitor.collect.visit import Visit
from monitor.failpoint import failpoint
from monitor.fetch import Fetched
from monitor.model import Entry, KnownEntry, Reading
from monitor.sandbox import STOPPED

MOST_PAGES: Final = 10
"""Pages that one poll reads behind the first one."""

MOST_ENTRIES: Final = 5_000
"""With more entries than this no further page is read."""

TRIED_FOR: Final = dt.timedelta(days=3)
"""For how long a gap is tried to be filled, when a page cannot be read."""

_SLACK: Final = dt.timedelta(days=3)  # entries may come on a list so long after the day that they state
_FEWEST_UNDER_PINS: Final = 2


class Known(Protocol):
    """What reading on needs of the store."""

    def known_entries(self, source_id: int, keys: Collection[str]) -> Mapping[str, KnownEntry]:
        """The entries recorded before, by key."""
        ...


@dataclass(slots=True)
class Follower:
    """Reads on from the first answer of one poll."""

    further: Further
    store: Known
    visit: Visit
    _pinned: frozenset[str] = frozenset()
    _backdated: set[str] = field(default_factory=set)

    def follow(self, answer: Fetched, first: Reading) -> Followed:
        """What `answer`, read as `first` with its secrets, and the pages behind it list; without the secrets."""
        shown = conceal(first, self.visit.source, answer.url)
        so_far = Followed(shown, overlap=self._reached(shown.entries, pins=True))
        following, asked = first.next_url, {_bare(answer.url), _bare(self.visit.source.url)}
        while following and self._goes_on(so_far):
            if _bare(following) in asked or not _same_place(following, answer.url):
                break
            asked.add(_bare(following))
            page = self.further.get(following)
            failpoint("collect.followed")
            if not isinstance(page, Read):
                return self._broken(so_far, page.reason if isinstance(page, Unread) else "it says nothing at all")
            if not _same_place(page.url, answer.url):
                break
            before, following = so_far, page.open.next_url
            so_far = self._joined(so_far, page)
            if so_far.reading.entries == before.reading.entries:  # it shows the same again, whatever its address
                break
        return so_far

    @property
    def _since(self) -> dt.datetime:
        """What was recorded up to then is known: what came later did not yet reach it."""
        state, now = self.visit.state, self.visit.now
        return state.gap_since or state.last_success_at or min(state.added_at or now, now)

    @property
    def _reach(self) -> dt.datetime:
        """What is dated before is no news on a further page, if nothing known is reached; a first poll stops there."""
        backfill = self.visit.source.backfill
        return self._since - (backfill if self.visit.state.fresh else max(backfill, _SLACK))

    def _goes_on(self, so_far: Followed) -> bool:
        reading = so_far.reading
        if so_far.overlap or not reading.entries or not (reading.readable and reading.complete):
            return False
        if so_far.documents >= MOST_PAGES or len(reading.entries) > MOST_ENTRIES:
            return False
        if not self.visit.state.fresh:
            return True  # whatever days they state: what is put on a list late is news as well
        last = reading.entries[-max(3, len(reading.entries) // (2 * (so_far.documents + 1))) :]
        dated = [moment for entry in last if (moment := entry.published or entry.updated)]
        return bool(dated and self.visit.source.backfill) and all(latest(moment) >= self._reach for moment in dated)

    def _broken(self, so_far: Followed, reason: str) -> Followed:
        if reason == STOPPED:
            return replace(so_far, stopped=True)
        tried = self.visit.now - (self.visit.state.gap_since or self.visit.now)
        since = self._since if tried < TRIED_FOR and not self.visit.state.fresh else None
        return replace(
            so_far,
            failure=f"page {so_far.documents + 2} of the list could not be read ({reason})",
            again=since is not None,
            gap_since=since,
        )

    def _joined(self, so_far: Followed, read: Read) -> Followed:
        page = read.shown
        there = {entry.key for entry in so_far.reading.entries}
        more = tuple(entry for entry in page.entries if entry.key not in there)
        overlap = self._reached(page.entries)
        reading = replace(
            so_far.reading,
            entries=(*so_far.reading.entries, *more),
            problems=tuple(dict.fromkeys((*so_far.reading.problems, *page.problems))),
            complete=so_far.reading.complete and page.complete,
        )
        old = so_far.old | self._old(more, behind=self._last_known(page.entries) if overlap else None)
        if overlap:  # in the order of the list they came after what is known, whatever day they state
            old -= self._backdated
        return replace(
            so_far,
            reading=reading,
            overlap=overlap,
            old=old,
            documents=so_far.documents + 1,
            size=so_far.size + read.size,
        )

    def _old(self, entries: Sequence[Entry], *, behind: str | None) -> frozenset[str]:
        """The entries of a further page that are no news: behind the last known one, or dated before.

        What is dated before and not behind a known one is `_backdated`: it is old only if nothing known is reached.
        """
        passed, old = False, set()
        for entry in entries:
            moment = entry.published or entry.updated
            if passed and (moment is None or latest(moment) < self._since):
                old.add(entry.key)
            elif not passed and moment is not None and latest(moment) < self._reach:
                old.add(entry.key)
                self._backdated.add(entry.key)
            passed = passed or entry.key == behind
        return frozenset(old)

    def _before(self, entries: Sequence[Entry]) -> set[str]:
        """The keys of those that were known when the last complete answer was read, but for what is pinned."""
        if self.visit.state.fresh:
            return set()
        known = self.store.known_entries(self.visit.state.id, [entry.key for entry in entries])
        since = self._since
        return {
            key for key, one in known.items()
            if key not in self._pinned and (one.first_seen_at is None or one.first_seen_at <= since)
        }  # fmt: skip

    def _last_known(self, entries: Sequence[Entry]) -> str | None:
        before = self._before(entries)
        return next((entry.key for entry in reversed(entries) if entry.key in before), None)

    def _reached(self, entries: Sequence[Entry], *, pins: bool = False) -> bool:
        """Whether entries are known. On the first page (`pins`) those that are pinned above news do not count."""
        before = self._before(entries)
        if pins and before:
            self._pinned = pinned(entries, before)
        return bool(before - self._pinned)


def pinned(entries: Sequence[Entry], known: Collection[str]) -> frozenset[str]:
    """The keys of the known entries, if they are pinned: they all stand above, and most of the page is new below them.

    Where the dates of those below rise, it is a list that grows at its end, and nothing is pinned.
    """
    fresh = [number for number, entry in enumerate(entries) if entry.key not in known]
    if not fresh or fresh[0] == 0 or fresh[-1] - fresh[0] + 1 != len(fresh) or fresh[-1] != len(entries) - 1:
        return frozenset()
    if len(fresh) < _FEWEST_UNDER_PINS or fresh[0] >= len(fresh):
        return frozenset()
    dates = [moment.at for number in fresh if (moment := entries[number].published or entries[number].updated)]
    if len(dates) > 1 and dates[0] < dates[-1]:
        return frozenset()
    return frozenset(entries[number].key for number in range(fresh[0]))


def _bare(url: str) -> str:
    return url.partition("#")[0]


def _same_place(url: str, other: str) -> bool:
    """Whether two addresses are on the same host, whatever the scheme and a leading "www."."""
    return _place(url) == _place(other)


def _place(url: str) -> str:
    return urlsplit(url).netloc.lower().rpartition("@")[2].removeprefix("www.")
