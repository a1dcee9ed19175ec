"""One holder for each database; a dead one holds nothing."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from monitor import failpoint
from monitor.clock import FixedClock
from monitor.errors import LockHeld, LockLost, StoreError
from monitor.store import Store
from monitor.store.lock import HeldFile
from tests.support import databases

ROOT = Path(__file__).parents[2]

_HOLDER = """
import sys
from monitor.clock import SystemClock
from monitor.store import Store
store = Store(sys.argv[1], clock=SystemClock())
with store.hold("monitor run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def other_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that holds the lock until its input ends, or it is killed."""
    command = [sys.executable, "-c", _HOLDER, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def holders(store: Store) -> list[tuple[str, bool]]:
    """Return the commands that held the database, and whether they signed off."""
    with store._reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT command, ended_at IS NOT NULL FROM holder WHERE command <> 'monitor db upgrade'"
        )
        return [(row[0], bool(row[1])) for row in rows]


@pytest.mark.slow
def test_the_loser_learns_who_holds_the_database(store: Store, url: str) -> None:
    with other_process(url) as process:
        with pytest.raises(LockHeld) as caught, store.hold("monitor once"):
            pass
        assert caught.value.holder.startswith(f"monitor run (process {process.pid} on ")


@pytest.mark.slow
def test_a_killed_holder_holds_nothing(store: Store, url: str) -> None:
    with other_process(url) as process:
        process.kill()
        process.wait(30)
        with store.hold("monitor once"):
            pass
    assert sorted(holders(store)) == [("monitor once", True), ("monitor run", False)]


@pytest.mark.slow
def test_a_holder_that_ends_gives_the_lock_back(store: Store, url: str) -> None:
    with other_process(url) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
        assert process.returncode == 0
        with store.hold("monitor once"):
            pass
    assert sorted(holders(store)) == [("monitor once", True), ("monitor run", True)]


def test_two_stores_of_one_process_do_not_hold_one_database(
    store: Store, url: str, opened: Callable[[str], Store]
) -> None:
    other = opened(url)
    with store.hold("one") as words:
        with pytest.raises(LockHeld, match="in use by one"), other.hold("two"):
            pass
        assert words.startswith(f"one (process {os.getpid()} on ")
    with other.hold("two"):
        pass


def test_one_store_does_not_hold_twice_and_keeps_what_it_holds(
    store: Store, url: str, opened: Callable[[str], Store]
) -> None:
    with store.hold("one"):
        with pytest.raises(LockHeld), store.hold("again"):
            pass
        with pytest.raises(LockHeld), opened(url).hold("two"):
            pass


def test_the_lock_goes_when_its_block_raises(store: Store, url: str, opened: Callable[[str], Store]) -> None:
    with pytest.raises(ZeroDivisionError), store.hold("one"):
        raise ZeroDivisionError
    with opened(url).hold("two"):
        pass


def test_the_lock_goes_when_signing_off_is_interrupted(store: Store, url: str, opened: Callable[[str], Store]) -> None:
    def interrupt(_point: str) -> None:
        failpoint.arm(None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.hold("one"):
        failpoint.arm(interrupt)
    with opened(url).hold("two"):
        pass


def test_words_of_any_length_and_script_are_words(store: Store, url: str, opened: Callable[[str], Store]) -> None:
    with store.hold("monitor 监测" * 2000), pytest.raises(LockHeld, match="monitor "), opened(url).hold("two"):
        pass


def test_a_holder_of_an_empty_database_is_registered_once_it_has_tables(
    empty_url: str, opened: Callable[[str], Store]
) -> None:
    store = opened(empty_url)
    with store.hold("monitor run"):
        store.upgrade()
        store.prepare()
        assert holders(store) == [("monitor run", False)]
    assert holders(store) == [("monitor run", True)]


def test_an_empty_database_can_be_held_and_left(empty_url: str, opened: Callable[[str], Store]) -> None:
    with opened(empty_url).hold("monitor run"):
        pass


def test_a_lost_lock_is_noticed_before_anything_is_claimed_and_at_every_beat(
    store: Store, url: str, backend: str, tmp_path: Path
) -> None:
    with store.hold("monitor run"):
        assert store.claim(1, store._clock.now()) is None
        if backend == "sqlite":
            (tmp_path / "monitor.db.lock").unlink()
        else:
            databases.end_holders(url)
        now = store._clock.now()
        for attempt in (partial(store.claim, 1), store.recover_orphaned_claims, store.record_heartbeat):
            with pytest.raises(StoreError, match="the lock on the database was lost"):
                attempt(now)


def test_a_replaced_lock_file_is_not_ours(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path / 'monitor.db'}")
    store.prepare()
    with store.hold("monitor run"):
        (tmp_path / "monitor.db.lock").rename(tmp_path / "gone")
        (tmp_path / "monitor.db.lock").write_text("another")
        with pytest.raises(StoreError, match="lost"):
            store.claim(1, store._clock.now())
        with pytest.raises(StoreError, match="lost"):
            store.record_heartbeat(store._clock.now())


def test_the_lock_is_not_inherited_by_programs_that_are_started(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path / 'monitor.db'}")
    with store.hold("monitor run"):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with store.hold("again"):
            pass
    finally:
        child.kill()
        child.wait(30)


def test_a_holder_that_lives_says_so_until_it_signs_off(store: Store, clock: FixedClock) -> None:
    store.record_heartbeat(clock.now())
    assert store.last_heartbeat() is None
    with store.hold("monitor run"):
        assert store.last_heartbeat() is None
        store.record_heartbeat(clock.now())
        clock.advance(dt.timedelta(seconds=20))
        store.record_heartbeat(clock.now())
        assert store.last_heartbeat() == clock.now()
    assert store.last_heartbeat() is None


@pytest.mark.slow
def test_a_killed_holder_lived_when_it_last_said_so(store: Store, url: str) -> None:
    with other_process(url) as process:
        process.kill()
        process.wait(30)
    with store._transaction() as connection:
        connection.exec_driver_sql("UPDATE holder SET beat_at = since")
    assert store.last_heartbeat() is not None


def test_the_beat_of_a_holder_that_died_goes_with_the_next_holder(
    store: Store, clock: FixedClock, url: str, opened: Callable[[str], Store]
) -> None:
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
    with store._transaction() as connection:  # as if it had been killed before it could sign off
        connection.exec_driver_sql("UPDATE holder SET ended_at = NULL")
    heir = opened(url)
    assert heir.last_heartbeat() == clock.now()
    with heir.hold("monitor run"):
        assert heir.last_heartbeat() is None
        heir.record_heartbeat(clock.now())
        assert heir.last_heartbeat() == clock.now()
        heir._record_start()
        assert heir.last_heartbeat() == clock.now()
    assert heir.last_heartbeat() is None


def test_two_names_of_one_file_have_one_lock(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path / 'monitor.db'}")
    store.prepare()
    (tmp_path / "link.db").symlink_to(tmp_path / "monitor.db")
    with store.hold("one"), pytest.raises(LockHeld), opened(f"sqlite:///{tmp_path / 'link.db'}").hold("two"):
        pass


def test_a_holder_that_has_not_said_who_it_is_is_another_process(
    opened: Callable[[str], Store], tmp_path: Path
) -> None:
    with (tmp_path / "monitor.db.lock").open("w") as silent:
        fcntl.flock(silent, fcntl.LOCK_EX)
        with pytest.raises(LockHeld, match="another process"), opened(f"sqlite:///{tmp_path / 'monitor.db'}").hold("x"):
            pass


def test_a_lock_file_that_cannot_be_made_is_an_error_with_a_remedy(
    opened: Callable[[str], Store], tmp_path: Path
) -> None:
    (tmp_path / "monitor.db.lock").mkdir()
    with (
        pytest.raises(StoreError, match=r"cannot be opened .*; check"),
        opened(f"sqlite:///{tmp_path / 'monitor.db'}").hold("x"),
    ):
        pass


def test_a_file_that_was_created_again_is_not_the_one_that_was_held(tmp_path: Path) -> None:
    """SQLite creates a file that was deleted, and the system may give it the number of the old one."""
    file = tmp_path / "monitor.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
    held = HeldFile(file, engine)
    held.check()
    engine.dispose()
    file.write_bytes(b"")
    with pytest.raises(LockLost, match="it was replaced while it was in use"):
        held.check()
    engine.dispose()
