"""Read the changed sitemaps of an index of sitemaps, in the same poll as the index.

A sitemap is read if it is new in the index, or if the index states another time of change than before. A sitemap
without such a time is requested conditionally. At a first poll, only the sitemaps are read that changed within the
source's `backfill`, but at least one. A poll reads a limited number of sitemaps, and the next polls read the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from monitor.collect.documents import DocumentFetcher, Failure, FurtherDocument, Snapshot
from monitor.collect.locate import PollContext
from monitor.failpoint import failpoint
from monitor.model import Entry, Reading, SitemapRef, SitemapState, Validators
from monitor.model.suppressed import OLD_SITEMAP_OLD, OLD_SITEMAP_UNDATED
from monitor.text.address import host_of

MAX_SITEMAPS: Final = 20
"""Maximum number of sitemaps that one poll reads. The next polls read the others."""

MAX_ENTRIES: Final = 20_000
"""After more entries than this, no further sitemap is read in the same poll."""

_MAX_UNDATED: Final = (
    5  # of more than MOST_READ sitemaps without a time so many are asked for: the newest by their number
)
_MAX_PROBLEMS: Final = 5
_MAX_LISTING_DELAY: Final = dt.timedelta(days=1)
_COUNTRY_CODE_LENGTH: Final = 2  # letters in the top-level domain of a country
_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "ne", "net", "or", "org"})


@dataclass(slots=True)
class SitemapIndexReader:
    """Reads the sitemaps that are due in one poll. `known` are the recorded states of sitemaps, by key."""

    fetcher: DocumentFetcher
    known: Mapping[str, SitemapState]
    context: PollContext
    _entries: dict[str, Entry] = field(default_factory=dict)
    _suppressed: dict[str, str] = field(default_factory=dict)
    _problems: list[str] = field(default_factory=list)
    _limits_exceeded: list[str] = field(default_factory=list)
    _failures: list[Failure] = field(default_factory=list)
    _states: dict[str, SitemapState] = field(default_factory=dict)
    _complete: bool = True
    _size: int = 0
    _count: int = 0

    def read(self, index: Snapshot, sitemaps: Sequence[SitemapRef], url: str) -> Snapshot | Failure:
        """Return the snapshot of an index from `url` with the entries of those `sitemaps` in it that are due."""
        own_sitemaps = [sitemap for sitemap in sitemaps if same_registered_site(sitemap.url, url)]
        if foreign_count := len(sitemaps) - len(own_sitemaps):
            self._problems.append(f"{foreign_count} of its sitemaps are on other sites and left out")
        due = self._due_sitemaps(own_sitemaps)
        has_more = len(due) > MAX_SITEMAPS
        for sitemap in islice(due, MAX_SITEMAPS):
            if len(self._entries) > MAX_ENTRIES:
                has_more = True
                break
            self._read_sitemap(sitemap)
        count = len(self._failures)
        if due and count == min(len(due), MAX_SITEMAPS):
            first = self._failures[0]  # its status is not used: a gone sitemap is not a gone source
            return Failure(f"none could be read: {first.reason}", index.status, first.retry_after, wall=first.wall)
        self._remember(own_sitemaps, due)
        reading = replace(
            index.reading,
            entries=tuple(self._entries.values()),
            problems=(*index.reading.problems, *self._problems),
            complete=index.reading.complete and self._complete,
            cuts=tuple(dict.fromkeys((*index.reading.cuts, *self._limits_exceeded))),
        )
        any_undated = any(sitemap.changed is None for sitemap in due)
        return replace(
            index,
            reading=reading,
            suppressed=self._suppressed,
            documents=self._count,
            failure=f"{count} of its sitemaps could not be read ({self._failures[0].reason})" if count else "",
            read_again=has_more or count > 0 or not self._complete or any_undated,
            sitemaps=self._states,
            size=index.size + self._size,
        )

    @property
    def _news_since(self) -> dt.datetime:
        """The time before which changes of a sitemap that was never read are not news."""
        state, now = self.context.state, self.context.now
        return min(state.added_at or now, now) - self.context.source.backfill

    def _due_sitemaps(self, sitemaps: Sequence[SitemapRef]) -> list[SitemapRef]:
        """Return the sitemaps to read, the newest first; among equals, those that were not read for longest first."""
        changed = [one for one in sitemaps if one.changed is not None and self._has_changed(one)]
        undated = [one for one in sitemaps if one.changed is None]
        new_undated = [one for one in undated if self.known and key_of(one) not in self.known]
        due = dict.fromkeys(
            (*changed, *new_undated, *undated[: MAX_SITEMAPS if len(undated) <= MAX_SITEMAPS else _MAX_UNDATED])
        )
        if not self.known and not due:
            due = dict.fromkeys(sitemaps[:1])
        return sorted(due, key=self._sort_key, reverse=True)

    def _has_changed(self, sitemap: SitemapRef) -> bool:
        before = self.known.get(key_of(sitemap))
        if before is not None:
            return before.stated != sitemap.stated
        return sitemap.changed is not None and sitemap.changed.latest >= self._news_since - _MAX_LISTING_DELAY

    def _sort_key(self, sitemap: SitemapRef) -> tuple[float, float]:
        before = self.known.get(key_of(sitemap))
        read = before.read_at.timestamp() if before is not None and before.read_at is not None else 0.0
        return (sitemap.changed.at.timestamp() if sitemap.changed else 0.0), -read

    def _read_sitemap(self, sitemap: SitemapRef) -> None:
        """Read a sitemap, and add its entries and its new state to the results."""
        key = key_of(sitemap)
        before = self.known.get(key)
        fetched = self.fetcher.get(sitemap.url, before.validators if before is not None else None)
        failpoint("collect.followed")
        if isinstance(fetched, FurtherDocument) and not same_registered_site(fetched.url, sitemap.url):
            fetched = Failure("it is on another site")
        if isinstance(fetched, Failure):
            self._failures.append(fetched)
            return
        self._states[key] = SitemapState(sitemap.stated, self.context.now, fetched.validators)
        if isinstance(fetched, FurtherDocument):
            never_read = not self.known or (before is not None and before.read_at is None)
            self._add(fetched, baseline=never_read, first=before is None)
            if not fetched.listing.reading.complete:
                self._states[key] = SitemapState(
                    "", self.context.now, Validators(body_hash=fetched.validators.body_hash)
                )
        self._count += 1

    def _add(self, document: FurtherDocument, *, baseline: bool, first: bool) -> None:
        """Add the entries of a sitemap to the results.

        Old entries are not sent if the sitemap is part of the `baseline`, or is new in the index (`first`). Entries
        without a date are sent, unless the sitemap is part of the baseline.
        """
        listing = document.listing
        for entry in listing.reading.entries:
            if entry.key in self._entries:
                continue
            self._entries[entry.key] = entry
            moment = entry.published or entry.updated
            if moment is None and baseline:
                self._suppressed[entry.key] = OLD_SITEMAP_UNDATED
            elif moment is not None and moment.latest < self._news_since and (first or baseline):
                self._suppressed[entry.key] = OLD_SITEMAP_OLD
        nested = ["a sitemap is an index itself; it was left out"]
        problems = nested if listing.sitemaps else listing.reading.problems
        self._problems += [each for each in problems if each not in self._problems][:_MAX_PROBLEMS]
        self._limits_exceeded += listing.reading.cuts
        self._complete = self._complete and listing.reading.complete
        self._size += document.size

    def _remember(self, sitemaps: Sequence[SitemapRef], due: Sequence[SitemapRef]) -> None:
        """Add states for the sitemaps of the index that are new and were not read. Those that are due stay due."""
        due_keys = {key_of(sitemap) for sitemap in due}
        for sitemap in sitemaps:
            key = key_of(sitemap)
            if key in self.known or key in self._states:
                continue
            if key not in due_keys:
                self._states[key] = SitemapState(sitemap.stated)
            elif not self.known:
                self._states[key] = SitemapState("")


def add_newest_entries(index: Reading, url: str, fetcher: DocumentFetcher) -> Reading:
    """Return `index`, which came from `url`, with the entries of its newest sitemap, for an inspection.

    If the address of the index is secret, no sitemap is read.
    """
    newest = next((one for one in index.parts if one.url and same_registered_site(one.url, url)), None)
    fetched = fetcher.get(newest.url) if newest is not None else None
    bare = replace(index, parts=())
    if isinstance(fetched, Failure):
        return replace(bare, problems=(*bare.problems, f"the newest could not be read: {fetched.reason}"))
    if not isinstance(fetched, FurtherDocument):
        return bare
    newest_reading = fetched.listing.reading
    problems = (*bare.problems, "only the entries of the newest sitemap are shown", *newest_reading.problems)
    return replace(bare, entries=newest_reading.entries, problems=problems)


def key_of(sitemap: SitemapRef) -> str:
    """Return the key of a sitemap: a hash of its address, because the address may contain a secret."""
    return hashlib.sha256(sitemap.url.encode("utf-8", "surrogatepass")).hexdigest()


def same_registered_site(url: str, other: str) -> bool:
    """Return whether two addresses belong to the same site: their hosts have the same registered domain."""
    return _registered_domain(host_of(url)) == _registered_domain(host_of(other))


def _registered_domain(host: str) -> str:
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    *_, second, top = ("", *labels)
    return ".".join(labels[-3 if len(top) == _COUNTRY_CODE_LENGTH and second in _SECOND_LEVEL else -2 :])
