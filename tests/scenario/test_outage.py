"""A mail server that is down for days: nothing is given up, it resumes by itself, and somebody is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import pytest

from monitor.app.status import State, read_state
from monitor.app.wiring import open_program
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.executor import InlineExecutor
from monitor.model import Notice
from monitor.sandbox import Inline
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support.configuration import READER, Configure
from tests.support.world import START, Row, World

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=-3 * 24 * 60)

Event = tuple[dt.timedelta, Callable[[], object]]


def simulate(config: Config, length: dt.timedelta, *events: Event, begin: dt.timedelta = dt.timedelta()) -> State:
    """Run the daemon in simulated time, with these events at these times after START; return the state at the end."""
    clock = SimulatedClock(START + begin)
    with open_program(config, clock, command="test", readers=Inline(), executor=InlineExecutor()) as program:
        timed = [(START + after, work) for after, work in events]
        ticker = SimulatedTicker(clock, START + begin + length, program.stop.set, timed, stride=1200)
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
        return read_state(program.store, config, clock.now())


def named(state: State, kind: str) -> list[Notice]:
    return [notice for notice in state.status.notices if notice.kind == kind]


@pytest.mark.slow
def test_an_outage_of_a_week_ends_by_itself_and_is_told_while_it_lasts_and_after(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    world.mail_refusal = "451 down for repair"
    later = (3 * DAY, lambda: world.feed("/one.xml", [LEDGER, SCHOOL]))
    state = simulate(config, 7 * DAY, later)
    (failing,) = named(state, "channel")
    assert failing.subject == "channel mail"
    assert "451 down for repair" in failing.message
    assert "2 deliveries waiting" in failing.message
    assert (state.needs_attention, named(state, "parked")) == (True, [])
    assert len(world.posts) == 2
    world.mail_refusal = None
    state = simulate(config, 6 * HOUR, begin=7 * DAY)
    assert named(state, "channel") == []
    assert state.status.outbox == {"sent": 4}
    assert (len(world.posts), len(world.texts(READER))) == (2, 2)
    (late,) = named(state, "late")
    assert "2 deliveries of flash" in late.message
    built = [parsedate_to_datetime(mail["Date"]) for _, mail in world.mails]
    assert all(at < START + 4 * DAY for at in built), "what was frozen is sent as it was"


@pytest.mark.slow
def test_one_that_fails_for_five_days_while_others_get_through_is_parked_and_told(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=(f'["{READER}"]', f'["{READER}", "other@example.org"]'))
    world.mail_refusals = {READER: "451 mailbox busy"}
    simulate(config, 2 * DAY)
    world.feed("/one.xml", [LEDGER, SCHOOL])
    state = simulate(config, 2.9 * DAY, begin=2 * DAY)
    assert named(state, "parked") == []
    state = simulate(config, 8 * HOUR, begin=4.9 * DAY)
    (parked,) = named(state, "parked")
    assert "1 delivery is parked" in parked.message
    assert "451 mailbox busy" in parked.message


def test_an_attempt_that_does_not_end_is_a_problem_also_when_no_daemon_can_say_so(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml")
    clock = SimulatedClock(START)
    with open_program(config, clock, command="test", readers=Inline(), executor=InlineExecutor()) as program:
        program.once(send=False)
        program.build()
        assert program.store.claim(program.store.due_deliveries(clock.now())[0], clock.now())
        assert not read_state(program.store, config, clock.now()).problems
        (stuck,) = read_state(program.store, config, clock.now() + HOUR).problems
    assert stuck.kind == "stuck"
    assert stuck.first_at == START + HOUR
