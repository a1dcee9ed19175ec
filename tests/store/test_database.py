"""Opening, transactions, and what is said when a database cannot be used."""

from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor import failpoint
from monitor.clock import FixedClock
from monitor.errors import LockHeld, MigrationNeeded, MonitorError, StoreError
from monitor.model import Notice, Source
from monitor.store import Store
from monitor.store.engine import database_errors

ROOT = Path(__file__).parents[2]
NOTICE = Notice("crash", "here", "what")


@pytest.fixture
def file_store(tmp_path: Path, opened: Callable[[str], Store]) -> Store:
    store = opened(f"sqlite:///{tmp_path / 'monitor.db'}")
    store.prepare()
    return store


@pytest.fixture
def armed() -> Iterator[Callable[[Callable[[str], None]], None]]:
    yield failpoint.arm
    failpoint.arm(None)


def raise_notice(store: Store, subject: str = "here", message: str = "what") -> None:
    with store.writing() as writer:
        writer.raise_notice(Notice("crash", subject, message), store._clock.now())


def set_pragma(store: Store, words: str) -> None:
    """Run it on the one connection that its pool then gives, outside of a transaction."""
    with store._engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA {words}")


def claim_one(store: Store) -> None:
    (delivery_id,) = store.due_deliveries(store._clock.now())
    assert store.claim(delivery_id, store._clock.now()) is not None


def subjects(store: Store) -> list[str]:
    return [notice.subject for notice in store.status(store._clock.now()).notices]


# Transactions


def test_a_block_that_raises_writes_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as writer:  # noqa: PT012 - what goes before is the point
        writer.raise_notice(NOTICE, store._clock.now())
        raise ZeroDivisionError
    assert subjects(store) == []
    raise_notice(store)
    assert subjects(store) == ["here"]


def test_a_reader_sees_the_state_before_an_open_transaction(store: Store) -> None:
    with store.writing() as writer:
        writer.raise_notice(NOTICE, store._clock.now())
        assert subjects(store) == []


def test_a_transaction_within_a_transaction_is_refused_and_not_waited_for(store: Store) -> None:
    with store.writing(), pytest.raises(RuntimeError, match="wait for itself"), store.writing():
        pass
    raise_notice(store)


def test_every_commit_is_between_two_failpoints(store: Store, armed: Any) -> None:
    seen: list[tuple[str, list[str]]] = []
    armed(lambda name: seen.append((name, subjects(store))))
    raise_notice(store)
    assert seen == [("store.before_commit", []), ("store.after_commit", ["here"])]


def test_a_failpoint_that_raises_before_the_commit_undoes_the_transaction(store: Store, armed: Any) -> None:
    def stop(name: str) -> None:
        if name == "store.before_commit":
            raise ZeroDivisionError

    armed(stop)
    with pytest.raises(ZeroDivisionError):
        raise_notice(store)
    armed(None)
    assert subjects(store) == []


_KILLED = """
import os, signal, sys
from monitor import failpoint
from monitor.clock import SystemClock
from monitor.model import Notice
from monitor.store import Store
url, point = sys.argv[1:]
clock = SystemClock()
store = Store(url, clock=clock)
store.prepare()
failpoint.arm(lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == point else None)
with store.writing() as writer:
    writer.raise_notice(Notice("crash", "one", "x"), clock.now())
    writer.raise_notice(Notice("crash", "two", "x"), clock.now())
"""


@pytest.mark.slow
@pytest.mark.parametrize(("point", "kept"), [("store.before_commit", []), ("store.after_commit", ["one", "two"])])
def test_a_killed_writer_leaves_all_or_nothing(store: Store, url: str, point: str, kept: list[str]) -> None:
    died = subprocess.run([sys.executable, "-c", _KILLED, url, point], cwd=ROOT, timeout=200, check=False)
    assert died.returncode == -9
    assert subjects(store) == kept
    raise_notice(store, "later")
    assert store.integrity() == ()


def test_an_integrity_error_is_ours_and_goes_on_as_it_is(store: Store) -> None:
    with pytest.raises(IntegrityError), store._transaction() as connection:
        connection.exec_driver_sql("INSERT INTO digest (name) VALUES ('x')")


def test_the_instance_keeps_its_name(store: Store, url: str, opened: Callable[[str], Store]) -> None:
    assert len(store.instance_id) == 32
    assert opened(url).instance_id == store.instance_id


# SQLite


