"""What a poll asks the store about its source. It does not ask twice for the same entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.collect.ports import Memory
from monitor.model import KnownEntry, SitemapState
from monitor.model.feeds import FeedSlices


@dataclass(frozen=True, slots=True)
class PollMemory:
    """The recorded data of one source, during one poll of it. Only this poll writes them, so they do not change."""

    store: Memory
    _entries: dict[str, KnownEntry | None] = field(default_factory=dict)

    def known_entries(self, source_id: int, keys: Collection[str]) -> Mapping[str, KnownEntry]:
        """Return the recorded entries that have one of these keys, by key."""
        if missing := [key for key in keys if key not in self._entries]:
            found = self.store.known_entries(source_id, missing)
            self._entries.update((key, found.get(key)) for key in missing)
        return {key: known for key in keys if (known := self._entries[key]) is not None}

    def feed_slices(self, source_id: int) -> FeedSlices | None:
        """Return what is kept of the last answer of a feed."""
        return self.store.feed_slices(source_id)

    def last_entries(self, source_id: int, limit: int) -> Sequence[tuple[str, str]]:
        """Return the titles and addresses of the latest entries of a source."""
        return self.store.last_entries(source_id, limit)

    def last_titles(self, source_id: int, limit: int) -> Sequence[tuple[str, str, KnownEntry]]:
        """Return the latest entries of a source: the key, the title and the recorded entry."""
        return self.store.last_titles(source_id, limit)

    def last_dates(self, source_id: int, limit: int) -> Sequence[tuple[int, dt.datetime | None]]:
        """Return, for the latest entries of a source, the ids of their articles and when these were published."""
        return self.store.last_dates(source_id, limit)

    def sitemaps(self, source_id: int) -> Mapping[str, SitemapState]:
        """Return the recorded sitemaps of a source, by key."""
        return self.store.sitemaps(source_id)
