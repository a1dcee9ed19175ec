"""What is kept of the last answer of each feed, so that the next poll reads only the entries that are new in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select

from monitor.model import Moment
from monitor.model.feeds import FeedSlices, ReadEntry
from monitor.store.database import Database
from monitor.store.schema import feed_slices
from monitor.store.transactions import WriteTransaction
from monitor.store.values import clean_text

_SELECT: Final = select(feed_slices).where(feed_slices.c.source_id == bindparam("of_source"))
_DELETE: Final = delete(feed_slices).where(feed_slices.c.source_id == bindparam("of_source"))
_INSERT: Final = insert(feed_slices)


class FeedReads(Database):
    """Queries about the last answers of feeds."""

    def feed_slices(self, source_id: int) -> FeedSlices | None:
        """Return what is kept of the last answer of a feed; None if nothing is kept."""
        with self._reading() as connection:
            row = connection.execute(_SELECT, {"of_source": source_id}).first()
        if row is None:
            return None
        return FeedSlices(row.context, row.whole_at, {name: _entry_of(value) for name, value in row.entries.items()})


class FeedWriter(WriteTransaction):
    """Writes what is kept of the last answers of feeds."""

    def save_feed_slices(self, source_id: int, slices: FeedSlices) -> None:
        """Keep `slices` of the last answer of a feed instead of those before."""
        self._connection.execute(_DELETE, {"of_source": source_id})
        if slices.entries:
            entries = {name: _entry_value(one) for name, one in slices.entries.items()}
            values = {"source_id": source_id, "context": slices.context, "whole_at": slices.whole_at}
            self._connection.execute(_INSERT, {**values, "entries": entries})


def _entry_value(entry: ReadEntry) -> list[Any]:
    """Return the key and the dates of an entry in the form in which they are stored."""
    if entry.updated is None:
        return [clean_text(entry.key), *_moment_value(entry.published)]
    return [clean_text(entry.key), *(_moment_value(entry.published) or (None, None)), *_moment_value(entry.updated)]


def _entry_of(value: Sequence[Any]) -> ReadEntry:
    key, *dates = value
    return ReadEntry(key, _moment_of(dates[:2]), _moment_of(dates[2:]))


def _moment_value(moment: Moment | None) -> tuple[str, str] | tuple[()]:
    return () if moment is None else (moment.at.isoformat(), moment.precision)


def _moment_of(value: Sequence[Any]) -> Moment | None:
    return Moment(dt.datetime.fromisoformat(value[0]), value[1]) if value and value[0] else None
