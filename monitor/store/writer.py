"""What may be written, by topic; a `Writer` is handed out for one transaction and does all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.events import Event
from monitor.store.archive import ArchiveWriter
from monitor.store.engine import told
from monitor.store.parts import PartWriter
from monitor.store.polls import PollWriter
from monitor.store.readdress import ReaddressWriter


class Writer(ArchiveWriter, PollWriter, PartWriter, ReaddressWriter):
    """Writes within one transaction. What it reads is what it wrote: nobody else writes meanwhile."""


class Batch:
    """One write transaction for many results, each under a savepoint of its own."""

    def __init__(self, connection: Connection, shown_url: str) -> None:
        self._connection = connection
        self._shown_url = shown_url
        self.events: list[Event] = []
        """What happened in the parts that are kept."""

    @contextmanager
    def part(self) -> Iterator[Writer]:
        """Yield a writer for one result: kept if the block ends, undone without the others if it raises.

        Raises StoreError when the database itself fails (a full disk, a lost connection). SQLite may have undone the
        whole transaction by then (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction),
        so there is no savepoint to go back to, and the error must end the transaction.
        """
        savepoint = self._connection.begin_nested()
        try:
            with told(self._shown_url):
                writer = Writer(self._connection)
                yield writer
                writer.finish()
        except StoreError:
            raise
        except BaseException:
            savepoint.rollback()
            raise
        savepoint.commit()
        self.events += writer.events
