"""A mail server that is down for days: nothing is given up, it resumes by itself, and the operator is notified."""

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
from monitor.sandbox import InlineReaders
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
    with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
        timed = [(START + after, work) for after, work in events]
        ticker = SimulatedTicker(clock, START + begin + length, program.stop.set, timed, stride=1200)
        assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0
        return read_state(program.store, config, clock.now())


def named(state: State, kind: str) -> list[Notice]:
    return [notice for notice in state.status.notices if notice.kind == kind]


@pytest.mark.slow
def test_an_outage_of_a_week_ends_by_itself_and_is_reported_while_it_lasts_and_after(
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
def test_one_that_fails_for_five_days_while_others_get_through_is_parked_and_reported(
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
    with open_program(config, clock, command="test", readers=InlineReaders(), executor=InlineExecutor()) as program:
        program.once(send=False)
        program.build()
        assert program.store.claim(program.store.due_deliveries(clock.now())[0], clock.now())
        assert not read_state(program.store, config, clock.now()).problems
        (stuck,) = read_state(program.store, config, clock.now() + HOUR).problems
    assert stuck.kind == "stuck"
    assert stuck.first_at == START + HOUR


OPERATOR_MARK = "[monitor]"


def operators(world: World) -> tuple[list[str], list[str]]:
    """Return the subjects of the messages to the operator, by mail and by the webhook."""
    mails = [str(mail["Subject"]) for _, mail in world.mails]
    posts = [str(post["text"]) for post in world.posts]
    return [one for one in mails if OPERATOR_MARK in one], [one for one in posts if OPERATOR_MARK in one]


@pytest.mark.slow
def test_a_broken_channel_is_reported_through_the_other_and_its_recovery_through_both(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", extra='[operator]\nto = ["mail", "hook"]\n')
    world.mail_refusal = "451 down for repair"
    simulate(config, 3 * HOUR)
    assert operators(world) == ([], [posted := operators(world)[1][0]])
    assert posted.startswith("[monitor] 1 problem: channel mail: nothing has got through since")
    world.mail_refusal = None
    state = simulate(config, 5 * HOUR, begin=3 * HOUR)
    assert state.status.outbox == {"sent": sum((state.status.outbox or {}).values())}
    mails, posts = operators(world)
    assert len(mails) >= 1
    assert mails == posts[1:]
    assert mails[0].startswith("[monitor] resolved: channel mail")


def test_where_no_channel_of_the_operator_works_every_other_one_is_used(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", extra='[operator]\nto = ["mail"]\n')
    world.mail_refusal = "550 nobody here"
    simulate(config, 2 * HOUR)
    mails, posts = operators(world)
    assert mails == []
    assert posts
    assert all(one.startswith("[monitor] 1 problem: channel mail: 1 delivery is parked: ") for one in posts)


@pytest.mark.slow
def test_a_source_that_fails_is_notified_once_a_day_with_its_end(world: World, configure: Configure) -> None:
    config = configure("one.xml", extra='[operator]\nto = ["hook"]\n')
    simulate(config, 2.2 * DAY)
    _, posts = operators(world)
    assert [one.split(":")[0] for one in posts] == ["[monitor] 1 problem", *["[monitor] 1 problem still open"] * 2]
    world.feed("/one.xml", [SCHOOL])
    simulate(config, 1.2 * DAY, begin=2.2 * DAY)
    *before, end = operators(world)[1][3:]
    assert all("still open" in one for one in before)  # until the source is polled again
    assert end.startswith("[monitor] resolved: one.xml: the server answered 404")


@pytest.mark.slow
@pytest.mark.parametrize(("extra", "said"), [("", True), ('[operator]\nto = ["mail"]\n', False)])
def test_without_an_operator_the_digests_name_open_problems(
    world: World, configure: Configure, extra: str, *, said: bool
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", extra=extra)
    world.mail_refusal = "550 nobody here"
    simulate(config, HOUR)
    world.feed("/one.xml", [Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities."), SCHOOL])
    simulate(config, 5 * HOUR, begin=HOUR)
    digests = [str(post) for post in world.posts if "flash" in str(post["text"]) or "Ministry" in str(post)]
    assert "1 open problem: channel mail: 1 delivery is parked" not in digests[0]
    assert ("1 open problem: channel mail: 1 delivery is parked" in digests[-1]) is said
