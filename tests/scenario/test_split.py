"""A near copy is left out; after `split` the next pass sends it, once."""

from __future__ import annotations

import datetime as dt

from monitor.app.stories import join, joined_articles, split
from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.stories.articles import HARBOUR
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

FIRST = Row("Council tries blockchain at the ferry terminal", "/a/1", " ".join(HARBOUR))
COPY = Row("Ferry terminal gets a blockchain", "/b/1", " ".join(HARBOUR[:5]))


def run(config: Config, minutes: int) -> None:
    with open_program(
        config, FixedClock(START + dt.timedelta(minutes=minutes)), command="test", readers=InlineReaders()
    ) as it:
        it.once()


def times_sent(world: World, row: Row) -> int:
    return squeeze("".join(world.texts("reader@example.org"))).count(squeeze(row.title))


def test_in_the_shadow_everything_is_sent_and_what_would_be_joined_is_listed(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [FIRST], title="Agency")
    world.feed("/two.xml", [], title="Post")
    config = configure("one.xml", "two.xml", extra='[stories]\nmode = "shadow"\n')
    run(config, 0)
    world.feed("/two.xml", [COPY], title="Post")
    run(config, 180)
    assert (times_sent(world, FIRST), times_sent(world, COPY)) == (1, 1)
    with open_store(config, FixedClock(START)) as store:
        (found,) = joined_articles(store, START, 30)
        assert (found.title, found.shadow, found.of_title) == (COPY.title, True, FIRST.title)
        join(store, world.base + COPY.path, world.base + FIRST.path, START)
        assert [one.shadow for one in joined_articles(store, START, 30)] == [False]
    run(config, 360)
    assert (times_sent(world, FIRST), times_sent(world, COPY)) == (1, 1)


def test_a_near_copy_is_left_out_until_it_is_split_and_then_sent_once(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [FIRST], title="Agency")
    world.feed("/two.xml", [], title="Post")
    config = configure("one.xml", "two.xml")
    run(config, 0)
    world.feed("/two.xml", [COPY], title="Post")
    run(config, 180)
    assert (times_sent(world, FIRST), times_sent(world, COPY)) == (1, 0)
    with open_store(config, FixedClock(START)) as store:
        assert split(store, world.base + COPY.path, START).digests == ("flash",)
    for minutes in (360, 540, 720):
        run(config, minutes)
        assert (times_sent(world, FIRST), times_sent(world, COPY)) == (1, 1)
    with open_store(config, FixedClock(START)) as store:
        assert store.integrity() == ()
