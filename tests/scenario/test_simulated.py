"""The daemon in simulated time: its clock, ticker and executors are arguments."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import pytest

from monitor import failpoint, log
from monitor.app.wiring import open_program
from monitor.daemon import Daemon
from monitor.executor import InlineExecutor
from monitor.model import Validators
from monitor.sandbox import InlineReaders
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support.configuration import Configure, feed
from tests.support.world import START, Row, World, squeeze

DAY = dt.timedelta(days=1)
STRIDE = dt.timedelta(minutes=10)
FUND = Row("City opens a Web3 fund", "/a/1", "For three years.", age=30)
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.", age=-10 * 60)
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=-30 * 60)


@pytest.mark.slow
def test_simulated_days_bring_each_article_in_the_digest_of_its_day(world: World, configure: Configure) -> None:
    clock = SimulatedClock(START)
    world.feed("/one.xml", [FUND])
    config = configure("one.xml", at="08:00")  # Asia/Shanghai: midnight in UTC, which is when the simulation starts
    events = [
        (START + dt.timedelta(hours=10, minutes=5), lambda: world.feed("/one.xml", [SCHOOL, FUND])),
        (START + dt.timedelta(hours=30, minutes=5), lambda: world.feed("/one.xml", [LEDGER, SCHOOL, FUND])),
    ]
    with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
        ticker = SimulatedTicker(clock, START + 2.5 * DAY, program.stop.set, events, stride=STRIDE.total_seconds())
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
    texts = world.texts("reader@example.org")
    titles = [[row.path for row in (FUND, SCHOOL, LEDGER) if squeeze(row.title) in squeeze(text)] for text in texts]
    assert titles == [["/a/1", "/a/2"], ["/a/5"]]
    sent = [parsedate_to_datetime(mail["Date"]) - START for _, mail in world.mails]
    assert [after // DAY for after in sent] == [1, 2]
    assert all(after % DAY < STRIDE + dt.timedelta(minutes=1) for after in sent)
    assert 10 <= len(world.hits) <= 40  # between the longest and the shortest interval that news may lead to


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Return what the program has logged so far, line by line."""
    stream = io.StringIO()
    log.configure("info", "json", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    failpoint.arm(None)


def take_no_result(name: str) -> None:
    """Fail as on a full disk where the result of a poll is written; whatever else is written is taken."""
    if name == "collect.recorded":
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorname = "SQLITE_FULL"
        raise full


@pytest.mark.slow
def test_a_full_disk_has_sources_asked_once_a_minute_and_everything_goes_on_when_there_is_room(
    world: World, configure: Configure, logged: Callable[[], list[dict[str, object]]]
) -> None:
    clock = SimulatedClock(START)
    paths = ("/one.xml", "/two.xml", "/three.xml")
    for path in paths:
        world.feed(path, [FUND])
    sources = "".join(feed(world, path[1:], 'every = "1m"\n') for path in paths)
    config = configure(extra=sources, at="08:10", replace=("[fetch]", '[fetch]\nmin_every = "1m"'))
    validators: list[list[Validators]] = []
    beats: list[dt.datetime | None] = []

    def fill() -> None:
        world.hits.clear()
        validators.append([program.store.source_state(path[1:]).validators for path in paths])
        world.feed("/two.xml", [SCHOOL, FUND])
        failpoint.arm(take_no_result)

    def free() -> None:
        failpoint.arm(None)
        validators.append([program.store.source_state(path[1:]).validators for path in paths])
        asked.extend(world.hits)
        beats.append(program.store.last_heartbeat())
        sent.append(len(world.texts("reader@example.org")))
        world.hits.clear()

    asked: list[tuple[str, str | None]] = []
    sent: list[int] = []
    minutes = [START + dt.timedelta(minutes=number) for number in (5, 15)]
    with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
        ticker = SimulatedTicker(
            clock, START + dt.timedelta(minutes=17), program.stop.set, list(zip(minutes, (fill, free), strict=True)), 1
        )
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
        after = [program.store.source_state(path[1:]) for path in paths]
    assert len(asked) <= 10 + 4  # pauses of 5, 10, 20 and 40 seconds, and then of a minute
    assert validators[0] == validators[1]
    assert all(state.validators.etag for state in after)
    assert (sent, beats) == ([1], [minutes[1] - dt.timedelta(seconds=20)])
    assert {path for path, _ in world.hits} == set(paths)
    assert [state.failures for state in after] == [0, 0, 0]
    assert after[1].last_new_at is not None
    assert after[1].last_new_at > minutes[1]
    lines = [line for line in logged() if line["event"] == "unrecorded"]
    assert 8 <= len(lines) <= 11
    assert all("the disk is full" in str(line["reason"]) for line in lines)
    assert [line for line in logged() if "trace" in line] == []


@pytest.mark.slow
def test_hours_in_which_nothing_happens_are_logged_with_one_line_for_each_poll(
    world: World, configure: Configure, logged: Callable[[], list[dict[str, object]]]
) -> None:
    clock = SimulatedClock(START)
    world.feed("/one.xml", [FUND])
    config = configure("one.xml", at="now")
    before: list[int] = []

    def begin() -> None:
        world.hits.clear()
        before.append(len(logged()))

    with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
        events = [(START + dt.timedelta(hours=1), begin)]
        ticker = SimulatedTicker(clock, START + DAY / 2, program.stop.set, events, stride=3600)
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
    lines = [(line["part"], line["event"]) for line in logged()[before[0] :]]
    assert [line for line in lines if line[0] != "daemon"] == [("collect", "poll")] * len(world.hits)
    assert [name for part, name in lines if part == "daemon"] == ["started", "stopping", "stopped"]
    assert world.hits
