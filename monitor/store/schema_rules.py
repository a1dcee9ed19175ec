"""The table of rules; it belongs to those of `schema`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table

from monitor.store.schema import metadata
from monitor.store.types import CleanText, UtcTime

# What each rule means, as a hash ("": not known, since it is older than this table), and how far it has been asked of
# articles that were recorded before it was known: of all down to `below`; of all if that is null.
rule: Final = Table(
    "rule",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("meaning", CleanText, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("since", UtcTime),
    Column("below", Integer),
)
