"""Open a database: the settings of each kind, and messages for its errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from monitor.errors import DatabaseFailed, StoreError

WRITES_OPTION: Final = "monitor_writes"
PATIENCE: Final = 30.0
"""Seconds that a writer waits for another writer. Transactions take milliseconds."""

# What SQLite's codes mean, by the start of their names (https://www.sqlite.org/rescode.html).
_SQLITE_MEANINGS: Final = {
    "SQLITE_FULL": "the disk is full; make room, nothing was lost",
    "SQLITE_READONLY": "it may not be written; give this process the right to write the file and its folder",
    "SQLITE_BUSY": "another process keeps it locked; end the programs that have it open",
    "SQLITE_LOCKED": "another part of this process keeps it locked; try again",
    "SQLITE_NOTADB": "the file is not an SQLite database; name another file, or move this one away",
    "SQLITE_CORRUPT": "the file is damaged; restore the newest backup, which is in the same folder",
    "SQLITE_CANTOPEN": "it cannot be opened; check that folder and file may be read and written",
    "SQLITE_PERM": "it may not be opened; check the rights of folder and file",
    "SQLITE_AUTH": "it may not be opened; check the rights of folder and file",
    "SQLITE_IOERR": "the disk failed; check it, and the system's log",
}

# What PostgreSQL's codes mean, where the server works but refuses (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_SERVER_MEANINGS: Final = {
    "25006": "it may only be read; connect to the primary server, or end its read-only mode",
    "42501": "its user may not do this; make that user the owner of the tables",
    "53100": "the disk of the server is full; make room, nothing was lost",
}


def parse_url(url: str) -> URL:
    """Return the address of a database with its driver. Raises StoreError, whose message does not show the address."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        raise StoreError(
            "the address of the database cannot be read; write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        ) from None
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        return parsed
    raise StoreError(f"databases of kind {parsed.drivername!r} are not supported; use sqlite or postgresql")


def without_password(url: URL) -> str:
    """Return the address without its password, wherever the address contains it."""
    hidden = {name: "***" for name in url.query if "password" in name.lower()}
    plain = url.update_query_dict(hidden).render_as_string(hide_password=True)
    return plain.replace("postgresql+psycopg://", "postgresql://", 1).replace("=%2A%2A%2A", "=***")


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite database, with links resolved; None if the database is in memory or on a server."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database)).resolve()


def exists(url: str) -> bool:
    """Return whether there is a database at this address. On a server or in memory this is always the case."""
    file = file_of(parse_url(url))
    return file is None or file.exists()


def open_engine(url: URL, patience: float = PATIENCE) -> Engine:
    """Return an engine with the settings for its database. Raises StoreError if the driver is not installed.

    A writer waits up to `patience` seconds for other writers. Statements are logged and reported without their
    parameters, because parameters contain texts and addresses of recipients.
    """
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, patience)
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise StoreError(
            f"PostgreSQL needs {missing.name}, which is not installed; pip install 'announcement-monitor[postgres]'"
        ) from missing
    event.listen(engine, "connect", partial(_set_up_server, patience))
    return engine


def _open_sqlite(url: URL, patience: float) -> Engine:
    file = file_of(url)
    arguments: dict[str, Any] = {"check_same_thread": False}
    if file is None:
        engine = create_engine(url, hide_parameters=True, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(url.set(database=str(file)), hide_parameters=True, connect_args=arguments)
    event.listen(engine, "connect", partial(_set_up_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(patience: float, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins transactions, not the driver
    connection.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Begin a transaction.

    A writer takes the write lock at once. Otherwise data that it has read could change before it writes.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES_OPTION) else "BEGIN")


def _set_up_server(patience: float, connection: Any, _record: object) -> None:
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute(f"SET lock_timeout = '{patience * 1000:.0f}ms'")
    connection.commit()


def create_file(file: Path) -> None:
    """Create the file of a new database, readable only by its user. SQLite gives its log the same mode.

    Its folder must exist: a missing folder is usually a typing mistake, or a disk that is not mounted, and with a new
    database everything would be sent again. An existing file is not opened: closing a file that SQLite has open would
    drop SQLite's locks on it (https://www.sqlite.org/howtocorrupt.html). Raises StoreError.
    """
    if not file.parent.exists():
        remedy = "make the folder, or correct MONITOR_DATABASE_URL"
        raise StoreError(f"{file}: the folder {file.parent} does not exist; {remedy}")
    try:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"{file}: cannot be created ({error.strerror}); check the rights of its folder") from error


@contextmanager
def database_errors(where: str) -> Iterator[None]:
    """Turn errors of the database into DatabaseFailed with a remedy. Errors of the program are passed on."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseFailed(f"{where}: too many parts of the program wait for it; try again") from error
    except (DBAPIError, sqlite3.Error) as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise DatabaseFailed(f"{where}: {meaning}") from error


def _meaning(error: DBAPIError | sqlite3.Error) -> str | None:
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        name = getattr(origin, "sqlite_errorname", None) or ""
        return next((words for start, words in _SQLITE_MEANINGS.items() if name.startswith(start)), None)
    if refused := _SERVER_MEANINGS.get(getattr(origin, "sqlstate", None) or ""):
        return refused
    if isinstance(error, OperationalError | InterfaceError):
        said = str(origin).strip().splitlines() or ["no answer"]
        return f"the server cannot be used ({said[0]}); check that it runs and that the address is right"
    return None
