"""The lock of a database, which one process holds. The kernel or the server releases it when that process dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from monitor.errors import LockHeld, LockLost, StoreError
from monitor.log import logger
from monitor.store.engine import database_errors
from monitor.store.schema import holder

# Keys of advisory locks. Each database has its own locks, so programs in different databases do not share them.
WRITER_KEY: Final = int.from_bytes(b"monitor\x01", "big")
HOLDER_KEY: Final = int.from_bytes(b"monitor\x02", "big")
_MAX_NAME: Final = 63  # maximum length of an application's name in PostgreSQL, in bytes
_MAX_DESCRIPTION: Final = 1000
_RELEASE_TIMEOUT: Final = "1s"  # how long a server may take to notice that the last holder died

_log = logger("store")

# PostgreSQL shows the two halves of a key in two columns (https://www.postgresql.org/docs/current/view-pg-locks.html).
_HOLDER_QUERY: Final = text("""
    SELECT l.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.classid = :high AND l.objid = :low
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""").bindparams(high=HOLDER_KEY >> 32, low=HOLDER_KEY & 0xFFFFFFFF)


class Lock(Protocol):
    """A lock that is held."""

    def is_intact(self, connection: Connection) -> bool:
        """Return whether the lock is still held. A server may have ended the session that held it."""
        ...

    def retake(self) -> bool:
        """Take a lost lock again; return False if this is impossible. Raises LockHeld, StoreError."""
        ...

    def release(self) -> None:
        """Release the lock. Never raises: a broken lock is already released."""
        ...


class NoLock:
    """The lock of a database in memory, which no other process can open."""

    def is_intact(self, connection: Connection) -> bool:  # noqa: ARG002 - the protocol's
        """Return True, because nobody else can take the lock."""
        return True

    def retake(self) -> bool:
        """Return True, because the lock is never lost."""
        return True

    def release(self) -> None:
        """Do nothing."""


class FileLock:
    """A `flock` on a file next to the database. The file contains a description of the holder.

    The file is not removed when the lock is released. Otherwise two processes could lock two files that have the same
    name one after the other. Child processes do not inherit the descriptor of the file.
    """

    def __init__(self, path: Path, words: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{path}: cannot be opened ({error.strerror}); check the rights of its folder") from error
        self._path = path
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, _MAX_DESCRIPTION, 0).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise LockHeld(holder or "another process") from None
        self._write(words)

    def is_intact(self, connection: Connection) -> bool:  # noqa: ARG002 - the protocol's
        """Return whether the file with this name is still the locked file."""
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        return False

    def retake(self) -> bool:
        """Return False, because the file was removed or replaced, and another process may have locked the new file."""
        return False

    def release(self) -> None:
        """Clear the description and close the file, which unlocks it."""
        with suppress(OSError):  # a full disk must not keep us from closing
            self._write("")
        os.close(self._descriptor)

    def _write(self, words: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, words.encode()[:_MAX_DESCRIPTION], 0)


class HeldFile:
    """The file of a database at the time when the lock was taken.

    If the file is replaced, open connections continue with the old file, which has no name any more, and new
    connections open the new file.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path, self._engine = path, engine
        self._was = path.stat()

    def check(self) -> None:
        """Raise LockLost if the file was deleted or replaced. Call this only after the tables were created."""
        what = "deleted"
        with suppress(FileNotFoundError):
            if os.path.samestat(self._was, self._path.stat()) and not self._is_empty():
                return
            what = "replaced"
        raise LockLost(f"{self._path}: it was {what} while it was in use; put the right file there, and start again")

    def _is_empty(self) -> bool:
        """Return whether the database has no tables.

        If the file was deleted, SQLite creates it again as an empty file, possibly with the same inode number.
        """
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            return bool(connection.exec_driver_sql("PRAGMA schema_version").scalar() == 0)
        return False


class ServerLock:
    """An advisory lock of a database session. The application name of its connection describes the holder."""

    def __init__(self, engine: Engine, words: str, where: str) -> None:
        self._engine, self._words, self._where = engine, words, where
        self._open()

    def _open(self) -> None:
        with database_errors(self._where):
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.detach()  # otherwise the pool would keep the session, and so the lock
        try:
            with database_errors(self._where):
                self._take()
        except BaseException:
            self.release()
            raise

    def _take(self) -> None:
        run = self._connection.exec_driver_sql
        name = self._words.encode()[:_MAX_NAME].decode(errors="ignore")
        self._connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
        run("SET tcp_keepalives_idle = 15")  # so the server releases the lock of a vanished host within a minute
        run("SET tcp_keepalives_interval = 5")
        run(f"SET lock_timeout = '{_RELEASE_TIMEOUT}'")
        try:
            run(f"SELECT pg_advisory_lock({HOLDER_KEY})")
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
                raise
            raise LockHeld(self._holder() or "another process") from None
        self._pid = int(run("SELECT pg_backend_pid()").scalar_one())

    def _holder(self) -> str | None:
        row = self._connection.execute(_HOLDER_QUERY).first()
        return None if row is None else row.application_name

    def is_intact(self, connection: Connection) -> bool:
        """Return whether the server still lists the lock."""
        return any(row.pid == self._pid for row in connection.execute(_HOLDER_QUERY))

    def retake(self) -> bool:
        """Take the lock in a new session, because the server has ended the last session, for example in a restart."""
        self.release()
        self._open()
        return True

    def release(self) -> None:
        """Close the connection, which releases the lock."""
        self._connection.close()


def keep_lock(lock: Lock, connection: Connection, holder_id: str, where: str) -> None:
    """Make sure that a lock is held. If its session was ended, for example by a restart of the server, take it again.

    `holder_id` is the id of this process in the table of holders. `connection` is within a transaction that writes.
    Raises LockLost if another process has the lock, or had it meanwhile and may have continued the work of this
    process. Raises StoreError if the server cannot be used.
    """
    if lock.is_intact(connection):
        return
    lost = f"{where}: the lock on the database was lost"
    try:
        again = lock.retake()
    except LockHeld as held:
        raise LockLost(f"{lost}, and is held by {held.holder}; only one of the two may run") from None
    if not again:
        raise LockLost(f"{lost}; start again")
    # A process that takes the lock deletes the heartbeats of all other holders.
    own = select(holder.c.beat_at).where(holder.c.id == holder_id, holder.c.ended_at.is_(None))
    if connection.execute(own).scalar() is None:
        lock.release()
        raise LockLost(f"{lost}, and another process may have had it; start again")
    _log.warning("retaken", database=where, meaning="the server had ended the session that held the lock")
