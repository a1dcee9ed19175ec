"""A clock that jumps, either way: nothing is silent for it, nothing is sent twice, and it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.app.program import Program
from monitor.app.status import State, read_state
from monitor.app.wiring import open_program
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.executor import InlineExecutor
from monitor.model import Notice
from monitor.sandbox import InlineReaders
from monitor.secret import Secret
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support import databases
from tests.support.configuration import READER, Configure, feed
from tests.support.world import START, Row, World

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
NONE = dt.timedelta()
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.")

Event = tuple[dt.timedelta, Callable[["Run"], object]]


BOTH_DATABASES = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
"""For the tests that read times back from the database in all ways; each simulated day costs seconds on a server."""


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database for a daemon."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path}/clock.db"
        return
    address = databases.create_ready()
    yield address
    databases.drop(address)


@dataclass
class Run:
    """A daemon in simulated time, and when it asked for what."""

    world: World
    config: Config
    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(START))
    asked: list[tuple[str, dt.timedelta]] = field(default_factory=list)
    program: Program | None = None

    def simulate(self, length: dt.timedelta, *events: Event) -> State:
        """Run for so long, with these events at these times after START; return the state at the end."""
        run, world = self, self.world

        class Hits(list[tuple[str, str | None]]):
            def append(self, hit: tuple[str, str | None]) -> None:
                super().append(hit)
                run.asked.append((hit[0], run.passed))

        world.hits = Hits()
        begin, clock = self.passed, self.clock
        with open_program(
            self.config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()
        ) as program:
            self.program = program
            timed = [(START + after, lambda work=work: work(run)) for after, work in events]
            ticker = SimulatedTicker(clock, START + begin + length, program.stop.set, timed, stride=300)
            assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
            return read_state(program.store, self.config, clock.now())

    @property
    def passed(self) -> dt.timedelta:
        """How much time passed since START, whatever the clock shows."""
        return self.clock.now() - self.clock.ahead - START

    def times(self, path: str, since: dt.timedelta = NONE) -> list[dt.timedelta]:
        """Return when a path was asked for, from `since` on."""
        return [at for asked, at in self.asked if asked == path and at >= since]

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database itself."""
        engine = create_engine(self.config.database_url.reveal().replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(statement))]
        engine.dispose()
        return rows


def jump(by: dt.timedelta) -> Callable[[Run], None]:
    def work(run: Run) -> None:
        run.clock.ahead += by

    return work


def notices(state: State, kind: str) -> list[Notice]:
    return [notice for notice in state.status.notices if notice.kind == kind]


