"""Group commit: many results in one transaction, and each fails alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from monitor.collect.writer import FLUSH_AFTER, ResultWriter
from monitor.errors import DatabaseFailed
from tests.support.waiting import SOON

Apply = Callable[[list[str]], object]


@dataclass
class Ledger:
    """A store in memory: what is written is kept at the commit, part by part."""

    kept: list[list[str]] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    commit_fails: bool = False
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    @contextmanager
    def transaction(self) -> Iterator[Ledger]:
        self.pending = []
        self.entered.release()
        assert self.gate.wait(SOON)
        yield self
        if self.commit_fails:
            raise DatabaseFailed("the disk is full")
        self.kept.append(self.pending)

    @contextmanager
    def savepoint(self) -> Iterator[list[str]]:
        part: list[str] = []
        yield part
        self.pending += part


def put(word: str) -> Apply:
    def apply(part: list[str]) -> str:
        part.append(word)
        return word

    return apply


def failing(part: list[str]) -> None:
    part.append("half of it")
    raise ValueError("a bug")


def lost(part: list[str]) -> None:
    raise DatabaseFailed("the server went away")


@dataclass
class Caller:
    """A poll in a thread of its own that writes one result."""

    writer: ResultWriter[list[str]]
    apply: Apply
    value: object = None
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.value = self.writer.write(self.apply)
        except (DatabaseFailed, ValueError) as error:
            self.error = error

    def join(self) -> None:
        self.thread.join(SOON)
        assert not self.thread.is_alive()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def writer(ledger: Ledger) -> ResultWriter[list[str]]:
    return ResultWriter(ledger.transaction, time.monotonic)


def queued(ledger: Ledger, writer: ResultWriter[list[str]], *applies: Apply) -> list[Caller]:
    """Callers that all wait while the first one's transaction is held up, and then go on together."""
    ledger.gate.clear()
    callers = [Caller(writer, applies[0])]
    assert ledger.entered.acquire(timeout=SOON)
    callers += [Caller(writer, apply) for apply in applies[1:]]
    waiting = threading.Event()
    for _ in range(12_000):
        if len(writer._queue) == len(applies):
            break
        waiting.wait(0.005)
    ledger.gate.set()
    for caller in callers:
        caller.join()
    return callers


def test_a_result_alone_is_written_at_once(ledger: Ledger, writer: ResultWriter[list[str]]) -> None:
    assert writer.write(put("one")) == "one"
    assert ledger.kept == [["one"]]


def test_what_is_ready_goes_into_one_transaction(ledger: Ledger, writer: ResultWriter[list[str]]) -> None:
    callers = queued(ledger, writer, put("one"), put("two"), put("three"))
    assert [caller.value for caller in callers] == ["one", "two", "three"]
    assert len(ledger.kept) == 1
    assert sorted(ledger.kept[0]) == ["one", "three", "two"]


def test_a_result_that_fails_fails_alone(ledger: Ledger, writer: ResultWriter[list[str]]) -> None:
    good, bad, other = queued(ledger, writer, put("one"), failing, put("two"))
    assert isinstance(bad.error, ValueError)
    assert (good.value, other.value) == ("one", "two")
    assert ledger.kept == [["one", "two"]]


def test_a_commit_that_fails_keeps_nothing_and_fails_every_result(
    ledger: Ledger, writer: ResultWriter[list[str]]
) -> None:
    ledger.commit_fails = True
    callers = queued(ledger, writer, put("one"), failing, put("two"))
    assert [str(caller.error) for caller in callers] == ["the disk is full"] * 3
    assert ledger.kept == []
    ledger.commit_fails = False
    assert writer.write(put("later")) == "later"
    assert ledger.kept == [["later"]]


def test_a_transaction_that_is_lost_on_the_way_fails_what_is_in_it_and_not_what_comes_after(
    ledger: Ledger, writer: ResultWriter[list[str]]
) -> None:
    before, losing, after = queued(ledger, writer, put("one"), lost, put("two"))
    assert isinstance(before.error, DatabaseFailed)
    assert isinstance(losing.error, DatabaseFailed)
    assert (after.value, ledger.kept) == ("two", [["two"]])


def test_a_transaction_takes_nothing_more_after_its_time(ledger: Ledger) -> None:
    assert FLUSH_AFTER <= 0.2, "other processes wait for the lock meanwhile"
    now = [0.0]

    def slow(part: list[str]) -> str:
        now[0] += FLUSH_AFTER
        part.append("slow")
        return "slow"

    writer = ResultWriter(ledger.transaction, lambda: now[0])
    queued(ledger, writer, slow, slow, put("quick"))
    assert sorted(map(len, ledger.kept)) in ([1, 2], [1, 1, 1])
    assert sorted(word for part in ledger.kept for word in part) == ["quick", "slow", "slow"]


class Locked:
    """A database of which no transaction can begin, once the ledger lets it try."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __enter__(self) -> Ledger:
        self._ledger.entered.release()
        assert self._ledger.gate.wait(SOON)
        raise DatabaseFailed("another process keeps it locked")

    def __exit__(self, *_: object) -> None:
        """Do nothing: it was never entered."""


def test_a_transaction_that_cannot_begin_fails_every_result_that_waits(ledger: Ledger) -> None:
    writer: ResultWriter[list[str]] = ResultWriter(lambda: Locked(ledger), time.monotonic)
    callers = queued(ledger, writer, put("one"), put("two"), put("three"))
    assert [str(caller.error) for caller in callers] == ["another process keeps it locked"] * 3
    assert ledger.kept == []