def test_an_sqlite_file_keeps_the_rules(file_store: Store) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with file_store._transaction() as connection:
        shown = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert shown == ["wal", 2, 1, 30000]


def test_a_writer_takes_its_turn_at_the_start(file_store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db", timeout=0)) as other:
        with file_store.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    folder = tmp_path / "new" / "folder"
    store = opened(f"sqlite:///{folder}/monitor.db")
    with pytest.raises(StoreError, match=re.escape(f"the folder {folder} does not exist; make the folder")):
        store.prepare()
    assert not folder.parent.exists()


def test_a_new_file_is_its_user_s_alone(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    file = tmp_path / "monitor.db"
    store = opened(f"sqlite:///{file}")
    store.prepare()
    raise_notice(store)
    for path in file.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_database_in_memory_serves_readers_and_writers(opened: Callable[[str], Store]) -> None:
    store = opened("sqlite://")
    store.prepare()
    store.prepare()
    with store.hold("test"):
        assert store.claim(1, store._clock.now()) is None
    with store.writing() as writer:
        writer.raise_notice(NOTICE, store._clock.now())
        assert subjects(store) == ["here"]  # its one connection: a reader is within the transaction
    threads = [threading.Thread(target=raise_notice, args=(store, f"s{number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    subjects(store)
    for thread in threads:
        thread.join(30)
    assert len(subjects(store)) == 9
    assert store.integrity() == ()
    with pytest.raises(StoreError, match="in memory"):
        store.backup(Path("/nowhere"))


# Errors


def unusable(tmp_path: Path, what: str) -> str:
    """Return a database that cannot be used."""
    file = tmp_path / "monitor.db"
    if what == "text":
        file.write_text("# a configuration, not a database\n" * 100)
    elif what == "folder":
        file.mkdir()
    elif what == "below a file":
        file.write_text("")
        return f"sqlite:///{file}/monitor.db"
    elif what == "another's":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE moz_cookies (id)")
    return f"sqlite:///{file}"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("text", "not an SQLite database; name another file"),
        ("folder", "cannot be opened; check"),
        ("below a file", "cannot be created .*; check the rights"),
        ("another's", "tables of another program .moz_cookies.; name another"),
    ],
)
def test_a_database_that_cannot_be_used_is_an_error_with_a_remedy(
    tmp_path: Path, opened: Callable[[str], Store], what: str, words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        opened(unusable(tmp_path, what)).prepare()


def test_a_full_disk_is_an_error_with_a_remedy_and_loses_nothing(file_store: Store) -> None:
    raise_notice(file_store)
    with file_store._transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="the disk is full; make room"):
        raise_notice(file_store, message="x" * 1_000_000)
    file_store.close()
    assert subjects(file_store) == ["here"]


def test_a_database_that_may_not_be_written_is_an_error_with_a_remedy(file_store: Store) -> None:
    set_pragma(file_store, "query_only = ON")
    with pytest.raises(StoreError, match="may not be written"):
        raise_notice(file_store)


def test_a_database_that_another_keeps_locked_is_an_error_with_a_remedy(file_store: Store, tmp_path: Path) -> None:
    set_pragma(file_store, "busy_timeout = 1")
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process keeps it locked"):
            raise_notice(file_store)


def damage(store: Store, file: Path) -> None:
    """Overwrite a part of the database's file."""
    store.sync([Source(f"s{number}", "http://x/", "feed") for number in range(500)], {}, store._clock.now())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    content = bytearray(file.read_bytes())
    content[-40_000:-200] = b"\xa5" * 39_800
    file.write_bytes(content)


def test_a_damaged_file_is_reported(file_store: Store, tmp_path: Path) -> None:
    damage(file_store, tmp_path / "monitor.db")
    try:
        assert file_store.integrity() != ()
    except StoreError as error:
        assert "damaged; restore the newest backup" in str(error)  # noqa: PT017 - it depends on the page that is read first


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "write sqlite:///PATH or postgresql://"),
        ("monitor.db", "write sqlite:///PATH or postgresql://"),
        ("mysql://u:geheim@h/n", "'mysql' are not supported"),
        ("postgresql+asyncpg://u:geheim@h/n", "not supported"),
        ("postgresql://u:geheim@h:no/n", "write sqlite:///PATH"),
    ],
)
def test_an_address_that_is_no_database_s_is_an_error_without_its_password(
    url: str, words: str, clock: FixedClock
) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        Store(url, clock=clock)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["postgresql://ann:geheim@127.0.0.1:1/news", "postgres://127.0.0.1:1/news?user=ann&password=geheim"],
)
def test_a_server_that_is_not_there_is_an_error_without_its_password(url: str, opened: Callable[[str], Store]) -> None:
    store = opened(url)
    with pytest.raises(StoreError, match=r"the server cannot be used .*; check that it runs") as caught:
        store.prepare()
    assert "geheim" not in f"{caught.value} {store.shown_url}"
    assert "***" in store.shown_url
    with pytest.raises(StoreError), store.hold("test"):
        pass


