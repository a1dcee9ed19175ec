"""The database as a whole: opening, locking, migrating, checking, and its transactions."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, text, update

from monitor.clock import Clock
from monitor.errors import MigrationNeeded, StoreError
from monitor.failpoint import failpoint
from monitor.model.reports import HolderReport
from monitor.model.times import local_time
from monitor.store import engine, integrity, migrate, schema
from monitor.store.backup import backup_before_upgrade
from monitor.store.fulltext.check import index_problems, is_sound
from monitor.store.fulltext.index import IndexWriter
from monitor.store.lock import WRITER_KEY, FileLock, HeldFile, Lock, NoLock, ServerLock, keep_lock

RESTORE_COMMAND: Final = "monitor db restore"
"""The command under which a restore is recorded as a holder of the database."""


class Database:
    """The part of the store that all other parts use. `shown_url` is the address without its password.

    There is one writer at a time: a lock ensures this within this process, the database between processes. A writer
    waits up to `patience` seconds for the database. Readers do not wait.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        migrations: Path | None = None,
        patience: float = engine.PATIENCE,
        zone: dt.tzinfo = dt.UTC,
    ) -> None:
        parsed = engine.parse_url(url)
        self.shown_url = engine.without_password(parsed)
        self._clock = clock
        self._zone = zone  # the timezone of times in messages
        self._file = engine.file_of(parsed)
        self._is_server = parsed.get_backend_name() != "sqlite"
        self._migrations = migrations or migrate.migrations_folder()
        self._engine = engine.open_engine(parsed, patience)
        self._turn = threading.RLock()
        self._writer: Connection | None = None
        self._holder = uuid.uuid4().hex
        self._lock: Lock | None = None
        self._held_file: HeldFile | None = None
        self._held: dict[str, object] = {}
        self._instance: str | None = None
        self._is_current = False  # while this process has the lock, no other process changes the schema

    def close(self) -> None:
        """Close all connections. This does not release the lock: the block of `hold` does."""
        self._engine.dispose()

    @property
    def instance_id(self) -> str:
        """A random name of this database, which was made when the database was created."""
        if self._instance is None:
            with self._reading() as connection:
                self._instance = str(connection.execute(select(schema.meta.c.instance_id)).scalar_one())
        return self._instance

    # Transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Open a transaction that reads. A database in memory has only one connection: there it waits for writers."""
        with engine.database_errors(self.shown_url):
            if self._file or self._is_server:
                with self._engine.connect() as connection, connection.begin():
                    yield connection
                return
            with self._turn:
                if self._writer is not None:
                    yield self._writer
                    return
                with self._engine.connect() as connection, connection.begin():
                    yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Open a transaction that writes. It is committed at the end of the block, and undone if the block raises."""
        with self._turn:
            if self._writer is not None:
                raise RuntimeError("a transaction within a transaction would wait for itself")
            with (
                engine.database_errors(self.shown_url),
                self._engine.connect().execution_options(**{engine.WRITES_OPTION: True}) as connection,
            ):
                with connection.begin():
                    if self._is_server:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_KEY})
                    self._writer = connection
                    try:
                        yield connection
                    finally:
                        self._writer = None
                    failpoint("store.before_commit")
                failpoint("store.after_commit")

    # The schema

    def prepare(self) -> None:
        """Prepare the database for this program.

        An SQLite database is created, or upgraded after a backup into its folder. Raises MigrationNeeded if the
        database is newer than this program, or is a PostgreSQL database with an old schema. Raises LockHeld if the
        database must be upgraded while another process works on it.
        """
        if self._version_is_current():
            self._record_start()
        elif self._is_server:
            raise MigrationNeeded(
                f"{self.shown_url}: the schema is not the one of this program; run `monitor db upgrade`"
            )
        else:
            self.upgrade()

    def upgrade(self) -> None:
        """Run the missing migrations. Make a backup before, if it is an SQLite database that is not empty.

        Raises the same errors as `prepare`.
        """
        if self._version_is_current():
            self._record_start()
        elif self._lock is not None:
            self._upgrade()
        else:
            with self.hold("monitor db upgrade"):
                self._upgrade()

    def _version_is_current(self) -> bool:
        if self._is_current and self._lock is not None:
            return True
        if self._file is not None:
            engine.create_file(self._file)
        with self._reading() as connection:
            self._is_current = migrate.is_current(migrate.version_of(connection), self._migrations)
        return self._is_current

    def _upgrade(self) -> None:
        with engine.database_errors(self.shown_url), migrate.unchecked_keys(self._engine) as connection:
            writer = connection.execution_options(**{engine.WRITES_OPTION: True})
            self._back_up_old(writer)
            with self._turn, writer.begin():
                migrate.upgrade(writer, self._migrations, self._clock)
                IndexWriter(writer).complete()
                integrity.refuse_missing_references(writer)
                failpoint("store.before_commit")
        failpoint("store.after_commit")
        self._record_start()

    def _back_up_old(self, connection: Connection) -> None:
        with connection.begin():
            version = migrate.version_of(connection)
        if self._file is not None and version is not None:
            backup_before_upgrade(self._file, version, self._clock.now())

    def integrity(self) -> tuple[str, ...]:
        """Return the faults of the database, in words. Raises MigrationNeeded if it is newer than this program."""
        with self._reading() as connection:
            if not migrate.is_current(migrate.version_of(connection), self._migrations):
                return ("the schema is older than this program: run `monitor db upgrade`",)
            damage = integrity.file_damage(connection)
            differences = tuple(f"the schema differs: {found}" for found in migrate.schema_differences(connection))
            problems = damage + differences + integrity.rule_violations(connection)
        with self._transaction() as connection:
            sound = is_sound(connection)
        with self._reading() as connection:
            return problems + index_problems(connection, sound=sound)

    # The lock

    @contextmanager
    def hold(self, command: str) -> Iterator[str]:
        """Hold the lock of the database while the block runs; yield the description of this process as its holder.

        Raises LockHeld, with the description of the other holder, if another process has the lock.
        """
        since = self._clock.now()
        description = self._describe_holder(command)
        lock = self._take_lock(description)
        self._lock, self._holder, self._is_current = lock, uuid.uuid4().hex, False
        self._held_file = HeldFile(self._file, self._engine) if self._file else None
        self._held = {"command": command, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
        try:
            self._record_start()
            yield description
        finally:
            try:
                with suppress(StoreError):  # the end is recorded only for people: the lock must be released in any case
                    self._record_end()
            finally:
                self._lock = self._held_file = None
                lock.release()

    def _describe_holder(self, command: str) -> str:
        """Return the description of this process for other processes: command, process id and host."""
        since = self._clock.now()
        return f"{command} (process {os.getpid()} on {socket.gethostname()}, since {local_time(since, self._zone)})"

    def _take_lock(self, description: str) -> Lock:
        if self._is_server:
            return ServerLock(self._engine, description, self.shown_url)
        if self._file is None:
            return NoLock()
        engine.create_file(self._file)
        return FileLock(self._file.with_name(f"{self._file.name}.lock"), description)

    def _record_start(self) -> None:
        """Record this process as the holder of the database, if the table for it exists.

        An earlier holder that did not end normally is dead, since this process has the lock. Its heartbeat is deleted.
        """
        if self._lock is None or not self._version_is_current():
            return
        with self._transaction() as connection:
            condition = schema.holder.c.id == self._holder
            if connection.execute(select(schema.holder.c.id).where(condition)).first() is None:
                connection.execute(update(schema.holder).where(schema.holder.c.ended_at.is_(None)).values(beat_at=None))
                connection.execute(insert(schema.holder).values(id=self._holder, **self._held))

    def _record_end(self) -> None:
        self.check_file()  # otherwise a deleted database would be created again, without data
        if self._version_is_current():
            with self._transaction() as connection:
                condition = schema.holder.c.id == self._holder
                connection.execute(update(schema.holder).where(condition).values(ended_at=self._clock.now()))

    def record_heartbeat(self, now: dt.datetime) -> None:
        """Record a heartbeat of this process, if it holds the database. Raises LockLost if it has lost its lock."""
        with self._transaction() as connection:
            self._check_lock(connection)
            condition = schema.holder.c.id == self._holder
            connection.execute(update(schema.holder).where(condition).values(beat_at=now))

    def last_holder(self, command: str) -> HolderReport | None:
        """Return the last holder with this command; None if there was none."""
        table = schema.holder
        query = select(table).where(table.c.command == command).order_by(table.c.since.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else holder_report(row)

    def last_heartbeat(self) -> dt.datetime | None:
        """Return the last heartbeat of a process that has not released the database; None if there is none."""
        query = select(func.max(schema.holder.c.beat_at)).where(schema.holder.c.ended_at.is_(None))
        with self._reading() as connection:
            last: dt.datetime | None = connection.execute(query).scalar()
        return last

    def check_file(self) -> None:
        """Raise LockLost if the file of the database that this process holds was deleted or replaced."""
        if self._held_file is not None:
            self._held_file.check()

    def _check_lock(self, connection: Connection) -> None:
        """Raise LockLost if this process has lost its lock: another process may have worked on the database."""
        self.check_file()
        if self._lock is not None:
            keep_lock(self._lock, connection, self._holder, self.shown_url)


def holder_report(row: Any) -> HolderReport:
    """Return the report of a row of `holder`."""
    return HolderReport(row.command, row.pid, row.host, row.since, row.beat_at, row.ended_at)
