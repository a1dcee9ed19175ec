"""What is kept of a feed, so that the next poll reads only the entries that are new in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.model.articles import Moment, Reading


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """What is kept of an entry that was read: its key, and its two dates."""

    key: str
    published: Moment | None = None
    updated: Moment | None = None


@dataclass(frozen=True, slots=True)
class FeedSlices:
    """The entries of the last answer of a feed, each by a hash of its bytes.

    `context` is a hash of everything else that decides how the bytes of an entry are read: the reader's version, the
    head and the end of the document, its address, the time zone. `whole_at` is when the whole feed was last read.
    """

    context: str
    whole_at: dt.datetime
    entries: Mapping[str, ReadEntry] = field(default_factory=dict)


NO_SLICES: Final = FeedSlices("", dt.datetime.min.replace(tzinfo=dt.UTC))
"""The slices of a feed for which nothing is kept, so that the next poll reads every entry."""


@dataclass(frozen=True, slots=True)
class FeedReading:
    """A reading of a feed, and its `slices` for the next one (`NO_SLICES` if the next one must read all entries).

    `unread` are the keys of those entries that were in the last answer. `reading` has only the keys and dates of these.
    """

    reading: Reading
    slices: FeedSlices = NO_SLICES
    unread: frozenset[str] = frozenset()
