"""What passes of the whole program tell their subscribers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from monitor import events
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.events import DeliveryEnded, EditionBuilt, Event, NoticeRaised, NoticeResolved, PollFinished
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

FUND = Row("District opens a Web3 fund", "/a/1", "The programme runs for three years.")


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    heard: list[Event] = []
    hear = heard.append
    events.subscribe(hear)
    yield heard
    events.unsubscribe(hear)


def run(config: Config, minutes: int = 0) -> None:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once(list(program.sources))


def of(heard: list[Event], *kinds: type[Event]) -> list[Event]:
    return [event for event in heard if isinstance(event, kinds)]


def test_every_poll_edition_and_delivery_is_one_event(world: World, configure: Configure, heard: list[Event]) -> None:
    world.feed("/one.xml", [FUND])
    run(configure("one.xml"))
    (poll,) = of(heard, PollFinished)
    assert isinstance(poll, PollFinished)
    assert (poll.source, poll.outcome, poll.new, poll.matches) == ("one.xml", "ok", 1, 1)
    assert poll.decisions
    assert [(event.digest, event.items) for event in heard if isinstance(event, EditionBuilt)] == [("flash", 1)]
    sent = sorted((event.channel, event.outcome) for event in heard if isinstance(event, DeliveryEnded))
    assert sent == [("hook", "sent"), ("mail", "sent")]


def test_a_notice_is_heard_of_when_it_opens_and_when_it_closes(
    world: World, configure: Configure, heard: list[Event]
) -> None:
    config = configure("one.xml")
    run(config)
    run(config, 60 * 24)
    world.feed("/one.xml", [FUND])
    run(config, 60 * 48)
    run(config, 60 * 72)
    changes = of(heard, NoticeRaised, NoticeResolved)
    assert [type(event) for event in changes] == [NoticeRaised, NoticeResolved]
    about = {(event.kind, event.subject) for event in heard if isinstance(event, NoticeRaised | NoticeResolved)}
    assert about == {("broken", "one.xml")}
    assert len(of(heard, PollFinished)) == 4
