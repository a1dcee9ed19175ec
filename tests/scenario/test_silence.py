"""A source that falls silent is noticed, also behind "not modified", and the notice ends when something new comes."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

DAY = 24 * 60  # minutes
DAILY = [Row(f"Notice {number}", f"/{number}", age=number * DAY + 60) for number in range(40)]


@pytest.fixture
def config(configure: Configure) -> Config:
    return configure("one.xml")


def poll(config: Config, days: float) -> dict[str, str]:
    """Poll the source so many days after the start. Return the messages of the open notices, by kind."""
    clock = FixedClock(START + dt.timedelta(days=days))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once()
    with open_store(config, clock) as store:
        return {notice.kind: notice.message for notice in store.status(clock.now()).notices}


def test_silence_behind_not_modified_is_noticed_and_ends_with_the_next_entry(world: World, config: Config) -> None:
    world.feed("/one.xml", DAILY)
    assert poll(config, 0) == {}
    assert poll(config, 1) == {}
    found = [poll(config, 10 + hour / 4) for hour in range(2)]  # the second answer of the day is "not modified"
    assert [list(one) for one in found] == [["silent"], ["silent"]]
    assert "nothing new for 10 days: its newest entry is of 2026-11-21 07:00" in found[0]["silent"]
    world.feed("/one.xml", [Row("Notice 41", "/41", age=-10 * DAY), *DAILY])
    assert poll(config, 11) == {}


def test_a_feed_that_ended_years_ago_is_noticed_at_its_first_poll(world: World, config: Config) -> None:
    rows = [Row(f"Notice {number}", f"/{number}", age=(1700 + number * 5) * DAY) for number in range(9)]
    world.feed("/one.xml", rows)
    assert "its newest entry is of 2022-03-" in poll(config, 0)["silent"]


def test_an_upgraded_database_has_the_rhythm_of_its_entries(world: World, config: Config) -> None:
    world.feed("/one.xml", DAILY)
    poll(config, 0)
    with open_store(config, FixedClock(START)) as store:
        learned = store.source_state("one.xml")
        assert learned.activity
        with store._transaction() as connection:
            connection.exec_driver_sql("UPDATE source SET activity = NULL, newest_at = NULL, quiet_check_at = NULL")
    assert poll(config, 9) == {}
    with open_store(config, FixedClock(START)) as store:
        state = store.source_state("one.xml")
    assert state.activity == learned.activity
    assert list(poll(config, 10)) == ["silent"]
