"""All SQL of the program. Its methods take and return model objects.

`Store` is one database, composed of a module for each topic: `database` (opening, lock, migrations, transactions),
`copies` (backup and restore), `sync` (the configuration), `sources`, `feeds`, `entries`, `archive`, `changes`,
`rereads`, `outbox`, `channels`, `condition`, `orders`, `outcomes`, `status`, `trace`, `archived`, `fulltext`, `gauges`,
`backfill`, `retention`, `rests`, `waits`. The outbox, the orders and the rests write in transactions of their own.
Everything else is written by a `Writer` (`archive`, `polls`, `feeds`, `editions`, `reroute`, `operator`), in a
transaction that only one writer has at a time. All tables are in `schema`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from monitor.errors import DatabaseFailed
from monitor.events import Event, publish_all
from monitor.store.archive import ArchiveWriter
from monitor.store.archived import ArchiveReads
from monitor.store.backfill import BackfillStore
from monitor.store.channels import ChannelReads
from monitor.store.condition import ConditionReads
from monitor.store.copies import CopyStore
from monitor.store.editions import EditionReads
from monitor.store.engine import database_errors, exists
from monitor.store.entries import EntryReads
from monitor.store.feeds import FeedReads, FeedWriter
from monitor.store.fulltext.search import SearchReads
from monitor.store.gauges import GaugeReads
from monitor.store.operator import OperatorReads, OperatorWriter
from monitor.store.orders import OrderStore
from monitor.store.outbox import Outbox
from monitor.store.outcomes import OutcomeReads
from monitor.store.polls import PollWriter
from monitor.store.regroup import JoinedReads, RegroupWriter
from monitor.store.rereads import RereadReads, RereadWriter
from monitor.store.reroute import RerouteReads, RerouteWriter
from monitor.store.rests import RestStore
from monitor.store.retention import RetentionStore
from monitor.store.rules import RuleReads
from monitor.store.sources import SourceReads
from monitor.store.status import StatusReads
from monitor.store.stories import ReportReads
from monitor.store.sync import ConfigSync
from monitor.store.trace import TraceReads
from monitor.store.waits import WaitStore

__all__ = ["Batch", "Store", "Writer", "exists"]


class Writer(ArchiveWriter, PollWriter, FeedWriter, RerouteWriter, OperatorWriter, RegroupWriter, RereadWriter):
    """Writes in one transaction, and reads what it has written. There is no other writer at the same time."""


class Batch:
    """One write transaction for many results, with a savepoint for each result."""

    def __init__(self, connection: Connection, shown_url: str) -> None:
        self._connection = connection
        self._shown_url = shown_url
        self.events: list[Event] = []
        """The events of those results that were not undone."""

    @contextmanager
    def savepoint(self) -> Iterator[Writer]:
        """Yield a writer for one result. If the block raises, only this result is undone.

        Raises DatabaseFailed when the database itself fails (a full disk, a lost connection). SQLite may have undone
        the whole transaction (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
        Then the savepoint does not exist any more, and the error must end the transaction.
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
    FeedReads,
    RereadReads,
    Outbox,
    ChannelReads,
    OrderStore,
    OutcomeReads,
    StatusReads,
    ConditionReads,
    GaugeReads,
    TraceReads,
    JoinedReads,
    ArchiveReads,
    SearchReads,
    BackfillStore,
    RetentionStore,
    RuleReads,
    RestStore,
    WaitStore,
):
    """One database. Raises StoreError, with a remedy, if the database cannot be used.

    Several threads may use it. Every public method that writes is one transaction.
    """

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open a transaction that writes. It is committed at the end of the block, and undone if the block raises.

        Only one such transaction is open at a time. Other methods of the store read the state before it.
        """
        with self._transaction() as connection:
            writer = Writer(connection)
            yield writer
            writer.finish()
        publish_all(writer.events)

    @contextmanager
    def writing_many(self) -> Iterator[Batch]:
        """Open a transaction like `writing` for many results. If one result fails, the others are still written."""
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