@pytest.mark.slow
def test_a_day_ahead_and_back_silences_no_source_no_retry_and_no_page(
    world: World, configure: Configure, url: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    sources = feed(world, "one.xml", 'every = "30m"\nfull_text = true\n') + feed(world, "down.xml")
    config = replace(configure(extra=f'{sources}[operator]\nto = ["hook"]\n'), database_url=Secret(url, "test"))
    run = Run(world, config)
    world.mail_refusal = "451 down for repair"
    back, waits, tried = 4 * HOUR, dict[str, dt.timedelta](), list[tuple[dt.timedelta, object]]()

    def note_waits(run: Run) -> None:
        assert run.program is not None
        for name in ("one.xml", "down.xml"):
            state = run.program.store.source_state(name)
            assert state.next_poll_at
            assert state.last_polled_at
            waits[f"/{name}"] = state.next_poll_at - state.last_polled_at

    def count_attempts(run: Run) -> None:
        tried.append((run.passed, run.query("SELECT count(*) FROM attempt")[0][0]))

    counts = [(back + 15 * MINUTE * number, count_attempts) for number in range(1, 18)]
    state = run.simulate(15 * HOUR, (2 * HOUR, jump(DAY)), (back - MINUTE / 2, note_waits), (back, jump(-DAY)), *counts)
    steady = [later - earlier for earlier, later in zip(run.times("/one.xml"), run.times("/one.xml")[1:], strict=False)]
    assert max(steady) <= 65 * MINUTE  # where it was set back, the wait begins again
    assert sorted(steady)[-2] <= 35 * MINUTE
    for path, wait in waits.items():
        assert run.times(path, back), path
        assert run.times(path, back)[0] <= back + wait + 6 * MINUTE, path
    assert run.times("/a/2", back)[0] <= back + 12 * HOUR
    assert len(run.times("/a/2")) >= 3
    changes = [at for (at, number), (_, before) in zip(tried[1:], tried, strict=False) if number != before]
    assert changes[0] <= back + 4.25 * HOUR, "the longest backoff of a delivery"
    (said,) = notices(state, "clock")
    assert said.message.startswith("the clock was set back by 1 day, from ")
    assert said.count == 1
    for words in ("the clock went forward by 1 day", "the clock was set back by 1 day"):
        assert len([post for post in world.posts if words in str(post)]) == 1, words
    world.mail_refusal = None
    run.simulate(5 * HOUR)
    assert len([one for one in world.texts(READER) if "metaverse" in one.lower()]) == 1
    assert len([post for post in world.posts if "metaverse classrooms" in str(post)]) == 1


@pytest.mark.slow
def test_a_digest_whose_edition_was_built_ahead_of_time_has_one_at_its_time(
    world: World, configure: Configure, url: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = replace(
        configure(extra=feed(world, "one.xml", 'every = "30m"\n'), at="10:00"), database_url=Secret(url, "test")
    )  # in Shanghai: two hours after START
    run = Run(world, config)

    def publish(run: Run) -> None:
        run.world.feed("/one.xml", [LEDGER, SCHOOL])

    run.simulate(1.2 * DAY, (4 * HOUR, jump(DAY)), (5 * HOUR, jump(-DAY)), (6 * HOUR, publish))
    slots = run.query("SELECT slot, items FROM edition ORDER BY id")
    by_hour = [str(slot)[:16] for slot, _ in slots]
    assert by_hour == [f"2026-11-{day} 10:00" for day in (21, 22, 22)] or START.day != 21
    assert [items for _, items in slots] == [1, 0, 1]
    texts = world.texts(READER)
    assert [name for name in ("metaverse", "blockchain") for one in texts if name in one.lower()] == [
        "metaverse",
        "blockchain",
    ]


@pytest.mark.slow
@BOTH_DATABASES
def test_a_machine_that_was_asleep_counts_no_outage_and_sends_nothing_twice(
    world: World, configure: Configure, url: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    world.pages["/ping"] = world.pages["/ping/start"] = world.pages["/ping/fail"] = ("text/plain", b"ok")
    operator = f'[operator]\nping = "{world.base}/ping"\n'
    config = replace(
        configure(extra=feed(world, "one.xml", 'every = "30m"\n') + operator, at="10:00"),
        database_url=Secret(url, "test"),
    )
    run = Run(world, config)

    def fail(run: Run) -> None:
        del run.world.pages["/one.xml"]

    def recover(run: Run) -> None:
        run.world.feed("/one.xml", [LEDGER, SCHOOL])
        run.clock.ahead += 2 * DAY

    state = run.simulate(6 * HOUR, (3 * HOUR, fail), (4 * HOUR, recover))
    assert "/ping/fail" not in [path for path, _ in run.asked]
    assert len(run.times("/ping")) > 60
    texts = world.texts(READER)
    assert ["could not be read" in one for one in texts] == [False, False]
    assert ["metaverse" in one.lower() for one in texts] == [True, False]
    assert "blockchain" in texts[1].lower(), "what is due is polled before the edition that is due is built"
    (said,) = notices(state, "clock")
    assert said.message.startswith("the clock went forward by 2 days, from ")
    assert not notices(state, "broken")


@pytest.mark.slow
@BOTH_DATABASES
def test_passes_of_cron_go_on_after_a_clock_that_was_ahead_and_say_so_once(
    world: World, configure: Configure, url: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = replace(configure("one.xml"), database_url=Secret(url, "test"))
    world.mail_refusal = "451 down for repair"
    said, results = [], []
    for after in (DAY, MINUTE, 2 * MINUTE, 40 * MINUTE):
        clock = SimulatedClock(START + after)
        with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
            results.append(program.once())
            found = program.store.status(clock.now()).notices
            said.append([(one.message, one.count) for one in found if one.kind == "clock"])
    assert said[0] == []
    assert said[1][0][0].startswith("the clock was set back by 23 hours 59 minutes, from ")
    assert said[1] == said[2] == said[3]
    assert [one.poll.outcome for one in results[-1].collected] == ["not_modified"]
    assert [one.outcome.kind for one in results[-1].sendings] == ["retry"]


def test_a_clock_that_shows_1970_for_a_while_changes_no_edition_and_no_source_for_long(
    world: World, configure: Configure, url: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = replace(configure("one.xml"), database_url=Secret(url, "test"))
    editions, outcomes = [], []
    for at in (START, dt.datetime(1970, 1, 1, 0, 5, tzinfo=dt.UTC), START + HOUR):
        clock = SimulatedClock(at)
        with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
            outcomes += [one.poll.outcome for one in program.once().collected]
        editions.append(Run(world, config).query("SELECT slot, window_end FROM edition"))
    assert outcomes[-1] in ("not_modified", "same_body")
    assert editions[0] == editions[1] == editions[2]
    assert len(world.texts(READER)) == 1
