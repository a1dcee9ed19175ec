"""Put the recorded database where a test can use it: as an SQLite file, or row by row into PostgreSQL."""

from __future__ import annotations

import gzip
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

from tests.upgrade.passes import FIXTURE, ROOT

_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "timestamp with time zone": lambda value: f"{value}+00:00",
}


def put_file(folder: Path) -> str:
    """Put the recorded database into `folder`; its address."""
    file = folder / "monitor.db"
    file.write_bytes(gzip.decompress((FIXTURE / "database.gz").read_bytes()))
    return f"sqlite:///{file}"


def load_rows(address: str) -> None:
    """Bring an empty PostgreSQL database to the recorded schema and put the recorded rows into it."""
    with _recorded() as recorded:
        _migrate(address, recorded.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        with psycopg.connect(address) as connection:
            connection.execute("SET session_replication_role = replica")  # foreign keys: tables come in any order
            for table in _tables(recorded):
                _copy(recorded, connection, table)
            _count_on(recorded, connection)


def load_words(address: str) -> None:
    """Put the recorded search index into a PostgreSQL database that has the rows."""
    words = json.loads((FIXTURE / "words.json").read_text(encoding="utf-8"))
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO article_words (article_id, words) VALUES (%s, %s::tsvector)", words)


@contextmanager
def _recorded() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder:
        put_file(Path(folder))
        with closing(sqlite3.connect(Path(folder) / "monitor.db")) as connection:
            yield connection


def _migrate(address: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def _tables(recorded: sqlite3.Connection) -> list[str]:
    """Return the names of the ordinary tables: not those of SQLite, of alembic, and of the full-text index."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [row[0] for row in recorded.execute(query)]
    return [name for name in names if name != "alembic_version" and not name.startswith("article_words")]


def _copy(recorded: sqlite3.Connection, connection: psycopg.Connection[Any], table: str) -> None:
    """Copy a table; SQLite keeps times as texts without a zone, and truth as 0 and 1."""
    query = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    kinds = dict(connection.execute(query, [table]).fetchall())
    name, columns = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, kinds))
    places = sql.SQL(", ").join(sql.Placeholder() * len(kinds))
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, columns, places)
    for row in recorded.execute(f"SELECT {', '.join(kinds)} FROM {table}"):  # noqa: S608 - the names are our own
        connection.execute(insert, [_converted(value, kind) for value, kind in zip(row, kinds.values(), strict=True)])


def _converted(value: Any, kind: str) -> Any:
    return value if value is None or kind not in _CONVERSIONS else _CONVERSIONS[kind](value)


def _count_on(recorded: sqlite3.Connection, connection: psycopg.Connection[Any]) -> None:
    """Let new ids begin above those that were ever given."""
    given = dict(recorded.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    query = (
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        " AND column_default LIKE 'nextval%'"
    )
    for (table,) in connection.execute(query).fetchall():
        name = sql.Identifier(table)
        largest = connection.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(name)).fetchone()
        last = max(given.get(table, 0), largest[0] if largest else 0)
        if last:
            connection.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
