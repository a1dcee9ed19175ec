"""Read of a feed only the entries that were not in its last answer (delta reading).

Most answers of a feed have one new entry, and the library that reads feeds takes nearly all its time for the others. So
the document is cut at its entries, and the bytes of each are hashed. A document that has only the new entries between
the same head and end is read like any other. Each other entry is taken as it was read before.

That gives the same as reading the whole document only if an entry is read without regard to the others. Where that is
not certain, the whole document is read (decision 0028).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monitor.model import Entry
from monitor.model.feeds import NO_SLICES, FeedReading, FeedSlices, ReadEntry
from monitor.sources.feed import ReadFeed, add_problems, read_decoded, read_xml_feed
from monitor.sources.feed.slices import CutFeed, cut_feed, hash_text
from monitor.sources.keys import MAX_KEY_LENGTH
from monitor.text.address import canonical_url
from monitor.text.dates import Dates
from monitor.text.decode import DecodedBody, decode

READER_VERSION: Final = 2
"""The version of everything that reads an entry of a feed. Increase it if an entry is read in another way."""

MAX_AGE: Final = dt.timedelta(days=7)
"""After this time without it, the whole feed is read."""

MAX_ENTRIES: Final = 1_000
"""Of feeds with more entries nothing is kept."""


def read_delta(
    body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str, before: FeedSlices
) -> FeedReading:
    """Return the entries of the feed `body`. Those in `before`, the last answer, are not read again where possible."""
    decoded, dates = decode(body, content_type), Dates(now, timezone)
    cut = _cut(decoded)
    if cut is None:
        return FeedReading(read_decoded(body, decoded, url, dates))
    context = _context(cut, url, timezone)
    hashes = [hash_text(entry) for entry in cut.entries]
    # A time in the future was written before the clock was set back: it says nothing about the age.
    is_recent = dt.timedelta() <= now - before.whole_at < MAX_AGE
    known = before.entries if before.context == context and is_recent else {}
    count_known = sum(each in known for each in hashes)
    if len(set(hashes)) == len(hashes) <= 2 * count_known:
        found = _read_new(cut, hashes, replace(before, entries=known), url, Dates(now, timezone))
        if found is not None:
            return found
    feed = read_xml_feed(decoded.text, url, dates)
    if feed is None:
        return FeedReading(read_decoded(body, decoded, url, dates))
    slices = _slices(feed, hashes, FeedSlices(context, now), dates)
    return FeedReading(add_problems(feed.reading, decoded, dates), slices)


def _cut(decoded: DecodedBody) -> CutFeed | None:
    """Return the parts of a feed; None if it is not valid UTF-8 or cannot be cut."""
    if decoded.encoding != "utf-8" or decoded.problems:
        return None
    cut = cut_feed(decoded.text)
    return cut if cut is not None and len(cut.entries) <= MAX_ENTRIES else None


def _context(cut: CutFeed, url: str, timezone: str) -> str:
    import feedparser

    return hash_text("\x00".join((str(READER_VERSION), str(feedparser.__version__), url, timezone, cut.frame)))


def _slices(feed: ReadFeed, hashes: Sequence[str], empty: FeedSlices, dates: Dates) -> FeedSlices:
    """Return what is kept of a feed that was read as a whole."""
    if not _is_plain(feed, dates, len(set(hashes))):
        return NO_SLICES
    return replace(empty, entries=dict(zip(hashes, map(_kept, feed.reading.entries), strict=True)))


def _read_new(cut: CutFeed, hashes: Sequence[str], before: FeedSlices, url: str, dates: Dates) -> FeedReading | None:
    """Read the entries that are not in `before`. None: they must be read together with the others."""
    known = before.entries
    parts = [text for text, each in zip(cut.entries, hashes, strict=True) if each not in known]
    feed = read_xml_feed(cut.with_entries(parts), url, dates)
    if feed is None or not _is_plain(feed, dates, len(parts)):
        return None
    unread = frozenset(known[each].key for each in hashes if each in known)
    new = iter(feed.reading.entries)
    if any(key in unread for entry in feed.reading.entries for key in (entry.key, *entry.former_keys)):
        return None  # among all entries, neither could have this key
    entries = tuple(_unread(known[each]) if each in known else next(new) for each in hashes)
    kept = {each: _kept(entry) for each, entry in zip(hashes, entries, strict=True)}
    return FeedReading(replace(feed.reading, entries=entries), replace(before, entries=kept), unread)


def _is_plain(feed: ReadFeed, dates: Dates, count: int) -> bool:
    """Return whether each of `count` entries was read, and would be read the same among others and at another time.

    Its key must be its own guid or address, which no other entry has.
    """
    reading = feed.reading
    if not len(reading.entries) == len(feed.drafts) == count:
        return False
    if reading.problems or dates.problems() or not (reading.complete and dates.are_fixed()):
        return False
    keys = (draft.key.strip() or canonical_url(draft.url) for draft in feed.drafts)
    own = all(entry.key == key for entry, key in zip(reading.entries, keys, strict=True))
    return own and all(len(entry.key) <= MAX_KEY_LENGTH for entry in reading.entries)


def _kept(entry: Entry) -> ReadEntry:
    return ReadEntry(entry.key, entry.published, entry.updated)


def _unread(kept: ReadEntry) -> Entry:
    return Entry(kept.key, "", "", kept.published, kept.updated)
