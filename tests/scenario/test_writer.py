"""Polls that are written together: each fails alone, and a commit that fails changes nothing of any."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from monitor import failpoint
from monitor.app.program import Program
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.errors import StoreError
from monitor.model import SourceState
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.waiting import SOON
from tests.support.world import START, Row, World

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.")
FEEDS = {"one.xml": SCHOOL, "two.xml": LEDGER}  # two: as many of one host as are polled at a time


@dataclass
class Together:
    """Lets all polls decide before any is written, and fails at chosen failpoints."""

    fail_at: dict[tuple[str, int], Exception] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)
    _matched: threading.Barrier = field(default_factory=lambda: threading.Barrier(len(FEEDS)))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, name: str) -> None:
        if name == "collect.matched":
            self._matched.wait(SOON)
        with self._lock:
            self._count[name] = number = self._count.get(name, 0) + 1
        if error := self.fail_at.get((name, number)):
            raise error


@pytest.fixture
def program(world: World, configure: Configure) -> Iterator[Program]:
    for path, row in FEEDS.items():
        world.feed(f"/{path}", [row])
    with open_program(configure(*FEEDS), FixedClock(START), command="test", readers=InlineReaders()) as program:
        yield program


@pytest.fixture
def armed() -> Iterator[Callable[[Together], None]]:
    yield failpoint.arm
    failpoint.arm(None)


def states(program: Program) -> list[SourceState]:
    return [program.store.source_state(name) for name in FEEDS]


def test_a_result_that_cannot_be_written_is_a_failure_of_its_source_alone(
    program: Program, armed: Callable[[Together], None]
) -> None:
    armed(Together(fail_at={("collect.recorded", 2): ZeroDivisionError("a bug")}))
    collected = program.poll(list(program.sources.values()))
    failed = [one for one in collected if one.failed]
    assert len(failed) == 1
    assert "ZeroDivisionError" in failed[0].poll.reason
    assert sorted(one.poll.matches for one in collected) == [0, 1]
    by_name = dict(zip(FEEDS, states(program), strict=True))
    assert by_name[failed[0].source].validators.etag is None
    assert by_name[failed[0].source].failures == 1
    assert all(state.validators.etag for name, state in by_name.items() if name != failed[0].source)
    assert [notice.subject for notice in program.store.status(START).notices] == [failed[0].source]


def test_a_commit_that_fails_changes_no_state_and_no_validator_of_any_source(
    program: Program, armed: Callable[[Together], None]
) -> None:
    before = states(program)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    armed(Together(fail_at={("store.before_commit", number): full for number in (1, 2)}))
    with pytest.raises(StoreError, match="the disk is full"):
        program.poll(list(program.sources.values()))
    failpoint.arm(None)
    assert states(program) == before
    collected = program.poll(list(program.sources.values()))
    assert [one.poll.new for one in collected] == [1, 1]
