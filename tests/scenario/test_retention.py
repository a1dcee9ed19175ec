"""`keep` in the configuration: texts go when they are old, and nothing is sent twice because of that."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.program import Program
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.sandbox import InlineReaders
from tests.scenario.simulated import SimulatedClock
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

DAY = dt.timedelta(days=1)
KEEP = ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghai"\nkeep = "30d"')
SENTENCES = (
    "The city government published its plan for the metaverse industry on Friday.",
    "Every school of the district will get a classroom with virtual reality glasses.",
    "The plan names the harbour quarter as the place of the first pilot zone.",
    "Companies may apply for space in the new park by the end of the spring.",
    "A committee of the city council will report on the progress every season.",
    "Residents can read the whole document in the libraries of the old town.",
)
OTHERS = (
    "Fishermen of the coast repaired their boats before the storms of the winter.",
    "The museum of glass shows vases from four centuries in its great hall.",
    "Gardeners planted lime trees along the road that leads to the station.",
)
PLAN = Row("City plans metaverse classrooms", "/a/2", " ".join(SENTENCES))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [PLAN])
    world.feed("/two.xml", [])
    return configure("one.xml", "two.xml", replace=KEEP)


def make_pass(config: Config, clock: FixedClock) -> Program:
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once()
    return program


def pass_a_month(config: Config, clock: FixedClock) -> None:
    """Make a pass when the texts are not old yet, and one a week later, when they are."""
    for days in (24, 7):
        clock.advance(days * DAY)
        make_pass(config, clock)


def text_of(world: World, config: Config, clock: FixedClock, path: str = "/a/2") -> str:
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        trace = program.store.trace(f"{world.base}{path}")
    assert trace is not None
    return trace.article.text


def test_a_text_goes_when_it_is_old_and_its_article_is_not_sent_again(
    world: World, config: Config, clock: FixedClock
) -> None:
    make_pass(config, clock)
    assert len(world.mails) == 1
    clock.advance(22 * DAY)
    make_pass(config, clock)
    clock.advance(7 * DAY)
    make_pass(config, clock)
    assert text_of(world, config, clock) == " ".join(SENTENCES)
    clock.advance(2 * DAY)
    make_pass(config, clock)
    assert text_of(world, config, clock) == ""
    clock.advance(DAY)
    make_pass(config, clock)
    world.feed("/two.xml", [PLAN])  # another source lists the same address
    clock.advance(DAY)
    make_pass(config, clock)
    assert len(world.mails) == 1


@pytest.mark.parametrize(
    ("sentences", "sent"),
    [
        pytest.param((*SENTENCES[1:], SENTENCES[0]), 1, id="all of it"),
        pytest.param((*SENTENCES[:4], *OTHERS[:1]), 2, id="four fifths of it"),
    ],
)
def test_a_copy_of_a_text_that_is_gone_must_be_nearly_the_whole_of_it(
    world: World, config: Config, clock: FixedClock, sentences: tuple[str, ...], sent: int
) -> None:
    make_pass(config, clock)
    pass_a_month(config, clock)
    assert text_of(world, config, clock) == ""
    world.feed("/two.xml", [Row(PLAN.title, "/b/9", " ".join(sentences))])
    clock.advance(DAY)
    make_pass(config, clock)
    assert len(world.mails) == sent


def test_a_copy_of_four_fifths_is_recognised_while_the_text_is_there(
    world: World, config: Config, clock: FixedClock
) -> None:
    make_pass(config, clock)
    clock.advance(DAY)
    sentences = (*SENTENCES[:4], *OTHERS[:1])
    world.feed("/two.xml", [Row(PLAN.title, "/b/9", " ".join(sentences))])
    make_pass(config, clock)
    assert len(world.mails) == 1


def test_a_daemon_removes_nothing_before_its_clock_can_be_trusted(world: World, config: Config) -> None:
    clock = SimulatedClock(START)
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once()
        clock.move_to(START + 24 * DAY)
        program.once()
        clock.move_to(START + 31 * DAY)
        daemon = Daemon(program)
        daemon.retention_tick()
        assert program.store.texts_removed_until() is None
        clock.move_to(clock.now() + dt.timedelta(hours=1))
        daemon.retention_tick()
        assert program.store.texts_removed_until() == START
