"""Open the database of a configuration: all that commands need which only read what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from monitor.clock import Clock
from monitor.config import Config
from monitor.errors import StoreError
from monitor.store import Store, exists


def has_database(config: Config) -> bool:
    """Return whether the database exists. A database on a server must be created before, by `monitor db upgrade`."""
    return exists(config.database_url.reveal())


@contextmanager
def open_store(config: Config, clock: Clock, *, create: bool = True) -> Iterator[Store]:
    """Open the database of `config`, which must have the current schema.

    Raises StoreError if it does not exist and `create` is false: a query must not create an empty database and answer
    from it.
    """
    store = Store(config.database_url.reveal(), clock=clock, zone=ZoneInfo(config.timezone))
    if not create and not exists(config.database_url.reveal()):
        raise StoreError(f"{store.shown_url}: there is no database yet; monitor once or monitor run makes it")
    try:
        store.prepare()
        yield store
    finally:
        store.close()
