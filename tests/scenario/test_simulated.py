"""The daemon in simulated time: its clock, ticker and executors are arguments."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

import pytest

from monitor.app.wiring import open_program
from monitor.daemon import Daemon
from monitor.executor import InlineExecutor
from monitor.sandbox import Inline
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support.configuration import Configure
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
    with open_program(config, clock, command="test", readers=Inline(), executor=InlineExecutor()) as program:
        ticker = SimulatedTicker(clock, START + 2.5 * DAY, program.stop.set, events, stride=STRIDE.total_seconds())
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
    texts = world.texts("reader@example.org")
    titles = [[row.path for row in (FUND, SCHOOL, LEDGER) if squeeze(row.title) in squeeze(text)] for text in texts]
    assert titles == [["/a/1", "/a/2"], ["/a/5"]]
    sent = [parsedate_to_datetime(mail["Date"]) - START for _, mail in world.mails]
    assert [after // DAY for after in sent] == [1, 2]
    assert all(after % DAY < STRIDE + dt.timedelta(minutes=1) for after in sent)
    assert 10 <= len(world.hits) <= 40  # between the longest and the shortest interval that news may lead to
