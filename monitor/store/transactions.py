"""A connection within a transaction: the base of everything that reads or writes in a transaction of its caller."""

from __future__ import annotations

from sqlalchemy import Connection

from monitor.events import Event
from monitor.store.fulltext.index import IndexWriter


class Transaction:
    """A connection within a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class WriteTransaction(Transaction):
    """A connection within a transaction that writes. Some work is postponed to the end of the transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.events: list[Event] = []
        """The events to publish after the commit."""
        self._index = IndexWriter(connection)
        self._added: set[int] = set()  # ids of articles added in this transaction
        self._unmatched: set[int] = set()  # ids of articles added in this transaction, without any match so far

    def finish(self) -> None:
        """Do the work that was postponed to the end. Call this last, when everything else is written."""
        self._index.flush()
