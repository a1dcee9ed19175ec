"""All SQL; model objects in and out.

`Store` is one database, put together by topic: `database` (opening, lock, migrations, transactions), `copies` (backup
and restore), `sync` (the configuration), `sources`, `archive`, `changes`, `rereads`, `outbox`, `channels`, `orders`,
`outcomes`, `status`, `trace`, `archived`, `fulltext`, `backfill`, `waits`. What is written passes through a `Writer`
(`archive`, `polls`, `editions`, `reroute`, `operator`) in one transaction that only one writer has at a time, or is one
transaction of the outbox or of the orders. All tables are in `schema`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from monitor.errors import DatabaseFailed
from monitor.events import Event, publish_all
from monitor.store.archive import ArchiveWriter, EntryReads
from monitor.store.archived import ArchiveReads
from monitor.store.backfill import BackfillStore
from monitor.store.channels import ChannelReads
from monitor.store.copies import CopyStore
from monitor.store.editions import EditionReads
from monitor.store.engine import database_errors, exists
from monitor.store.fulltext.search import SearchReads
from monitor.store.operator import OperatorReads, OperatorWriter
from monitor.store.orders import OrderStore
from monitor.store.outbox import Outbox
from monitor.store.outcomes import OutcomeReads
from monitor.store.polls import PollWriter
from monitor.store.regroup import JoinedReads, RegroupWriter
from monitor.store.rereads import RereadReads, RereadWriter
from monitor.store.reroute import RerouteReads, RerouteWriter
from monitor.store.sources import SourceReads
from monitor.store.status import StatusReads
from monitor.store.stories import ReportReads
from monitor.store.sync import ConfigSync
from monitor.store.trace import TraceReads
from monitor.store.waits import WaitStore

__all__ = ["Batch", "Store", "Writer", "exists"]


class Writer(ArchiveWriter, PollWriter, RerouteWriter, OperatorWriter, RegroupWriter, RereadWriter):
    """Writes in one transaction. It reads its own writes; nobody else writes meanwhile."""


class Batch:
    """One write transaction for many results, each under a savepoint of its own."""

    def __init__(self, connection: Connection, shown_url: str) -> None:
        self._connection = connection
        self._shown_url = shown_url
        self.events: list[Event] = []
        """The events of the results that are kept."""

    @contextmanager
    def savepoint(self) -> Iterator[Writer]:
        """Yield a writer for one result: kept if the block ends; if it raises, only this result is undone.

        Raises DatabaseFailed when the database itself fails (a full disk, a lost connection). SQLite may have undone
        the whole transaction by then (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction),
        so there is no savepoint to go back to, and the error must end the transaction.
        """
        with database_errors(self._shown_url):
            nested = self._connection.begin_nested()
            try:
                with database_errors(self._shown_url):
                    writer = Writer(self._connection)
                    yield writer
                    writer.finish()
            except DatabaseFailed:
                raise
            except BaseException:
                nested.rollback()
                raise
            nested.commit()
        self.events += writer.events


class Store(
    CopyStore,
    ConfigSync,
    SourceReads,
    EntryReads,
    RereadReads,
    Outbox,
    ChannelReads,
    OrderStore,
    OutcomeReads,
    StatusReads,
    TraceReads,
    JoinedReads,
    ArchiveReads,
    SearchReads,
    BackfillStore,
    WaitStore,
):
    """One database. Raises StoreError, with a remedy, if the database cannot be used.

    Several threads may use it. Every public method that writes is one transaction.
    """

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open the one transaction that writes: committed at the end of the block, undone if it raises.

        Meanwhile, other methods of the store read the state before the transaction.
        """
        with self._transaction() as connection:
            writer = Writer(connection)
            yield writer
            writer.finish()
        publish_all(writer.events)

    @contextmanager
    def writing_many(self) -> Iterator[Batch]:
        """Open one transaction for many results, each of which may fail alone; else as `writing`."""
        with self._transaction() as connection:
            batch = Batch(connection, self.shown_url)
            yield batch
        publish_all(batch.events)

    @contextmanager
    def reading(self) -> Iterator[EditionReads]:
        """Open a transaction that reads the data of an edition, and writes nothing."""
        with self._reading() as connection:
            yield EditionReads(connection)

    @contextmanager
    def reports_reading(self) -> Iterator[ReportReads]:
        """Open a transaction that reads the reports of the last days, and writes nothing."""
        with self._reading() as connection:
            yield ReportReads(connection)

    @contextmanager
    def operator_reading(self) -> Iterator[OperatorReads]:
        """Open a transaction that reads the data of a message to the operator, and writes nothing."""
        with self._reading() as connection:
            yield OperatorReads(connection)

    @contextmanager
    def outbox_reading(self) -> Iterator[RerouteReads]:
        """Open a transaction that reads the waiting deliveries, and writes nothing."""
        with self._reading() as connection:
            yield RerouteReads(connection)
