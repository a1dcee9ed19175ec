"""One holder for each database: a lock that the kernel, or the server, releases when its holder dies."""

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

# Keys of advisory locks; they are the database's own, so that two programs in two databases do not meet.
WRITER_KEY: Final = int.from_bytes(b"monitor\x01", "big")
HOLDER_KEY: Final = int.from_bytes(b"monitor\x02", "big")
_MAX_NAME: Final = 63  # bytes that PostgreSQL keeps of an application's name
_MAX_DESCRIPTION: Final = 1000
_RELEASE_TIMEOUT: Final = "1s"  # how long a server may take to notice that the last holder died

_log = logger("store")

# PostgreSQL shows the two halves of a key apart (https://www.postgresql.org/docs/current/view-pg-locks.html).
_HOLDER_QUERY: Final = text("""
    SELECT l.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.classid = :high AND l.objid = :low
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""").bindparams(high=HOLDER_KEY >> 32, low=HOLDER_KEY & 0xFFFFFFFF)


class Lock(Protocol):
    """A lock that is held."""

    def is_intact(self, connection: Connection) -> bool:
        """Return whether the lock is still held: a server may have ended its session."""
        ...

    def retake(self) -> bool:
        """Take a lost lock again; return False if that is impossible. Raises LockHeld, StoreError."""
        ...

    def release(self) -> None:
        """Release the lock. Never raises: a broken lock is already released."""
        ...


class NoLock:
    """For a database in memory, which no other process can see."""

    def is_intact(self, connection: Connection) -> bool:  # noqa: ARG002 - the protocol's
        """Return True: nobody else can take it."""
        return True

    def retake(self) -> bool:
        """Return True: it is never lost."""
        return True

    def release(self) -> None:
        """Do nothing."""


class FileLock:
    """A `flock` on a file next to the database; the file describes the holder.

    The file stays when the lock is released: if it were removed, two processes could lock two files of one name. Its
    descriptor is not inherited by child programs.
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
        """Return whether the file with that name is still the locked one."""
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        return False

    def retake(self) -> bool:
        """Return False: the file was removed or replaced, and the new one may be locked."""
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

    If it is replaced, SQLite continues with the open file, which nobody finds any more, while new connections open the
    other one.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path, self._engine = path, engine
        self._was = path.stat()

    def check(self) -> None:
        """Raise LockLost if the file was deleted or replaced. Call it when the tables were created."""
        what = "deleted"
        with suppress(FileNotFoundError):
            if os.path.samestat(self._was, self._path.stat()) and not self._is_empty():
                return
            what = "replaced"
        raise LockLost(f"{self._path}: it was {what} while it was in use; put the right file there, and start again")

    def _is_empty(self) -> bool:
        """Return whether there are no tables: SQLite creates a deleted file again, maybe under the same number."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            return bool(connection.exec_driver_sql("PRAGMA schema_version").scalar() == 0)
        return False


class ServerLock:
    """A session's advisory lock on its own connection, whose name describes the holder."""

    def __init__(self, engine: Engine, words: str, where: str) -> None:
        self._engine, self._words, self._where = engine, words, where
        self._open()

    def _open(self) -> None:
        with database_errors(self._where):
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.detach()  # from the pool, which would keep the session and its lock
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
        run("SET tcp_keepalives_idle = 15")  # so that a host that vanished gives the lock back within a minute
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
        """Return whether the server still knows the lock."""
        return any(row.pid == self._pid for row in connection.execute(_HOLDER_QUERY))

    def retake(self) -> bool:
        """Take the lock in a new session: the server ended the last one, as after a restart."""
        self.release()
        self._open()
        return True

    def release(self) -> None:
        """Close the connection, which releases the lock."""
        self._connection.close()


def keep_lock(lock: Lock, connection: Connection, holder_id: str, where: str) -> None:
    """Make sure that a lock is held; if its session was ended, as by a restart of the server, take it again.

    `holder_id` is the row of this process among the holders, and `connection` is within a transaction that writes.
    Raises LockLost if another process has the lock, or had it meanwhile and may have continued the work of this one;
    StoreError if the server cannot be used.
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
    # Whoever takes the lock strikes the heartbeats of all others.
    own = select(holder.c.beat_at).where(holder.c.id == holder_id, holder.c.ended_at.is_(None))
    if connection.execute(own).scalar() is None:
        lock.release()
        raise LockLost(f"{lost}, and another process may have had it; start again")
    _log.warning("retaken", database=where, meaning="the server had ended the session that held the lock")
