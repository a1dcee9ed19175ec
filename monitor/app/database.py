"""Migrate, check, index and copy the database of a configuration."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.app.wiring import open_store
from monitor.clock import Clock
from monitor.config import Config
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """What is wrong in a database, if anything; `database` is its address without secrets."""

    database: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexedDatabase:
    """A database, and how many of its articles were indexed."""

    database: str
    articles: int


def upgrade(config: Config, clock: Clock) -> str:
    """Bring the schema to this program's version; return the database's address without secrets."""
    with closing(_store(config, clock)) as store:
        store.upgrade()
        return store.shown_url


def check_integrity(config: Config, clock: Clock) -> IntegrityReport:
    """Return what is wrong in the database, whatever its schema."""
    with closing(_store(config, clock)) as store:
        return IntegrityReport(store.shown_url, tuple(store.integrity()))


def reindex(config: Config, clock: Clock, *, command: str) -> IndexedDatabase:
    """Build the search index again from the archive, holding the database's lock as `command`."""
    with open_store(config, clock, create=False) as store, store.hold(command):
        return IndexedDatabase(store.shown_url, store.reindex())


def back_up(config: Config, clock: Clock, file: Path) -> None:
    """Copy the database into `file`, which must not exist, while it is in use (SQLite)."""
    with open_store(config, clock, create=False) as store:
        store.backup(file)


@dataclass(frozen=True, slots=True)
class RestoredDatabase:
    """A restored database, by its address without secrets. `kept` is the path of the one before it, if there was one.

    `waiting` counts the deliveries that had not been sent when the backup was made. They are sent unchanged.
    """

    database: str
    kept: Path | None
    waiting: int


def restore(config: Config, clock: Clock, file: Path) -> RestoredDatabase:
    """Put the backup in `file` in the place of the database (SQLite), on which no other process works."""
    with closing(_store(config, clock)) as store:
        kept = store.restore(file)
        outbox = store.status(clock.now()).outbox or {}
        waiting = sum(count for state, count in outbox.items() if state not in ("sent", "dropped", "parked"))
        return RestoredDatabase(store.shown_url, kept, waiting)


def _store(config: Config, clock: Clock) -> Store:
    return Store(config.database_url.reveal(), clock=clock, zone=ZoneInfo(config.timezone))
