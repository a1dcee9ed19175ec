"""Migrate, check, index, back up and restore the database of a configuration."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.app.opening import open_store
from monitor.clock import Clock
from monitor.config import Config
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """The problems found in a database. `database` is its address without secrets."""

    database: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexedDatabase:
    """A database (its address without secrets), and how many of its articles were indexed."""

    database: str
    articles: int


def upgrade(config: Config, clock: Clock) -> str:
    """Migrate the schema to this program's version. Return the database's address without secrets."""
    with closing(_store(config, clock)) as store:
        store.upgrade()
        return store.shown_url


def check_integrity(config: Config, clock: Clock) -> IntegrityReport:
    """Return the problems in the database. It may have a schema of another version."""
    with closing(_store(config, clock)) as store:
        return IntegrityReport(store.shown_url, tuple(store.integrity()))


def reindex(config: Config, clock: Clock, *, command: str) -> IndexedDatabase:
    """Rebuild the search index from the archive.

    Meanwhile, `command` is recorded as the holder of the database's lock.
    """
    with open_store(config, clock, create=False) as store, store.hold(command):
        return IndexedDatabase(store.shown_url, store.reindex())


def back_up(config: Config, clock: Clock, file: Path) -> None:
    """Copy an SQLite database into `file`, which must not exist. The database may be in use."""
    with open_store(config, clock, create=False) as store:
        store.backup(file)


@dataclass(frozen=True, slots=True)
class RestoredDatabase:
    """A restored database, by its address without secrets. `kept` is the path of the previous database, if one existed.

    `waiting` counts the deliveries that had not been sent when the backup was made. They will be sent unchanged.
    """

    database: str
    kept: Path | None
    waiting: int


def restore(config: Config, clock: Clock, file: Path) -> RestoredDatabase:
    """Replace an SQLite database by the backup in `file`. No other process may be using the database."""
    with closing(_store(config, clock)) as store:
        kept = store.restore(file)
        outbox = store.status(clock.now()).outbox or {}
        waiting = sum(count for state, count in outbox.items() if state not in ("sent", "dropped", "parked"))
        return RestoredDatabase(store.shown_url, kept, waiting)


def _store(config: Config, clock: Clock) -> Store:
    return Store(config.database_url.reveal(), clock=clock, zone=ZoneInfo(config.timezone))
