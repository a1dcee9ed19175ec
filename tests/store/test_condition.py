"""The condition of a database is found out without changing it, on both databases alike; its state as numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from monitor.errors import DatabaseFailed
from monitor.model import Notice
from monitor.store import Store
from monitor.store.schema import meta
from tests.support import databases

HOUR = dt.timedelta(hours=1)


def test_a_good_database_is_good(store: Store, backend: str) -> None:
    assert store.missing_file() is None
    assert store.schema_is_current()
    assert store.quick_check() == ()
    found = store.file_condition()
    assert (found is None) is (backend == "postgresql")
    assert found is None or (found.size > 0 and found.free > 0)


def test_a_test_write_is_taken_and_rolled_back(store: Store) -> None:
    with store._reading() as connection:
        before = connection.execute(select(meta)).all()
    store.try_write()
    with store._reading() as connection:
        assert connection.execute(select(meta)).all() == before
    with store.writing() as tx:
        tx.raise_notice(Notice("gap", "one", "missing"), before[0].created_at)


def test_a_database_without_tables_is_not_current_and_stays_so(
    empty_url: str, opened: Callable[[str], Store], backend: str
) -> None:
    store = opened(empty_url)
    if backend == "sqlite":
        missing = store.missing_file()
        assert missing is not None
        assert not missing.exists()
    else:
        assert not store.schema_is_current()
        assert not store.schema_is_current()


def test_a_user_who_may_only_read_is_named_as_the_reason(opened: Callable[[str], Store]) -> None:
    url = databases.create_ready()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            name = databases.name_of(url)
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        with pytest.raises(DatabaseFailed, match="it may only be read"):
            opened(url).try_write()
    finally:
        databases.drop(url)


def test_the_state_in_numbers_is_that_of_the_rows(world: Any, store: Store) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build(recipients=["one@example.org", "other@example.org"])
    with store.writing() as tx:
        tx.raise_notice(Notice("gap", "east", "missing"), world.now)
        tx.raise_notice(Notice("gap", "west", "missing"), world.now)
    found = store.gauges()
    assert dict(found.sources) == {"ok": 2, "failing": 0, "paused": 0}
    assert found.outbox["queued"] == (2, world.now)
    assert found.outbox["parked"] == (0, None)
    assert dict(found.notices) == {"gap": 2}
    assert found.last_heartbeat is None
    assert found.next_poll_at == world.now, "a source that was never polled is due since it was added"
    with store._reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM delivery")).scalar() == 2
