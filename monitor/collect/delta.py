"""Read a feed, but of its entries only those that were not in its last answer.

The reader skips an entry only if its bytes are known and it is recorded. What the database knows of the entry then
replaces what the reader would have found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor import sources
from monitor.collect.discovery import Discovery
from monitor.collect.documents import Listing, read_list
from monitor.collect.locate import Located, PollContext
from monitor.collect.ports import Memory, Readers
from monitor.fetch import Fetched
from monitor.model import Entry, KnownEntry, Source
from monitor.model.feeds import NO_SLICES, FeedSlices


@dataclass(frozen=True, slots=True)
class FeedListing:
    """The content of a feed, and what is kept of it for the next poll.

    `unread` has the recorded content hash of each entry that was not read again, by the entry's key.
    """

    listing: Listing
    slices: FeedSlices = NO_SLICES
    unread: Mapping[str, str] = field(default_factory=dict)


def read_first(located: Located, answer: Fetched, readers: Readers, memory: Memory) -> FeedListing:
    """Read the first document of a poll, unless discovery has read it. Raises ReaderFailed."""
    context, found = located.context, located.discovery
    if isinstance(found, Discovery):
        return FeedListing(found.listing)
    if reads_deltas(context.source):
        return read_feed(answer, context, readers, memory)
    return FeedListing(read_list(answer, context.source, readers, context.now))


def reads_deltas(source: Source) -> bool:
    """Return whether only new entries of `source` may be read.

    Not if its request has secrets: these are removed from its entries, which changes their keys.
    """
    return source.kind == "feed" and not source.address_is_secret and not source.request.secrets


def read_feed(answer: Fetched, context: PollContext, readers: Readers, memory: Memory) -> FeedListing:
    """Return what `answer` lists. Raises ReaderFailed if reading exceeds a limit."""
    before = memory.feed_slices(context.state.id) or NO_SLICES
    known = memory.known_entries(context.state.id, [one.key for one in before.entries.values()])
    recorded = {each: one for each, one in before.entries.items() if one.key in known}
    found = readers.run(
        sources.read_delta,
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        now=context.now,
        timezone=context.source.timezone,
        before=replace(before, entries=recorded),
    )
    entries = tuple(
        _as_recorded(entry, known[entry.key]) if entry.key in found.unread else entry for entry in found.reading.entries
    )
    reading = replace(found.reading, entries=entries)
    unread = {key: known[key].content_hash for key in found.unread}
    return FeedListing(Listing.of(reading, context.source, answer.url), found.slices, unread)


def _as_recorded(entry: Entry, known: KnownEntry) -> Entry:
    return replace(entry, title=known.title, url=known.url)
