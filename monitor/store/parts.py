"""The documents that a source is made of, as the sitemaps of an index: what is known of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select, update

from monitor.model import KnownPart, Validators
from monitor.store.archive import Hand
from monitor.store.database import Database
from monitor.store.schema import part


class PartReads(Database):
    """What is asked of parts."""

    def parts(self, source_id: int) -> dict[str, KnownPart]:
        """The parts of a source that were seen before, by key."""
        with self._reading() as connection:
            rows = connection.execute(select(part).where(part.c.source_id == source_id))
            return {
                row.key: KnownPart(row.stated, row.read_at, Validators(row.etag, row.last_modified, row.body_hash))
                for row in rows
            }


class PartWriter(Hand):
    """Writes what became of parts."""

    def save_parts(self, source_id: int, parts: Mapping[str, KnownPart]) -> None:
        """Keep what is now known of some parts of a source, by key."""
        query = select(part.c.key).where(part.c.source_id == source_id)
        there = set(self._connection.execute(query).scalars()) if parts else set()
        new = [{"source_id": source_id, "key": key, **_values(one)} for key, one in parts.items() if key not in there]
        old = [{"of": source_id, "named": key, **_values(one)} for key, one in parts.items() if key in there]
        if new:
            self._connection.execute(insert(part), new)
        if old:
            mine = (part.c.source_id == bindparam("of"), part.c.key == bindparam("named"))
            self._connection.execute(update(part).where(*mine), old)


def _values(one: KnownPart) -> dict[str, str | bytes | dt.datetime | None]:
    known = one.validators
    return {
        "stated": one.stated,
        "read_at": one.read_at,
        "etag": known.etag,
        "last_modified": known.last_modified,
        "body_hash": known.body_hash,
    }
