"""Many results in one transaction: each fails alone, and none outlives a commit that fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from monitor import failpoint
from monitor.errors import StoreError
from monitor.model import Match, Notice
from monitor.store import Batch, Store


@pytest.fixture
def armed() -> Iterator[Callable[[Callable[[str], None]], None]]:
    yield failpoint.arm
    failpoint.arm(None)


def put(batch: Batch, store: Store, subject: str) -> None:
    with batch.savepoint() as writer:
        writer.raise_notice(Notice("crash", subject, "x"), store._clock.now())


def fail_after_writing(batch: Batch, store: Store, subject: str) -> None:
    with suppress(ZeroDivisionError), batch.savepoint() as writer:
        writer.raise_notice(Notice("crash", subject, "x"), store._clock.now())
        raise ZeroDivisionError


def subjects(store: Store) -> list[str]:
    return sorted(notice.subject for notice in store.status(store._clock.now()).notices)


def test_a_part_that_raises_is_undone_without_the_others(store: Store) -> None:
    with store.writing_many() as batch:
        put(batch, store, "one")
        fail_after_writing(batch, store, "two")
        put(batch, store, "three")
    assert subjects(store) == ["one", "three"]


def test_a_part_whose_statement_is_refused_is_undone_without_the_others(store: Store) -> None:
    with store.writing_many() as batch:
        put(batch, store, "one")
        with pytest.raises(Exception, match=r"(?i)foreign key"), batch.savepoint() as writer:  # noqa: PT012 - as above
            writer.raise_notice(Notice("crash", "two", "x"), store._clock.now())
            writer.add_matches(4711, [Match("rule", ())], store._clock.now(), None)
        put(batch, store, "three")
    assert subjects(store) == ["one", "three"]


def test_a_later_part_sees_what_an_earlier_one_wrote(store: Store) -> None:
    with store.writing_many() as batch:
        put(batch, store, "one")
        with batch.savepoint() as writer:
            writer.resolve_notice("crash", "one", store._clock.now(), reason="well")
    assert subjects(store) == []


def test_a_commit_that_fails_keeps_no_part(store: Store, armed: Callable[[Callable[[str], None]], None]) -> None:
    def stop(name: str) -> None:
        if name == "store.before_commit":
            raise ZeroDivisionError

    armed(stop)
    with pytest.raises(ZeroDivisionError), store.writing_many() as batch:  # noqa: PT012 - what goes before is the point
        put(batch, store, "one")
        put(batch, store, "two")
    assert subjects(store) == []


def test_a_database_that_fails_within_a_part_ends_the_whole_transaction(store: Store) -> None:
    """SQLite undoes the transaction by itself when the disk is full: there is no savepoint left to go back to."""
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    with pytest.raises(StoreError, match="disk is full"), store.writing_many() as batch:  # noqa: PT012 - as above
        put(batch, store, "one")
        with batch.savepoint() as writer:
            writer.raise_notice(Notice("crash", "two", "x"), store._clock.now())
            raise full
    assert subjects(store) == []


def test_a_file_that_may_not_grow_fails_as_a_store_error(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    store = opened(f"sqlite:///{tmp_path / 'monitor.db'}")
    store.prepare()
    with store._engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="disk is full"), store.writing_many() as batch:  # noqa: PT012 - as above
        put(batch, store, "one")
        with batch.savepoint() as writer:
            writer.raise_notice(Notice("crash", "two", "x" * 1_000_000), store._clock.now())
    assert subjects(store) == []
