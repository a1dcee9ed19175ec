"""Upgrade a database to the schema of this program.

The revisions are files `versions/NNNN_words.py`, numbered in order. They are in `migrations/` of the source tree, and
in `monitor/_migrations/` of an installed program. alembic is imported only when it is needed, because the import takes
a tenth of a second and would slow down `monitor status`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from monitor.clock import Clock
from monitor.errors import MigrationNeeded, StoreError
from monitor.store import schema
from monitor.store.schema import is_compared

if TYPE_CHECKING:
    from alembic.config import Config


def migrations_folder() -> Path:
    """Return the folder of the revisions of this program. Raises StoreError if it is missing."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreError("the migrations are missing from the installation; install the program again")


def revisions(folder: Path) -> tuple[str, ...]:
    """Return the numbers of the revisions, oldest first."""
    return tuple(sorted(path.name.split("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py")))


def version_of(connection: Connection) -> str | None:
    """Return the revision of a database; None if it is empty. Raises StoreError if it has tables of another program."""
    inspector = inspect(connection)
    if inspector.has_table("alembic_version"):
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
    if tables := inspector.get_table_names():
        raise StoreError(
            f"the database holds tables of another program ({', '.join(sorted(tables)[:3])}); name another database"
        )
    return None


def is_current(version: str | None, folder: Path) -> bool:
    """Return whether `version` is current. Raises MigrationNeeded if it is newer than this program."""
    known = revisions(folder)
    if version is not None and version not in known:
        raise MigrationNeeded(
            f"the database was written by a newer version of this program (schema {version}, this one knows"
            f" {known[-1]}); install the newer version, or restore a backup that was made before"
        )
    return version == known[-1]


def upgrade(connection: Connection, folder: Path, clock: Clock) -> None:
    """Run the missing revisions, within the present transaction of `connection`."""
    from alembic import command

    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.execute(select(schema.meta.c.id)).first() is None:
        connection.execute(
            insert(schema.meta).values(id=1, instance_id=uuid.uuid4().hex, created_at=clock.now()),
        )


def schema_differences(connection: Connection) -> tuple[str, ...]:
    """Return the differences between the tables of a database and those of this program."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_compared})
    return tuple(str(found) for found in compare_metadata(context, schema.metadata))


def _config(folder: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@contextmanager
def unchecked_keys(engine: Engine) -> Iterator[Connection]:
    """Open a connection that does not enforce foreign keys, because a migration may rebuild a referenced table.

    SQLite accepts this setting only outside of a transaction (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if connection.dialect.name != "sqlite" or raw is None:
            yield connection
            return
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
