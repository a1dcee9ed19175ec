"""Entries that came and went between two polls, and servers that always say that nothing changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect import Collected
from monitor.collect.locate import PollContext
from monitor.config import Config
from monitor.fetch import Answer, Gate, NotModified
from monitor.model import Request, SourceState, Validators
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

HOUR = dt.timedelta(hours=1)


def rows(first: int, last: int) -> list[Row]:
    """Announcements of which each is a minute newer than the one before, the newest first."""
    return [Row(f"Number {n} about blockchain", f"/a/{n}", age=2000 - n) for n in range(last, first - 1, -1)]


def poll(config: Config, hours: float = 0) -> Collected:
    with open_program(config, FixedClock(START + hours * HOUR), command="test", readers=InlineReaders()) as program:
        return program.once(("one.xml",)).collected[0]


def notices(config: Config, hours: float) -> list[str]:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return [notice.message for notice in store.status(START + hours * HOUR).notices]
    finally:
        store.close()


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", rows(1, 10))
    config = configure("one.xml")
    poll(config)
    world.feed("/one.xml", rows(2, 11))
    poll(config, 1)
    return config


@pytest.mark.slow
@pytest.mark.parametrize("old", [rows(2, 2), rows(1, 2), [Row("Late, of another year", "/a/late", age=600_000)]])
def test_old_rows_at_the_end_do_not_hide_that_others_passed(world: World, config: Config, old: list[Row]) -> None:
    if old[0].path == "/a/late":
        world.feed("/one.xml", [*rows(3, 11), *old])
        poll(config, 2)
    world.feed("/one.xml", [*rows(31, 39), *old])
    assert poll(config, 3).poll.new == 9
    (said,) = notices(config, 3)
    assert said.startswith(
        "9 entries were new, and only older ones are still listed: other entries may have come and gone"
    )


def test_the_newest_row_at_the_end_shows_that_nothing_passed(world: World, config: Config) -> None:
    world.feed("/one.xml", rows(11, 20))
    assert poll(config, 3).poll.new == 9
    assert notices(config, 3) == []


def test_one_row_that_was_taken_back_is_no_gap(world: World, config: Config) -> None:
    world.feed("/one.xml", [*rows(12, 20), *rows(10, 10)])
    poll(config, 3)
    assert notices(config, 3) == []


def always_unchanged(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let a server answer 304 to all that is asked with validators; return of each poll whether it was."""
    conditional: list[bool] = []
    get = Gate.get

    def asked(gate: Gate, url: str, *, validators: Validators, accept: str, request: Request) -> Answer:
        conditional.append(validators.etag is not None)
        if validators.etag is not None:
            return NotModified(304, validators)
        return get(gate, url, validators=validators, accept=accept, request=request)

    monkeypatch.setattr(Gate, "get", asked)
    return conditional


def test_a_server_that_always_says_not_modified_is_asked_in_full_each_day(
    world: World, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    conditional = always_unchanged(monkeypatch)
    done = [poll(config, hours).poll for hours in range(8, 56, 8)]
    assert conditional.count(False) == 2
    assert [record.outcome for record in done].count("same_body") == 2
    world.feed("/one.xml", rows(3, 12))
    assert sum(poll(config, hours).poll.new for hours in range(56, 80, 8)) == 1


def test_sources_are_asked_in_full_at_hours_of_their_own(config: Config) -> None:
    source = config.sources[0]
    hours = set()
    for number in range(50):
        one = replace(source, name=f"source {number}")
        for hour in range(24):
            last = START + hour * HOUR
            state = SourceState(1, one.name, one.url, last_polled_at=last, last_success_at=last)
            if PollContext(one, state, START + (hour + 1) * HOUR, one).is_unconditional:
                hours.add(hour)
    assert len(hours) > 15
