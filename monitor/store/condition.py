"""Whether the database can be used: its schema, its pages, whether it takes writes, and the room on its disk."""

from __future__ import annotations

import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text, update

from monitor.errors import StoreError
from monitor.store import migrate, schema
from monitor.store.database import Database

MAX_FAULTS = 5
"""Maximum number of faults that the quick check reports."""


@dataclass(frozen=True, slots=True)
class FileCondition:
    """The file of an SQLite database: its path, its permission bits, its size, and the free bytes on its disk."""

    path: Path
    mode: int
    size: int
    free: int


class _RolledBack(Exception):
    """Raised at the end of the test transaction, so that it is rolled back."""


class ConditionReads(Database):
    """Checks of an existing database. They create, migrate and change nothing."""

    def missing_file(self) -> Path | None:
        """Return the file of the database if it does not exist; None if it exists, or the database is on a server."""
        return self._file if self._file is not None and not self._file.exists() else None

    def schema_is_current(self) -> bool:
        """Return whether the schema is the one of this program; false if it is older, or the database is empty.

        Raises MigrationNeeded if it is newer, StoreError if the database cannot be opened.
        """
        with self._reading() as connection:
            return migrate.is_current(migrate.version_of(connection), self._migrations)

    def quick_check(self) -> tuple[str, ...]:
        """Return the damage that SQLite finds in a quick check. PostgreSQL checks its pages itself when it reads them.

        https://www.sqlite.org/pragma.html#pragma_quick_check
        """
        with self._reading() as connection:
            if connection.dialect.name != "sqlite":
                return ()
            found = connection.execute(text(f"PRAGMA quick_check({MAX_FAULTS})")).scalars()
            return tuple(str(line) for line in found if line != "ok")

    def try_write(self) -> None:
        """Write in a transaction that is rolled back. Raises StoreError if the database does not take the write."""
        with suppress(_RolledBack), self._transaction() as connection:
            connection.execute(update(schema.meta).values(instance_id=schema.meta.c.instance_id))
            raise _RolledBack

    def file_condition(self) -> FileCondition | None:
        """Return the condition of the file; None for a database on a server. Raises StoreError."""
        if self._file is None:
            return None
        try:
            found = self._file.stat()
            free = shutil.disk_usage(self._file.parent).free
        except OSError as error:
            raise StoreError(f"{self._file}: {error.strerror}; check the rights of its folder") from error
        return FileCondition(self._file, stat.S_IMODE(found.st_mode), found.st_size, free)
