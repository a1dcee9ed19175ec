"""Far more new entries than ever are held until they are listed again, or for a day; then each of them is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

import pytest

from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

FEW, MANY = range(1, 6), range(100, 160)


@pytest.fixture
def config(configure: Configure) -> Config:
    return configure("one.xml")


Poll = Callable[..., list[int]]


@pytest.fixture
def poll(world: World, config: Config) -> Poll:
    """Return a function that lists numbers, at so many minutes, and returns the numbers that are sent then."""

    def poll(minutes: int, *numbers: Sequence[int]) -> list[int]:
        listed = [number for some in numbers for number in some]
        world.feed("/one.xml", [Row(f"Metaverse plan n{number}n is adopted", f"/{number}") for number in listed])
        return run(minutes)

    def run(minutes: int) -> list[int]:
        world.mails.clear()
        clock = FixedClock(START + dt.timedelta(minutes=minutes))
        with open_program(config, clock, command="test", readers=InlineReaders()) as program:
            program.once()
        text = "".join(world.texts("reader@example.org"))
        return sorted(int(number) for number in re.findall(r"n(\d+)n", text))

    return poll


def notices(config: Config, minutes: int) -> list[str]:
    at = START + dt.timedelta(minutes=minutes)
    with open_store(config, FixedClock(at)) as store:
        return [notice.kind for notice in store.status(at).notices if notice.kind not in ("gap", "alike")]


def test_a_storm_is_sent_when_the_next_answer_lists_it_again(poll: Poll, config: Config) -> None:
    assert poll(0, FEW) == [*FEW]
    assert poll(180, MANY, FEW) == []
    assert notices(config, 180) == ["storm"]
    assert poll(360, [200], MANY, FEW) == [*MANY, 200]
    assert notices(config, 360) == []
    assert poll(540, [200], MANY, FEW) == []


def test_an_unchanged_answer_confirms_a_storm(poll: Poll) -> None:
    poll(0, FEW)
    assert poll(180, MANY, FEW) == []
    assert poll(360, MANY, FEW) == [*MANY]


def test_a_storm_that_is_not_listed_again_is_sent_after_a_day(poll: Poll, config: Config) -> None:
    poll(0, FEW)
    assert poll(180, MANY, FEW) == []
    assert poll(360, FEW, [6]) == [6]
    assert notices(config, 360) == ["storm"]
    assert poll(180 + 24 * 60 - 60, FEW, [6]) == []
    assert poll(180 + 24 * 60 + 60, FEW, [6]) == [*MANY]
    assert notices(config, 180 + 24 * 60 + 60) == []


def test_a_storm_is_sent_after_a_day_though_the_source_fails(poll: Poll, world: World, config: Config) -> None:
    poll(0, FEW)
    poll(180, MANY, FEW)
    assert poll(360, FEW) == []
    world.refusals["/one.xml"] = 500
    del world.pages["/one.xml"]
    clock = FixedClock(START + dt.timedelta(days=2))
    world.mails.clear()
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once()
    found = re.findall(r"n(\d+)n", "".join(world.texts("reader@example.org")))
    assert sorted(map(int, found)) == [*MANY]


def test_what_is_new_after_a_storm_is_sent_at_once(poll: Poll) -> None:
    poll(0, FEW)
    poll(180, MANY, FEW)
    assert poll(360, [6], FEW) == [6]


@pytest.mark.slow
@pytest.mark.parametrize("before", [range(10, 22), range(10, 25)], ids=["a tenth", "more"])
def test_five_times_what_a_poll_brought_before_is_no_storm(poll: Poll, before: range) -> None:
    poll(0, FEW)
    assert poll(180, before, FEW) == [*before]
    assert poll(360, MANY, before, FEW) == [*MANY]


def test_a_storm_is_no_measure_for_the_next_one(poll: Poll) -> None:
    poll(0, FEW)
    poll(180, MANY, FEW)
    assert poll(360, MANY, FEW) == [*MANY]
    more = range(300, 360)
    assert poll(540, more, MANY, FEW) == []
    assert poll(720, more, MANY, FEW) == [*more]


def test_a_first_poll_is_no_storm(poll: Poll) -> None:
    assert poll(0, MANY) == [*MANY]


def test_what_came_out_in_an_outage_of_a_day_is_no_storm(poll: Poll) -> None:
    poll(0, FEW)
    assert poll(25 * 60, MANY, FEW) == [*MANY]


def test_forty_nine_are_no_storm(poll: Poll) -> None:
    poll(0, FEW)
    assert poll(180, MANY[:49], FEW) == [*MANY[:49]]
