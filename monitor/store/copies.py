"""Back up and restore a database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.errors import StoreError
from monitor.store import migrate
from monitor.store.backup import copy_database, replace_database
from monitor.store.database import RESTORE_COMMAND, Database
from monitor.store.engine import database_errors


class CopyStore(Database):
    """Copies a database to a backup, and replaces a database by a copy of a backup."""

    def backup(self, path: Path) -> None:
        """Copy an SQLite database to a new file, even while the database is in use. Raises StoreError.

        When it returns, the copy is safely on the disk.
        """
        if self._is_server:
            raise StoreError("PostgreSQL is backed up by its own tools: run pg_dump (see its manual)")
        if self._file is None:
            raise StoreError("a database in memory ends with its process: there is nothing to back up")
        if not self._file.exists():
            raise StoreError(f"{self._file}: does not exist; there is nothing to back up")
        copy_database(self._file, path)

    def restore(self, backup: Path) -> Path | None:
        """Replace an SQLite database that no process uses by a copy of `backup`, upgraded to the present schema.

        The old database is kept under another name, which is returned. Raises StoreError if `backup` is damaged or is
        not a database of this program, MigrationNeeded if it is newer than this program, and LockHeld if a process
        works on the database. In these cases nothing is changed.
        """
        if self._is_server:
            raise StoreError("PostgreSQL is restored by its own tools: run pg_restore (see its manual)")
        if self._file is None:
            raise StoreError("a database in memory ends with its process: there is nothing to restore")
        if not backup.is_file():
            raise StoreError(f"{backup}: there is no such file; name the backup to restore")
        if self._file.exists() and backup.samefile(self._file):
            raise StoreError(f"{backup}: is the database itself; name a backup of it")
        lock = self._take_lock(self._describe_holder(RESTORE_COMMAND))
        try:
            self._check_backup(backup)
            self._engine.dispose()
            kept = replace_database(self._file, backup, self._clock.now())
        finally:
            lock.release()
        with self.hold(RESTORE_COMMAND):  # its row records the time: editions with an earlier start may repeat articles
            self.prepare()
        return kept

    def _check_backup(self, backup: Path) -> None:
        """Raise StoreError if `backup` is not a database of this program, MigrationNeeded if it is newer."""
        with (
            database_errors(str(backup)),
            closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        ):
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in tables:
                raise StoreError(f"{backup}: is not a backup of this program's database; name another file")
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        migrate.is_current(version and version[0], self._migrations)