def test_a_server_without_its_driver_is_an_error_with_a_remedy(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'announcement-monitor\[postgres\]'"):
        Store("postgresql://h/n", clock=clock)


def test_an_sqlite_address_is_shown_as_it_is(file_store: Store, tmp_path: Path) -> None:
    assert file_store.shown_url == f"sqlite:///{tmp_path / 'monitor.db'}"


def test_a_pool_that_ran_dry_is_an_error_with_a_remedy() -> None:
    with pytest.raises(StoreError, match="too many parts of the program"), database_errors("x"):
        raise PoolTimeout


# Copies and checks


def test_a_backup_is_whole_and_closed_to_others(
    file_store: Store, tmp_path: Path, opened: Callable[[str], Store]
) -> None:
    raise_notice(file_store)
    target = tmp_path / "copies" / "one.db"
    with file_store.writing() as writer:
        writer.raise_notice(Notice("crash", "unfinished", "x"), file_store._clock.now())
        file_store.backup(target)
    assert [path.name for path in target.parent.iterdir()] == ["one.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copy = opened(f"sqlite:///{target}")
    assert subjects(copy) == ["here"]
    assert copy.integrity() == ()


def test_a_backup_overwrites_nothing(file_store: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    with pytest.raises(StoreError, match="overwrites nothing"):
        file_store.backup(target)
    assert target.read_text() == "mine"


def test_a_backup_that_cannot_be_written_leaves_nothing(file_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        file_store.backup(tmp_path / "file" / "copy.db")


def test_there_is_no_backup_of_nothing(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        opened(f"sqlite:///{tmp_path / 'none.db'}").backup(tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_backup_of_a_damaged_database(file_store: Store, tmp_path: Path) -> None:
    damage(file_store, tmp_path / "monitor.db")
    with pytest.raises(StoreError, match="damaged"):
        file_store.backup(tmp_path / "copies" / "copy.db")
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_restored_database_is_the_backup_and_the_other_is_kept(
    file_store: Store, tmp_path: Path, opened: Callable[[str], Store]
) -> None:
    raise_notice(file_store, "before")
    file_store.backup(tmp_path / "backup.db")
    raise_notice(file_store, "after")
    kept = file_store.restore(tmp_path / "backup.db")
    assert subjects(file_store) == ["before"]
    assert kept is not None
    assert subjects(opened(f"sqlite:///{kept}")) == ["before", "after"]
    assert file_store.integrity() == ()
    raise_notice(file_store, "later")
    assert subjects(opened(f"sqlite:///{tmp_path / 'backup.db'}")) == ["before"]
    assert stat.S_IMODE((tmp_path / "monitor.db").stat().st_mode) == 0o600


def test_a_backup_is_restored_where_no_database_is_and_in_the_place_of_a_damaged_one(
    file_store: Store, tmp_path: Path, opened: Callable[[str], Store]
) -> None:
    raise_notice(file_store, "before")
    file_store.backup(tmp_path / "backup.db")
    damage(file_store, tmp_path / "monitor.db")
    file_store.restore(tmp_path / "backup.db")
    assert subjects(file_store) == ["before"]
    new = opened(f"sqlite:///{tmp_path / 'new.db'}")
    assert new.restore(tmp_path / "backup.db") is None
    assert subjects(new) == ["before"]


def test_a_backup_of_an_older_version_is_upgraded(
    file_store: Store, tmp_path: Path, opened: Callable[[str], Store]
) -> None:
    older = opened(f"sqlite:///{tmp_path / 'backup.db'}")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with older._transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
    older.close()
    file_store.restore(tmp_path / "backup.db")
    assert file_store.integrity() == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such file"),
        ("", "is not a backup of this program's database"),
        ("text\n" * 500, "not an SQLite database"),
        ("CREATE TABLE moz_cookies (id)", "is not a backup of this program's database"),
        ("CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')", "newer version"),
    ],
)
def test_what_is_no_backup_changes_nothing(file_store: Store, tmp_path: Path, content: str | None, words: str) -> None:
    raise_notice(file_store, "here")
    file = tmp_path / "backup.db"
    if content is not None and content.startswith("CREATE"):
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(content)
    elif content is not None:
        file.write_text(content)
    with pytest.raises(MonitorError, match=words):
        file_store.restore(file)
    with pytest.raises(StoreError, match="is the database itself"):
        file_store.restore(tmp_path / "monitor.db")
    assert subjects(file_store) == ["here"]
    assert not list(tmp_path.glob("*before-restore*"))


def test_nothing_is_restored_while_somebody_works_on_the_database(
    file_store: Store, tmp_path: Path, opened: Callable[[str], Store]
) -> None:
    file_store.backup(tmp_path / "backup.db")
    with file_store.hold("monitor run"), pytest.raises(LockHeld, match="monitor run"):
        opened(f"sqlite:///{tmp_path / 'monitor.db'}").restore(tmp_path / "backup.db")


def test_a_server_is_restored_by_its_own_tools(store: Store, backend: str, tmp_path: Path) -> None:
    if backend == "postgresql":
        with pytest.raises(StoreError, match="pg_restore"):
            store.restore(tmp_path / "x")


def test_a_server_is_backed_up_by_its_own_tools(store: Store, backend: str, tmp_path: Path) -> None:
    if backend == "postgresql":
        with pytest.raises(StoreError, match="pg_dump"):
            store.backup(tmp_path / "x")


def test_a_healthy_database_has_nothing_wrong(store: Store, world: Any) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build("1", ["ann"])
    claim_one(store)
    assert store.integrity() == ()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM attempt", "1 deliveries whose number of attempts is not the number of recorded attempts"),
        (
            "UPDATE delivery SET claimed_by = NULL",
            "1 deliveries that are marked as being sent by a process that has ended",
        ),
        (
            "UPDATE delivery SET state = 'parked'",
            "1 attempts that have not ended, though nobody is sending their delivery",
        ),
        (
            "UPDATE delivery SET state = 'sent'",
            "1 deliveries that are marked as sent without a time of sending, or have one but are not marked",
        ),
        ("UPDATE delivery SET state = 'retry'", "1 deliveries that wait, but have no time for the next attempt"),
        ("DELETE FROM edition_item", "1 editions that contain fewer items than they should"),
        ("DELETE FROM edition_item", "1 articles that a digest's editions contain without their group of copies"),
        (
            "UPDATE edition_item SET digest = 'x'",
            "1 groups of copies whose recorded digest is not the digest of their edition",
        ),
        (
            "UPDATE edition_article SET digest = 'x'",
            "1 articles whose recorded digest is not the digest of their edition",
        ),
        ("INSERT INTO story (first_seen_at) SELECT first_seen_at FROM story", "1 stories without an article"),
    ],
)
def test_what_breaks_a_rule_of_ours_is_reported(store: Store, world: Any, damage: str, words: str) -> None:
    world.lists("east", world.change("a", "web3"))
    world.build("1", ["ann"])
    claim_one(store)
    with store._transaction() as connection:
        connection.exec_driver_sql(damage)
    assert words in store.integrity()


def test_a_schema_that_differs_is_reported(empty_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(empty_url)
    store.upgrade()
    with store._transaction() as connection:
        connection.exec_driver_sql("DROP INDEX ix_entry_article_id")
    (shown,) = store.integrity()
    assert "the schema differs" in shown
    assert "ix_entry_article_id" in shown


def test_a_row_that_points_nowhere_is_reported(file_store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as connection:
        connection.execute("INSERT INTO subscription VALUES ('nobody', 'r', 0, NULL)")
        connection.commit()
    assert "row 1 of subscription points to a missing digest" in file_store.integrity()


def test_an_empty_database_is_no_healthy_one(empty_url: str, opened: Callable[[str], Store]) -> None:
    assert opened(empty_url).integrity() == ("the schema is older than this program: run `monitor db upgrade`",)


def test_a_server_is_upgraded_only_when_asked_to(empty_url: str, backend: str, opened: Callable[[str], Store]) -> None:
    store = opened(empty_url)
    if backend == "postgresql":
        with pytest.raises(MigrationNeeded, match="run `monitor db upgrade`"):
            store.prepare()
        store.upgrade()
    store.prepare()
    store.upgrade()
    assert store.integrity() == ()
