"""Deliveries whose end cannot be written, or that nobody works on: in the end marked, and not sent twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor import failpoint
from monitor.app.wiring import apply_config, assemble, fetch_settings
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.errors import StoreError
from monitor.executor import InlineExecutor, Job, KeyedExecutor
from monitor.fetch import Gate
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import READER, Configure
from tests.support.waiting import SOON
from tests.support.world import START, Row, World

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
PATIENCE = 0.05


class Locker:
    """Another process that takes the database's lock when so many threads are at a failpoint, until it is released."""

    def __init__(self, file: Path, at: str, threads: int) -> None:
        self._file, self._at = file, at
        self._together = threading.Barrier(threads)
        self._connection: sqlite3.Connection | None = None

    def __call__(self, name: str) -> None:
        if name != self._at:
            return
        if self._together.wait(SOON) == 0:
            self._connection = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
            self._connection.execute("BEGIN IMMEDIATE")
        self._together.wait(SOON)  # so that no thread writes before

    def release(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            self._connection.close()


class Bench:
    """A program on a database for which writers have little patience, and its daemon, which is not running."""

    def __init__(self, config: Config, store: Store) -> None:
        self.clock = FixedClock(START)
        self.store = store
        store.prepare()
        apply_config(config, store, START)
        gate = Gate(fetch_settings(config), clock=self.clock)
        self.program = assemble(config, store, gate, InlineReaders(), self.clock, executor=InlineExecutor())
        self.sends = KeyedExecutor(4, 1, name="send")
        self.daemon = Daemon(self.program, sends=self.sends)

    def find(self) -> None:
        """Poll, and build the edition, so that its deliveries are due."""
        self.program.once(send=False)
        self.program.build()

    def states(self) -> set[str]:
        """Return the states of the deliveries."""
        return {state for state, count in (self.store.status(START).outbox or {}).items() if count}

    def close(self) -> None:
        """End it."""
        self.program.halt()
        self.sends.close()
        self.program.close()


@pytest.fixture
def bench(world: World, configure: Configure, tmp_path: Path) -> Iterator[Bench]:
    world.feed("/one.xml", [SCHOOL])
    store = Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=FixedClock(START), patience=PATIENCE)
    with closing(store), closing(Bench(configure("one.xml"), store)) as bench:
        bench.find()
        yield bench
    failpoint.arm(None)


def test_an_end_that_cannot_be_written_is_written_later_and_nothing_is_sent_twice(
    bench: Bench, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locker = Locker(tmp_path / "monitor.db", at="deliver.sent", threads=2)
    failpoint.arm(locker)
    tried = threading.Semaphore(0)
    goes_on = threading.Event()

    def pause(_: float) -> bool:
        tried.release()
        goes_on.wait(SOON)
        return False

    monkeypatch.setattr(bench.program.stop, "wait", pause)
    bench.daemon.deliver_tick()
    for _ in ("mail", "hook"):
        assert tried.acquire(timeout=SOON), "the first try to write the end of each attempt has failed"
    assert bench.states() == {"claimed"}
    bench.daemon.deliver_tick()
    bench.daemon.claims_tick()
    assert bench.states() == {"claimed"}, "while a worker knows how an attempt ended, nobody takes it from it"
    locker.release()
    bench.daemon.claims_tick()
    assert bench.states() == {"claimed"}
    goes_on.set()
    bench.sends.run([Job(channel, channel, lambda: None) for channel in ("mail", "hook")])  # waits for them
    assert bench.states() == {"sent"}
    bench.daemon.claims_tick()
    bench.daemon.deliver_tick()
    assert bench.states() == {"sent"}
    assert (len(world.texts(READER)), len(world.posts)) == (1, 1)


def test_a_claim_that_nobody_works_on_is_tried_again(bench: Bench, world: World) -> None:
    """The database takes a claim, and the answer is lost, so that the worker does not know of it."""
    claims = iter(range(100))

    def lose_the_answer(name: str) -> None:
        if name == "store.after_commit" and next(claims) < 2:
            raise StoreError("the connection broke")

    failpoint.arm(lose_the_answer)
    bench.daemon.deliver_tick()
    bench.sends.run([Job(channel, channel, lambda: None) for channel in ("mail", "hook")])
    failpoint.arm(None)
    assert bench.states() == {"claimed"}
    assert (world.mails, world.posts) == ([], [])
    bench.daemon.claims_tick()
    assert bench.states() == {"ambiguous"}
    bench.daemon.deliver_tick()
    bench.sends.run([Job(channel, channel, lambda: None) for channel in ("mail", "hook")])
    assert bench.states() == {"sent"}
    assert (len(world.texts(READER)), len(world.posts)) == (1, 1)


def test_a_heartbeat_that_cannot_be_written_does_not_end_the_daemon(bench: Bench, tmp_path: Path) -> None:
    locker = Locker(tmp_path / "monitor.db", at="now", threads=1)
    locker("now")
    (beat,) = [tick for tick in bench.daemon.ticks() if tick.name == "beat_tick"]
    beat.work()
    assert not bench.program.stop.is_set()
    locker.release()


@pytest.mark.parametrize("name", ["ping", "operator"])
def test_a_channel_may_be_called_as_work_of_the_daemon_is(bench: Bench, name: str) -> None:
    """Both run in the executor of sends, where a key is at work once at a time."""
    done, leave = threading.Event(), threading.Event()
    assert bench.sends.start(Job(name, name, lambda: leave.wait(SOON)))
    bench.daemon._start_job(name, done.set)
    try:
        assert done.wait(SOON)
    finally:
        leave.set()


@pytest.fixture
def interrupted() -> Callable[[str], None]:
    def act(name: str) -> None:
        if name == "deliver.claimed":
            raise KeyboardInterrupt

    return act


def test_an_interrupted_command_lets_its_sends_end(bench: Bench, interrupted: Callable[[str], None]) -> None:
    failpoint.arm(interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench.program.outbox.send_due()
    assert bench.program.stop.is_set()
