"""All SQL; model objects in and out.

`Store` is one database, put together by topic: `database` (opening, lock, migrations, transactions), `sources`,
`parts`, `outbox`, `orders`, `outcomes`, `status`, `trace`, `archived`, `search`. What is written passes through a
`Writer` (`archive`, `polls`, `binding`) in one transaction that only one writer has at a time, or is one transaction of
the outbox or of the orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.events import publish_all
from monitor.store.archived import ArchiveReads
from monitor.store.backfill import BackfillStore
from monitor.store.binding import EditionReads
from monitor.store.engine import exists
from monitor.store.orders import OrderStore
from monitor.store.outbox import Outbox
from monitor.store.outcomes import OutcomeReads
from monitor.store.parts import PartReads
from monitor.store.search import SearchReads
from monitor.store.sources import SourceReads
from monitor.store.status import StatusReads
from monitor.store.trace import TraceReads
from monitor.store.writer import Batch, Writer

__all__ = ["Batch", "Store", "Writer", "exists"]


class Store(
    SourceReads,
    PartReads,
    Outbox,
    OrderStore,
    OutcomeReads,
    StatusReads,
    TraceReads,
    ArchiveReads,
    SearchReads,
    BackfillStore,
):
    """One database. Raises StoreError, with a remedy, where the database cannot be used as it is.

    It may be used from several threads. Every public method that writes is one transaction.
    """

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction that writes, the only one at a time: committed at the end of the block, undone if it raises.

        What other methods of the store read meanwhile is the state before it.
        """
        with self._transaction() as connection:
            writer = Writer(connection)
            yield writer
            writer.finish()
        publish_all(writer.events)

    @contextmanager
    def writing_many(self) -> Iterator[Batch]:
        """One transaction for many results, each of which may fail alone; else as `writing`."""
        with self._transaction() as connection:
            batch = Batch(connection, self.shown_url)
            yield batch
        publish_all(batch.events)

    @contextmanager
    def reading(self) -> Iterator[EditionReads]:
        """One transaction that reads what an edition would be built from, and writes nothing."""
        with self._reading() as connection:
            yield EditionReads(connection)
